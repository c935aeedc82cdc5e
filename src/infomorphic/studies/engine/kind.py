"""A kind of study: its trials, what a trial does, and the report of the results."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from types import ModuleType
from typing import TYPE_CHECKING, Any

from infomorphic import plugins
from infomorphic.errors import StudyError, did_you_mean
from infomorphic.studies.engine.report import Report
from infomorphic.studies.engine.settings import StudySettings
from infomorphic.studies.engine.space import Params, Space
from infomorphic.studies.engine.trial import TrialContext
from infomorphic.training import TrainConfig

if TYPE_CHECKING:
    import pandas as pd

GROUP = "infomorphic.studies"
"""The group of entry points in which an installed package declares kinds of studies."""
_KINDS = ("infomorphic.studies.kinds", "infomorphic.studies.task_kinds")
# Strings, because kinds are built on the engine, which must not import them.


@dataclass(frozen=True)
class Kind:
    """A kind of study.

    A built-in kind is a module of `infomorphic.studies.kinds`, or of `task_kinds` if it is of one task, with `Settings`, `OBJECTIVE` and functions of these names. Your own kind is
    a `Kind` in a file, `infomorphic study new NAME --kind FILE.py:NAME`, or an entry point in the group `infomorphic.studies`.
    """

    summary: str
    """One line that says what the study shows."""
    Settings: type[StudySettings]
    """Its settings."""
    objective: str
    """The metric that Optuna and its dashboard see as the value of a trial; larger is better."""
    space: Callable[[Any], Space]
    """The trials, from the settings."""
    report_of: "Callable[[Any, pd.DataFrame, Report], None]"
    """Adds figures, data and sentences about a table of trials to a report."""
    config: Callable[[Any, Params], TrainConfig] | None = None
    """The training of a trial, from the settings and its parameters."""
    work: Callable[[Any, Params, TrialContext], Mapping[str, float]] | None = None
    """Runs a trial that is not just a training, and returns its metrics. With `config`, its configurations are checked first."""
    seconds: Callable[[Any, Params], float] | None = None
    """Estimated seconds of a trial on one core; needed only without `config`."""
    name: str = ""
    """The name under which it was requested; filled in when it is found."""

    def __post_init__(self) -> None:
        if self.config is None and (self.work is None or self.seconds is None):
            raise StudyError("a kind of study must have `config`, or both `work` and `seconds`.")

    def make_settings(self, assignments: Sequence[str] = ()) -> StudySettings:
        """Make settings of this kind from texts such as `seeds=0-4`."""
        return self.Settings.make(assignments)

    def settings(self, values: Mapping[str, object]) -> StudySettings:
        """Restore settings of this kind from the result of `model_dump`."""
        return self.Settings.make(given=values)

    def check(self, settings: StudySettings, params: Params) -> None:
        """Raise `ConfigurationError` if the configuration of a trial cannot be trained."""
        if self.config is not None:
            self.config(settings, params)

    def run(self, settings: StudySettings, params: Params, trial: TrialContext) -> Mapping[str, float]:
        """Run a trial and return its metrics."""
        if self.work is not None:
            return self.work(settings, params, trial)
        assert self.config is not None
        return trial.train(self.config(settings, params), self.objective)

    def cost(self, settings: StudySettings, params: Params) -> float:
        """Estimated seconds of a trial on one core."""
        if self.seconds is not None:
            return self.seconds(settings, params)
        assert self.config is not None
        config = self.config(settings, params)
        return config.task.estimated_seconds(config.sections)

    def report(self, settings: StudySettings, table: "pd.DataFrame", report: Report) -> None:
        """Add the results of the trials in `table` to a report."""
        self.report_of(settings, table, report)


@cache
def kinds() -> dict[str, Kind]:
    """The built-in kinds by name."""
    return {name: _of_module(name, summary, module) for package in _KINDS for name, summary, module in plugins.modules_in(package)}


def kind(name: str) -> Kind:
    """The kind with this name: built in, from an installed package, or in a file (`FILE.py:NAME`).

    Raises:
        StudyError: if there is none; the nearest name is suggested.
        PluginError: if a file or a package cannot be loaded.
    """
    known = kinds()
    if name in known:
        return known[name]
    found = plugins.find(name, GROUP)
    if found is None:
        names = [*known, *plugins.installed(GROUP)]
        raise StudyError(f"there is no kind of study {name!r}; there are {', '.join(names)}, or FILE.py:NAME.{did_you_mean(name, names)}")
    if not isinstance(found, Kind):
        raise StudyError(f"{name} must be a Kind; got a {type(found).__name__}.")
    return replace(found, name=name)


def _of_module(name: str, summary: str, module: ModuleType) -> Kind:
    return Kind(
        summary,
        module.Settings,
        module.OBJECTIVE,
        module.space,
        module.report,
        getattr(module, "config", None),
        getattr(module, "run", None),
        getattr(module, "cost", None),
        name,
    )
