"""The goal from the full joint pmf of each neuron, in torch operations and differentiated by autograd.

It supports any measure of redundancy, any output alphabet, and soft bins. Tables are dense, and antichains are evaluated at every cell:
with three sources of 20 bins this takes several hundred times as long as the closed form.
"""

import math

import numpy as np
import torch
from jaxtyping import Float, Int64
from torch import Tensor

from infomorphic.goals import Goal
from infomorphic.limits import check_fits_memory
from infomorphic.objective.batch import Batch
from infomorphic.objective.evaluator import Evaluated, Evaluator
from infomorphic.objective.samples import bad_bins, bad_probability
from infomorphic.pid.joint import dense_joint, target_entropy
from infomorphic.pid.lattice import redundancy_lattice
from infomorphic.pid.measure import Part, PointwiseMeasure, RedundancyMeasure

# Maximum of neurons × cells × antichains evaluated together: several arrays of this size exist at once.
_NUMBERS_AT_ONCE = 2**23


class Dense(Evaluator):
    """Any measure of redundancy, any alphabet and soft bins, on any device."""

    def refusal(self, batch: Batch) -> str | None:
        return None

    def evaluate(self, batch: Batch, goal: Goal) -> Evaluated:
        value, gradient = batch.distribution.new_empty(batch.distribution.shape[1]), torch.zeros_like(batch.distribution)
        soft = [binning.is_soft and current.requires_grad for binning, current in zip(batch.binnings, batch.currents, strict=True)]
        of_currents = tuple(torch.zeros_like(x) if is_soft else None for x, is_soft in zip(batch.currents, soft, strict=True))
        for here in _chunks(batch):
            part = batch.of_neurons(here)
            inputs = [part.distribution.requires_grad_(), *(x.requires_grad_() for x, s in zip(part.currents, soft, strict=True) if s)]
            results = [gradient, *(g for g in of_currents if g is not None)]
            with torch.enable_grad():
                found = _goal(part, goal)
                gradients = torch.autograd.grad(found.sum(), inputs)
            value[here] = found.detach()
            for result, g in zip(results, gradients, strict=True):
                result[:, here] = g
        return Evaluated(value, gradient, of_currents)

    def descent(self, batch: Batch, goal: Goal) -> tuple[Tensor, Tensor | None]:
        # Soft bins have a gradient besides that of the distribution, so return the value instead of a gradient.
        return -self.value(batch, goal).sum(), None

    @torch.no_grad()
    def redundancies(self, batch: Batch) -> tuple[Float[Tensor, "neurons antichains"], Float[Tensor, " neurons"]]:
        num_sources, neurons = len(batch.num_bins), batch.distribution.shape[1]
        everything = np.arange(len(redundancy_lattice(num_sources)))
        redundancies = batch.distribution.new_empty(neurons, len(everything))
        entropy = batch.distribution.new_empty(neurons)
        for here in _chunks(batch):
            redundancies[here], entropy[here] = _redundancies(batch.measure, joint_pmf(batch.of_neurons(here)), num_sources, everything)
        return redundancies, entropy


