"""Patterns to store, and cues for recall: tensors of ±1."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor

from infomorphic.errors import ConfigurationError

Patterns = Float[Tensor, "patterns neurons"]
"""One pattern of ±1 per row, one bit per neuron."""


class Stored(NamedTuple):
    """The patterns of a memory, and how to show them."""

    patterns: Patterns
    names: Sequence[str]
    """What each pattern is called."""
    width: int
    """Bits per row of a picture of a pattern."""


def random_patterns(count: int, neurons: int, generator: torch.Generator | None = None, correlation: float = 0.0) -> Patterns:
    """Draw random patterns of ±1; each bit is +1 with probability 1/2.

    Args:
        count: number of patterns.
        neurons: number of bits per pattern.
        generator: draws them.
        correlation: the expected overlap of any two patterns, Σ_i ξ_i ξ'_i / N, from 0 (independent bits) to 1 (equal patterns). Each
            pattern then agrees with one common random pattern in a fraction (1 + √correlation) / 2 of its bits.
    """
    if count < 1 or neurons < 1:
        raise ConfigurationError(f"`count` and `neurons` must be at least 1; got {count} and {neurons}.")
    if not 0 <= correlation <= 1:
        raise ConfigurationError(f"`correlation` must be from 0 to 1; got {correlation}.")
    bits = torch.rand(count, neurons, generator=generator)
    if correlation == 0:
        return torch.where(bits < 0.5, 1.0, -1.0)
    common = torch.where(torch.rand(neurons, generator=generator) < 0.5, 1.0, -1.0)
    return torch.where(bits < (1 + math.sqrt(correlation)) / 2, common, -common)


def flipped(patterns: Patterns, fraction: float, generator: torch.Generator | None = None) -> Patterns:
    """Flip exactly round(fraction · N) bits of each pattern, at independent random places."""
    if not 0 <= fraction <= 1:
        raise ConfigurationError(f"`fraction` must be from 0 to 1; got {fraction}.")
    wrong = round(fraction * patterns.shape[1])
    places = torch.rand(patterns.shape, generator=generator).argsort(dim=1)[:, :wrong]
    signs = torch.ones_like(patterns).scatter_(1, places, -1.0)
    return patterns * signs
