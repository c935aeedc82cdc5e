"""The goal where a sample is shared out among bins: a dense pmf of each neuron, in torch operations, differentiated by autograd.

The kernels count whole samples. Tables here are dense, so this is for one or two sources and few hundred samples.
"""

import math
from collections.abc import Sequence

import numpy as np
import torch
from jaxtyping import Float, Int64
from torch import Tensor

from infomorphic.estimation.binning import Binning, SoftRange
from infomorphic.goals import Goal
from infomorphic.limits import check_fits_memory
from infomorphic.pid.joint import target_entropy
from infomorphic.pid.marginals import dense_marginals
from infomorphic.pid.measure import Part
from infomorphic.pid.measures.shared_exclusions import pointwise_redundancies, union_coefficients


def soft_goal(
    currents: Sequence[Float[Tensor, "batch neurons"]],
    firing_prob: Float[Tensor, "batch neurons"],
    goal: Goal,
    binnings: Sequence[Binning],
) -> Float[Tensor, " neurons"]:
    """The goal of every neuron in bits, differentiable in the firing probability and, where bins are soft, in the currents.

    G = Σ_α c_α I_α + γ_res H(Y) of `soft_pmf`; see `goal_with_gradient`. Antichains with c_α = 0 are not evaluated.
    """
    marginals = dense_marginals(soft_pmf(currents, firing_prob, binnings), len(goal.sources))
    coefficients = goal.redundancy_coefficients()
    used = np.flatnonzero(coefficients)
    unions = firing_prob.new_tensor(union_coefficients(len(goal.sources))[used])
    redundancies = pointwise_redundancies(marginals, unions, Part.NET) @ marginals.realisation[..., None]
    value = redundancies[..., 0] @ firing_prob.new_tensor(coefficients[used])
    return value + goal.residual_entropy * target_entropy(marginals) if goal.residual_entropy else value


def soft_pmf(
    currents: Sequence[Float[Tensor, "batch neurons"]], firing_prob: Float[Tensor, "batch neurons"], binnings: Sequence[Binning]
) -> Float[Tensor, "neurons *bins_and_output"]:
    """p(s1, …, sn, y) of each neuron, y = −1 before y = +1: sample i puts its share of each cell times θ_i / B or (1 − θ_i) / B there."""
    batch, neurons = firing_prob.shape
    num_cells = math.prod(b.num_bins for b in binnings)
    num_shares = math.prod(b.num_shares if isinstance(b, SoftRange) else 1 for b in binnings)
    size = 8 * firing_prob.element_size() * neurons * (2 * num_cells + batch * num_shares)
    check_fits_memory(size, "tables of soft bins", "Choose fewer bins, fewer neurons or a smaller `softness`.")
    cell, share = _shares(binnings[0], currents[0])
    for binning, current in zip(binnings[1:], currents[1:], strict=True):
        bins, part = _shares(binning, current)
        cell = (cell[..., :, None] * binning.num_bins + bins[..., None, :]).flatten(2)
        share = (share[..., :, None] * part[..., None, :]).flatten(2)
    shape = tuple(b.num_bins for b in binnings)
    place = cell.transpose(0, 1).reshape(neurons, -1)

    def table(mass: Float[Tensor, "batch neurons"]) -> Float[Tensor, "neurons cells"]:
        spread = (share * mass[..., None]).transpose(0, 1).reshape(neurons, -1)
        return spread.new_zeros(neurons, int(np.prod(shape))).scatter_add(1, place, spread)

    # Each on its own: as a difference, the smaller would have no digits left where θ is saturated.
    return torch.stack([table(1 - firing_prob), table(firing_prob)], dim=-1).reshape(neurons, *shape, 2) / batch


def _shares(
    binning: Binning, current: Float[Tensor, "batch neurons"]
) -> tuple[Int64[Tensor, "batch neurons near"], Float[Tensor, "batch neurons near"]]:
    if isinstance(binning, SoftRange):
        return binning.shares(current)
    bins = binning(current)[..., None]
    return bins, torch.ones_like(bins, dtype=current.dtype)
