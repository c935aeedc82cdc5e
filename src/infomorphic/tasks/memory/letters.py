"""The capital letters as patterns to store: black pixels are +1, white ones −1."""

from functools import cache
from importlib import resources

import torch

from infomorphic.errors import ConfigurationError
from infomorphic.tasks.memory.patterns import Patterns

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
HEIGHT, WIDTH = 7, 5
"""Pixels of a letter."""
PIXELS = HEIGHT * WIDTH


def letters(chosen: str = ALPHABET) -> Patterns:
    """The pixels of capital letters, row by row from the top.

    Unlike random patterns, letters are correlated: two of them agree in more than half of their pixels, on average.

    Args:
        chosen: the letters, each at most once.

    Raises:
        ConfigurationError: if there is a character that is not one of A to Z, or one twice, or none.
    """
    if not chosen or set(chosen) - set(ALPHABET) or len(set(chosen)) < len(chosen):
        raise ConfigurationError(f"`chosen` must be different letters from A to Z, at least one; got {chosen!r}.")
    drawn = _drawn()
    return torch.tensor([drawn[letter] for letter in chosen])


@cache
def _drawn() -> dict[str, tuple[float, ...]]:
    """The pixels of every letter, from the file in which they are drawn with # and dots."""
    text = resources.files("infomorphic.tasks.memory").joinpath("letters.txt").read_text(encoding="utf-8")
    found = {}
    for block in text.split("\n\n"):
        letter, *rows = block.split()
        found[letter] = tuple(1.0 if pixel == "#" else -1.0 for row in rows for pixel in row)
    return found
