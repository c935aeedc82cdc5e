"""Quote user input in messages: on one line, with bounded length, and in bounded time for any value."""

import reprlib
from typing import Any

MOST_CHARACTERS = 200
"""A quoted value has at most about this many characters."""

_MOST_BITS = 128


class _Quotes(reprlib.Repr):
    """A `repr` limited to the first few members of a collection and to three levels of nesting."""

    def __init__(self) -> None:
        super().__init__()
        self.maxlevel = 3
        self.maxdict = self.maxlist = self.maxtuple = self.maxset = self.maxfrozenset = self.maxdeque = self.maxarray = 5
        self.maxstring = self.maxother = MOST_CHARACTERS - 20

    def repr_int(self, x: int, level: int) -> str:
        # Python refuses to print integers of more than 4300 digits.
        return repr(x) if x.bit_length() <= _MOST_BITS else f"a number of about {int(x.bit_length() * 0.30103) + 1} digits"

    def repr_bytes(self, x: bytes, level: int) -> str:
        return repr(x[:40]) + ("…" if len(x) > 40 else "")


_QUOTES = _Quotes()


def quoted(value: Any, most: int = MOST_CHARACTERS) -> str:
    """The `repr` of a value. A long, deep or large value is shortened, and the omission is marked."""
    return shortened(_QUOTES.repr(value), most)


def shortened(text: str, most: int = 400) -> str:
    """The text, or only its beginning and end if it is longer than `most` characters."""
    if len(text) <= most:
        return text
    end = most // 4
    return f"{text[: most - end - 3]} … {text[-end:]}"
