"""Every measure gives the values of dit."""

from functools import partial

import numpy as np
import pytest
from dit.algorithms import maxent_dist
from dit.pid.measures import iccs

from agreement import dit_values
from infomorphic.pid import decompose, gates

GATES = {
    "and": gates.and_gate(),
    "or": gates.or_gate(),
    "xor": gates.parity(2),
    "sum": gates.sum_gate(),
    "copy": gates.copy_gate(),
    "unique": gates.unique_gate(),
    "bit": gates.giant_bit(),
}
MEASURES = ("min", "mmi", "pm", "ccs", "broja")


# dit takes minutes for the unique information of two gates, whose exact values are in `theorems/test_gates.py`.
SLOW = {("and", "broja"), ("or", "broja")}


@pytest.mark.parametrize(
    ("gate", "measure"),
    [pytest.param(g, m, marks=[pytest.mark.slow] if (g, m) in SLOW else []) for g in GATES for m in MEASURES],
)
def test_gates(gate, measure):
    # dit's default solver for unique information starts at random and may stop 1e-3 bits short of the optimum of XOR.
    options = {"method": "admui", "maxiter": 200_000} if measure == "broja" else {}
    theirs = dit_values.atoms(GATES[gate], measure, **options)
    np.testing.assert_allclose(decompose(GATES[gate], measure=measure).atoms.array, theirs, atol=1e-6)


@pytest.mark.slow
def test_seventy_random_pmfs_of_two_sources_by_unique_information():
    # dit's default solver stops up to 0.09 bits short of the optimum, and this one up to 2e-6 bits: redundancy is a maximum.
    for pmf in dit_values.random_pmfs(2, 70):
        ours = decompose(pmf, measure="broja").atoms.array
        theirs = dit_values.atoms(pmf, "broja", method="admui", maxiter=200_000)
        np.testing.assert_allclose(ours, theirs, atol=1e-5)
        assert ours[0] >= theirs[0] - 1e-6


@pytest.mark.parametrize("measure", ["min", "mmi", "pm", "ccs"])
def test_seventy_random_pmfs_of_two_sources(measure):
    for pmf in dit_values.random_pmfs(2, 70):
        np.testing.assert_allclose(decompose(pmf, measure=measure).atoms.array, dit_values.atoms(pmf, measure), atol=1e-6)


@pytest.mark.parametrize("measure", ["min", "mmi", "pm", "ccs"])
def test_a_pmf_of_three_sources(measure):
    (pmf,) = dit_values.random_pmfs(3, 1, seed=1)
    np.testing.assert_allclose(decompose(pmf, measure=measure).atoms.array, dit_values.atoms(pmf, measure), atol=1e-6)


@pytest.mark.slow
@pytest.mark.parametrize("measure", ["min", "mmi", "pm", "ccs"])
def test_thirty_random_pmfs_of_three_sources(measure):
    # Where probabilities are zero, some of dit's maximum-entropy distributions miss their marginals by 1e-4.
    for pmf in dit_values.random_pmfs(3, 30, zeros=measure != "ccs"):
        np.testing.assert_allclose(decompose(pmf, measure=measure).atoms.array, dit_values.atoms(pmf, measure), atol=1e-6)


@pytest.mark.parametrize("gate", [gates.and_gate(3), gates.or_gate(3), gates.parity(3), gates.copy_gate(3), gates.sum_gate(3)])
def test_gates_of_three_sources_by_common_change_in_surprisal(gate, monkeypatch):
    # By default dit first tries proportional fitting, which for the sum may end 1e-4 bits short of the maximum of entropy.
    monkeypatch.setattr(iccs, "maxent_dist", partial(maxent_dist, method="scipy"))
    np.testing.assert_allclose(decompose(gate, measure="ccs").atoms.array, dit_values.atoms(gate, "ccs"), atol=1e-6)
