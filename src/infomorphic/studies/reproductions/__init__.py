"""The figures and tables of the publications: one module each, with the studies that it needs. Modules are discovered.

A module has a first line that says what it shows, and `stages(quick)`: the studies in order, at published size or at one that takes
minutes. Stages of the same name are the same study, so figures share their results.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, NamedTuple

from infomorphic.data import default_data_dir
from infomorphic.errors import StudyError, did_you_mean
from infomorphic.plugins import modules_in
from infomorphic.studies.engine.kind import Kind, kind
from infomorphic.studies.engine.settings import StudySettings
from infomorphic.studies.engine.space import Grid, Search

if TYPE_CHECKING:
    import pandas as pd


_FOLDERS = {"mnist": "MNIST/raw", "cifar10": "cifar-10-batches-py"}


@dataclass(frozen=True)
class Stage:
    """One study of a reproduction."""

    name: str
    kind_name: str
    assignments: tuple[str, ...]
    """Assignments, as for `--set`."""
    trials: int | None = None
    """The number of trials of a search."""
    continued: "Callable[[pd.DataFrame], tuple[str, ...]] | None" = None
    """More assignments, from the results of the previous stage."""

    @property
    def kind(self) -> Kind:
        """The kind of study."""
        return kind(self.kind_name)

    def settings(self, before: "pd.DataFrame | None" = None) -> StudySettings:
        """The settings of the study; settings that depend on the previous stage keep their defaults if it is not given."""
        more = self.continued(before) if self.continued is not None and before is not None else ()
        return self.kind.make_settings((*self.assignments, *more))

    def needs(self) -> tuple[int, float]:
        """The number of trainings, and the estimated core hours."""
        settings = self.settings()
        space = self.kind.space(settings)
        if isinstance(space, Search):
            count = self.trials or space.trials
            seconds = count * self.kind.cost(settings, dict.fromkeys(space.ranges, 0.0))
        else:
            assert isinstance(space, Grid)
            count = len(space.cells)
            seconds = sum(len(numbers) * self.kind.cost(settings, space.cells[numbers[0]]) for numbers in space.alike().values())
        return count, seconds / 3600

    def datasets(self) -> tuple[str, ...]:
        """The data sets that it trains on; none if it generates its own patterns."""
        settings = self.settings()
        dataset = getattr(settings, "dataset", None)
        return getattr(settings, "datasets", None) or ((dataset,) if dataset else ())


class Reproduction(NamedTuple):
    """A figure or table by name."""

    name: str
    summary: str
    module: ModuleType

    def stages(self, quick: bool) -> list[Stage]:
        """Its studies, in order."""
        return self.module.stages(quick)


def data_present(dataset: str, data_dir: Path | None) -> bool:
    """Whether a data set is available without a download."""
    return dataset not in _FOLDERS or ((data_dir or default_data_dir()) / _FOLDERS[dataset]).is_dir()


@cache
def reproductions() -> dict[str, Reproduction]:
    """All reproductions by name."""
    return {name: Reproduction(name, summary, module) for name, summary, module in modules_in(__name__)}


def reproduction(name: str) -> Reproduction:
    """The reproduction with this name.

    Raises:
        StudyError: if there is none; the nearest name is suggested.
    """
    known = reproductions()
    if name not in known:
        raise StudyError(f"there is no reproduction {name!r}; there are {', '.join(known)}.{did_you_mean(name.lower(), known)}")
    return known[name]
