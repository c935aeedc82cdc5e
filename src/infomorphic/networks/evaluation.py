"""Accuracy of a classifier on images whose label it does not see."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import torch
from jaxtyping import Float, Int64
from torch import Tensor

from infomorphic.networks.network import Classifier, Inference, Presented

Observe = Callable[[Mapping[str, Presented], Int64[Tensor, " samples"]], None]
"""Receives the responses of all layers to some samples, and the labels of these."""

# Evaluation uses no batch statistics, so only memory limits the size.
EVALUATION_BATCH = 2048


@dataclass(frozen=True, eq=False)
class Evaluation:
    """The predictions of a network, counted."""

    confusion: Int64[Tensor, "classes classes"]
    """How often label (row) was predicted as (column)."""

    @property
    def samples(self) -> int:
        """The number of images."""
        return int(self.confusion.sum())

    @property
    def accuracy(self) -> float:
        """The fraction of images whose label is the prediction."""
        return float(self.confusion.diagonal().sum()) / self.samples if self.samples else float("nan")


def evaluate(
    network: Classifier,
    images: Float[Tensor, "samples features"],
    labels: Int64[Tensor, " samples"],
    generator: torch.Generator | None = None,
    inference: Inference = "sampled",
    samples: int = 1,
    observe: Observe | None = None,
) -> Evaluation:
    """Predict the label of every image with the label withheld.

    Args:
        network: the network to evaluate.
        images: standardized as in training.
        labels: the true labels.
        generator: draws the outputs if the inference is sampled.
        inference: one sampled output (the published protocol), or expected outputs (deterministic).
        samples: average the firing probabilities of this many sampled runs.
        observe: called with the responses of all layers to some of the images, and the labels of these; each image is then presented once.
    """
    found = []
    for some, their_labels in zip(images.split(EVALUATION_BATCH), labels.split(EVALUATION_BATCH), strict=True):
        if observe is None:
            scores = network.predict_proba(some, generator, inference, samples)
        else:
            presented = network.present(some, None, generator, inference)
            observe(presented, their_labels)
            scores = network.scores(presented)
        found.append(scores.argmax(1))
    predictions = torch.cat(found) if len(images) else labels
    pairs = labels * network.num_classes + predictions
    return Evaluation(torch.bincount(pairs, minlength=network.num_classes**2).reshape(network.num_classes, -1).cpu())
