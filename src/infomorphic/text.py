"""User text in spreadsheets, which interpret some text as formulas."""

from typing import Any

# Characters that spreadsheets interpret as the start of a formula, also after white space.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def csv_value(value: Any) -> Any:
    """A value for a cell of a CSV file that spreadsheets do not interpret as a formula.

    Numbers stay unchanged, also numbers written as text. Other text that begins like a formula gets a leading apostrophe, which marks text in
    spreadsheets.
    """
    if not isinstance(value, str) or not value.lstrip(" ").startswith(_FORMULA):
        return value
    try:
        float(value)
    except ValueError:
        return f"'{value}"
    return value


def percent(fraction: float | None) -> str:
    """A fraction as percent with two decimals; a dash if there is none."""
    return "–" if fraction is None or fraction != fraction else f"{100 * fraction:.2f} %"
