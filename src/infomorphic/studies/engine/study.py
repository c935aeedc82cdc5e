"""A study: a set of trials in a storage. Workers take trials from it, run them, and return those that they cannot finish."""

import shlex
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import optuna
from optuna.exceptions import DuplicatedStudyError, UpdateFinishedTrialError
from optuna.trial import FrozenTrial, TrialState

from infomorphic import plugins
from infomorphic.errors import StudyError
from infomorphic.limits import MOST_TRIALS
from infomorphic.passwords import hide_password, hide_passwords_of
from infomorphic.quoting import quoted
from infomorphic.studies.engine.cells import CELL, FAILURE, Cell, Failure, State, cells_of, is_duplicate
from infomorphic.studies.engine.definition import ATTRIBUTE, Definition
from infomorphic.studies.engine.kind import Kind, kind
from infomorphic.studies.engine.life import BEAT, WORKER, Worker, is_gone
from infomorphic.studies.engine.limits import LONGEST_GRACE, check_name, check_number
from infomorphic.studies.engine.settings import StudySettings
from infomorphic.studies.engine.space import Grid, Params, Scalar, Search
from infomorphic.studies.engine.storage import open_storage

if TYPE_CHECKING:
    from optuna.distributions import BaseDistribution
    from optuna.storages import BaseStorage

METRICS, MACHINE, SECONDS = "metrics", "machine", "seconds"
"""Attributes of a finished trial."""
GRACE = 120.0

_TO_BE_DEFINED = 10.0


@dataclass(frozen=True)
class Status:
    """The progress of a study, counted in cells: a trial counts once, however often it was attempted."""

    study: str
    kind: str
    total: int
    complete: int
    pruned: int
    running: int
    failed: int
    pending: int
    workers: int
    """Number of workers that run a trial."""
    seconds_left: float | None
    """Estimated seconds left with the current number of workers (at least one), from the finished trials; None before the first."""
    failures: tuple[str, ...]
    """Why trials failed, without repetition."""

    @property
    def finished(self) -> bool:
        """Whether no trial is left."""
        return self.running == self.pending == 0


