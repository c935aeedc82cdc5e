"""Which classes a neuron is selective for, from its mean response to each."""

from dataclasses import dataclass

import torch
from jaxtyping import Float, Int64
from torch import Tensor

from infomorphic.pid.entropy import binary_entropy

_SMALLEST_RANGE = 0.1
"""A neuron whose mean firing probabilities for any two classes differ by less than this is not selective."""


@dataclass(frozen=True, eq=False)
class ClassSelectivity:
    """The information of the outputs of neurons about the class of an image, with the label withheld."""

    mean_firing_prob: Float[Tensor, "classes neurons"]
    """By class; NaN for a class without images."""
    entropy: Float[Tensor, " neurons"]
    """H(Y) in bits."""
    noise: Float[Tensor, " neurons"]
    """H(Y | image) in bits: what remains random once the image is known."""
    label_information: Float[Tensor, " neurons"]
    """I(Y : label) in bits. Nothing is binned; the only bias comes from estimating the mean of each class."""
    preferred: list[list[int]]
    """Of each neuron, the classes whose mean is in the upper third between its lowest and highest, the strongest first."""
    avoided: list[list[int]]
    """The classes in the lower third, the weakest first. Both lists are empty if the range is within chance."""


def class_selectivity(
    firing_prob: Float[Tensor, "samples neurons"], labels: Int64[Tensor, " samples"], num_classes: int
) -> ClassSelectivity:
    """The selectivity of each neuron, from its firing probability for each image and the labels.

    A neuron prefers or avoids classes if its lowest and highest class mean differ by at least 0.1 and by four standard errors.
    """
    p = firing_prob.double()
    one_hot = torch.nn.functional.one_hot(labels, num_classes).double()
    count = one_hot.sum(0)[:, None]
    mean = one_hot.T @ p / count
    deviation = ((one_hot.T @ p.square() / count - mean.square()).clamp(min=0) / count).sqrt()
    low, high = mean.nan_to_num(nan=2).min(0), mean.nan_to_num(nan=-1).max(0)
    spread = high.values - low.values
    error = (deviation.gather(0, low.indices[None]).square() + deviation.gather(0, high.indices[None]).square()).sqrt()[0]
    codes = (spread >= _SMALLEST_RANGE) & (spread >= 4 * error)
    position = (mean - low.values) / spread.clamp(min=1e-12)
    share = count / len(labels)
    entropy = binary_entropy(p.mean(0))
    given_label = (share * binary_entropy(mean.nan_to_num(nan=0.0))).sum(0)
    return ClassSelectivity(
        mean,
        entropy,
        binary_entropy(p).mean(0),
        (entropy - given_label).clamp(min=0),
        [_ordered(position[:, j], 2 / 3, 1) if codes[j] else [] for j in range(p.shape[1])],
        [_ordered(1 - position[:, j], 2 / 3, 1) if codes[j] else [] for j in range(p.shape[1])],
    )


def coded_classes(preferred: list[int], avoided: list[int]) -> tuple[list[int], bool]:
    """The classes that a neuron distinguishes from the rest, and whether it does so by firing.

    Information ignores sign: a neuron that fires for all classes except one codes that one, by silence.
    """
    return (preferred, True) if len(preferred) <= len(avoided) else (avoided, False)


def in_words(preferred: list[int], avoided: list[int], class_names: tuple[str, ...]) -> str:
    """What a neuron codes: `2 by silence`, `1, 7 by firing`, `4, 9 against 0, 5, 3`, or `no class`."""
    if not preferred:
        return "no class"
    fires, silent = (", ".join(class_names[c] for c in classes) for classes in (preferred, avoided))
    if 2 * len(preferred) <= len(avoided):
        return f"{fires} by firing"
    if 2 * len(avoided) <= len(preferred):
        return f"{silent} by silence"
    return f"{fires} against {silent}"


def _ordered(height: Float[Tensor, " classes"], low: float, high: float) -> list[int]:
    """The classes with a height between `low` and `high`, the highest first."""
    chosen = [c for c, h in enumerate(height.tolist()) if low <= h <= high]
    return sorted(chosen, key=lambda c: -float(height[c]))
