"""One layer of bivariate neurons that learn without labels: each from the input and from the others' previous outputs."""

from collections.abc import Callable, Iterator
from typing import Annotated

import torch
from jaxtyping import Float, Int64
from pydantic import Field
from torch import Tensor

from infomorphic.limits import MOST_EPOCHS, MOST_SAMPLES
from infomorphic.networks import InfomorphicNetwork
from infomorphic.networks.optimizer import adam as layerwise_adam
from infomorphic.networks.settings import Whole
from infomorphic.tasks.bars.preset import INPUT, LAYER, Settings, build


class Unsupervised(Settings):
    """Settings of a layer without labels and of its training."""

    batch_size: Annotated[Whole, Field(ge=1, le=MOST_SAMPLES)] = 1000
    """Images per batch; all if there are fewer."""
    images: Annotated[Whole, Field(ge=1, le=MOST_SAMPLES)] = 10_000
    """Number of training images."""
    epochs: Annotated[Whole, Field(ge=1, le=MOST_EPOCHS)] = 40
    """Passes over the images."""


def adam(network: InfomorphicNetwork, settings: Unsupervised) -> torch.optim.Optimizer:
    """The optimizer of the layer. Weight decay is L2 in the gradient."""
    return layerwise_adam(network.layers, settings.optimizers())


def train_epoch(
    network: InfomorphicNetwork,
    optimizer: torch.optim.Optimizer,
    images: Float[Tensor, "images pixels"],
    batch_size: int,
    generator: torch.Generator | None = None,
) -> None:
    """Make one pass over the images; the generator draws their order and the outputs."""
    for chosen in _batches(torch.randperm(len(images), generator=generator), batch_size):
        optimizer.zero_grad(set_to_none=True)
        network.learn({INPUT: images[chosen]}, generator)
        optimizer.step()


def fit(
    settings: Unsupervised,
    images: Float[Tensor, "images pixels"],
    generator: torch.Generator | None = None,
    on_epoch: Callable[[int, InfomorphicNetwork], None] | None = None,
) -> InfomorphicNetwork:
    """Train a network with these settings on the images. One generator draws everything: the same seed gives the same weights.

    Args:
        settings: the settings of the layer and of its training.
        images: the images, one row each.
        generator: draws weights, the order of images and outputs.
        on_epoch: called with the number of finished epochs and the network, before training and after each epoch.
    """
    network = build(settings, images.shape[1], generator)
    optimizer = adam(network, settings)
    for epoch in range(settings.epochs + 1):
        if epoch:
            train_epoch(network, optimizer, images, settings.batch_size, generator)
        if on_epoch is not None:
            on_epoch(epoch, network)
    return network


def firing_prob(network: InfomorphicNetwork, images: Float[Tensor, "images pixels"]) -> Float[Tensor, "images neurons"]:
    """θ of each neuron for each image in the last presentation, after earlier ones with expected outputs, so nothing is random."""
    return network({INPUT: images}, inference="expected")[LAYER].firing_prob


def receptive_fields(network: InfomorphicNetwork) -> Float[Tensor, "neurons pixels"]:
    """The feedforward weights of each neuron: a copy."""
    return network.layer(LAYER).layer.connection("F").dense_weight().detach().clone()


def _batches(order: Int64[Tensor, " images"], batch_size: int) -> Iterator[Int64[Tensor, " batch"]]:
    """The order in parts of nearly equal size, none above `batch_size`: a small remainder would give a poor estimate of a distribution."""
    yield from order.tensor_split(-(-len(order) // batch_size))
