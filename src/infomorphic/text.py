"""Text of users in spreadsheets, which take some of it for formulas."""

from typing import Any

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
