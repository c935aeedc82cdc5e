"""Labels of values: any order, letters, and how they are shown."""

import numpy as np
import pytest

from infomorphic.errors import AntichainError, UnknownAtomError
from infomorphic.pid import decompose, gates
from pid.strategies import random_pmf


def test_letters_are_the_callers():
    d = decompose(random_pmf(2, 2, 2), names="FL")
    assert d.atoms["{L}{F}"] == d.atoms["{1}{2}"] == d.redundancies["{F}{L}"]
    assert d.mutual_information["{L}"] == d.mutual_information["{2}"]
    assert d.informative["{FL}"] == d.informative["{12}"]
    np.testing.assert_array_equal(d.pointwise.atoms["{L}"], d.pointwise.atoms["{2}"])
    with pytest.raises(AntichainError, match="names the source 'C'"):
        d.atoms["{C}"]
    with pytest.raises(AntichainError, match="names the source 'F'"):
        decompose(random_pmf(2, 2, 2)).atoms["{F}"]
    for names in ("FF", "1F", "{L", ("Fx", "L")):
        with pytest.raises(AntichainError, match="the sources here are 1, 2"):
            decompose(random_pmf(2, 2, 2), names=names).atoms["{F}"]


def test_labels_in_any_order_and_spelling():
    d = decompose(random_pmf(2, 2, 2, 2), names="FCL")
    assert d.atoms["{13}{12}"] == d.atoms["{FC}{LF}"] == d.atoms["{12}{31}"]
    assert d.mutual_information["{31}"] == d.mutual_information["{FL}"]
    assert d.pointwise.atoms["{FL}"].shape == (2, 2, 2, 2)
    assert list(d.mutual_information) == ["{1}", "{2}", "{3}", "{12}", "{13}", "{23}", "{123}"]
    assert "{LF}" in d.atoms
    with pytest.raises(AntichainError, match="contains"):
        d.atoms["{F}{FC}"]
    with pytest.raises(UnknownAtomError, match=r"there are values for \{1\}, \{2\}"):
        d.mutual_information["{1}{2}"]
    with pytest.raises(KeyError):
        d.mutual_information["{1}{2}"]


def test_repr_shows_the_values():
    assert repr(decompose(gates.giant_bit()).atoms).startswith("{{1}{2}: 1.0000")
    assert "array(3,)" in repr(decompose(random_pmf(3, 2, 2, 2, batch=1), 2).atoms)
