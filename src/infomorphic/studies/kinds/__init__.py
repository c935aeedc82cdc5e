"""The kinds of studies: one module each, found by looking here, so that a new one is a new file and nothing else.

A module has, besides a first line that says what it is,

- `Settings`, what can be set about it, a subclass of `StudySettings`;
- `OBJECTIVE`, the metric that Optuna and its dashboard see as the value of a trial; larger is better;
- `space(settings)`, which trials there are;
- `config(settings, params)`, the training of a trial, or `run(settings, params, trial)` for a trial that is more or other than a training
  (a kind with both has its configurations checked before the study is made);
- `report(settings, table, report)`, which adds figures, data and sentences to the report of the trials in `table`;
- where it is not a training, `cost(settings, params)`: about how many seconds a trial takes.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from types import ModuleType
from typing import TYPE_CHECKING, NamedTuple

from infomorphic.discovery import modules_in
from infomorphic.errors import StudyError, did_you_mean
from infomorphic.studies.cost import estimated_seconds
from infomorphic.studies.settings import StudySettings
from infomorphic.studies.space import Params, Space

if TYPE_CHECKING:
    import pandas as pd

    from infomorphic.studies.report import Report
    from infomorphic.studies.trial import TrialContext


class Kind(NamedTuple):
    """A kind of study by name."""

    name: str
    summary: str
    module: ModuleType

    @property
    def objective(self) -> str:
        """The metric that is the value of a trial."""
        return self.module.OBJECTIVE

    def make_settings(self, assignments: Sequence[str] = ()) -> StudySettings:
        """Settings of this kind from texts such as `seeds=0-4`."""
        return self.module.Settings.make(assignments)

    def settings(self, values: Mapping[str, object]) -> StudySettings:
        """Settings of this kind, from what `model_dump` gave."""
        return self.module.Settings.make(given=values)

    def space(self, settings: StudySettings) -> Space:
        """Which trials there are."""
        return self.module.space(settings)

    def check(self, settings: StudySettings, params: Params) -> None:
        """Raise a `ConfigurationError` if a trial cannot be trained as it would be configured."""
        if hasattr(self.module, "config"):
            self.module.config(settings, params)

    def run(self, settings: StudySettings, params: Params, trial: "TrialContext") -> Mapping[str, float]:
        """Do a trial and return its metrics."""
        if hasattr(self.module, "run"):
            return self.module.run(settings, params, trial)
        return trial.train(self.module.config(settings, params), self.objective)

    def cost(self, settings: StudySettings, params: Params) -> float:
        """About how many seconds a trial takes on one core."""
        if hasattr(self.module, "cost"):
            return self.module.cost(settings, params)
        return estimated_seconds(self.module.config(settings, params))

    def report(self, settings: StudySettings, table: "pd.DataFrame", report: "Report") -> None:
        """Add what the trials in `table` show to a report."""
        self.module.report(settings, table, report)


@cache
def kinds() -> dict[str, Kind]:
    """All kinds by name."""
    return {name: Kind(name, summary, module) for name, summary, module in modules_in(__name__)}


def kind(name: str) -> Kind:
    """The kind of this name.

    Raises:
        StudyError: if there is none; the nearest name is suggested.
    """
    known = kinds()
    if name not in known:
        raise StudyError(f"there is no kind of study {name!r}; there are {', '.join(known)}.{did_you_mean(name, known)}")
    return known[name]
