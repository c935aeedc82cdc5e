"""Decompositions of samples against those of their pmf."""

import numpy as np
import pandas as pd
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from infomorphic.errors import InvalidPmfError, InvalidSamplesError, TooManySourcesError
from infomorphic.pid import EqualMass, EqualWidth, UndersampledWarning, decompose, decompose_outcomes, decompose_samples, gates
from pid.strategies import joint_pmfs
from shape_checking import wrong_on_purpose


def table_of(pmf, repeats):
    """Observations whose relative frequencies are exactly `pmf`."""
    counts = np.rint(pmf * repeats).astype(int)
    return np.repeat(np.argwhere(counts > 0), counts[counts > 0], axis=0)


@given(joint_pmfs(max_values=4))
def test_occupied_cells_give_what_the_dense_pmf_gives(pmf):
    rows = np.argwhere(pmf > 0)
    d = decompose_outcomes(rows[:, :-1], rows[:, -1], pmf[pmf > 0])
    dense = decompose(pmf)
    np.testing.assert_allclose(d.atoms.array, dense.atoms.array, atol=1e-12)
    for label in d.atoms:
        np.testing.assert_allclose(d.pointwise.atoms[label], dense.pointwise.atoms[label][tuple(rows.T)], atol=1e-10)


@pytest.mark.parametrize("num_sources", [1, 2, 3, 4])
def test_observations_give_their_relative_frequencies(num_sources):
    rows = table_of(gates.and_gate(num_sources), 160)
    d = decompose_samples(rows[:, :-1], rows[:, -1])
    np.testing.assert_allclose(d.atoms.array, decompose(gates.and_gate(num_sources)).atoms.array, atol=1e-14)
    assert d.estimate.observations == 160


def test_arrays_lists_frames_and_tensors_are_the_same():
    rows = table_of(gates.sum_gate(), 80)
    expected = decompose(gates.sum_gate()).atoms.array
    frame = pd.DataFrame(rows, columns=["a", "b", "t"])
    text = frame.replace({0: "no", 1: "yes", 2: "both"})
    for sources, target in (
        (rows[:, :2], rows[:, 2]),
        ([rows[:, 0], list(rows[:, 1])], list(rows[:, 2])),
        (frame[["a", "b"]], frame["t"]),
        (text[["a", "b"]], text["t"]),
        (frame[["a", "b"]].astype(bool), frame["t"].astype("Int64")),
        (torch.from_numpy(rows[:, :2]), torch.from_numpy(rows[:, 2])),
        (frame[["a", "b"]].astype("category"), frame["t"].astype(float)),
    ):
        np.testing.assert_allclose(decompose_samples(sources, target).atoms.array, expected, atol=1e-14)


def test_the_names_of_a_frame_are_kept():
    rows = table_of(gates.sum_gate(), 80)
    frame = pd.DataFrame(rows, columns=["a", "b", "t"])
    assert [b.name for b in decompose_samples(frame[["a", "b"]], frame["t"]).estimate.binning] == ["a", "b", "t"]


def test_several_columns_as_one_joint_source():
    rows = table_of(gates.parity(2), 80)
    d = decompose_samples([rows[:, :2]], rows[:, 2])
    assert d.mutual_information["{1}"] == pytest.approx(1)
    assert sorted(d.estimate.values[0]) == [(0, 0), (0, 1), (1, 0), (1, 1)]
    joint_target = decompose_samples([rows[:, 2]], rows[:, :2])
    assert joint_target.target_entropy == pytest.approx(2)


def test_weights_count_as_repeated_observations():
    rng = np.random.default_rng(0)
    rows, weights = rng.integers(0, 3, (40, 3)), rng.integers(0, 5, 40)
    with pytest.warns(UndersampledWarning):
        weighted = decompose_samples(rows[:, :2], rows[:, 2], weights=weights)
        repeated = np.repeat(rows, weights, axis=0)
        expected = decompose_samples(repeated[:, :2], repeated[:, 2])
    np.testing.assert_allclose(weighted.atoms.array, expected.atoms.array, atol=1e-13)


def test_discretization_by_column():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(5000, 2))
    y = (x.sum(axis=1) > 0).astype(int)
    d = decompose_samples(x, y, bins=[EqualMass(4), EqualWidth(5, (-3, 3))])
    assert d.estimate.binning[0].method == "4 bins of equal mass"
    assert d.estimate.binning[1].num_values == 5
    assert np.bincount(d.estimate.cells[:, 0]).size == 4
    continuous_target = decompose_samples(x, x[:, 0], bins=[4, 4, 4])
    assert continuous_target.residual_entropy == pytest.approx(0)


