"""Shannon invariants against their definitions."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from infomorphic.errors import InvalidPmfError, InvalidSamplesError
from infomorphic.pid import decompose, gates, shannon_invariants, shannon_invariants_of_samples
from pid.strategies import joint_pmfs


@settings(max_examples=30)
@given(joint_pmfs(), st.sampled_from(["sx", "mmi", "min", "pm"]))
def test_they_count_atoms_whatever_the_measure(pmf, measure):
    # Gutknecht et al. 2025: an atom counts once for each single source that has it, or without which it is lost.
    d = decompose(pmf, measure=measure)
    found = shannon_invariants(pmf)
    n, lattice = d.num_sources, d.lattice
    alone, lost = np.zeros(len(lattice)), np.full(len(lattice), float(n))
    for i in range(n):
        alone[list(lattice.down_set(((i,),)))] += 1
        if n > 1:
            lost[list(lattice.down_set((tuple(j for j in range(n) if j != i),)))] -= 1
    total = d.mutual_information.array[..., -1]
    assert found.mutual_information == pytest.approx(total, abs=1e-12)
    if total < 1e-9:
        return
    np.testing.assert_allclose(found.redundancy_degree * total, alone @ d.atoms.array, atol=1e-9)
    np.testing.assert_allclose(found.vulnerability_degree * total, lost @ d.atoms.array, atol=1e-9)


@pytest.mark.parametrize(
    ("pmf", "redundancy", "vulnerability"),
    [
        (gates.parity(3), 0, 3),
        (gates.giant_bit(4), 4, 0),
        (gates.unique_gate(3), 1, 1),
        (gates.copy_gate(3), 1, 1),
    ],
)
def test_gates(pmf, redundancy, vulnerability):
    found = shannon_invariants(pmf)
    assert found.redundancy_degree == pytest.approx(redundancy, abs=1e-12)
    assert found.vulnerability_degree == pytest.approx(vulnerability, abs=1e-12)


def test_without_information_the_degrees_are_undefined():
    found = shannon_invariants(np.full((2, 2, 2), 1 / 8))
    assert found.mutual_information == 0
    assert np.isnan(found.redundancy_degree)
    assert np.isnan(found.vulnerability_degree)


def test_batches_and_torch():
    pmf = np.random.default_rng(0).random((4, 2, 3, 2))
    found = shannon_invariants(pmf, 2, normalize=True)
    assert found.redundancy_degree.shape == (4,)
    single = shannon_invariants(pmf[1], normalize=True)
    assert single.vulnerability_degree == pytest.approx(found.vulnerability_degree[1])
    tensor = torch.from_numpy(pmf).requires_grad_()
    theirs = shannon_invariants(tensor, 2, normalize=True)
    np.testing.assert_allclose(theirs.redundancy_degree.detach().numpy(), found.redundancy_degree)
    theirs.vulnerability_degree.sum().backward()
    assert tensor.grad.isfinite().all()


def test_samples_of_their_own_frequencies():
    rows = np.argwhere(gates.sum_gate(3) > 0)
    found, expected = shannon_invariants_of_samples(rows[:, :-1], rows[:, -1]), shannon_invariants(gates.sum_gate(3))
    assert found.redundancy_degree == pytest.approx(expected.redundancy_degree)
    assert found.vulnerability_degree == pytest.approx(expected.vulnerability_degree)


def test_more_sources_than_any_lattice_has():
    rng = np.random.default_rng(0)
    target = rng.integers(2, size=5000)
    copies = np.repeat(target[:, None], 40, axis=1)
    found = shannon_invariants_of_samples(copies, target)
    assert found.redundancy_degree == pytest.approx(40)
    assert found.vulnerability_degree == pytest.approx(0, abs=1e-9)
    bits = rng.integers(2, size=(5000, 8))
    parity = shannon_invariants_of_samples(bits, bits.sum(1) % 2)
    assert parity.redundancy_degree < 0.05
    assert parity.vulnerability_degree > 7.5
    assert shannon_invariants(gates.parity(8)).vulnerability_degree == pytest.approx(8)


def test_bad_input():
    with pytest.raises(InvalidPmfError, match="an axis for each source"):
        shannon_invariants(np.ones(1))
    with pytest.raises(InvalidPmfError, match="sum to 1"):
        shannon_invariants(np.ones((2, 2)))
    with pytest.raises(InvalidSamplesError, match=r"`sources` must have shape \(observations, n\); got \(3,\)"):
        shannon_invariants_of_samples([0, 1, 1], [0, 1, 1])
    with pytest.raises(InvalidSamplesError, match="must be discrete"):
        shannon_invariants_of_samples([[0.5], [1]], [0, 1])
    with pytest.raises(InvalidSamplesError, match="got 2 and 3"):
        shannon_invariants_of_samples([[0], [1]], [0, 1, 1])
