"""The Random Hierarchy Model: strings of a random, unambiguous grammar. Depth should help to learn their classes.

Source: Cagnetta, Petrini, Tomasini, Favero & Wyart 2023, arXiv:2307.02129, sec. 2.
"""

import math
from dataclasses import dataclass, fields
from functools import cached_property

import numpy as np
from jaxtyping import Int64

from infomorphic.errors import DataError
from infomorphic.seeding import generator_for

TUPLE = 2
"""Features in the representation of a feature, s in the publication."""
_MOST_INPUTS = 2**12
_MOST_SAMPLES = 10_000_000


@dataclass(frozen=True)
class Hierarchy:
    """The parameters of a Random Hierarchy Model, and what follows from them.

    A class is represented by any of `multiplicity` pairs of features; each of these by any of `multiplicity` pairs of features of the
    level below, and so on through `levels` levels. So a sample is a string of 2^levels features. The pairs of a level are drawn at
    random without repetition, so no pair represents two features: a string has exactly one class.

    Raises:
        DataError: if a number is out of range, or there are fewer pairs of features or strings than needed.
    """

    features: int = 8
    """Number of features, v."""
    classes: int = 8
    """Number of classes, n_c."""
    multiplicity: int = 4
    """Number of representations of each class and feature, m."""
    levels: int = 3
    """Number of levels, L."""
    train: int = 20_000
    """Training samples, before some are held out for validation."""
    test: int = 10_000
    """Test samples."""
    seed: int = 0
    """Seed of grammar and samples."""

    def __post_init__(self) -> None:
        lowest = {"features": 2, "classes": 2, "multiplicity": 1, "levels": 1, "train": 2, "test": 1, "seed": 0}
        for one in fields(self):
            value = getattr(self, one.name)
            if not lowest[one.name] <= value <= _MOST_SAMPLES:
                raise DataError(f"`{one.name}` of a hierarchy must be from {lowest[one.name]} to {_MOST_SAMPLES:,}; got {value}.")
        if self.levels > 16 or self.num_inputs > _MOST_INPUTS:
            raise DataError(f"a hierarchy must have at most {_MOST_INPUTS:,} inputs, 2^levels · features; got {self.levels} levels.")
        pairs = self.features**TUPLE
        if self.multiplicity * max(self.features, self.classes) > pairs:
            raise DataError(
                f"`multiplicity` must be at most {pairs // max(self.features, self.classes)}: {self.features} features have {pairs} pairs, and each "
                f"represents one feature or class at most; got {self.multiplicity}."
            )
        if self.train + self.test > self.num_strings:
            raise DataError(
                f"`train` and `test` must add up to at most the number of strings, {self.num_strings:,}; got {self.train + self.test:,}."
            )

    @property
    def length(self) -> int:
        """Features in a string, d."""
        return TUPLE**self.levels

    @property
    def num_inputs(self) -> int:
        """Inputs of a network: one per position and feature."""
        return self.length * self.features

    @property
    def num_choices(self) -> int:
        """Representations that are chosen in a string: one per class or feature above the lowest level."""
        return self.length - 1

    @property
    def num_strings(self) -> int:
        """Number of different strings, P_max = n_c · m^(d − 1)."""
        return self.classes * self.multiplicity**self.num_choices

    @cached_property
    def rules(self) -> tuple[Int64[np.ndarray, "symbols multiplicity 2"], ...]:
        """For each level from the classes down, the pairs that represent each symbol."""
        draw = self._random("grammar")
        found = []
        for level in range(self.levels):
            symbols = self.classes if level == 0 else self.features
            chosen = draw.permutation(self.features**TUPLE)[: symbols * self.multiplicity]
            found.append(np.stack(np.divmod(chosen, self.features), -1).reshape(symbols, self.multiplicity, TUPLE))
        return tuple(found)

    def strings(
        self, labels: Int64[np.ndarray, " samples"], choices: Int64[np.ndarray, "samples choices"]
    ) -> Int64[np.ndarray, "samples length"]:
        """The strings of these classes with these choices of representations, from the top and from left to right."""
        symbols, used = labels[:, None], 0
        for rules in self.rules:
            chosen = choices[:, used : used + symbols.shape[1]]
            used += symbols.shape[1]
            symbols = rules[symbols, chosen].reshape(len(labels), -1)
        return symbols

    def classes_of(self, strings: Int64[np.ndarray, "samples length"]) -> Int64[np.ndarray, " samples"]:
        """The class of each string, read from the bottom up; −1 for a string that the grammar does not produce."""
        symbols = strings
        for rules in reversed(self.rules):
            represented = np.full(self.features**TUPLE + 1, -1)
            pairs = rules[..., 0] * self.features + rules[..., 1]
            represented[pairs] = np.arange(len(rules))[:, None]
            left, right = symbols[:, ::TUPLE], symbols[:, 1::TUPLE]
            symbols = represented[np.where((left < 0) | (right < 0), -1, left * self.features + right)]
        return symbols[:, 0]

    def sample(self) -> tuple[Int64[np.ndarray, " samples"], Int64[np.ndarray, "samples length"]]:
        """Labels and strings of training and test samples, in this order: drawn uniformly from all strings without repetition."""
        wanted = self.train + self.test
        draw = self._random("samples")
        bases = np.array([self.classes, *[self.multiplicity] * self.num_choices])
        if self.num_strings <= 4 * wanted:
            number, digits = draw.permutation(self.num_strings)[:wanted], []
            for base in bases[::-1]:
                number, digit = np.divmod(number, base)
                digits.append(digit)
            drawn = np.stack(digits[::-1], -1)
        else:
            # Rejecting repetitions leaves the distribution over what is new uniform. At most a quarter of all strings is wanted.
            drawn = np.empty((0, len(bases)), dtype=np.int64)
            while len(drawn) < wanted:
                more = draw.integers(0, bases, (math.ceil(1.2 * (wanted - len(drawn))), len(bases)))
                drawn = np.concatenate([drawn, more])
                drawn = drawn[np.sort(np.unique(drawn, axis=0, return_index=True)[1])]
            drawn = drawn[:wanted]
        return drawn[:, 0], self.strings(drawn[:, 0], drawn[:, 1:])

    def _random(self, purpose: str) -> np.random.Generator:
        return np.random.default_rng(generator_for(self.seed, purpose).initial_seed())