@settings(max_examples=25)
@given(st.integers(0, 10**6))
def test_bins_are_those_of_a_histogram(seed):
    x = np.random.default_rng(seed).normal(size=(300, 2))
    y = (x[:, 0] > x[:, 1]).astype(int)
    d = decompose_samples(x, y, bins=3)
    grid = np.stack([np.histogramdd(x[y == t], bins=[np.linspace(*np.percentile(c, [0, 100]), 4) for c in x.T])[0] for t in (0, 1)], -1)
    np.testing.assert_allclose(d.atoms.array, decompose(grid / 300).atoms.array, atol=1e-12)


def test_under_sampled_tables_are_told_with_numbers():
    rng = np.random.default_rng(0)
    with pytest.warns(
        UndersampledWarning, match=r"500 observations fall into \d+ cells, \d\.\d per cell: too few .* too large by 0\.\d+ bit"
    ):
        d = decompose_samples(rng.integers(0, 8, (500, 2)), rng.integers(0, 2, 500))
    # Nothing is shared with independent noise: all that is estimated is bias, and of the size that was said.
    assert d.mutual_information["{12}"] == pytest.approx(d.estimate.miller_madow_bias, rel=0.5)
    with pytest.warns(UndersampledWarning, match=r"1\.0 per cell: too few for an unbiased plug-in estimate\. Use fewer"):
        decompose_samples(np.arange(50)[:, None], np.arange(50))


def test_memory_grows_with_observations_not_with_alphabets():
    # The product of the alphabets is 10^20 here: any table of that size would fail at once.
    rng = np.random.default_rng(0)
    rows = rng.integers(0, 10**5, (2000, 4))
    with pytest.warns(UndersampledWarning):
        d = decompose_samples(rows[:, :3], rows[:, 3])
    assert len(d.pointwise.atoms["{1}{2}"]) == len(d.estimate.cells) == 2000


def test_missing_values_are_an_error_or_dropped_by_choice():
    frame = pd.DataFrame({"a": ["x", None, "y", "x"] * 20, "b": [1.0, 2.0, np.nan, 1.0] * 20, "t": [0, 1, 1, 0] * 20})
    with pytest.raises(InvalidSamplesError, match=r"40 rows have missing values, in a, b: rows 1, 2, 5, 6, 9, … \(counted from 0\)"):
        decompose_samples(frame[["a", "b"]], frame["t"])
    d = decompose_samples(frame[["a", "b"]], frame["t"], missing="drop")
    assert (d.estimate.observations, d.estimate.num_dropped) == (40, 40)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([[1, 2], [3, 4]], [0]), "the same number of observations; got source 1: 2, source 2: 2, target: 1"),
        ((np.zeros((0, 2)), []), "at least one observation"),
        ((np.zeros(3), np.zeros(3)), r"shape \(observations, n\); got \(3,\)"),
        (([np.zeros((2, 2, 2))], [0, 1]), r"source 1 must have shape"),
    ],
)
def test_shapes_that_do_not_fit(arguments, message):
    with pytest.raises(InvalidSamplesError, match=message):
        decompose_samples(*arguments)


@wrong_on_purpose
@pytest.mark.parametrize(
    ("keywords", "message"),
    [
        ({"weights": [1, 2]}, r"`weights` must have shape \(4,\)"),
        ({"weights": [1, 2, -1, 1]}, "finite and not negative"),
        ({"weights": [0, 0, 0, 0]}, "some must be positive"),
        ({"missing": "guess"}, "'guess'"),
        ({"bins": [3, 3, 3, 3]}, "one entry per source"),
    ],
)
def test_keywords_that_do_not_fit(keywords, message):
    with pytest.raises(InvalidSamplesError, match=message):
        decompose_samples(np.zeros((4, 2), dtype=int), [0, 1, 0, 1], **keywords)


def test_more_than_five_sources():
    with pytest.raises(TooManySourcesError, match="got 6"):
        decompose_samples(np.zeros((4, 6), dtype=int), [0, 1, 0, 1])


def test_a_table_of_outcomes_must_be_a_pmf():
    with pytest.raises(InvalidPmfError, match=r"it sums to 0\.9"):
        decompose_outcomes([[0, 1]], [0, 1], [0.5, 0.4])
    assert decompose_outcomes([[0, 1]], [0, 1], [5, 4], normalize=True).mutual_information["{1}"] > 0.9


SOURCE = np.tile([-128, 0, 127], 40)
KINDS = ["int8", "int16", "int32", "int64", "float16", "float32", "float64", "longdouble", "Int8", "Int16", "Int64", "Float32", "Float64"]


