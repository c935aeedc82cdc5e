"""Theorems about the decomposition, for random distributions."""

from itertools import permutations
from random import Random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from infomorphic.pid import decompose, redundancy_lattice
from infomorphic.pid.antichains import canonical, format_antichain
from infomorphic.pid.lattice import subset_labels
from pid import definition
from pid.definition import entropy, mutual_information
from pid.strategies import joint_pmfs

CLOSE = {"atol": 1e-12, "rtol": 0}


@given(joint_pmfs())
def test_agreement_with_the_definition(pmf):
    d = decompose(pmf)
    redundancies, atoms = definition.redundancy_and_atoms(pmf)
    for label in d.atoms:
        np.testing.assert_allclose(d.redundancies[label], redundancies[label], atol=1e-10, rtol=0)
        np.testing.assert_allclose(d.atoms[label], atoms[label], atol=1e-10, rtol=0)


@settings(max_examples=5, deadline=None)
@given(joint_pmfs(num_sources=4, max_values=2))
def test_agreement_with_the_definition_for_four_sources(pmf):
    d = decompose(pmf)
    _, atoms = definition.redundancy_and_atoms(pmf)
    np.testing.assert_allclose(d.atoms.array, [atoms[label] for label in d.atoms], atol=1e-10, rtol=0)


@given(joint_pmfs())
def test_consistency_equations(pmf):
    # Williams and Beer 2010: I(T : S) is the sum of the atoms at and below {S}, for every set S of sources.
    d = decompose(pmf)
    lattice = redundancy_lattice(d.num_sources)
    for label, mask in subset_labels(d.num_sources).items():
        members = tuple(i for i in range(d.num_sources) if mask >> i & 1)
        expected = mutual_information(pmf, mask)
        np.testing.assert_allclose(d.atoms.array[list(lattice.down_set((members,)))].sum(), expected, **CLOSE)
        np.testing.assert_allclose(d.mutual_information[label], expected, **CLOSE)


@given(joint_pmfs())
def test_atoms_sum_to_the_mutual_information_and_entropies_add_up(pmf):
    d = decompose(pmf)
    total = mutual_information(pmf, 2**d.num_sources - 1)
    np.testing.assert_allclose(d.atoms.array.sum(), total, **CLOSE)
    np.testing.assert_allclose(d.target_entropy, entropy(pmf.sum(axis=tuple(range(pmf.ndim - 1)))), **CLOSE)
    np.testing.assert_allclose(d.residual_entropy, d.target_entropy - total, **CLOSE)


@given(joint_pmfs())
def test_self_redundancy_is_mutual_information(pmf):
    d = decompose(pmf)
    for i in range(d.num_sources):
        np.testing.assert_allclose(d.redundancies[f"{{{i + 1}}}"], mutual_information(pmf, 1 << i), **CLOSE)


@given(joint_pmfs(num_sources=3), st.sampled_from(list(permutations(range(3)))))
def test_symmetry_under_permutation_of_sources(pmf, order):
    d, permuted = decompose(pmf), decompose(np.transpose(pmf, (*order, 3)))
    for antichain in redundancy_lattice(3).antichains:
        moved = canonical([order.index(i) for i in s] for s in antichain)
        np.testing.assert_allclose(permuted.atoms[format_antichain(moved, "123")], d.atoms[format_antichain(antichain, "123")], **CLOSE)


@given(joint_pmfs(), st.integers(0, 2**32))
def test_invariance_under_relabelling(pmf, seed):
    random = Random(seed)
    relabeled = pmf
    for axis, size in enumerate(pmf.shape):
        relabeled = np.take(relabeled, random.sample(range(size), size), axis=axis)
    np.testing.assert_allclose(decompose(relabeled).atoms.array, decompose(pmf).atoms.array, **CLOSE)


@given(joint_pmfs())
def test_pointwise_terms_average_to_the_average(pmf):
    d = decompose(pmf)
    for label in d.atoms:
        for pointwise, average in (
            (d.pointwise.atoms, d.atoms),
            (d.pointwise.informative, d.informative),
            (d.pointwise.misinformative, d.misinformative),
            (d.pointwise.redundancies, d.redundancies),
        ):
            np.testing.assert_allclose((pmf * pointwise[label]).sum(), average[label], **CLOSE)


@given(joint_pmfs())
def test_informative_and_misinformative_parts_are_not_negative_and_differ_by_the_atom(pmf):
    # Makkeh, Gutknecht and Wibral 2021, theorem on the non-negativity of both parts, for every realization.
    d = decompose(pmf)
    for label in d.atoms:
        assert d.pointwise.informative[label].min() >= -1e-12
        assert d.pointwise.misinformative[label].min() >= -1e-12
        np.testing.assert_allclose(d.informative[label] - d.misinformative[label], d.atoms[label], **CLOSE)


@given(joint_pmfs(num_sources=2, max_values=2), st.integers(1, 3))
def test_target_chain_rule(pmf, refinement):
    # i(t1 t2 : α) = i(t1 : α) + i(t2 : α | t1), pointwise (Makkeh, Gutknecht and Wibral 2021). The conditional term is
    # the redundancy in the pmf given t1 corrected for the change of prior; here it is computed from unions directly.
    rng = np.random.default_rng(refinement)
    split = rng.dirichlet(np.ones(2), size=pmf.shape)
    joint = pmf[..., None] * split  # axes s1, s2, t1, t2
    whole = decompose(joint.reshape(*pmf.shape[:2], -1)).pointwise.redundancies
    first = decompose(pmf).pointwise.redundancies
    for label, antichain in (("{1}{2}", ((0,), (1,))), ("{1}", ((0,),)), ("{12}", ((0, 1),))):
        values = whole[label].reshape(joint.shape)
        for s1, s2, t1, t2 in zip(*np.nonzero(joint), strict=True):
            union = [o for o in np.ndindex(pmf.shape[:2]) if definition.holds(antichain, (s1, s2), o)]
            given_both = sum(joint[o][t1, t2] for o in union) / sum(pmf[o][t1] for o in union)
            prior = joint.sum((0, 1))[t1, t2] / pmf.sum((0, 1))[t1]
            np.testing.assert_allclose(values[s1, s2, t1, t2], first[label][s1, s2, t1] + np.log2(given_both / prior), atol=1e-10)


@given(joint_pmfs())
def test_redundancy_does_not_rise_down_the_lattice_in_its_informative_part(pmf):
    d = decompose(pmf)
    lattice = redundancy_lattice(d.num_sources)
    sums = np.array([d.informative.array[list(lattice.down_set(a))].sum() for a in lattice.antichains])
    for i, children in enumerate(lattice.children):
        assert all(sums[c] <= sums[i] + 1e-12 for c in children)
