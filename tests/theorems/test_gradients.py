"""Differentiability in the pmf, in the interior and on the boundary of the simplex."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings

from infomorphic.pid import decompose, gates
from infomorphic.pid.joint import dense_joint
from infomorphic.pid.lattice import redundancy_lattice
from infomorphic.pid.marginals import dense_marginals
from infomorphic.pid.measures.shared_exclusions import SharedExclusions, union_coefficients
from pid.strategies import joint_pmfs


@pytest.mark.parametrize("shape", [(3, 2), (2, 3, 2), (2, 2, 2, 2), (2, 2, 2, 2, 2)])
def test_gradcheck(shape):
    logits = torch.randn(shape, dtype=torch.float64, generator=torch.Generator().manual_seed(0), requires_grad=True)

    def everything(logits):
        d = decompose(torch.softmax(logits.flatten(), 0).reshape(shape))
        return d.atoms.array, d.informative.array, d.misinformative.array, d.target_entropy, d.residual_entropy

    assert torch.autograd.gradcheck(everything, logits)


def test_gradcheck_of_five_sources_and_of_pointwise_values():
    logits = torch.randn((2,) * 6, dtype=torch.float64, generator=torch.Generator().manual_seed(1), requires_grad=True)

    def some(logits):
        d = decompose(torch.softmax(logits.flatten(), 0).reshape(logits.shape))
        return d.atoms.array[::500], d.pointwise.atoms["{1}{2345}"]

    assert torch.autograd.gradcheck(some, logits, fast_mode=True)


def test_gradcheck_of_batches():
    logits = torch.randn(3, 8, dtype=torch.float64, generator=torch.Generator().manual_seed(2), requires_grad=True)
    assert torch.autograd.gradcheck(lambda x: decompose(torch.softmax(x, -1).reshape(3, 2, 2, 2), 2).atoms.array, logits)


@settings(max_examples=30)
@given(joint_pmfs(max_values=2))
def test_no_gradient_is_nan_on_the_boundary(pmf):
    p = torch.from_numpy(pmf).requires_grad_()
    decompose(p).atoms.array.pow(2).sum().backward()
    assert p.grad.isfinite().all()


def redundancies(pmf):
    """I_α of a measure that need not sum to one, for one-sided differences."""
    n = pmf.ndim - 1
    return SharedExclusions().redundancies(dense_joint(pmf, n), redundancy_lattice(n))


@pytest.mark.parametrize(
    "pmf", [gates.giant_bit(), gates.parity(2), gates.and_gate(), gates.unique_gate()], ids=["rnd", "xor", "and", "unq"]
)
def test_one_sided_derivatives_at_zero_probability(pmf):
    # Where the derivative from above exists, autograd gives it; where it is −∞ (the union has no mass together with t,
    # but some without it) the finite remainder is checked in the next test.
    p = torch.from_numpy(pmf).requires_grad_()
    marginals = dense_marginals(torch.from_numpy(pmf), 2)
    coefficients = torch.from_numpy(union_coefficients(2)).double()
    joint = (coefficients @ marginals.joint).reshape(4, *pmf.shape)
    source = (coefficients @ marginals.source).reshape(4, *pmf.shape)
    exists = (joint > 0) | (source == 0)
    checked = 0
    for row in range(4):
        (gradient,) = torch.autograd.grad(redundancies(p)[row], p)
        for cell in zip(*np.nonzero(pmf == 0), strict=True):
            if not exists[(row, *cell)]:
                continue
            checked += 1
            step = 1e-7
            moved = pmf.copy()
            moved[cell] += step
            difference = (redundancies(moved)[row] - redundancies(pmf)[row]) / step
            assert gradient[cell].item() == pytest.approx(difference, abs=1e-5)
    assert checked


def test_an_infinite_derivative_is_truncated_to_a_finite_one():
    # I(T : S1) of a giant bit has derivative −∞ towards an error that never happens.
    p = torch.from_numpy(gates.giant_bit(1)).requires_grad_()
    decompose(p).mutual_information["{1}"].backward()
    assert p.grad.isfinite().all()
    step = 1e-9
    moved = gates.giant_bit(1)
    moved[0, 1] += step
    assert (redundancies(moved)[0] - redundancies(gates.giant_bit(1))[0]) / step < -25
