"""How a study stands, read from its trials alone.

A study has *cells*, numbered from zero: the trials that it is to have. An attempt at a cell is a trial of Optuna's that names it. A cell
counts once however many attempts there were, and which of them counts is the same for whoever looks: so nothing goes wrong when two
processes put the same cell into the queue, when a worker dies, or when it comes back after others gave it up.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from optuna.trial import FrozenTrial, TrialState

CELL, FAILURE = "cell", "failure"
"""Attributes of an attempt: which cell it is at, and why it failed."""

MAX_DEATHS = 3
"""So many workers may die over a cell before it counts as failed: maybe it needs more memory than there is."""

State = Literal["complete", "pruned", "running", "pending", "failed", "missing"]
Failure = Literal["failed", "died", "returned", "interrupted", "duplicate"]
"""Why an attempt failed.

failed: by its own result; for good.
died: its worker died or fell silent, or its code raised what no code should.
returned: something was missing where it ran, such as the data set.
interrupted: its worker was stopped.
duplicate: another attempt at the same cell counts.
"""

_LIVE = {TrialState.COMPLETE: 0, TrialState.PRUNED: 1, TrialState.RUNNING: 2, TrialState.WAITING: 3}
_STATES: tuple[State, ...] = ("complete", "pruned", "running", "pending")


@dataclass
class Cell:
    """One trial of the study, with all attempts at it in the order in which they were made."""

    number: int
    attempts: list[FrozenTrial] = field(default_factory=list)

    @property
    def counted(self) -> FrozenTrial | None:
        """The attempt that counts: of the most advanced ones the first. None if none is alive or finished."""
        live = [t for t in self.attempts if t.state in _LIVE]
        return min(live, key=lambda t: (_LIVE[t.state], t.number), default=None)

    @property
    def state(self) -> State:
        """Where the cell stands; `missing` if it has to be put into the queue (again)."""
        if (counted := self.counted) is not None:
            return _STATES[_LIVE[counted.state]]
        return "failed" if self.failure is not None else "missing"

    @property
    def failure(self) -> str | None:
        """Why the cell has failed for good, if it has."""
        deaths = 0
        for attempt in self.attempts:
            failure = failure_of(attempt)
            if failure["kind"] == "failed":
                return failure["reason"]
            deaths += failure["kind"] == "died"
            if deaths >= MAX_DEATHS:
                return f"given up after {deaths} workers had died over it; the last: {failure['reason']}"
        return None


def cells_of(trials: Iterable[FrozenTrial], total: int) -> list[Cell]:
    """The cells of a study from all its trials."""
    cells = [Cell(number) for number in range(total)]
    for trial in sorted(trials, key=lambda t: t.number):
        number = trial.user_attrs.get(CELL)
        if isinstance(number, int) and 0 <= number < total:
            cells[number].attempts.append(trial)
    return cells


def is_duplicate(trial: FrozenTrial, trials: Iterable[FrozenTrial]) -> bool:
    """Whether an earlier attempt at the same cell is alive or finished, so that this one must not run.

    Numbers are given in the order of creation, so of two attempts both workers agree which is the earlier one.
    """
    cell = trial.user_attrs.get(CELL)
    return any(t.number < trial.number and t.state in _LIVE and t.user_attrs.get(CELL) == cell for t in trials)


def failure_of(trial: FrozenTrial) -> dict[str, str]:
    """Kind and reason of a failed attempt."""
    return trial.user_attrs.get(FAILURE) or {"kind": "died", "reason": "its worker died"}