def joint_pmf(batch: Batch) -> Float[Tensor, "neurons *bins_and_output"]:  # noqa: F821
    """p(s1, …, sn, y) of each neuron, differentiable; y in the order of the alphabet.

    Sample i adds to each cell its share of the cell times the probability of the output, divided by the batch size.

    Raises:
        ObjectiveInputError: if a bin is out of range (a current is NaN) or a probability is invalid.
        ConfigurationError: if the tables do not fit into memory.
    """
    probabilities = batch.alphabet.probabilities(batch.distribution)
    if not bool(((probabilities >= 0) & (probabilities <= 1)).all()):
        raise bad_probability()
    samples, neurons, values = probabilities.shape
    shares = math.prod(binning.num_shares for binning in batch.binnings)
    size = 8 * probabilities.element_size() * neurons * (values * math.prod(batch.num_bins) + samples * shares)
    check_fits_memory(size, "dense tables of bins", "Choose fewer bins or a smaller `softness`.")
    cell, share = _cells(batch)
    place = cell.transpose(0, 1).reshape(neurons, -1)

    def table(mass: Float[Tensor, "batch neurons"]) -> Float[Tensor, "neurons cells"]:
        spread = (share * mass[..., None]).transpose(0, 1).reshape(neurons, -1)
        return spread.new_zeros(neurons, math.prod(batch.num_bins)).scatter_add(1, place, spread)

    # Sum each output separately: as a difference, a small probability would lose all digits where the others are saturated.
    tables = torch.stack([table(probabilities[..., k]) for k in range(values)], dim=-1)
    return tables.reshape(neurons, *batch.num_bins, values) / samples


def _goal(batch: Batch, goal: Goal) -> Float[Tensor, " neurons"]:
    """Σ_α c_α I_α + γ_res H(Y) of `joint_pmf`."""
    coefficients = goal.redundancy_coefficients()
    used = np.flatnonzero(coefficients)
    redundancies, entropy = _redundancies(batch.measure, joint_pmf(batch), len(batch.num_bins), used)
    value = redundancies @ redundancies.new_tensor(coefficients[used])
    return value + goal.residual_entropy * entropy if goal.residual_entropy else value


def _redundancies(
    measure: RedundancyMeasure,
    pmf: Float[Tensor, "neurons *bins_and_output"],  # noqa: F821
    num_sources: int,
    antichains: np.ndarray,
) -> tuple[Float[Tensor, "neurons antichains"], Float[Tensor, " neurons"]]:
    """I_α of the antichains at these positions of the lattice, and H(Y)."""
    joint, lattice = dense_joint(pmf, num_sources), redundancy_lattice(num_sources)
    if isinstance(measure, PointwiseMeasure):
        redundancies = (measure.pointwise(joint, lattice, antichains, Part.NET) @ joint.marginals.realization[..., None])[..., 0]
    else:
        redundancies = measure.redundancies(joint, lattice)[..., antichains]
    return redundancies, target_entropy(joint.marginals)


def _chunks(batch: Batch) -> list[slice]:
    """Groups of neurons that are evaluated together: a thousand at once would need tens of gigabytes."""
    neurons = batch.distribution.shape[1]
    numbers = math.prod(batch.num_bins) * len(batch.alphabet.values) * len(redundancy_lattice(len(batch.num_bins)))
    step = max(1, _NUMBERS_AT_ONCE // numbers)
    return [slice(start, start + step) for start in range(0, neurons, step)]


def _cells(batch: Batch) -> tuple[Int64[Tensor, "batch neurons near"], Float[Tensor, "batch neurons near"]]:
    """The cells of the joint histogram that each sample belongs to, and its share of each."""
    each = [_shares(batch, source) for source in range(len(batch.num_bins))]
    for (bins, _), num_bins in zip(each, batch.num_bins, strict=True):
        if bool(((bins < 0) | (bins >= num_bins)).any()):
            raise bad_bins(batch.num_bins)
    cell, share = each[0]
    for (bins, part), num_bins in zip(each[1:], batch.num_bins[1:], strict=True):
        cell = (cell[..., :, None] * num_bins + bins[..., None, :]).flatten(2)
        share = (share[..., :, None] * part[..., None, :]).flatten(2)
    return cell, share


def _shares(batch: Batch, source: int) -> tuple[Int64[Tensor, "batch neurons near"], Float[Tensor, "batch neurons near"]]:
    """The bins of a source that each sample belongs to, and its share of each."""
    if batch.bin_index is None:
        return batch.binnings[source].shares(batch.currents[source])
    bins = batch.bin_index[source].long()
    return bins[..., None], torch.ones_like(bins[..., None], dtype=batch.distribution.dtype)
