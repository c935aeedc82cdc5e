"""Every measure has the properties that it states, and lacks those that it does not: axioms, and witnesses against them."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infomorphic.pid import builtin_measures, decompose, gates
from infomorphic.pid.antichains import canonical, format_antichain
from pid.definition import mutual_information
from pid.strategies import joint_pmfs

MEASURES = builtin_measures()
# The optimizers find probabilities to 1e-10, of which entropies are taken.
CLOSE = 1e-7
few = settings(max_examples=25)


def those(name, holds):
    return pytest.mark.parametrize("measure", [m for m, found in MEASURES.items() if getattr(found.properties, name) is holds])


def sources_of(measure):
    return min(3, MEASURES[measure].properties.max_sources)


def some_pmfs(*shape, count=60):
    rng = np.random.default_rng(0)
    for _ in range(count):
        pmf = rng.random(shape) ** 3
        yield pmf / pmf.sum()


def copy_of(sources):
    """The pmf of T = (S1, S2)."""
    pmf = np.zeros((*sources.shape, sources.size))
    for place, index in enumerate(np.ndindex(sources.shape)):
        pmf[(*index, place)] = sources[index]
    return pmf


def coarsened(pmf):
    """The pmf with the last two values of the target made one."""
    return np.concatenate([pmf[..., :-2], pmf[..., -2:].sum(-1, keepdims=True)], axis=-1)


@those("self_redundancy", True)
@few
@given(st.data())
def test_self_redundancy(measure, data):
    pmf = data.draw(joint_pmfs(num_sources=sources_of(measure), max_values=2))
    d = decompose(pmf, measure=measure)
    for mask, label in ((1, "{1}"), (2, "{2}"), (3, "{12}")):
        np.testing.assert_allclose(d.redundancies[label], mutual_information(pmf, mask), atol=CLOSE)
        np.testing.assert_allclose(d.mutual_information[label], mutual_information(pmf, mask), atol=CLOSE)


@those("symmetry", True)
@few
@given(st.data())
def test_symmetry(measure, data):
    n = sources_of(measure)
    pmf = data.draw(joint_pmfs(num_sources=n, max_values=2))
    order = data.draw(st.sampled_from(list(permutations(range(n)))))
    d, permuted = decompose(pmf, measure=measure), decompose(np.transpose(pmf, (*order, n)), measure=measure)
    for antichain in d.lattice.antichains:
        moved = canonical([order.index(i) for i in s] for s in antichain)
        found = permuted.atoms[format_antichain(moved, "123")]
        np.testing.assert_allclose(found, d.atoms[format_antichain(antichain, "123")], atol=CLOSE)


@those("monotonicity", True)
@few
@given(st.data())
def test_monotonicity(measure, data):
    d = decompose(data.draw(joint_pmfs(num_sources=sources_of(measure))), measure=measure)
    for i, children in enumerate(d.lattice.children):
        assert all(d.redundancies.array[c] <= d.redundancies.array[i] + CLOSE for c in children)


@those("monotonicity", False)
def test_a_witness_against_monotonicity(measure):
    found = [decompose(pmf, measure=measure).redundancies for pmf in some_pmfs(2, 2, 3)]
    assert max(r["{1}{2}"] - r["{1}"] for r in found) > 0.01


@those("local_positivity", True)
@few
@given(st.data())
def test_local_positivity(measure, data):
    assert decompose(data.draw(joint_pmfs(num_sources=sources_of(measure))), measure=measure).atoms.array.min() > -CLOSE


@those("local_positivity", False)
def test_a_witness_against_local_positivity(measure):
    assert min(decompose(pmf, measure=measure).atoms.array.min() for pmf in some_pmfs(2, 2, 3)) < -0.01


@those("identity", True)
def test_identity(measure):
    for sources in some_pmfs(2, 3):
        found = decompose(copy_of(sources), measure=measure).redundancies["{1}{2}"]
        np.testing.assert_allclose(found, mutual_information(sources, 1), atol=CLOSE)


@those("identity", False)
def test_a_witness_against_identity(measure):
    differences = [abs(decompose(copy_of(s), measure=measure).redundancies["{1}{2}"] - mutual_information(s, 1)) for s in some_pmfs(2, 3)]
    assert max(differences) > 0.01


@those("target_monotonicity", True)
def test_target_monotonicity(measure):
    for pmf in some_pmfs(2, 2, 3):
        whole, part = (decompose(p, measure=measure).redundancies["{1}{2}"] for p in (pmf, coarsened(pmf)))
        assert part <= whole + CLOSE


@those("target_monotonicity", False)
def test_a_witness_against_target_monotonicity(measure):
    def redundancy(pmf):
        return decompose(pmf, measure=measure).redundancies["{1}{2}"]

    assert any(redundancy(coarsened(pmf)) - redundancy(pmf) > 0.01 for pmf in some_pmfs(2, 2, 3, count=300))


@pytest.mark.parametrize("measure", ["sx", "pm"])
@few
@given(pmf=joint_pmfs())
def test_both_parts_of_pointwise_measures_are_not_negative(measure, pmf):
    # Finn and Lizier 2018, theorem 3; Makkeh, Gutknecht and Wibral 2021.
    d = decompose(pmf, measure=measure)
    assert d.informative.array.min() > -1e-12
    assert d.misinformative.array.min() > -1e-12
    np.testing.assert_allclose(d.informative.array - d.misinformative.array, d.atoms.array, atol=1e-12)


@pytest.mark.parametrize("measure", MEASURES)
def test_the_atoms_sum_to_the_mutual_information(measure):
    for pmf in some_pmfs(2, 3, 3, count=10):
        np.testing.assert_allclose(decompose(pmf, measure=measure).atoms.array.sum(), mutual_information(pmf, 3), atol=1e-12)


@pytest.mark.parametrize("measure", MEASURES)
def test_a_giant_bit_is_all_redundancy(measure):
    atoms = decompose(gates.giant_bit(sources_of(measure)), measure=measure).atoms.array
    np.testing.assert_allclose(atoms, [1] + [0] * (len(atoms) - 1), atol=CLOSE)
