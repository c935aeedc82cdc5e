"""The result of a decomposition."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from infomorphic.errors import AntichainError, InvalidPmfError, NotPointwiseError
from infomorphic.pid import decompose, decompose_gaussian, gates
from infomorphic.pid.decomposition import from_redundancies
from infomorphic.pid.measures.shared_exclusions import SharedExclusions
from pid.strategies import random_pmf


def test_mutual_informations_have_one_column_for_each_set_of_sources():
    d = decompose(random_pmf(5, 2, 2, 2, 3, batch=1), 3)
    assert d.mutual_information.array.shape == (5, 7)
    for i, label in enumerate(d.mutual_information):
        np.testing.assert_array_equal(d.mutual_information.array[:, i], d.redundancies[label])


def test_without_a_joint_pmf_there_are_no_pointwise_values():
    from_numbers = from_redundancies(np.ones(1), np.array(2.0), SharedExclusions(), 1)
    assert from_numbers.residual_entropy == 1
    with pytest.raises(NotPointwiseError, match="without a joint pmf"):
        _ = from_numbers.pointwise


def test_description():
    d = decompose(gates.parity(2), names=("left", "right", "both"))
    assert d.describe(remarks={"{12}": "p = 0.001"}) == [
        "left and right together provide 1.0000 bits about both, 100.00 % of its entropy of 1.0000 bits; 0.0000 bits are not explained.",
        "Misinformative: what left and right provide about both redundantly is -0.5850 bits, 0.4150 informative minus 1.0000 misinformative.",
        "Only left provides 0.5850 bits about both: unique information.",
        "Only right provides 0.5850 bits about both: unique information.",
        "Only left and right together provide 0.4150 bits about both: synergy (p = 0.001).",
    ]
    with pytest.raises(AntichainError, match="names the source '3'"):
        d.describe(remarks={"{3}": "p"})


def test_description_by_a_measure_without_parts_and_of_gaussian_variables():
    assert decompose(gates.and_gate(), measure="mmi").describe()[1] == "source 1 and source 2 provide 0.3113 bits about target redundantly."
    d = decompose_gaussian([[1, 0.2, 0.5], [0.2, 1, 0.5], [0.5, 0.5, 1]])
    assert d.describe()[0] == "source 1 and source 2 together provide 0.3888 bits about target."  # ½ log2(0.96 / 0.56)


def test_description_of_the_largest_atoms_in_their_order():
    d = decompose(random_pmf(2, 2, 2, 2))
    total, *sentences = d.describe()
    largest = np.argsort(-np.abs(d.atoms.array))[:3]
    assert d.describe(most=3) == [total, *(sentences[i] for i in sorted(largest))]


def test_description_needs_one_distribution():
    d = decompose(random_pmf(3, 2, 2, 2, batch=1), 2)
    with pytest.raises(InvalidPmfError, match=r"`describe` needs a single distribution; got a batch of shape \(3,\)"):
        d.describe()


def test_short_text():
    d = decompose(gates.parity(2), names=("left", "right", "both"))
    assert repr(d) == "Decomposition(I(both : left, right) by sx: 1.0000 bits = {1}{2} -0.5850, {1} 0.5850, {2} 0.5850, {12} 0.4150)"
    assert len(repr(decompose(random_pmf(2, 2, 2, 2, 2)))) < 200
    assert repr(decompose(random_pmf(3, 2, 2, 2, batch=1), 2)).endswith("by sx, batch (3,))")


def test_plot_draws_on_the_given_axis():
    ax = Figure().subplots()
    assert decompose(gates.parity(2)).plot(ax, kind="bars") is ax
    assert ax.patches
