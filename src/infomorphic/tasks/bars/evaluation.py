"""Measure how well a trained layer codes the bars."""

from dataclasses import dataclass

import torch

from infomorphic.networks import InfomorphicNetwork
from infomorphic.tasks.bars.coding import MAX_NEURONS, Coding, layer_information, match
from infomorphic.tasks.bars.images import MAX_ENUMERATED, BarImages, Bars
from infomorphic.tasks.bars.network import firing_prob

_SAMPLED = 2**14
"""Number of images to draw if they cannot all be enumerated."""

_NOISY = 2**18
"""Number of images to draw if all patterns can be enumerated but are noisy: 1024 for each pattern of eight bars."""

_MAX_NOISY_BARS = 8
"""With more bars there would be too few images per pattern to estimate the information of the layer."""


@dataclass(frozen=True, eq=False)
class Evaluation:
    """A layer's code of the bars. Outputs are deterministic, +1 where θ ≥ 1/2, except in fields named sampled: +1 with probability θ."""

    coding: Coding
    bits_correct: float
    bits_correct_sampled: float
    layer_information: float | None
    """Information of the outputs about the bars, in bits; at most the number of bars. None beyond 20 neurons, 16 bars, or 8 noisy bars."""
    layer_information_sampled: float | None

    @property
    def one_bar_each(self) -> bool:
        """Whether every neuron codes its own bar, with at least 99 % of all bits correct: the criterion of success."""
        return self.bits_correct >= 0.99 and bool((self.coding.bar >= 0).all())


def evaluate(network: InfomorphicNetwork, data: Bars, generator: torch.Generator | None = None) -> Evaluation:
    """Evaluate on every pattern of bars, weighted by its probability: exact, nothing is sampled.

    With noise, each pattern of up to 8 bars is drawn equally often, 262 144 images in all; the information of the layer then has the
    bias described in `layer_information`. With more noisy bars, or with more than 16, 16 384 images are drawn and the information is
    not computed.

    Args:
        network: a network of `build`.
        data: the settings of the bars, which may differ from those in training.
        generator: draws the images, if they are drawn.
    """
    listed = data.num_bars <= (_MAX_NOISY_BARS if data.noise else MAX_ENUMERATED)
    probability = pattern = None
    if listed:
        shown = data.every()
        probability = data.probability(shown.bars)
        if data.noise:
            pattern = torch.arange(len(shown.bars)).repeat_interleave(max(1, _NOISY // len(shown.bars)))
            bars, probability = shown.bars[pattern], probability[pattern]
            shown = BarImages(data.draw(bars, generator), bars)
    else:
        shown = data.sample(_SAMPLED, generator)
    theta = firing_prob(network, shown.images)
    certain = (theta >= 0.5).to(theta.dtype)
    coding = match(certain, shown.bars, probability)
    countable = listed and theta.shape[1] <= MAX_NEURONS
    information = [layer_information(t, probability, pattern) if countable else None for t in (certain, theta)]
    return Evaluation(coding, coding.bits_correct, match(theta, shown.bars, probability).bits_correct, *information)
