"""The redundancy lattice of one to five sources."""

import numpy as np
import pytest

from infomorphic.errors import TooManySourcesError
from infomorphic.pid.antichains import precedes
from infomorphic.pid.lattice import redundancy_lattice, subset_labels
from pid import definition


@pytest.mark.parametrize(("num_sources", "count"), [(1, 1), (2, 4), (3, 18), (4, 166), (5, 7579)])
def test_number_of_antichains(num_sources, count):
    # Dedekind numbers less two (OEIS A007153).
    lattice = redundancy_lattice(num_sources)
    assert len(lattice) == len(set(lattice.antichains)) == count


@pytest.mark.parametrize("num_sources", [1, 2, 3, 4])
def test_antichains_are_those_of_the_definition(num_sources):
    assert set(redundancy_lattice(num_sources).labels()) == {definition.label(a) for a in definition.antichains(num_sources)}


def test_three_sources_stand_in_the_order_of_the_paper():
    # Table 2 of arXiv:2412.02482
    assert redundancy_lattice(3).labels("FCL") == (
        *("{F}{C}{L}", "{F}{C}", "{F}{L}", "{C}{L}", "{F}{CL}", "{C}{FL}", "{L}{FC}", "{F}", "{C}", "{L}"),
        *("{FC}{FL}{CL}", "{FC}{FL}", "{FC}{CL}", "{FL}{CL}", "{FC}", "{FL}", "{CL}", "{FCL}"),
    )


@pytest.mark.parametrize("num_sources", [1, 2, 3, 4])
def test_down_sets_and_children_follow_the_order(num_sources):
    lattice = redundancy_lattice(num_sources)
    below = {a: {i for i, b in enumerate(lattice.antichains) if precedes(b, a)} for a in lattice.antichains}
    for i, antichain in enumerate(lattice.antichains):
        assert set(lattice.down_set(antichain)) == below[antichain]
        assert max(below[antichain]) == i  # positions ascend along the order
        strictly = below[antichain] - {i}
        covered = {j for j in strictly if not any(j in below[lattice.antichains[k]] for k in strictly - {j})}
        assert set(lattice.children[i]) == covered


@pytest.mark.parametrize("num_sources", [1, 2, 3, 4])
def test_mobius_inversion_inverts_summation_over_the_down_set(num_sources):
    lattice = redundancy_lattice(num_sources)
    zeta = np.array([[precedes(b, a) for b in lattice.antichains] for a in lattice.antichains], dtype=float)
    np.testing.assert_array_equal(lattice.mobius.dense @ zeta, np.eye(len(lattice)))


def test_mobius_inversion_of_five_sources_is_exact_on_a_sample_of_rows():
    lattice = redundancy_lattice(5)
    weights = np.random.default_rng(0).integers(-1000, 1000, len(lattice)).astype(float)
    matrix = lattice.mobius
    for row in (0, 17, 1000, 4000, 7578):
        # Π_row recovered from sums over down-sets must be the weight itself.
        entries = matrix.rows == row
        sums = [weights[list(lattice.down_set(lattice.antichains[c]))].sum() for c in matrix.columns[entries]]
        assert np.dot(matrix.values[entries], sums) == weights[row]


@pytest.mark.parametrize("num_sources", [1, 2, 3, 4])
def test_members_are_the_sets_of_each_antichain(num_sources):
    lattice = redundancy_lattice(num_sources)
    for antichain, members in zip(lattice.antichains, lattice.members, strict=True):
        assert {int(m) for m in members} == {sum(1 << i for i in s) - 1 for s in antichain}


def test_subsets_by_size():
    assert subset_labels(3) == {"{1}": 1, "{2}": 2, "{3}": 4, "{12}": 3, "{13}": 5, "{23}": 6, "{123}": 7}


@pytest.mark.parametrize("num_sources", [0, 6, -1])
def test_sources_out_of_range(num_sources):
    with pytest.raises(TooManySourcesError, match="between 1 and 5"):
        redundancy_lattice(num_sources)
