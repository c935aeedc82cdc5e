"""Several measures side by side."""

import numpy as np
import pytest

from infomorphic.errors import MeasureError
from infomorphic.pid import MeasureLeftOutWarning, compare_measures, decompose, decompose_outcomes, decompose_samples, gates
from infomorphic.pid.measures import common_change_in_surprisal


def test_every_measure_that_takes_so_many_sources():
    assert set(compare_measures(gates.and_gate())) == {"sx", "min", "mmi", "pm", "ccs", "broja"}
    assert set(compare_measures(gates.and_gate(3))) == {"sx", "min", "mmi", "pm", "ccs"}
    found = compare_measures(gates.and_gate(), names="AB")
    for name, d in found.items():
        np.testing.assert_array_equal(d.atoms.array, decompose(gates.and_gate(), measure=name).atoms.array)
        assert d.atoms["{A}{B}"] == d.atoms["{1}{2}"]


def test_those_asked_for_in_their_order():
    assert list(compare_measures(gates.and_gate(), ["sx", "mmi"])) == ["sx", "mmi"]
    with pytest.raises(MeasureError, match="takes at most 2 sources"):
        compare_measures(gates.and_gate(3), ["broja"])
    with pytest.raises(MeasureError, match="must be one of"):
        compare_measures(gates.and_gate(), ["nothing"])


def test_a_decomposition_of_samples_is_decomposed_again():
    rng = np.random.default_rng(0)
    sources = rng.integers(3, size=(2000, 2))
    d = decompose_samples(sources, sources.sum(1))
    found = compare_measures(d)
    for name, other in found.items():
        expected = decompose_samples(sources, sources.sum(1), measure=name)
        np.testing.assert_allclose(other.atoms.array, expected.atoms.array, atol=1e-12)
        assert other.estimate is d.estimate
    with pytest.raises(MeasureError, match="`normalize` must come with a pmf only"):
        compare_measures(d, normalize=True)


def test_a_measure_that_cannot_be_computed_is_left_out_with_a_warning(monkeypatch):
    rows = np.argwhere(gates.and_gate() > 0)
    d = decompose_outcomes(rows[:, :2], rows[:, 2], np.full(4, 1 / 4))
    monkeypatch.setattr(common_change_in_surprisal, "_MOST_CELLS", 7)
    with pytest.warns(MeasureLeftOutWarning, match=r"measure 'ccs' is left out: .* must have at most 7 cells"):
        found = compare_measures(d)
    assert set(found) == {"sx", "min", "mmi", "pm", "broja"}
