"""Labels of antichains, read and written."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infomorphic.errors import AntichainError, TooManySourcesError
from infomorphic.pid.antichains import canonical, format_antichain, parse_antichain, parse_label, precedes, source_names
from infomorphic.pid.lattice import redundancy_lattice
from shape_checking import wrong_on_purpose


@pytest.mark.parametrize(
    ("label", "names", "expected"),
    [
        ("{1}{23}", "123", ((0,), (1, 2))),
        ("{32}{1}", "123", ((0,), (1, 2))),
        ("{LF}{CF}", "FCL", ((0, 1), (0, 2))),
        (" {F} {C, L} ", "FCL", ((0,), (1, 2))),
    ],
)
def test_labels_are_read_in_any_order(label, names, expected):
    assert parse_antichain(label, names) == expected


def test_numbers_and_letters_are_the_same():
    assert parse_label("{21}{3}", "FCL") == parse_label("{L}{CF}", "FCL") == ((2,), (0, 1))


# Made outside of strategies, once.
ANTICHAINS = [(n, antichain) for n in range(1, 5) for antichain in redundancy_lattice(n).antichains]


@given(st.sampled_from(ANTICHAINS), st.integers(0, 2**32))
def test_printing_and_reading_round_trip(case, seed):
    n, antichain = case
    random = Random(seed)
    shuffled = tuple(tuple(random.sample(s, len(s))) for s in random.sample(antichain, len(antichain)))
    assert parse_antichain(format_antichain(shuffled, "1234"[:n]), "1234"[:n]) == antichain
    assert canonical(shuffled) == antichain


@wrong_on_purpose
@pytest.mark.parametrize(
    ("label", "message"),
    [
        ("{F}{FC}", r"'\{F\}\{FC\}' is not an antichain: \{FC\} contains \{F\}"),
        ("{FC}{CF}", r"names the set \{FC\} twice"),
        ("{FF}", "names a source twice"),
        ("{X}", "names the source 'X'; the sources here are F, C, L"),
        ("{}", "empty set"),
        ("F", r'one or more sets in braces, such as "\{F\}\{C\}"; got \'F\''),
        ("", "one or more sets in braces"),
        ("{F}x", "one or more sets in braces"),
        (3, "one or more sets in braces"),
    ],
)
def test_labels_that_are_no_antichain_say_why(label, message):
    with pytest.raises(AntichainError, match=message):
        parse_antichain(label, "FCL")


def test_a_number_of_sources_out_of_range_is_an_error():
    with pytest.raises(TooManySourcesError, match="between 1 and 5; got 6"):
        source_names(6)


def test_order_of_williams_and_beer():
    assert precedes(((0,), (1,)), ((0,),))
    assert precedes(((0,),), ((0, 1),))
    assert not precedes(((0,),), ((1, 2),))
