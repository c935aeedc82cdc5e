"""How well a trained layer codes the bars."""

from dataclasses import dataclass

import torch

from infomorphic.bars.coding import Coding, layer_information, match
from infomorphic.bars.images import MAX_ENUMERATED, BarImages, Bars
from infomorphic.bars.network import firing_prob
from infomorphic.networks import InfomorphicNetwork

_SAMPLED = 2**14
"""Images that are drawn where not every one can be listed."""


@dataclass(frozen=True, eq=False)
class Evaluation:
    """A layer's code of the bars. Of outputs that are certain, +1 where θ ≥ 1/2, unless it says sampled: +1 with probability θ."""

    coding: Coding
    bits_correct: float
    bits_correct_sampled: float
    layer_information: float | None
    """Of the outputs about the bars, in bits; at best as many as there are bars. None beyond 16 bars or 20 neurons."""
    layer_information_sampled: float | None

    @property
    def one_bar_each(self) -> bool:
        """Whether every neuron codes a bar of its own, at least 99 % of all bits being right: the criterion of success."""
        return self.bits_correct >= 0.99 and bool((self.coding.bar >= 0).all())


def evaluate(network: InfomorphicNetwork, data: Bars, generator: torch.Generator | None = None) -> Evaluation:
    """Evaluate on every pattern of bars, weighted by its probability; nothing is estimated unless there is noise or more than 16 bars.

    With noise each pattern is drawn several times (16 384 images in all, or one a pattern if there are more patterns): the
    information then has the bias that `layer_information` names. With more than 16 bars, on 16 384 images that training did not see.
    """
    if data.num_bars > MAX_ENUMERATED:
        shown = data.sample(_SAMPLED, generator)
        probability = pattern = None
    else:
        shown = data.every()
        probability, pattern = data.probability(shown.bars), None
        if data.noise:
            repeats = max(1, _SAMPLED // len(shown.bars))
            pattern = torch.arange(len(shown.bars)).repeat_interleave(repeats)
            bars, probability = shown.bars[pattern], probability[pattern]
            shown = BarImages(data.draw(bars, generator), bars)
    theta = firing_prob(network, shown.images)
    certain = (theta >= 0.5).to(theta.dtype)
    coding = match(certain, shown.bars, probability)
    countable = data.num_bars <= MAX_ENUMERATED and theta.shape[1] <= 20
    information = [layer_information(t, probability, pattern) if countable else None for t in (certain, theta)]
    return Evaluation(coding, coding.bits_correct, match(theta, shown.bars, probability).bits_correct, *information)
