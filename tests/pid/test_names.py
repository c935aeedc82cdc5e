"""Names of sources and target."""

import pandas as pd
import pytest

from infomorphic.errors import AntichainError
from infomorphic.pid import Names, compare_measures, decompose, decompose_gaussian, decompose_gaussian_samples, decompose_samples, gates
from infomorphic.pid.names import names_of

FRAME = pd.DataFrame({"left": [0, 0, 1, 1] * 20, "right": [0, 1, 0, 1] * 20, "both": [0, 0, 0, 1] * 20})


def test_names_in_quantities_and_antichains():
    names = Names(("stimulus", "context", "neighbor"), "spike")
    assert names.information((0,)) == "I(spike : stimulus)"
    assert names.information((0, 2)) == "I(spike : stimulus, neighbor)"
    assert names.antichain(((0,), (1, 2))) == "{stimulus}{context, neighbor}"
    assert names.legend == {"1": "stimulus", "2": "context", "3": "neighbor"}
    assert names.letters is None


def test_single_letters_are_letters_of_labels():
    assert Names(("F", "C"), "spike").letters == "FC"
    assert Names(("F", "F"), "spike").letters is None
    assert Names(("1", "2"), "spike").letters is None
    d = decompose(gates.unique_gate(), names="FCY")
    assert d.names == Names(("F", "C"), "Y")
    assert d.atoms["{F}"] == d.atoms["{1}"]


@pytest.mark.parametrize("names", [("a",), ("a", "b", "t", "u"), ("a", "", "t"), ""])
def test_another_number_of_names(names):
    with pytest.raises(AntichainError, match="`names` must be the names of 2 sources and, last, of the target"):
        decompose(gates.and_gate(), names=names)


def test_default_names():
    assert names_of(None, 2) == decompose(gates.and_gate()).names == Names(("source 1", "source 2"), "target")
    assert names_of(["a", "b"], 2) == Names(("a", "b"), "target")


def test_names_travel_with_samples():
    assert decompose_samples(FRAME[["left", "right"]], FRAME["both"]).names == Names(("left", "right"), "both")
    values = FRAME.to_numpy()
    assert decompose_samples(values[:, :2], values[:, 2], names=["a", "b", "c"]).names == Names(("a", "b"), "c")
    assert decompose_samples(values[:, :2], values[:, 2]).names == Names(("source 1", "source 2"), "target")


def test_names_travel_with_measures_and_gaussian_variables():
    names = Names(("a", "b"), "c")
    assert {d.names for d in compare_measures(decompose(gates.and_gate(), names="abc"), ["mmi", "ccs"]).values()} == {names}
    assert decompose_gaussian([[1, 0.2, 0.5], [0.2, 1, 0.5], [0.5, 0.5, 1]], names="abc").names == names
    frame = pd.DataFrame({"a": [0.1, 0.5, 0.9, 0.4], "b": [0.3, 0.2, 0.8, 0.9]})
    assert decompose_gaussian_samples(frame, pd.Series([1.0, 2.0, 5.0, 3.0], name="c")).names == names
