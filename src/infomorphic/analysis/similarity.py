"""Pairwise similarity of neurons, and which neurons are near-duplicates."""

from dataclasses import dataclass

import torch
from jaxtyping import Float, Float64, Int64
from torch import Tensor

from infomorphic.pid.entropy import divergence_terms

_TWINS = 0.9
"""Neurons whose expected outputs have a correlation of at least this magnitude are near-duplicates."""


@dataclass(frozen=True, eq=False)
class Similarity:
    """The similarity of every pair of neurons."""

    correlation: Float64[Tensor, "neurons neurons"]
    """Correlation of the expected outputs over the images; 0 for a neuron whose output does not vary, 1 on the diagonal."""
    mutual_information: Float64[Tensor, "neurons neurons"]
    """Mutual information of the outputs, in bits; 0 on the diagonal."""
    redundant: list[int]
    """Neurons whose |correlation| with a kept neuron is at least 0.9. Neurons are kept in descending order of their
    information about the class."""
    twin: dict[int, int]
    """For each of these, the most similar kept neuron."""

    def nearest(self, neuron: int, count: int = 5) -> list[int]:
        """The most similar neurons, by mutual information."""
        order = self.mutual_information[neuron].argsort(descending=True, stable=True).tolist()
        return [j for j in order if j != neuron][:count]


def pairwise_similarity(firing_prob: Float[Tensor, "samples neurons"], information: Float[Tensor, " neurons"]) -> Similarity:
    """The similarity of all pairs, from the firing probability of each neuron for each image and its information about the class in bits.

    Given an image, neurons draw their outputs independently; so the joint distribution of two outputs is a mean of products, and
    nothing has to be sampled.
    """
    p = firing_prob.double()
    mean = p.mean(0)
    centered = p - mean
    covariance = centered.T @ centered / len(p)
    deviation = covariance.diagonal().sqrt()
    inverse = torch.where(deviation > 1e-9, 1 / deviation, 0.0)
    correlation = (inverse[:, None] * covariance * inverse).clamp(-1, 1).fill_diagonal_(1)
    redundant, twin = _near_duplicates(correlation, information)
    return Similarity(correlation, _mutual_information(covariance + torch.outer(mean, mean), mean), redundant, twin)


def order_by_similarity(correlation: Float64[Tensor, "neurons neurons"]) -> Int64[Tensor, " neurons"]:
    """An order that places similar neurons side by side: the leaves of a hierarchical clustering by 1 − |correlation|."""
    from scipy.cluster.hierarchy import leaves_list, linkage, optimal_leaf_ordering
    from scipy.spatial.distance import squareform

    if len(correlation) < 3:
        return torch.arange(len(correlation))
    distance = squareform((1 - correlation.abs()).clamp(min=0).fill_diagonal_(0).numpy(), checks=False)
    tree = linkage(distance, "average")
    # The optimal order of the leaves takes too long for a large layer; any order of the tree suffices there.
    return torch.as_tensor(leaves_list(optimal_leaf_ordering(tree, distance) if len(correlation) <= 200 else tree).astype("int64"))


def _near_duplicates(
    correlation: Float64[Tensor, "neurons neurons"], information: Float[Tensor, " neurons"]
) -> tuple[list[int], dict[int, int]]:
    kept: list[int] = []
    twin: dict[int, int] = {}
    for neuron in information.argsort(descending=True, stable=True).tolist():
        likeness = correlation[neuron, kept].abs() if kept else torch.zeros(1)
        if float(likeness.max()) >= _TWINS:
            twin[neuron] = kept[int(likeness.argmax())]
        else:
            kept.append(neuron)
    return sorted(twin), twin


def _mutual_information(both: Float64[Tensor, "neurons neurons"], one: Float64[Tensor, " neurons"]) -> Float64[Tensor, "neurons neurons"]:
    """I(Y_i : Y_j) = Σ p(y_i, y_j) log2 [p(y_i, y_j) / (p(y_i) p(y_j))] in bits, from the probabilities that both fire, and that one fires."""
    joint = torch.stack([both, one[:, None] - both, one[None] - both, 1 - one[:, None] - one[None] + both]).clamp(min=0)
    zero = 1 - one
    apart = torch.stack([torch.outer(one, one), torch.outer(one, zero), torch.outer(zero, one), torch.outer(zero, zero)])
    return divergence_terms(joint, apart).sum(0).clamp(min=0).fill_diagonal_(0)
