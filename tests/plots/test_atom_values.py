"""Atoms given to a plot, in any order or form."""

import numpy as np
import pytest

from infomorphic.errors import AntichainError, InfomorphicError, TooManySourcesError, UnknownAtomError
from infomorphic.plots import PlotValueError
from infomorphic.plots.atom_values import read_atoms, sources_of
from shape_checking import wrong_on_purpose


def test_any_spelling_and_order(xor):
    shuffled = {"{21}": 0.415, "{2} {1}": -0.585, "{2}": 0.585, "{1}": 0.585}
    read = read_atoms(shuffled)
    assert read.labels == ("{1}{2}", "{1}", "{2}", "{12}")
    assert read.values.tolist() == [xor[label] for label in read.labels]


@pytest.mark.parametrize(
    ("labels", "sources"),
    [(["{2}{1}"], "12"), (["{L}{CF}"], "FCL"), (["{L}", "{F}"], "FL"), (["{T}{S}", "{T}"], "TS"), (["{A, B}"], "AB")],
)
def test_sources_are_inferred(labels, sources):
    assert sources_of(labels) == sources


def test_sources_can_be_given(some_atoms):
    assert read_atoms(some_atoms(2, "FC"), sources="CF").labels == ("{C}{F}", "{C}", "{F}", "{CF}")


def test_tensors_and_arrays_of_one_number_are_numbers(xor):
    assert read_atoms({label: np.array(value) for label, value in xor.items()}).values.tolist() == [-0.585, 0.585, 0.585, 0.415]


def test_missing_atoms_are_named(xor):
    del xor["{12}"]
    with pytest.raises(UnknownAtomError, match=r"lacks \{12\}"):
        read_atoms(xor)


def test_many_missing_atoms_are_counted():
    with pytest.raises(UnknownAtomError, match="and 13 more"):
        read_atoms({"{123}": 0.0})


@pytest.mark.parametrize("label", ["{1}{12}", "{3}", "12", "{1}{1}", "{}"])
def test_wrong_labels(xor, label):
    with pytest.raises(AntichainError):
        read_atoms(xor | {label: 0.0}, sources="12")


def test_one_atom_under_two_labels(xor):
    with pytest.raises(AntichainError, match="mean the same atom"):
        read_atoms(xor | {"{2}{1}": 0.0})


def test_repeated_source(xor):
    with pytest.raises(AntichainError, match="must be different letters"):
        read_atoms(xor, sources="11")


def test_no_labels():
    with pytest.raises(AntichainError, match="no label"):
        read_atoms({})


def test_too_many_sources():
    with pytest.raises(TooManySourcesError, match="1 to 4 sources; got 5"):
        read_atoms({"{12345}": 0.0})
    with pytest.raises(TooManySourcesError, match="1 to 3 sources; got 4"):
        read_atoms({"{1234}": 0.0}, max_sources=3)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_values_must_be_finite(xor, value):
    with pytest.raises(PlotValueError, match=r"the atom \{1\} must be finite"):
        read_atoms(xor | {"{1}": value})


@wrong_on_purpose
@pytest.mark.parametrize("value", [np.zeros(3), None, "much"])
def test_values_must_be_numbers(xor, value):
    with pytest.raises(PlotValueError, match="must be one number"):
        read_atoms(xor | {"{1}": value})


def test_errors_are_one_family():
    assert issubclass(PlotValueError, InfomorphicError)
    assert issubclass(PlotValueError, ValueError)
