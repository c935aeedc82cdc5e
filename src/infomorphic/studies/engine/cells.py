"""The progress of a study, derived only from its trials.

A study has *cells*, numbered from zero: its planned trials. An attempt at a cell is an Optuna trial that names the cell. A cell
counts once, however many attempts it has, and all observers agree on which attempt counts. So nothing goes wrong when two
processes queue the same cell, when a worker dies, or when a worker returns after others gave it up.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from optuna.trial import FrozenTrial, TrialState

CELL, FAILURE = "cell", "failure"
"""Attributes of an attempt: its cell, and why it failed."""

MAX_DEATHS = 3
"""After this many worker deaths a cell counts as failed (it may need more memory than the machine has)."""

State = Literal["complete", "pruned", "running", "pending", "failed", "missing"]
Failure = Literal["failed", "died", "returned", "interrupted", "duplicate"]
"""Why an attempt failed.

failed: by its own result; permanent.
died: its worker died or stopped responding, or its code raised an unexpected error.
returned: something was missing on its machine, such as the data set.
interrupted: its worker was stopped.
duplicate: another attempt at the same cell counts.
"""

_LIVE = {TrialState.COMPLETE: 0, TrialState.PRUNED: 1, TrialState.RUNNING: 2, TrialState.WAITING: 3}
_STATES: tuple[State, ...] = ("complete", "pruned", "running", "pending")


@dataclass
class Cell:
    """One trial of the study, with all attempts in the order of creation."""

    number: int
    attempts: list[FrozenTrial] = field(default_factory=list)

    @property
    def counted(self) -> FrozenTrial | None:
        """The attempt that counts: the first among the most advanced. None if none is alive or finished."""
        live = [t for t in self.attempts if t.state in _LIVE]
        return min(live, key=lambda t: (_LIVE[t.state], t.number), default=None)

    @property
    def state(self) -> State:
        """The state of the cell; `missing` if it must be queued (again)."""
        if (counted := self.counted) is not None:
            return _STATES[_LIVE[counted.state]]
        return "failed" if self.failure is not None else "missing"

    @property
    def failure(self) -> str | None:
        """Why the cell failed permanently; None if it did not."""
        deaths = 0
        for attempt in self.attempts:
            failure = failure_of(attempt)
            if failure["kind"] == "failed":
                return failure["reason"]
            deaths += failure["kind"] == "died"
            if deaths >= MAX_DEATHS:
                return f"given up after {deaths} workers died on it; the last: {failure['reason']}"
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

    Numbers follow the order of creation, so both workers agree which of two attempts is the earlier one.
    """
    cell = trial.user_attrs.get(CELL)
    return any(t.number < trial.number and t.state in _LIVE and t.user_attrs.get(CELL) == cell for t in trials)


def failure_of(trial: FrozenTrial) -> dict[str, str]:
    """Kind and reason of a failed attempt."""
    return trial.user_attrs.get(FAILURE) or {"kind": "died", "reason": "its worker died"}
