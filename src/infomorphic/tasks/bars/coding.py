"""What a layer encodes about the bars: the bar of each neuron, and the joint information of all neurons."""

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float, Float64, Int64
from torch import Tensor

from infomorphic.errors import ConfigurationError
from infomorphic.pid.entropy import binary_entropy, entropy_terms

MAX_NEURONS = 20
"""All output words are enumerated: 2^20 at most."""


@dataclass(frozen=True, eq=False)
class Coding:
    """A one-to-one assignment of neurons to bars."""

    agreement: Float64[Tensor, "neurons bars"]
    """2 P(output = bar) − 1: 1 for a neuron whose output equals the bar, −1 for one whose output is its opposite."""
    bar: Int64[Tensor, " neurons"]
    """The bar of each neuron; −1 for a neuron without one, if there are more neurons than bars."""
    inverted: Bool[Tensor, " neurons"]
    """Neurons that output "off" when their bar is on."""
    bits_correct: float
    """The fraction of correct (image, bar) bits of the matched neurons, with inverted neurons corrected."""

    @property
    def num_coded(self) -> int:
        """The number of bars whose neuron is correct in at least 99 of 100 images."""
        return int((self._own >= 0.98).sum())

    @property
    def exclusiveness(self) -> Float64[Tensor, " neurons"]:
        """How much better each neuron codes its own bar than any other: the difference of |agreement|; 0 for one without a bar.

        With a single bar, the agreement with it.
        """
        others = self.agreement.abs().clone()
        matched = (self.bar >= 0).nonzero()[:, 0]
        others[matched, self.bar[matched]] = 0
        own = torch.zeros_like(self.agreement[:, 0])
        own[matched] = self._own
        return torch.where(self.bar >= 0, own - others.amax(1), 0.0)

    @property
    def _own(self) -> Float64[Tensor, " matched"]:
        matched = (self.bar >= 0).nonzero()[:, 0]
        return self.agreement[matched, self.bar[matched]].abs()


def match(
    firing_prob: Float[Tensor, "images neurons"],
    bars: Bool[Tensor, "images bars"],
    probability: Float[Tensor, " images"] | None = None,
) -> Coding:
    """The assignment of neurons to bars with the most bits right (Hungarian method); a neuron may output the opposite of its bar.

    With fewer neurons than bars, `bits_correct` counts the bars that have a neuron. If bars are not on half of the time, a constant
    neuron has a nonzero agreement with all of them.

    Args:
        firing_prob: the probability of output +1: θ for sampled outputs, or 0 and 1 for deterministic outputs.
        bars: which bars are on in each image.
        probability: the probability of each image; by default all are equally probable.

    Raises:
        ConfigurationError: if the numbers of images differ, or are zero.
    """
    from scipy.optimize import linear_sum_assignment

    weight = _weights(firing_prob, len(bars), probability)
    value = 2 * bars.double() - 1
    # E[y b] = 2 P(y = b) − 1 for y and b of ±1.
    agreement = (2 * firing_prob.double() - 1).T @ (weight[:, None] * value)
    neurons, matched = (torch.as_tensor(x) for x in linear_sum_assignment(agreement.abs().numpy(), maximize=True))
    bar = torch.full((len(agreement),), -1).index_put((neurons,), matched)
    own = agreement[neurons, matched]
    inverted = torch.zeros(len(agreement), dtype=torch.bool).index_put((neurons,), own < 0)
    return Coding(agreement, bar, inverted, float((1 + own.abs()).mean() / 2))


def layer_information(
    firing_prob: Float[Tensor, "images neurons"],
    probability: Float[Tensor, " images"] | None = None,
    pattern: Int64[Tensor, " images"] | None = None,
) -> float:
    """I(Y_1 … Y_n ; pattern of bars) in bits, for the outputs of all neurons jointly, which are independent given the image.

        I = H(Y) − H(Y | pattern),    p(y | pattern) = mean over its images of Π_j p(y_j | image)

    Exact if `firing_prob` has one row per pattern (no noise): every output word is weighted by its probability and nothing is
    sampled. With noise it is the plug-in estimate from the given images: H(Y | pattern) is too small and I too large, by at most
    (2^n − 1) / (2 m ln 2) bits to first order for m images per pattern.

    Args:
        firing_prob: θ, or 0 and 1 for deterministic outputs.
        probability: the probability of each image; by default all are equally probable.
        pattern: the pattern of each image, numbered from 0; by default every image is its own pattern.

    Raises:
        ConfigurationError: if the numbers of images differ or are zero, or there are more than 20 neurons.
    """
    if firing_prob.shape[1] > MAX_NEURONS:
        raise ConfigurationError(
            f"`firing_prob` must have at most {MAX_NEURONS} columns (neurons); got {firing_prob.shape[1]}. Pass fewer columns."
        )
    weight = _weights(firing_prob, len(firing_prob) if pattern is None else len(pattern), probability)
    theta = firing_prob.double()
    first, second = _words(theta[:, : theta.shape[1] // 2]), _words(theta[:, theta.shape[1] // 2 :])
    entropy = _entropy(first.T @ (weight[:, None] * second))
    if pattern is None:
        given = float(weight @ binary_entropy(theta).sum(1))
        return entropy - given
    given = 0.0
    for own in _groups(pattern):
        share = weight[own].sum()
        if share > 0:
            given += float(share) * _entropy(first[own].T @ (weight[own, None] / share * second[own]))
    return entropy - given


def _groups(pattern: Int64[Tensor, " images"]) -> tuple[Int64[Tensor, " group"], ...]:
    """The images of each occurring pattern."""
    ordered, images = pattern.sort(stable=True)
    return images.split(ordered.unique_consecutive(return_counts=True)[1].tolist())


def _words(theta: Float64[Tensor, "images neurons"]) -> Float64[Tensor, "images words"]:
    """The probability of each of the 2^neurons output words. Computed as one matrix product of two halves of the layer, instead of 2^n columns."""
    words = theta.new_ones(len(theta), 1)
    for column in theta.T:
        words = torch.cat([words * (1 - column[:, None]), words * column[:, None]], dim=1)
    return words


def _entropy(pmf: Float64[Tensor, "..."]) -> float:
    return float(entropy_terms(pmf).sum())


def _weights(firing_prob: Tensor, images: int, probability: Tensor | None) -> Float64[Tensor, " images"]:
    """Probabilities of the images, normalized to sum to one."""
    if not len(firing_prob) or len(firing_prob) != images or (probability is not None and len(probability) != images):
        raise ConfigurationError(
            f"`firing_prob`, bars and probabilities must have the same number of images, at least one; got {len(firing_prob)}, {images}"
            f"{'' if probability is None else f' and {len(probability)}'}."
        )
    if probability is None:
        return torch.full((images,), 1 / images, dtype=torch.float64)
    return probability.double() / probability.sum(dtype=torch.float64)
