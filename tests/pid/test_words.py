"""Atoms in words."""

import pytest

from infomorphic.pid import redundancy_lattice
from infomorphic.pid.names import Names
from infomorphic.pid.words import format_bits, joined, meaning, sentence, total_sentence

TWO = Names(("stimulus", "context"), "spike")
THREE = Names(("stimulus", "context", "neighbor"), "spike")


@pytest.mark.parametrize(
    ("names", "antichain", "bits", "expected"),
    [
        (TWO, ((0,), (1,)), 0.12, "stimulus and context provide 0.1200 bits about spike redundantly."),
        (TWO, ((0,),), 0.3, "Only stimulus provides 0.3000 bits about spike: unique information."),
        (TWO, ((0, 1),), 0.2, "Only stimulus and context together provide 0.2000 bits about spike: synergy."),
        (TWO, ((1,),), -0.02, "Negative: what only context provides about spike is -0.0200 bits."),
        (TWO, ((0,), (1,)), 1e-6, "Zero: what stimulus and context provide about spike redundantly is 0.0000 bits."),
        (TWO, ((0, 1),), -1e-6, "Zero: what only stimulus and context together provide about spike is 0.0000 bits."),
        (
            THREE,
            ((0,), (1,)),
            0.1,
            "stimulus and context, but not neighbor, provide 0.1000 bits about spike redundantly.",
        ),
        (
            THREE,
            ((0,), (1, 2)),
            0.1,
            "stimulus, and the combination of context and neighbor, provide 0.1000 bits about spike redundantly.",
        ),
        (
            THREE,
            ((0, 1), (0, 2)),
            0.1,
            "The combination of stimulus and context, and the combination of stimulus and neighbor, provide 0.1000 bits about spike redundantly.",
        ),
        (
            Names(("a", "b", "c", "d"), "t"),
            ((0,), (1, 2)),
            1,
            "a, and the combination of b and c, but not d, provide 1.0000 bits about t redundantly.",
        ),
        (Names(("a", "b", "c", "d"), "t"), ((0,), (1,)), 1, "a and b, but not c or d, provide 1.0000 bits about t redundantly."),
        (Names(("stimulus",), "spike"), ((0,),), 0.3, "stimulus provides 0.3000 bits about spike."),
        (Names(("stimulus",), "spike"), ((0,),), 0, "Zero: what stimulus provides about spike is 0.0000 bits."),
    ],
)
def test_sentences(names, antichain, bits, expected):
    assert sentence(antichain, names, bits) == expected


def test_parts_of_a_negative_atom_and_a_remark():
    said = sentence(((1,),), TWO, -0.02, (0.31, 0.33), "p = 0.002")
    assert (
        said
        == "Misinformative: what only context provides about spike is -0.0200 bits, 0.3100 informative minus 0.3300 misinformative (p = 0.002)."
    )
    assert sentence(((0,),), TWO, 0.3, remark="p = 0.002").endswith("unique information (p = 0.002).")


@pytest.mark.parametrize("bits", [0.1, -0.1, 0.0])
def test_no_two_atoms_have_the_same_sentence(bits):
    names = Names(("a", "b", "c", "d"), "t")
    antichains = redundancy_lattice(4).antichains
    assert len({sentence(a, names, bits) for a in antichains}) == len({meaning(a, names.sources) for a in antichains}) == 166


def test_totals():
    assert (
        total_sentence(TWO, 0.4, 1.0)
        == "stimulus and context together provide 0.4000 bits about spike, 40.00 % of its entropy of 1.0000 bits; 0.6000 bits are not explained."
    )
    assert total_sentence(TWO, 0.4, None) == "stimulus and context together provide 0.4000 bits about spike."
    assert total_sentence(Names(("x",), "y"), 0.4, 0.8).startswith("x provides 0.4000 bits about y, 50.00 %")
    assert total_sentence(TWO, 0.0, 0.0) == "spike has one value only, so nothing can be known about it."


def test_meanings_with_and_without_a_noun():
    assert meaning(((0,), (1,)), "FC") == "redundant information of F and C"
    assert meaning(((0,),), ("stimulus", "context")) == "unique information of stimulus: no other source provides it"
    assert meaning(((0,),), ("stimulus", "context"), "input") == "unique information of the stimulus input: no other input provides it"


def test_helpers():
    assert format_bits(-1e-17) == "0.0000"
    assert format_bits(-0.5) == "-0.5000"
    assert joined(["a"]) == "a"
    assert joined(["a", "b", "c"]) == "a, b and c"
