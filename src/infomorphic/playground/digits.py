"""The handwritten digits in the page of goals: the data set `digits` with its test set, as text."""

import json
from functools import cache
from importlib import resources


@cache
def packed_digits() -> dict[str, dict[str, str]]:
    """Training and test images: per image 64 characters, one per pixel (0 to g for 17 shades), and one character for its label."""
    # A packaged file, because loading the data set needs packages that the playground does not.
    return json.loads(resources.files("infomorphic.playground").joinpath("static", "digits.json").read_text(encoding="utf-8"))
