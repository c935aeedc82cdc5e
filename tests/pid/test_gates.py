"""Textbook gates with exact expectations, and the values of the authors' own tool."""

import json
from math import log2
from pathlib import Path

import numpy as np
import pytest

from infomorphic.pid import decompose, gates

REFERENCE = json.loads((Path(__file__).parent / "gates_reference.json").read_text())["gates"]

I_AND = 3 / 2 - 3 / 4 * log2(3)  # one input of AND tells this much
H_AND = 2 - 3 / 4 * log2(3)
R_AND = log2(32 / 27) / 2
TWO_SOURCES = {
    # redundancy, unique of the first, unique of the second, synergy
    "xor": (gates.parity(2), log2(2 / 3), log2(3 / 2), log2(3 / 2), log2(4 / 3)),
    "and": (gates.and_gate(), R_AND, I_AND - R_AND, I_AND - R_AND, H_AND - 2 * I_AND + R_AND),
    "or": (gates.or_gate(), R_AND, I_AND - R_AND, I_AND - R_AND, H_AND - 2 * I_AND + R_AND),
    "copy": (gates.copy_gate(), log2(4 / 3), log2(3 / 2), log2(3 / 2), log2(4 / 3)),
    "rnd": (gates.giant_bit(), 1, 0, 0, 0),
    "unq": (gates.unique_gate(), log2(4 / 3), log2(3 / 2), -log2(4 / 3), log2(4 / 3)),
    "sum": (gates.sum_gate(), log2(8 / 9) / 2, (1 - log2(8 / 9)) / 2, (1 - log2(8 / 9)) / 2, (1 + log2(8 / 9)) / 2),
}


@pytest.mark.parametrize("name", TWO_SOURCES)
def test_two_source_gates_in_closed_form(name):
    pmf, redundancy, first, second, synergy = TWO_SOURCES[name]
    atoms = decompose(pmf).atoms
    np.testing.assert_allclose([atoms[a] for a in ("{1}{2}", "{1}", "{2}", "{12}")], [redundancy, first, second, synergy], atol=1e-15)


def test_three_source_parity_in_closed_form():
    d = decompose(gates.parity(3))
    expected = {
        "{1}{2}{3}": log2(8 / 7),
        "{1}{2}": 0,
        "{1}{23}": log2(4 / 5),
        "{1}": 0,
        "{12}{13}{23}": -1,
        "{12}{13}": log2(2 / 3),
        "{12}": 0,
        "{123}": 1,
    }
    for label, value in expected.items():
        assert d.redundancies[label] == pytest.approx(value, abs=1e-15)
    assert d.mutual_information["{123}"] == d.target_entropy == 1
    assert d.residual_entropy == 0


@pytest.mark.parametrize("num_sources", [2, 3, 4, 5])
def test_a_giant_bit_is_all_redundancy(num_sources):
    atoms = decompose(gates.giant_bit(num_sources)).atoms
    assert atoms.array[0] == pytest.approx(1)
    np.testing.assert_allclose(atoms.array[1:], 0, atol=1e-13)


def test_copy_of_three_bits():
    # Of three bits, 7 of 8 outcomes share at least one, and exactly one of those has the same target.
    assert decompose(gates.copy_gate(3)).atoms["{1}{2}{3}"] == pytest.approx(log2(8 / 7), abs=1e-15)


@pytest.mark.parametrize("gate", REFERENCE, ids=lambda g: g["name"])
def test_agreement_with_the_authors_tool(gate):
    pmf = np.zeros(gate["shape"])
    for *outcome, p in gate["pmf"]:
        pmf[tuple(outcome)] = p
    d = decompose(pmf)
    assert set(d.atoms) == set(gate["average"])
    for values, key in ((d.atoms, "average"), (d.informative, "average_inf"), (d.misinformative, "average_mis")):
        for label, expected in gate[key].items():
            assert values[label] == pytest.approx(expected, abs=1e-9)
    for values, key in ((d.pointwise.atoms, "net"), (d.pointwise.informative, "inf"), (d.pointwise.misinformative, "mis")):
        for label in d.atoms:
            at_outcomes = values[label]
            for entry in gate["pointwise"]:
                assert at_outcomes[tuple(entry["outcome"])] == pytest.approx(entry[key][label], abs=1e-9)
