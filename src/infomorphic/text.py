"""Text of users in places where some characters mean something: a spreadsheet, a sentence."""

from typing import Any

from infomorphic.quoting import quoted as bounded_repr

_LONGEST = 60
# What spreadsheets take for the beginning of a formula, also behind white space.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def csv_value(value: Any) -> Any:
    """A value for a cell of a CSV file, so that no spreadsheet takes it for a formula.

    Numbers stay as they are, also those that are text. Other text that begins like a formula gets an apostrophe in front, by which spreadsheets
    know text.
    """
    if not isinstance(value, str) or not value.lstrip(" ").startswith(_FORMULA):
        return value
    try:
        float(value)
    except ValueError:
        return f"'{value}"
    return value


def quoted(value: object, longest: int = _LONGEST) -> str:
    """A value as a message quotes it in the middle of a longer sentence: as `infomorphic.quoting` does, and shorter."""
    return shortened(bounded_repr(value), longest + 2)


def shortened(text: str, longest: int = _LONGEST) -> str:
    """A text, cut to a bounded length."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
