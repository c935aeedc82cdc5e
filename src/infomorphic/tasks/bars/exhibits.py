"""What a report shows of neurons that learned bars: images, the bar of each neuron, and how the receptive fields became what they are."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import torch

from infomorphic.networks import InfomorphicNetwork
from infomorphic.seeding import generator_for
from infomorphic.tasks.bars.coding import Coding
from infomorphic.tasks.bars.evaluation import evaluate
from infomorphic.tasks.bars.images import Bars
from infomorphic.tasks.bars.network import receptive_fields
from infomorphic.tasks.bars.preset import LAYER
from infomorphic.text import percent
from infomorphic.training.development import Development
from infomorphic.training.exhibits import Exhibit, Films, Frame, Gallery
from infomorphic.training.results import Field

_IMAGES = 8


def exhibits(
    data: Bars, seed: int, network: InfomorphicNetwork, development: Development, metrics: Sequence[Mapping[str, Any]]
) -> list[Exhibit]:
    """Some images, the neurons with their bars, and their receptive fields over the epochs."""
    images = data.sample(_IMAGES, generator_for(seed, "examples")).images.view(-1, data.size, data.size)
    coding = evaluate(network, data, torch.Generator().manual_seed(seed)).coding
    fields = receptive_fields(network).view(-1, data.size, data.size)
    found: list[Exhibit] = [
        Gallery(
            title="Images",
            text=f"What the neurons see: each of the {data.num_bars} bars is on (blue) or off, independently of the others. There are no labels.",
            pictures=[Field("", "", image) for image in images],
        ),
        Gallery(
            title="Neurons",
            text="Receptive fields, and the bar that each neuron codes. Agreement 1: its output is correct for every image.",
            pictures=[
                Field(f"neuron {i}", caption, weights) for i, (weights, caption) in enumerate(zip(fields, _captions(coding), strict=True))
            ],
        ),
    ]
    frames = list(_frames(data.size, coding, development, metrics))
    if frames:
        found.append(
            Films(
                title="Receptive fields over the epochs",
                text="Each field has its own scale, up to its strongest weight; below it is the bar that the neuron codes in the end.",
                films={"all neurons": frames},
                starts_at_end=True,
            )
        )
    return found


def _bars(coding: Coding) -> list[str]:
    return [
        f"bar {bar}{', inverted' if inverted else ''}" if bar >= 0 else "no bar"
        for bar, inverted in zip(coding.bar.tolist(), coding.inverted.tolist(), strict=True)
    ]


def _captions(coding: Coding) -> list[str]:
    """The bar of each neuron, and how well it codes it."""
    own = coding.agreement.abs().gather(1, coding.bar.clamp(min=0)[:, None])[:, 0]
    return [f"{name}; agreement {value:.3f}" if name != "no bar" else name for name, value in zip(_bars(coding), own.tolist(), strict=True)]


def _frames(size: int, coding: Coding, development: Development, metrics: Sequence[Mapping[str, Any]]) -> Iterator[Frame]:
    fields, _ = development.of_layer(LAYER)
    if fields is None:
        return
    right = {row["epoch"]: row["bits_correct"] for row in metrics}
    for epoch, of_epoch in zip(development.epochs, fields, strict=True):
        title = f"epoch {epoch}" + (f": {percent(right[epoch])} of the bits right" if epoch in right else "")
        weights = of_epoch.view(-1, size, size).float() - 128  # as `Development` has them
        yield Frame(title, [Field(str(i), name, w) for i, (w, name) in enumerate(zip(weights, _bars(coding), strict=True))])
