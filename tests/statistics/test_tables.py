"""Resampled tables: batches of dense tables and single lists of occupied cells give the same values."""

import numpy as np
import pytest

from infomorphic.errors import InvalidSamplesError
from infomorphic.pid import decompose_samples, discretize_samples
from infomorphic.pid.measures import resolve_measure
from infomorphic.statistics import PermuteSource, PermuteTarget, ResampledTables
from infomorphic.statistics.tables import labels_of, values_of

pytestmark = pytest.mark.filterwarnings("ignore::infomorphic.pid.UndersampledWarning")


def observations(num_sources, rows=200, values=3, seed=0):
    rng = np.random.default_rng(seed)
    sources = [rng.integers(values, size=rows) for _ in range(num_sources)]
    return discretize_samples(sources, (sum(sources) + rng.integers(2, size=rows)) % 2)


def direct(observations, rows, moved, measure="sx"):
    """The values of one rearrangement by `decompose_samples`."""
    columns = [c[rows] if moved in (None, i) else c for i, c in enumerate(observations.codes)]
    return values_of(decompose_samples(columns[:-1], columns[-1], measure=measure))


@pytest.mark.parametrize("measure", ["sx", "mmi", "min", "ccs"])
@pytest.mark.parametrize("num_sources", [1, 2, 3])
@pytest.mark.parametrize("moved", ["target", "source", "all"])
def test_batches_give_what_single_decompositions_give(measure, num_sources, moved):
    o, rng = observations(num_sources), np.random.default_rng(1)
    draws = [rng.permutation(200) if moved != "all" else rng.integers(200, size=200) for _ in range(5)]
    variable = {"target": PermuteTarget().variable(num_sources), "source": PermuteSource(0).variable(num_sources), "all": None}[moved]
    found = np.concatenate(list(ResampledTables(o, resolve_measure(measure)).values(draws, variable)))
    expected = [direct(o, rows, variable, measure) for rows in draws]
    np.testing.assert_allclose(found, expected, atol=1e-10)


def test_large_alphabets_are_decomposed_cell_by_cell():
    rng = np.random.default_rng(0)
    o = discretize_samples([rng.integers(100, size=300), rng.integers(100, size=300)], rng.integers(50, size=300))
    tables = ResampledTables(o, resolve_measure("sx"))
    assert not tables.dense
    rows = rng.permutation(300)
    np.testing.assert_allclose(next(tables.values([rows], 2))[0], direct(o, rows, 2), atol=1e-10)


def test_the_batch_size_does_not_change_the_values(monkeypatch):
    o, rng = observations(2), np.random.default_rng(1)
    draws = [rng.permutation(200) for _ in range(7)]
    tables = ResampledTables(o, resolve_measure("sx"))
    at_once = np.concatenate(list(tables.values(draws, 2)))
    monkeypatch.setattr("infomorphic.statistics.tables._MOST_NUMBERS", 1)
    batches = list(tables.values(draws, 2))
    assert len(batches) == 7
    np.testing.assert_allclose(np.concatenate(batches), at_once, atol=1e-14)


def test_counts_are_written_out_as_rows_and_other_weights_are_refused():
    counted = ResampledTables(discretize_samples([[0, 1]], [0, 1], weights=[2, 3]), resolve_measure("sx"))
    assert counted.given.tolist() == [0, 0, 1, 1, 1]
    with pytest.raises(InvalidSamplesError, match="`weights` must be whole numbers, counts of observations"):
        ResampledTables(discretize_samples([[0, 1]], [0, 1], weights=[0.5, 0.5]), resolve_measure("sx"))


def test_labels_are_atoms_then_informations():
    assert labels_of(2) == ["{1}{2}", "{1}", "{2}", "{12}", "I{1}", "I{2}", "I{12}"]
