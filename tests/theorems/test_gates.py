"""Exact values of textbook gates: redundancy, unique information of each source, synergy."""

from math import log2

import numpy as np
import pytest

from infomorphic.pid import decompose, gates

I_AND = 3 / 2 - 3 / 4 * log2(3)  # I(T : S1) of AND, 0.311
VALUES = {
    "min": {
        "and": (I_AND, 0, 0, 1 / 2),
        "xor": (0, 0, 0, 1),
        "copy": (1, 0, 0, 1),
        "unique": (0, 1, 0, 0),
        "sum": (1 / 2, 0, 0, 1),
    },
    "mmi": {
        "and": (I_AND, 0, 0, 1 / 2),
        "xor": (0, 0, 0, 1),
        "copy": (1, 0, 0, 1),
        "unique": (0, 1, 0, 0),
        "sum": (1 / 2, 0, 0, 1),
    },
    # Finn and Lizier 2018, tables 4–6: specificity is one bit in each of these, ambiguity what differs.
    "pm": {
        "and": (I_AND + 1 / 4, -1 / 4, -1 / 4, 3 / 4),
        "xor": (0, 0, 0, 1),
        "copy": (1, 0, 0, 1),
        "unique": (1, 0, -1, 1),
    },
    # Ince 2017, table 2; AND: one of four outcomes, (1, 1, 1), with a common change log2(4/3) + … of the co-information.
    "ccs": {
        "and": (log2(4 / 3) / 4, I_AND - log2(4 / 3) / 4, I_AND - log2(4 / 3) / 4, 1 / 2 - I_AND + log2(4 / 3) / 4),
        "xor": (0, 0, 0, 1),
        "copy": (0, 1, 1, 0),
        "unique": (0, 1, 0, 0),
        "sum": (0, 1 / 2, 1 / 2, 1 / 2),
    },
    # Bertschinger, Rauh, Olbrich, Jost and Ay 2014, table 1.
    "broja": {
        "and": (I_AND, 0, 0, 1 / 2),
        "or": (I_AND, 0, 0, 1 / 2),
        "xor": (0, 0, 0, 1),
        "copy": (0, 1, 1, 0),
        "unique": (0, 1, 0, 0),
        "sum": (1 / 2, 0, 0, 1),
        "redundant xor": (1, 0, 0, 1),
        "redundant unique xor": (1, 1, 1, 1),
    },
}


def redundant_xor():
    """A common bit r and an XOR: S1 = (r, a), S2 = (r, b), T = (r, a ⊕ b)."""
    pmf = np.zeros((4, 4, 4))
    for r, a, b in np.ndindex(2, 2, 2):
        pmf[2 * r + a, 2 * r + b, 2 * r + (a ^ b)] = 1 / 8
    return pmf


def redundant_unique_xor():
    """As above, and each source has a bit of its own that the target copies."""
    pmf = np.zeros((8, 8, 16))
    for r, a, b, c, d in np.ndindex(2, 2, 2, 2, 2):
        pmf[4 * r + 2 * a + c, 4 * r + 2 * b + d, 8 * r + 4 * (a ^ b) + 2 * c + d] = 1 / 32
    return pmf


GATES = {
    "and": gates.and_gate(),
    "or": gates.or_gate(),
    "xor": gates.parity(2),
    "copy": gates.copy_gate(),
    "unique": gates.unique_gate(),
    "sum": gates.sum_gate(),
    "redundant xor": redundant_xor(),
    "redundant unique xor": redundant_unique_xor(),
}


@pytest.mark.parametrize(("measure", "gate"), [(m, g) for m, found in VALUES.items() for g in found])
def test_gates_of_two_sources(measure, gate):
    atoms = decompose(GATES[gate], measure=measure).atoms
    found = [atoms[label] for label in ("{1}{2}", "{1}", "{2}", "{12}")]
    np.testing.assert_allclose(found, VALUES[measure][gate], atol=1e-8 if measure in ("ccs", "broja") else 1e-14)


def test_parity_of_three_sources_is_synergy_of_all():
    for measure in ("min", "mmi", "pm", "ccs"):
        atoms = decompose(gates.parity(3), measure=measure).atoms
        np.testing.assert_allclose([atoms["{123}"], atoms["{1}{2}{3}"]], [1, 0], atol=1e-9)
