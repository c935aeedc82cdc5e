"""How rows are rearranged: permutations that make a null distribution, and draws with replacement that make an interval.

Every scheme yields row numbers. A permutation rearranges one variable, the target or a source, against all others. A
bootstrap draws rows of all variables together.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Int

from infomorphic.errors import InvalidSamplesError

Rows = Int[np.ndarray, " rows"]


class Permutation(ABC):
    """A null hypothesis, as random permutations of the rows of one variable under which the data are equally probable."""

    def variable(self, num_sources: int) -> int:
        """The index of the variable whose rows are permuted: the target, unless the null says otherwise."""
        return num_sources

    @abstractmethod
    def draw(self, rng: np.random.Generator, num_rows: int) -> Int[np.ndarray, " rows"]:
        """A random permutation of the rows 0, …, `num_rows` − 1."""

    def of(self, rows: Rows, num_given: int) -> "Permutation":
        """The same null for some of the rows that were given, in the order of `rows`."""
        return self

    @abstractmethod
    def __str__(self) -> str: ...


@dataclass(frozen=True)
class PermuteTarget(Permutation):
    """The target has nothing to do with the sources; rows are independent."""

    def draw(self, rng: np.random.Generator, num_rows: int) -> Int[np.ndarray, " rows"]:
        return rng.permutation(num_rows)

    def __str__(self) -> str:
        return "the target is permuted"


@dataclass(frozen=True)
class PermuteSource(Permutation):
    """Source number `source`, counted from 0, has nothing to do with the target and the other sources; rows are independent."""

    source: int

    def variable(self, num_sources: int) -> int:
        if not 0 <= self.source < num_sources:
            raise InvalidSamplesError(f"`source` must be the index of one of {num_sources} sources, counted from 0; got {self.source}.")
        return self.source

    def draw(self, rng: np.random.Generator, num_rows: int) -> Int[np.ndarray, " rows"]:
        return rng.permutation(num_rows)

    def __str__(self) -> str:
        return f"source {self.source + 1} is permuted"


@dataclass(frozen=True, eq=False)
class PermuteWithin(Permutation):
    """The target has nothing to do with the sources among rows of the same stratum.

    This is a conditional null: the dependence that the stratum brings about, for example a session with a higher rate and a
    louder stimulus, remains in the null distribution.
    """

    strata: Any
    """The stratum of each row that was given."""

    def draw(self, rng: np.random.Generator, num_rows: int) -> Int[np.ndarray, " rows"]:
        strata = _codes(self.strata, num_rows, "strata")
        grouped = np.argsort(strata, kind="stable")
        order = np.empty(num_rows, dtype=np.int64)
        # The stratum is the whole part, a random number the rest: sorts rows by stratum, and in random order within it.
        order[grouped] = np.argsort(strata + rng.random(num_rows))
        return order

    def of(self, rows: Rows, num_given: int) -> "PermuteWithin":
        return PermuteWithin(_groups(self.strata, rows, num_given, "strata"))

    def __str__(self) -> str:
        return "the target is permuted within strata"


@dataclass(frozen=True, eq=False)
class Shift(Permutation):
    """The time series of the target has nothing to do with those of the sources, each of which may depend on its own past.

    The target is shifted in time by a random number of rows, and what leaves the end enters at the beginning. This keeps
    autocorrelations, except at the seam. With `trials`, every trial is shifted by itself.

    The series must be stationary: shifts cannot tell a common drift from a relation. N rows have N shifts, so p cannot be smaller
    than about 1/N, however many are drawn.

    Source: Harris 2020, Nonsense correlations in neuroscience (bioRxiv 2020.11.29.402719), for the drift.
    """

    trials: Any = None
    """The trial of each row that was given; the rows of a trial follow one another. None: one series."""

    def draw(self, rng: np.random.Generator, num_rows: int) -> Int[np.ndarray, " rows"]:
        # No shift at all is one of the equally probable ones: a null without it would make p smaller than one over their number.
        return np.concatenate([np.roll(rows, int(rng.integers(len(rows)))) for rows in _runs(self.trials, num_rows)])

    def of(self, rows: Rows, num_given: int) -> "Shift":
        return self if self.trials is None else Shift(_groups(self.trials, rows, num_given, "trials"))

    def __str__(self) -> str:
        return "the target is shifted in time" + (" within trials" if self.trials is not None else "")


@dataclass(frozen=True)
class PermuteBlocks(Permutation):
    """The target has nothing to do with the sources; rows further apart than `length` are independent.

    The target is cut into blocks of `length` rows, at a random phase, and the blocks are permuted.
    """

    length: int

    def __post_init__(self) -> None:
        _check_length(self.length)

    def draw(self, rng: np.random.Generator, num_rows: int) -> Int[np.ndarray, " rows"]:
        _check_fits(self.length, num_rows)
        rows = np.roll(np.arange(num_rows), int(rng.integers(self.length)))
        blocks = np.split(rows, np.arange(self.length, num_rows, self.length))
        return np.concatenate([blocks[i] for i in rng.permutation(len(blocks))])

    def __str__(self) -> str:
        return f"blocks of {self.length} rows of the target are permuted"


@dataclass(frozen=True, eq=False)
class PermuteTrials(Permutation):
    """What the target does in a trial has nothing to do with what the sources do in it; trials are independent.

    Whole trials of the target are exchanged, so that the time course within a trial remains. All trials need the same number
    of rows.
    """

    trials: Any
    """The trial of each row that was given; the rows of a trial follow one another."""

    def draw(self, rng: np.random.Generator, num_rows: int) -> Int[np.ndarray, " rows"]:
        runs = _runs(self.trials, num_rows)
        lengths = [len(rows) for rows in runs]
        if len(runs) < 2 or min(lengths) != max(lengths):
            raise InvalidSamplesError(
                f"`trials` must have at least two trials with the same number of rows, to be exchanged; got {len(runs)} trials "
                f"of {min(lengths)} to {max(lengths)} rows. Cut the trials to one length, or shift the target within trials (`Shift`)."
            )
        return np.concatenate([runs[i] for i in rng.permutation(len(runs))])

    def of(self, rows: Rows, num_given: int) -> "PermuteTrials":
        return PermuteTrials(_groups(self.trials, rows, num_given, "trials"))

    def __str__(self) -> str:
        return "whole trials of the target are exchanged"


class Bootstrap(ABC):
    """How rows are drawn with replacement."""

    @abstractmethod
    def draw(self, rng: np.random.Generator, num_rows: int) -> Int[np.ndarray, " drawn"]:
        """Row numbers, drawn with replacement."""

    def of(self, rows: Rows, num_given: int) -> "Bootstrap":
        """The same bootstrap for some of the rows that were given, in the order of `rows`."""
        return self

    @abstractmethod
    def __str__(self) -> str: ...


@dataclass(frozen=True)
class DrawRows(Bootstrap):
    """Single rows; rows are independent."""

    def draw(self, rng: np.random.Generator, num_rows: int) -> Int[np.ndarray, " drawn"]:
        return rng.integers(num_rows, size=num_rows)

    def __str__(self) -> str:
        return "rows"


@dataclass(frozen=True)
class DrawBlocks(Bootstrap):
    """Blocks of `length` rows that follow one another, from random starts; the series is closed to a circle.

    Source: Politis and Romano 1992, circular block bootstrap.
    """

    length: int

    def __post_init__(self) -> None:
        _check_length(self.length)

    def draw(self, rng: np.random.Generator, num_rows: int) -> Int[np.ndarray, " drawn"]:
        _check_fits(self.length, num_rows)
        starts = rng.integers(num_rows, size=-(-num_rows // self.length))
        return ((starts[:, None] + np.arange(self.length)) % num_rows).ravel()[:num_rows]

    def __str__(self) -> str:
        return f"blocks of {self.length} rows"


@dataclass(frozen=True, eq=False)
class DrawTrials(Bootstrap):
    """Whole trials (or sessions, subjects); trials are independent and may have different numbers of rows."""

    trials: Any
    """The trial of each row that was given."""

    def draw(self, rng: np.random.Generator, num_rows: int) -> Int[np.ndarray, " drawn"]:
        codes = _codes(self.trials, num_rows, "trials")
        members = np.split(np.argsort(codes, kind="stable"), np.cumsum(np.bincount(codes))[:-1])
        if len(members) < 2:
            raise InvalidSamplesError("`trials` must have at least two different trials, to be drawn; got one. Draw blocks (`DrawBlocks`).")
        return np.concatenate([members[i] for i in rng.integers(len(members), size=len(members))])

    def of(self, rows: Rows, num_given: int) -> "DrawTrials":
        return DrawTrials(_groups(self.trials, rows, num_given, "trials"))

    def __str__(self) -> str:
        return "trials"


def _groups(groups: Any, rows: Rows, num_given: int, name: str) -> Int[np.ndarray, " rows"]:
    """The codes of groups at some rows."""
    import pandas as pd

    column = np.asarray(groups)
    if column.shape != (num_given,):
        raise InvalidSamplesError(f"`{name}` must have one entry per row, shape {(num_given,)}; got {column.shape}.")
    codes, _ = pd.factorize(column[rows])
    if (codes < 0).any():
        raise InvalidSamplesError(f"`{name}` must not have missing values; got {int((codes < 0).sum())}. Leave these rows out.")
    return codes.astype(np.int64)


def _codes(groups: Any, num_rows: int, name: str) -> Int[np.ndarray, " rows"]:
    codes = np.asarray(groups)
    if codes.shape != (num_rows,):
        raise InvalidSamplesError(f"`{name}` must have one entry per row, shape {(num_rows,)}; got {codes.shape}.")
    return np.unique(codes, return_inverse=True)[1]


def _runs(trials: Any, num_rows: int) -> Sequence[Int[np.ndarray, " some"]]:
    """The rows of each trial, in order."""
    rows = np.arange(num_rows)
    if trials is None:
        return [rows]
    codes = _codes(trials, num_rows, "trials")
    runs = np.split(rows, np.flatnonzero(np.diff(codes)) + 1)
    if len(runs) != len(np.unique(codes)):
        raise InvalidSamplesError("`trials` must have the rows of each trial one after the other. Sort the rows by trial and time.")
    return runs


def _check_length(length: int) -> None:
    if length < 1:
        raise InvalidSamplesError(f"`length` must be at least 1 row; got {length}.")


def _check_fits(length: int, num_rows: int) -> None:
    if 2 * length > num_rows:
        raise InvalidSamplesError(f"`length` must be at most half of the {num_rows} rows; got {length}. Use shorter blocks.")
