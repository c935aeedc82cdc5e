"""Codes and values of discretized columns."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from infomorphic.errors import InvalidSamplesError
from infomorphic.pid import Categories, Edges, EqualMass, EqualWidth
from infomorphic.pid.discretization import _equal_edges, discretize
from shape_checking import wrong_on_purpose

REALS = hnp.arrays(np.float64, st.integers(1, 60), elements=st.floats(-1e6, 1e6))


@pytest.mark.parametrize(
    ("column", "codes", "values"),
    [
        ([3, 1, 3], [1, 0, 1], [1, 3]),
        ([10**12, -5, 10**12], [1, 0, 1], [-5, 10**12]),
        (["b", "a", "b"], [1, 0, 1], ["a", "b"]),
        ([True, False], [1, 0], [False, True]),
        ([-1.0, 1.0, -1.0], [0, 1, 0], [-1, 1]),
        (np.array(["x", 1, "x"], dtype=object), [1, 0, 1], [1, "x"]),
        (np.array([7, 7], dtype=np.uint8), [0, 0], [7]),
    ],
)
def test_categories(column, codes, values):
    result = discretize(column)
    assert result.codes.tolist() == codes
    assert list(result.values) == values
    assert result.binning.method == "categories"


def test_equal_width_over_the_data():
    result = discretize([0.0, 0.24, 0.26, 0.5, 1.0], 4)
    assert result.codes.tolist() == [0, 0, 1, 2, 3]
    assert result.binning.edges == (0, 0.25, 0.5, 0.75, 1)
    np.testing.assert_allclose(result.values, [0.125, 0.375, 0.625, 0.875])


def test_equal_width_over_a_fixed_range_counts_what_lies_outside():
    result = discretize([-30.0, -19.9, 0.1, 25.5], EqualWidth(20, (-20, 20)))
    assert result.codes.tolist() == [0, 0, 10, 19]
    assert result.binning.num_clipped == 2
    assert "2 observations outside the range" in str(result.binning)


def test_equal_mass():
    values = np.random.default_rng(0).exponential(size=1000)
    counts = np.bincount(discretize(values, EqualMass(8)).codes)
    assert counts.tolist() == [125] * 8


def test_equal_mass_with_ties_has_fewer_bins_and_says_so():
    result = discretize([0.5] * 90 + list(np.linspace(0.6, 1, 10)), EqualMass(4))
    assert result.binning.num_values < 4
    assert "fewer for ties" in result.binning.method


def test_given_edges():
    assert discretize([-5.0, 0.0, 0.5, 9.0], Edges((-np.inf, 0, 1, np.inf))).codes.tolist() == [0, 1, 1, 2]
    assert discretize([1, 2, 3], Edges((0, 2, 4))).codes.tolist() == [0, 1, 1]  # asked for, so whole numbers too


def test_real_numbers_as_categories_if_asked():
    assert discretize([0.5, 0.25, 0.5], Categories()).codes.tolist() == [1, 0, 1]


def test_an_integer_number_of_bins_leaves_categories_alone():
    assert discretize([5, 6, 100], 2).codes.tolist() == [0, 1, 2]
    assert discretize(["a", "b"], 2).codes.tolist() == [0, 1]


@given(REALS, st.integers(1, 30), st.sampled_from([EqualWidth, EqualMass]))
def test_bins_keep_the_order_and_their_number(values, num_bins, kind):
    codes = discretize(values, kind(num_bins)).codes
    assert codes.min() >= 0
    assert codes.max() < num_bins
    order = np.argsort(values, kind="stable")
    assert (np.diff(codes[order]) >= 0).all()


@given(st.floats(-5, 5), st.integers(1, 10))
def test_a_constant_column_has_one_value(value, n):
    for bins in (EqualWidth(7), EqualMass(7)):
        assert len(set(discretize([value] * n, bins).codes.tolist())) == 1


@pytest.mark.parametrize(
    ("column", "bins", "message"),
    [
        ([0.1, 0.2], None, r"x is continuous \(real numbers, 2 distinct values\); choose how .*`bins=20`"),
        ([0.1, np.inf], 3, "x must be finite; row 1 holds inf"),
        ([0.1, 0.2], 0, "number of bins of x must be at least 1; got 0"),
        ([0.1, 0.2], EqualMass(0), "at least 1"),
        ([0.1, 0.2], EqualWidth(3, (1, 1)), r"finite and ascending; got \(1, 1\)"),
        ([0.1, 0.2], EqualWidth(3, (2, 1)), "finite and ascending"),
        ([0.1, 0.2], Edges((1,)), "at least two ascending numbers"),
        ([0.1, 0.2], Edges((1, 0)), "at least two ascending numbers"),
        ([0.1, 7.0], Edges((0, 1)), "1 observations of x lie outside"),
        (["a"], EqualMass(3), "must be numeric to be binned"),
        ([[1, 2]], None, "one-dimensional"),
    ],
)
def test_bins_that_do_not_fit(column, bins, message):
    with pytest.raises(InvalidSamplesError, match=message):
        discretize(column, bins, "x")


@wrong_on_purpose
@pytest.mark.parametrize(
    ("bins", "message"),
    [
        (-3, "at least 1; got -3"),
        (2**62, "at most 1000000"),
        pytest.param(10**5000, "at most 1000000; got a number of more than 64 bits", id="5000 digits"),
        (True, "number of bins"),
        (2.0, "must be a whole number, EqualWidth"),
        ("3", "must be a whole number, EqualWidth"),
        (EqualMass(2**40), "at most 1000000"),
        (EqualWidth(3, (0, np.inf)), "finite and ascending"),
        (EqualWidth(3, (np.nan, 1)), "finite and ascending"),
        (Edges((0, np.nan, 1)), "ascending"),
        (Edges((np.inf, np.inf)), "ascending"),
        (Edges((0, 0)), "ascending"),
    ],
)
def test_bins_that_no_column_can_have(bins, message):
    # Also where they would not be used.
    for column in ([0.1, 0.2], [1, 2], ["a", "b"]):
        with pytest.raises(InvalidSamplesError, match=message):
            discretize(column, bins, "x")


@pytest.mark.parametrize(("low", "high", "k"), [(-1, 1, 10), (0, 1, 10), (-0.3, 0.3, 6), (-20, 20, 400), (0, 0.7, 7), (1e-3, 1.1e-2, 10)])
def test_a_value_on_an_edge_is_in_the_upper_bin(low, high, k):
    decimals = [round(low + i * (high - low) / k, 6) for i in range(k)]
    for bins in (EqualWidth(k, (low, high)), Edges((*decimals, high))):
        column = discretize([*decimals, high], bins)
        assert column.codes.tolist() == [*range(k), k - 1]
        assert column.binning.edges == (*decimals, high)
    assert discretize([*decimals, float(high)], EqualWidth(k)).codes.tolist() == [*range(k), k - 1]


def test_numpy_integers_are_numbers_of_bins():
    assert discretize([0.5, 0.7, 0.9], np.int32(2)).binning.num_values == 2


@pytest.mark.parametrize("num_bins", [1, 2, 3, 10, 20, 1000])
@pytest.mark.parametrize(
    ("low", "high"), [(-1.0, 1.0), (0.1, 0.7), (-1e308, 1e308), (1e9, 1e9 + 1), (0.0, 5e-324), (1.0, 1.0 + 2**-52), (-3.3, 1e-9)]
)
def test_bins_of_equal_width_are_those_between_their_edges(low, high, num_bins):
    rng = np.random.default_rng(0)
    edges = _equal_edges(low, high, num_bins)
    near = np.concatenate([edges, np.nextafter(edges, -np.inf), np.nextafter(edges, np.inf)])
    values = np.concatenate([near, low + (high / 2 - low / 2) * rng.uniform(0, 1, 200), [-1.7e308, 1.7e308, 0.0, -0.0]])
    column = discretize(values, EqualWidth(num_bins, (low, high)))
    assert column.codes.tolist() == np.searchsorted(edges[1:-1], values, side="right").tolist()
    assert column.binning.num_values == len(set(column.codes.tolist()))
