"""Numbers with few decimals, so that a page stays small."""

import math
from typing import Any


def short(value: Any, digits: int = 3) -> float:
    """A number with few decimals; 0 if it is not finite, because JSON cannot represent it."""
    number = float(value)
    return round(number, digits) + 0.0 if math.isfinite(number) else 0.0
