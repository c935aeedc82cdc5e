"""How messages quote what somebody has given: on one line, of bounded length, and in bounded time whatever it is."""

import reprlib
from typing import Any

MOST_CHARACTERS = 200
"""A quoted value has at most about this many characters."""

_MOST_BITS = 128


class _Quotes(reprlib.Repr):
    """`repr` that looks at the first few members of a collection and at no more than three levels of nesting."""

    def __init__(self) -> None:
        super().__init__()
        self.maxlevel = 3
        self.maxdict = self.maxlist = self.maxtuple = self.maxset = self.maxfrozenset = self.maxdeque = self.maxarray = 5
        self.maxstring = self.maxother = MOST_CHARACTERS - 20

    def repr_int(self, x: int, level: int) -> str:
        # Python refuses to write integers of more than 4300 digits at all.
        return repr(x) if x.bit_length() <= _MOST_BITS else f"a number of about {int(x.bit_length() * 0.30103) + 1} digits"

    def repr_bytes(self, x: bytes, level: int) -> str:
        return repr(x[:40]) + ("…" if len(x) > 40 else "")


_QUOTES = _Quotes()


def quoted(value: Any, most: int = MOST_CHARACTERS) -> str:
    """What `repr` gives for an ordinary value; for a long, deep or large one its beginning, with the omission marked."""
    return shortened(_QUOTES.repr(value), most)


def shortened(text: str, most: int = 400) -> str:
    """The text, or its beginning and its end where it is longer than `most` characters."""
    if len(text) <= most:
        return text
    end = most // 4
    return f"{text[: most - end - 3]} … {text[-end:]}"