@pytest.mark.parametrize("kind", KINDS)
def test_every_type_of_number_gives_the_same(kind):
    column = pd.Series(SOURCE).astype(kind)
    assert decompose_samples([column], SOURCE > 0).atoms["{1}"] == pytest.approx(np.log2(3) - 2 / 3)
    assert decompose_samples([column.abs()], pd.Series(SOURCE).astype(kind)).target_entropy == pytest.approx(np.log2(3))


@pytest.mark.parametrize(
    "kind", ["uint8", "uint16", "uint32", "uint64", "UInt8", "UInt64", "string", "category", "object", "datetime64[ns]"]
)
def test_every_other_type_gives_the_same(kind):
    column = pd.Series(SOURCE + 128).astype("uint8").astype(kind)
    assert decompose_samples([column], SOURCE > 0).atoms["{1}"] == pytest.approx(np.log2(3) - 2 / 3)


def test_integers_at_the_ends_of_their_types():
    wide = np.random.default_rng(0).integers(-32768, 32768, 50_000).astype(np.int16)
    with pytest.warns(UndersampledWarning):
        assert decompose_samples([wide], wide > 0).atoms["{1}"] == pytest.approx(1, abs=1e-3)
    large = np.array([2**64 - 1, 2**64 - 2] * 20, dtype=np.uint64)
    assert decompose_samples([large], large % 2).mutual_information["{1}"] == pytest.approx(1)
    larger = [10**30, 10**30 + 1] * 20
    assert decompose_samples([larger], large % 2).mutual_information["{1}"] == pytest.approx(1)


@pytest.mark.parametrize("kind", ["float64", "Float64", "Int64", "boolean", "string", "object", "category"])
def test_missing_values_of_every_type_can_be_dropped(kind):
    x = pd.Series([0, 1, 0, 1] * 20).astype("Int64").mask(pd.Series([False, False, True, False] * 20)).astype(kind)
    d = decompose_samples([x], [0, 1, 1, 1] * 20, missing="drop")
    assert (d.estimate.observations, d.estimate.num_dropped) == (60, 20)
    assert d.mutual_information["{1}"] == pytest.approx(np.log2(3) - 2 / 3)


def test_missing_times_and_masked_entries_are_missing():
    times = np.array(["2020-01-01", "NaT"] * 20, dtype="datetime64[D]")
    masked = np.ma.array([[1, 99], [0, 99]] * 20, mask=[[0, 1], [0, 0]] * 20)
    for source in ([times], masked):
        with pytest.raises(InvalidSamplesError, match="20 rows have missing values"):
            decompose_samples(source, [0, 1] * 20)
        assert decompose_samples(source, [0, 1] * 20, missing="drop").estimate.observations == 20


def test_missing_values_with_bins():
    x = np.linspace(0, 1, 81)
    x[7] = np.nan
    for bins in (4, EqualMass(4), [EqualMass(4)]):
        d = decompose_samples([pd.Series(x)], np.arange(81) % 2, bins, missing="drop")
        assert d.estimate.binning[0].num_values == 4


def test_one_choice_of_bins_is_for_real_numbers():
    x, y = np.linspace(0, 1, 80), np.arange(80) % 8
    x, y = np.tile(x, 4), np.tile(y, 4)
    for bins in (4, EqualMass(4), EqualWidth(4, (0, 1))):
        d = decompose_samples([x, y.astype(float), y.astype(str)], y, bins)
        assert [b.num_values for b in d.estimate.binning] == [4, 8, 8, 8]


def test_whole_weights_are_counts_and_others_are_not():
    rows = np.array([[0, 0, 0], [0, 1, 1], [1, 0, 1], [1, 1, 0]])
    d = decompose_samples(rows[:, :2], rows[:, 2], weights=[2500] * 4)
    assert (d.estimate.observations, d.estimate.miller_madow_bias) == (10_000, pytest.approx(-1 / (20_000 * np.log(2))))
    with pytest.warns(UndersampledWarning):
        assert decompose_samples(rows[:, :2], rows[:, 2], weights=[0.25] * 4).estimate.observations == 4


def test_values_that_cannot_be_compared_are_an_error_in_a_sentence():
    column = np.empty(2, dtype=object)
    column[:] = [[1], [2]]
    with pytest.raises(InvalidSamplesError, match="got list"):
        decompose_samples([column], [0, 1])
    with pytest.raises(InvalidSamplesError, match="real and imaginary parts"):
        decompose_samples([np.array([1j, 2])], [0, 1])
