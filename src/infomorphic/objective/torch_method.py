"""The objective in torch operations on any device: all neurons of a chunk at once, evaluated at every sample.

On a GPU, evaluating several samples of one cell costs less than grouping them. So tables are filled by scattering, and every
redundancy is evaluated at every sample.
"""

import torch
from jaxtyping import Float, Int64
from torch import Tensor

from infomorphic.objective.plan import Answer, Query, Terms
from infomorphic.objective.samples import Samples, bad_bins, bad_probability
from infomorphic.pid.entropy import entropy_terms
from infomorphic.units import BITS_PER_NAT

_SMALLEST = 1e-15
# Maximum of samples × neurons of a chunk. About fifty arrays of this size exist at once.
_CHUNK = {"cpu": 2**17, "cuda": 2**22}
# Above this many entries per sample, bins are renumbered so that a table is at most as large as the batch.
_SPARSE = 8


def solve_with_torch(samples: Samples, query: Query) -> Answer:
    """Answer a query by torch operations.

    Raises:
        ObjectiveInputError: if a bin is out of range or θ is not a probability.
    """
    neurons, batch = samples.firing_prob.shape
    limits = torch.tensor(samples.num_bins, device=samples.bin_index.device)[:, None, None]
    if neurons and bool(((samples.bin_index < 0) | (samples.bin_index >= limits)).any()):
        raise bad_bins(samples.num_bins)
    if not bool(((samples.firing_prob >= 0) & (samples.firing_prob <= 1)).all()):
        raise bad_probability()
    wide = _wide_dtype(samples.firing_prob)
    gradient = torch.empty_like(samples.firing_prob) if query.gradient else samples.firing_prob.new_empty((1, 0))
    redundancy = samples.firing_prob.new_empty((neurons if query.redundancies else 1, len(query.terms.coefficient)), dtype=wide)
    entropy = samples.firing_prob.new_empty(neurons, dtype=wide)
    step = max(1, _CHUNK.get(samples.firing_prob.device.type, 2**20) // batch)
    for start in range(0, neurons, step):
        here = slice(start, start + step)
        _solve_chunk(
            samples.bin_index[:, here].long(),
            samples.firing_prob[here],
            samples.num_bins,
            query.terms,
            query.residual,
            gradient[here] if query.gradient else None,
            redundancy[here] if query.redundancies else None,
            entropy[here],
        )
    return Answer(gradient if query.factor == 1 else gradient.mul_(query.factor), redundancy, entropy)


def _solve_chunk(
    bins: Int64[Tensor, "sources neurons batch"],
    theta: Float[Tensor, "neurons batch"],
    num_bins: tuple[int, ...],
    terms: Terms,
    residual: float,
    gradient: Float[Tensor, "neurons batch"] | None,
    redundancy: Float[Tensor, "neurons antichains"] | None,
    entropy: Float[Tensor, " neurons"],
) -> None:
    """Write the results of one chunk into `entropy` and, if given, `gradient` and `redundancy`."""
    wide = _wide_dtype(theta)
    wide_theta = theta.to(wide)
    off = 1 - theta
    keys = [_subset_keys(bins, num_bins, int(subset)) for subset in terms.subsets]
    on_mass = [_at_own_entry(key, size, wide_theta).to(theta.dtype) for key, size in keys]
    # Summed separately: a difference would lose all digits where θ is saturated.
    off_mass = [_at_own_entry(key, size, 1 - wide_theta).to(theta.dtype) for key, size in keys]
    own_on, own_off = on_mass[0].clamp(min=_SMALLEST), off_mass[0].clamp(min=_SMALLEST)

    p1 = wide_theta.mean(dim=1, keepdim=True)
    p0 = (1 - wide_theta).mean(dim=1, keepdim=True)
    entropy.copy_((entropy_terms(p1) + entropy_terms(p0)).squeeze(1))
    p1, p0 = p1.clamp(min=_SMALLEST), p0.clamp(min=_SMALLEST)
    odds = (p0 / p1).to(theta.dtype)
    slope = (residual * (p0 / p1).log2()).to(theta.dtype).expand_as(theta).clone()
    p1, p0 = p1.to(theta.dtype), p0.to(theta.dtype)
    pull: list[Tensor | None] = [None] * len(keys)
    for i, c in enumerate(terms.coefficient.tolist()):
        entries = range(int(terms.start[i]), int(terms.start[i + 1]))
        rows = [int(terms.row[t]) for t in entries]
        signs = [float(terms.sign[t]) for t in entries]
        # A union contains the samples of each of its cells. Clamping to them prevents a logarithm of zero due to rounding.
        on = _weighted_sum(signs, [on_mass[r] for r in rows]).clamp(min=own_on)
        off_union = _weighted_sum(signs, [off_mass[r] for r in rows]).clamp(min=own_off)
        u = odds * (on / off_union)
        log_u = u.log2()
        if redundancy is not None:
            redundancy[:, i] = (theta * log_u - (p0 + p1 * u).log2()).mean(dim=1, dtype=wide)
        if gradient is not None:
            slope.add_(log_u, alpha=c)
            share = theta / on - off / off_union
            for r, sign in zip(rows, signs, strict=True):
                scaled = (c * sign * BITS_PER_NAT) * share
                pull[r] = scaled if pull[r] is None else pull[r].add_(scaled)  # pyright: ignore[reportOptionalMemberAccess]
    if gradient is not None:
        for (key, size), values in zip(keys, pull, strict=True):
            if values is not None:
                slope += _at_own_entry(key, size, values.to(wide)).to(theta.dtype)
        gradient.copy_(slope / theta.shape[1])


def _wide_dtype(theta: Tensor) -> torch.dtype:
    """The dtype of sums over samples: float64 if the device supports it."""
    return theta.dtype if theta.device.type == "mps" else torch.float64


def _subset_keys(
    bins: Int64[Tensor, "sources neurons batch"], num_bins: tuple[int, ...], subset: int
) -> tuple[Int64[Tensor, "neurons batch"], int]:
    """The table entry of each sample for a set of sources (a bit mask), and the number of entries."""
    batch = bins.shape[2]
    key, size = torch.zeros_like(bins[0]), 1
    for j, m in enumerate(num_bins):
        if subset >> j & 1:
            key = key * m + bins[j]
            size *= m
            if size > _SPARSE * batch:
                key, size = _renumbered(key), batch
    return key, size


def _renumbered(key: Int64[Tensor, "neurons batch"]) -> Int64[Tensor, "neurons batch"]:
    """Renumber the keys of each neuron from 0 to below the batch size; equal keys get equal numbers."""
    ordered, order = key.sort(dim=1)
    rank = torch.zeros_like(key)
    rank[:, 1:] = (ordered[:, 1:] != ordered[:, :-1]).long().cumsum(dim=1)
    return torch.zeros_like(key).scatter_(1, order, rank)


def _at_own_entry(key: Int64[Tensor, "neurons batch"], size: int, values: Float[Tensor, "neurons batch"]) -> Float[Tensor, "neurons batch"]:
    """For each sample, the sum of `values` over the samples with the same entry."""
    return values.new_zeros((len(key), size)).scatter_add_(1, key, values).gather(1, key)


def _weighted_sum(weights: list[float], tensors: list[Tensor]) -> Tensor:
    total = tensors[0] * weights[0]
    for weight, tensor in zip(weights[1:], tensors[1:], strict=True):
        total.add_(tensor, alpha=weight)
    return total