class Study:
    """A study in a storage. Use `create` or `open` to get one."""

    def __init__(self, name: str, url: str, storage: "BaseStorage", definition: Definition):
        self.name, self.url, self.storage, self.definition = name, url, storage, definition
        self.kind: Kind = kind(definition.kind)
        self.settings: StudySettings = self.kind.settings(definition.settings)
        self.study_id: int = storage.get_study_id_from_name(name)
        self.claimed: int | None = None
        """The Optuna trial that `claim` took for this object and that has not ended."""
        self._costs: dict[int, float] = {}

    @classmethod
    def create(
        cls,
        name: str,
        kind_name: str,
        settings: StudySettings | Sequence[str] = (),
        *,
        url: str,
        trials: int | None = None,
        grace: float = GRACE,
    ) -> "Study":
        """Create a study, or open it if the same one exists; a search may get more trials than before.

        If several processes do this at once, the study is created once.

        Args:
            name: the name of the study in the storage.
            kind_name: the kind, such as `layer-size`, or `FILE.py:NAME`.
            settings: settings of that kind, or texts such as `seeds=0-4`.
            url: the address of the storage; see `open_storage`.
            trials: the number of trials of a search; for a grid the settings determine it.
            grace: seconds without a heartbeat after which a worker counts as dead.

        Raises:
            StudyError: if the name is invalid, a number is out of bounds, the study exists with another kind or other settings or was
                created by other code, or the storage cannot be used.
            ConfigurationError: if the configuration of a trial cannot be trained.
        """
        check_name(name)
        check_number("grace", grace, 0.1, LONGEST_GRACE)
        kind_name = plugins.absolute(kind_name)
        chosen = kind(kind_name)
        chosen_settings = settings if isinstance(settings, StudySettings) else chosen.make_settings(settings)
        space = chosen.space(chosen_settings)
        if isinstance(space, Grid):
            if not space.cells:
                raise StudyError("this study has no trials. Give every setting at least one value.")
            if trials is not None:
                raise StudyError(
                    f"`trials` is only for searches; the settings of kind {kind_name} determine its number of trials ({len(space.cells)})."
                )
            total = len(space.cells)
            if total > MOST_TRIALS:
                raise StudyError(
                    f"a study must have at most {MOST_TRIALS} trials; these settings give {total}. Divide it among several studies."
                )
            for numbers in space.alike().values():
                chosen.check(chosen_settings, space.cells[numbers[0]])
        else:
            total = space.trials if trials is None else trials
            check_number("trials", total, 1, MOST_TRIALS)
            chosen.check(chosen_settings, dict.fromkeys(space.ranges, 0.0))
        wanted = Definition.new(kind_name, chosen_settings.model_dump(mode="json"), total, grace)
        storage = open_storage(url, make_folder=True)
        try:
            study_id = storage.create_new_study([optuna.study.StudyDirection.MAXIMIZE], name)
        except DuplicatedStudyError:
            study = cls._opened(name, url, storage)
            study.definition.check_same(wanted, name)
            study.definition.check_source(name)
            if total > study.definition.trials:
                study.definition = study.definition.with_trials(total)
                storage.set_study_user_attr(study.study_id, ATTRIBUTE, study.definition.to_record())
        else:
            storage.set_study_user_attr(study_id, ATTRIBUTE, wanted.to_record())
            study = cls(name, url, storage, wanted)
        study.refill()
        return study

    @classmethod
    def open(cls, name: str, url: str, *, patience: float | None = None) -> "Study":
        """Open an existing study.

        Args:
            name: the name of the study in the storage.
            url: the address of the storage; see `open_storage`.
            patience: seconds to wait for a storage that does not answer; see `open_storage`.

        Raises:
            StudyError: if no study has this name, a newer version created it, or the storage cannot be used.
        """
        return cls._opened(name, url, open_storage(url, patience=patience))

    @staticmethod
    def names(url: str, *, patience: float | None = None) -> list[str]:
        """The names of the studies of this package in a storage, in alphabetical order.

        Raises:
            StudyError: if the storage cannot be used.
        """
        return sorted(s.study_name for s in open_storage(url, patience=patience).get_all_studies() if ATTRIBUTE in s.user_attrs)

    def delete(self) -> None:
        """Remove the study and its trials from the storage. Its workers stop with an error.

        Raises:
            StudyError: if the storage cannot be used.
        """
        self.storage.delete_study(self.study_id)

    @classmethod
    def _opened(cls, name: str, url: str, storage: "BaseStorage") -> "Study":
        names = [s.study_name for s in storage.get_all_studies()]
        if name not in names:
            there = f"there are {', '.join(sorted(names))}" if names else "there are none"
            raise StudyError(
                f"there is no study {quoted(name)} in {hide_password(url)}; {there}. Create it with: infomorphic study new {shlex.quote(name)} --kind KIND"
            )
        study_id = storage.get_study_id_from_name(name)
        # The process that creates a study writes its definition in a second step. No other process does, so definitions cannot conflict.
        deadline = time.monotonic() + _TO_BE_DEFINED
        while True:
            # Read trials first: they are queued after the definition is written, so a visible trial implies a visible definition.
            has_trials = storage.get_n_trials(study_id) > 0
            if ATTRIBUTE in (attributes := storage.get_study_user_attrs(study_id)):
                break
            if time.monotonic() > deadline or has_trials:
                raise StudyError(
                    f"the study {name!r} in {hide_password(url)} has no definition: infomorphic did not create it, or the process that created it "
                    f"was killed at once. Remove it with: optuna delete-study --study-name {shlex.quote(name)} --storage URL"
                )
            time.sleep(0.1)
        return cls(name, url, storage, Definition.from_record(attributes[ATTRIBUTE], name))

    @cached_property
    def space(self) -> Grid | Search:
        """The trials of the study."""
        return self.kind.space(self.settings)

    @cached_property
    def _distributions(self) -> "dict[str, BaseDistribution]":
        return self.space.distributions() if isinstance(self.space, Grid) else {}

    @property
    def command(self) -> str:
        """The command that creates this study: its name, its kind and every setting that differs from the default."""
        words = ["infomorphic", "study", "new", self.name, "--kind", self.kind.name]
        if isinstance(self.space, Search) and self.definition.trials != self.space.trials:
            words += ["--trials", str(self.definition.trials)]
        defaults = type(self.settings)()
        for name, value in self.settings:
            if name == "overrides":
                words += [word for override in value for word in ("--set", override)]
            elif value != getattr(defaults, name):
                words += ["--set", f"{name}={','.join(map(str, value)) if isinstance(value, tuple) else value}"]
        return shlex.join(words)

    # -- looking ------------------------------------------------------------------------------------------------------------------

    def trials(self) -> list[FrozenTrial]:
        """All trials in the storage, every attempt."""
        return list(self.storage.get_all_trials(self.study_id, deepcopy=False))

    def cells(self, trials: Sequence[FrozenTrial] | None = None) -> list[Cell]:
        """All cells with their attempts; from `trials` if they were just read, because reading a long queue takes a while."""
        return cells_of(self.trials() if trials is None else trials, self.definition.trials)

    def params_of(self, cell: int, attempt: FrozenTrial | None = None) -> Params:
        """The parameters of a cell: fixed in a grid, drawn per attempt in a search."""
        if isinstance(self.space, Grid):
            return self.space.cells[cell]
        return dict(attempt.params) if attempt is not None else {}

    def status(self, trials: Sequence[FrozenTrial] | None = None) -> Status:
        """The progress of the study; from `trials` if they were just read."""
        cells = self.cells(trials)
        count = Counter[State](cell.state for cell in cells)
        workers = count["running"]
        failures = [cell.failure for cell in cells if cell.state == "failed"]
        return Status(
            study=self.name,
            kind=self.kind.name,
            total=len(cells),
            complete=count["complete"],
            pruned=count["pruned"],
            running=count["running"],
            failed=count["failed"],
            pending=count["pending"] + count["missing"],
            workers=workers,
            seconds_left=self._seconds_left(cells, max(1, workers)),
            failures=tuple(dict.fromkeys(f for f in failures if f)),
        )

    def _seconds_left(self, cells: Sequence[Cell], workers: int) -> float | None:
        """Estimate from the cost of the remaining trials, scaled by the ratio of actual to estimated time of finished ones."""
        spent = expected = left = 0.0
        for cell in cells:
            if cell.state == "failed":
                continue
            counted = cell.counted
            cost = self._cost(cell.number)
            if counted is not None and cell.state == "complete":
                spent += counted.user_attrs.get(SECONDS, 0.0)
                expected += cost
            elif cell.state == "running":
                left += cost / 2  # on average it is half done
            elif cell.state != "pruned":
                left += cost
        return round(left * spent / expected / workers, 1) if expected else None

    def _cost(self, cell: int) -> float:
        """Estimated seconds of the trial of a cell."""
        if isinstance(self.space, Search):
            cell = 0  # a search draws goals, which hardly affect the time
        if not self._costs:
            if isinstance(self.space, Grid):
                for numbers in self.space.alike().values():
                    self._costs |= dict.fromkeys(numbers, self.kind.cost(self.settings, self.space.cells[numbers[0]]))
            else:
                self._costs = {0: self.kind.cost(self.settings, dict.fromkeys(self.space.ranges, 0.0))}
        return self._costs[cell]

    # -- the queue ----------------------------------------------------------------------------------------------------------------

    def refill(self, retry_failed: bool = False, trials: Sequence[FrozenTrial] | None = None) -> int:
        """Queue every cell without a live or finished attempt, and return their number.

        In a search, the next attempt after a worker's death uses the parameters already drawn for it.
        """
        added = 0
        for cell in self.cells(trials):
            if cell.state == "missing" or (retry_failed and cell.state == "failed"):
                self._enqueue(cell)
                added += 1
        return added

    def _enqueue(self, cell: Cell) -> None:
        last = cell.attempts[-1] if cell.attempts else None
        if isinstance(self.space, Grid):
            params: dict[str, Scalar] = dict(self.space.cells[cell.number])
            distributions = self._distributions
        else:
            params, distributions = (dict(last.params), dict(last.distributions)) if last else ({}, {})
            if last is None and cell.number < len(self.space.given):
                params, distributions = {**self.space.given[cell.number]}, self.space.distributions()
        # A sampler's notes about a trial belong to its parameters.
        noted = {k: v for k, v in last.system_attrs.items() if k not in (BEAT, WORKER)} if last else {}
        trial = optuna.trial.create_trial(
            state=TrialState.WAITING, params=params, distributions=distributions, user_attrs={CELL: cell.number}, system_attrs=noted
        )
        self.storage.create_new_trial(self.study_id, trial)

    def claim(self, worker: Worker) -> "optuna.Trial | None":
        """Take the first trial of the queue; None if it is empty. No two workers get the same trial."""
        while True:
            trials = self.trials()
            for waiting in (t for t in trials if t.state == TrialState.WAITING):
                trial_id = waiting._trial_id
                try:
                    if not self.storage.set_trial_state_values(trial_id, TrialState.RUNNING):
                        continue
                except UpdateFinishedTrialError:
                    continue
                self.claimed = trial_id
                self.storage.set_trial_system_attr(trial_id, WORKER, asdict(worker))
                # An earlier attempt was created before this one, so a process that sees this one also sees the earlier one.
                if is_duplicate(waiting, trials):
                    self.give_back(trial_id, "duplicate", "an earlier attempt at the same trial is alive or finished")
                    break
                return self._with_sampler(trial_id, waiting.user_attrs[CELL])
            else:
                return None

    def _with_sampler(self, trial_id: int, cell: int) -> "optuna.Trial":
        """The Optuna object of the trial, whose sampler uses the random numbers of its cell."""
        sampler, pruner = None, optuna.pruners.NopPruner()
        if isinstance(self.space, Search):
            sampler, pruner = self.space.sampler_of(cell), self.space.pruner_of()
        study = optuna.load_study(study_name=self.name, storage=self.storage, sampler=sampler, pruner=pruner)
        return optuna.Trial(study, trial_id)

    def params_for(self, trial: "optuna.Trial") -> Params:
        """The parameters of a claimed trial; in a search, they are drawn now."""
        if isinstance(self.space, Grid):
            return self.space.cells[trial.user_attrs[CELL]]
        return {name: trial.suggest_float(name, low, high) for name, (low, high) in self.space.ranges.items()}

    def finish(self, trial_id: int, metrics: Mapping[str, float], seconds: float, machine: Mapping[str, Any]) -> bool:
        """Record the result of a trial. Returns False if others took it over in the meantime; it then does not count."""
        attributes = {METRICS: dict(metrics), SECONDS: round(seconds, 3), MACHINE: dict(machine)}
        return self._end(trial_id, TrialState.COMPLETE, attributes, [metrics[self.kind.objective]])

    def prune(self, trial_id: int, seconds: float) -> bool:
        """Record that a trial was pruned; its last reported objective becomes its value, as in Optuna."""
        reported = self.storage.get_trial(trial_id).intermediate_values
        values = [reported[max(reported)]] if reported else None
        return self._end(trial_id, TrialState.PRUNED, {SECONDS: round(seconds, 3)}, values)

    def give_back(self, trial_id: int, why: Failure, reason: str) -> bool:
        """End an attempt without a result. Unless it failed by itself, `refill` queues its cell again."""
        shown = hide_passwords_of([self.url], reason)
        return self._end(trial_id, TrialState.FAIL, {FAILURE: {"kind": why, "reason": shown}})

    def bury(self, dead: Sequence[FrozenTrial]) -> list[FrozenTrial]:
        """Return the trials of dead workers to the queue, and return those that this call was the first to return."""
        return [t for t in dead if self.give_back(t._trial_id, "died", f"its worker {_who(t)} died or stopped responding")]

    def running(self) -> list[FrozenTrial]:
        """The running trials."""
        return list(self.storage.get_all_trials(self.study_id, deepcopy=False, states=(TrialState.RUNNING,)))

    def bury_gone(self) -> list[FrozenTrial]:
        """Return the trials of workers whose process on this machine has ended."""
        return self.bury([t for t in self.running() if is_gone(t.system_attrs.get(WORKER))])

    def _end(self, trial_id: int, state: TrialState, attributes: Mapping[str, Any], values: list[float] | None = None) -> bool:
        """Write attributes first and the state last, so that an ended trial is complete."""
        try:
            for key, value in attributes.items():
                self.storage.set_trial_user_attr(trial_id, key, value)
            self.storage.set_trial_state_values(trial_id, state, values)
        except UpdateFinishedTrialError:
            # Another process ended it; or we did, and only the answer was lost.
            ended = self.storage.get_trial(trial_id).state == state != TrialState.FAIL
        else:
            ended = True
        if trial_id == self.claimed:
            self.claimed = None
        return ended


def _who(trial: FrozenTrial) -> str:
    worker = trial.system_attrs.get(WORKER) or {}
    return f"{worker.get('host', '?')}:{worker.get('pid', '?')}"
