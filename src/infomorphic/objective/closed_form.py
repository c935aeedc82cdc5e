"""The closed form of shared exclusions with binary outputs: on any device by torch operations, on the CPU by compiled code.

Source: arXiv:2412.02482, app. A.1; arXiv:2002.03356, eq. 9.
"""

import math
from abc import abstractmethod

import torch
from jaxtyping import Float
from torch import Tensor

from infomorphic.goals import Goal
from infomorphic.objective.batch import Batch
from infomorphic.objective.currents import binned_currents
from infomorphic.objective.evaluator import Evaluated, Evaluator
from infomorphic.objective.plan import Answer, Query, all_terms, goal_terms
from infomorphic.objective.samples import MAX_SOURCES, BinnedCurrents, as_currents, check_samples
from infomorphic.objective.torch_method import solve_with_torch

# Each thread of the kernel stores the joint histogram of one neuron as a table; 20 bins for each of 4 sources are 160 000 entries.
_LARGEST_TABLE = 2**22


class ClosedForm(Evaluator):
    """Σ_α c_α I_α + γ_res H(Y) from counts of samples, with an explicit formula for its gradient."""

    @abstractmethod
    def solve(self, batch: Batch, query: Query) -> Answer:
        """Answer a query about the samples of a batch."""

    def evaluate(self, batch: Batch, goal: Goal) -> Evaluated:
        terms = goal_terms(goal)
        found = self.solve(batch, Query(terms, goal.residual_entropy))
        coefficient = torch.as_tensor(terms.coefficient, dtype=found.redundancies.dtype, device=found.redundancies.device)
        value = found.redundancies @ coefficient + goal.residual_entropy * found.entropy
        return Evaluated(value.to(batch.distribution.dtype), found.gradient.transpose(0, 1))

    def descent(self, batch: Batch, goal: Goal) -> tuple[Tensor, Tensor | None]:
        # Only the gradient: a training step does not need the value.
        query = Query(goal_terms(goal), goal.residual_entropy, redundancies=False, factor=-1.0)
        return batch.distribution, self.solve(batch, query).gradient.transpose(0, 1)

    def redundancies(self, batch: Batch) -> tuple[Float[Tensor, "neurons antichains"], Float[Tensor, " neurons"]]:
        found = self.solve(batch, Query(all_terms(len(batch.num_bins)), gradient=False))
        return found.redundancies, found.entropy


class TorchClosedForm(ClosedForm):
    """The closed form in torch operations, on any device."""

    def refusal(self, batch: Batch) -> str | None:
        return None if batch.has_closed_form else _NO_CLOSED_FORM

    def solve(self, batch: Batch, query: Query) -> Answer:
        return solve_with_torch(check_samples(batch.bins(), batch.distribution, batch.num_bins), query)


class CompiledClosedForm(ClosedForm):
    """The closed form by the compiled kernel, on the CPU."""

    def refusal(self, batch: Batch) -> str | None:
        if not batch.has_closed_form:
            return _NO_CLOSED_FORM
        if batch.distribution.device.type != "cpu":
            return f'`method="kernel"` must be given tensors on the CPU; got {batch.distribution.device}. Use "torch".'
        if math.prod(batch.num_bins) > _LARGEST_TABLE:
            return f'`num_bins` must have a product of at most {_LARGEST_TABLE} for method="kernel"; got {batch.num_bins}. Use "torch".'
        return None

    def solve(self, batch: Batch, query: Query) -> Answer:
        # Imported here, because importing this module must not import numba.
        from infomorphic.objective import kernel_method

        return kernel_method.solve_with_kernel(_binned(batch), query)


def _binned(batch: Batch) -> BinnedCurrents:
    if batch.bin_index is None and 1 <= len(batch.currents) <= MAX_SOURCES:
        binned = binned_currents(batch.currents, batch.distribution, batch.binnings)
        if binned is not None:
            return binned
    return as_currents(check_samples(batch.bins(), batch.distribution, batch.num_bins))


_NO_CLOSED_FORM = 'the closed form must be given binary outputs, sharp bins and the measure "sx". Use method="dense".'
