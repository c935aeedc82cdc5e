"""One pass over the training data: the part of training without configuration, run directory and evaluation."""

from collections.abc import Callable

import torch
from jaxtyping import Float, Int64
from torch import Tensor

from infomorphic.networks.network import Classifier

PUBLISHED_BATCH = 1024
_SMALLEST_BATCH = 32
_STEPS = 16


def suitable_batch_size(samples: int) -> int:
    """The default batch size for a training set of this many samples.

    The published 1024 if that gives at least 16 steps per epoch; otherwise the largest power of two that does, but at
    least 32, because the information terms of a neuron are estimated from one batch.
    """
    size = PUBLISHED_BATCH
    while size > _SMALLEST_BATCH and size * _STEPS > samples:
        size //= 2
    return size


def batches(order: Int64[Tensor, " samples"], batch_size: int) -> list[Int64[Tensor, " _"]]:
    """Split the order into batches. A last batch of one sample gives no estimate of a distribution, so it joins the batch before."""
    parts = list(order.split(batch_size))
    if len(parts) > 1 and len(parts[-1]) == 1:
        last = parts.pop()
        parts[-1] = torch.cat([parts[-1], last])
    return parts


def train_epoch(
    network: Classifier,
    optimizer: torch.optim.Optimizer,
    images: Float[Tensor, "samples features"],
    labels: Int64[Tensor, " samples"],
    order: Int64[Tensor, " samples"],
    batch_size: int,
    outputs: torch.Generator,
    on_part: Callable[[float], None] | None = None,
    changed: Callable[[Tensor, Tensor], Tensor] | None = None,
) -> float:
    """Present every sample once, with one optimizer step per batch, and calibrate the signs of the readout.

    Args:
        network: the network to train.
        optimizer: the optimizer of its parameters.
        images: standardized inputs.
        labels: one per sample.
        order: the indices of the samples in the order of presentation.
        batch_size: number of samples that the goals are estimated from.
        outputs: draws the outputs of neurons.
        on_part: called after each step with the fraction of the samples presented so far.
        changed: makes the inputs of a batch from its images and their indices, such as shifted images; by default, the images.

    Returns:
        The fraction of samples classified correctly during the epoch, with their labels presented.

    Raises:
        ObjectiveInputError: if currents are NaN, which have no bin.
    """
    total = torch.zeros(network.num_classes, device=images.device)
    correct = torch.zeros((), dtype=torch.long, device=images.device)
    presented = 0
    for chosen in batches(order, batch_size):
        optimizer.zero_grad(set_to_none=True)
        inputs = images[chosen] if changed is None else changed(images[chosen], chosen)
        firing_prob = network.learn(inputs, labels[chosen], outputs)
        optimizer.step()
        total += firing_prob.sum(0)
        correct += (network.sign_corrected(firing_prob).argmax(1) == labels[chosen]).sum()
        presented += len(chosen)
        if on_part is not None:
            on_part(presented / len(order))
    network.settle_signs(total / len(order))
    return float(correct) / len(order)
