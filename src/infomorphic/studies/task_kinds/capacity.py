"""Associative memory: how many patterns each rule and goal stores, how much noise it tolerates, and the information of its neurons.

Source: arXiv:2511.02584.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field, field_validator

from infomorphic.errors import GoalError, StudyError
from infomorphic.goals.saved import find_goal
from infomorphic.networks.settings import Neurons, Number, Real
from infomorphic.studies.engine.settings import Listed, Seeds, StudySettings
from infomorphic.studies.engine.space import Grid, Params
from infomorphic.studies.engine.trial import TrialContext
from infomorphic.tasks.memory import BASELINES, basin_trial, capacity, capacity_trial, information_trial, store
from infomorphic.tasks.memory import Settings as Memory
from infomorphic.tasks.memory.network import EPOCHS
from infomorphic.tasks.memory.task import seconds_to_store
from infomorphic.training.settings import Epochs

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from infomorphic.studies.engine.report import Report

OBJECTIVE = "score"
_PUBLISHED_WEIGHT = Memory().external_weight
_GOALS = ("memory/redundancy", "memory/external-information", "memory/optimized-1", "memory/optimized-2")
_ATOMS = ("redundancy", "unique_external", "unique_recurrent", "synergy", "residual_entropy")


class Settings(StudySettings):
    """Which methods at which loads."""

    methods: Listed[str] = (*BASELINES, *_GOALS)
    """Baselines such as `hebb`, and goals of the sources F and C."""
    loads: Listed[Annotated[Real, Field(ge=0, le=1000)]] = tuple(round(0.05 * i, 2) for i in range(1, 41))
    """Patterns per neuron."""
    neurons: Listed[Annotated[Neurons, Field(ge=2)]] = (100,)
    """Numbers of neurons."""
    correlations: Listed[Annotated[Real, Field(ge=0, le=1)]] = (0.0,)
    """Expected overlaps of any two patterns."""
    seeds: Seeds = tuple(range(5))
    """Seeds of the patterns."""
    epochs: Epochs = EPOCHS
    """Training steps with a goal."""
    external_weight: Number = _PUBLISHED_WEIGHT
    """The fixed weight of a neuron's own bit of the pattern."""

    @field_validator("methods")
    @classmethod
    def _methods_exist(cls, methods: tuple[str, ...]) -> tuple[str, ...]:
        try:
            return tuple(method if method in BASELINES else find_goal(method, "FC").written for method in methods)
        except GoalError as error:
            raise StudyError(f"`methods` must name {', '.join(BASELINES)} or a goal; {error}") from error

    @field_validator("overrides")
    @classmethod
    def _nothing_to_override(cls, overrides: tuple[str, ...]) -> tuple[str, ...]:
        if overrides:
            raise StudyError(f"this kind of study has no setting {overrides[0].partition('=')[0]!r}; it does not train networks on images.")
        return overrides


def space(settings: Settings) -> Grid:
    """Every method at every load, size and correlation with every seed; loads too small for a pattern are left out."""
    return Grid(
        tuple(
            {"method": method, "neurons": neurons, "correlation": correlation, "load": load, "seed": seed}
            for seed in settings.seeds
            for method in settings.methods
            for neurons in settings.neurons
            for correlation in settings.correlations
            for load in settings.loads
            if round(load * neurons) >= 1
        )
    )


def run(settings: Settings, params: Params, trial: TrialContext) -> dict[str, float]:
    """Store the patterns and recall them, without noise and with increasing noise; a basin is left out if there is none."""
    memory_settings = Memory(neurons=int(params["neurons"]), external_weight=settings.external_weight)
    memory = store(
        str(params["method"]),
        float(params["load"]),
        int(params["seed"]),
        memory_settings,
        settings.epochs,
        correlation=float(params["correlation"]),
    )
    held, basin, known = capacity_trial(memory), basin_trial(memory), information_trial(memory, memory_settings)
    metrics = {"score": held.score, "fixed_points": held.fixed_points, **{atom: getattr(known, atom) for atom in _ATOMS}}
    return metrics if basin.basin is None else {**metrics, "basin": basin.basin}


def cost(settings: Settings, params: Params) -> float:
    """Estimated seconds of a trial on one core, measured at 100 neurons and a load of 1.5."""
    patterns, neurons = float(params["load"]) * int(params["neurons"]), int(params["neurons"])
    return 0.1 + (
        3.0 * patterns * neurons / 15_000 if params["method"] in BASELINES else seconds_to_store(patterns, neurons, settings.epochs)
    )


def report(settings: Settings, table: "pd.DataFrame", report: "Report") -> None:
    """Score, basin and information against load, and the capacity of each method, next to the published one."""
    from infomorphic.plots import plot_memory_basin, plot_memory_capacity, plot_memory_information
    from infomorphic.plots.figures import new_figure
    from infomorphic.studies.published import published

    def show(name: str, plot: "Callable[..., Axes]", rows: Any, title: str, width: float = 7.2, height: float = 4.2) -> None:
        figure, axes = new_figure(1, width=width, height=height)
        plot(_records(rows), axes[0], title=title)
        report.show(name, figure)

    theirs = published("memory_capacity").set_index(["method", "neurons"])["capacity"].to_dict()
    table = table.assign(network=[_network(n, c) for n, c in zip(table["neurons"], table["correlation"], strict=True)])
    rows = []
    several = len(set(table["network"])) > 1
    for neurons, correlation in table[["neurons", "correlation"]].drop_duplicates().itertuples(index=False):
        name = _network(neurons, correlation)
        group = table[table["network"] == name]
        suffix = f"-{neurons}-{correlation:g}" if several else ""
        show(f"capacity{suffix}", plot_memory_capacity, group, name)
        if "basin" in table and any(group["basin"].notna()):
            show(f"basin{suffix}", plot_memory_basin, group, name)
        for method, own in group.groupby("method", sort=False):
            found = capacity(own["load"], own["score"])
            known = theirs.get((method, neurons)) if correlation == 0 and settings.external_weight == _PUBLISHED_WEIGHT else None
            shown = ["none" if found is None else f"{found:g}", "" if known is None else f"{known:g}"]
            rows.append((method, neurons, f"{correlation:g}", own["seed"].nunique(), *shown))
            label = str(method).replace("/", "-")
            show(f"information-{label}{suffix}", plot_memory_information, own, f"{method}, {name}", 5.2, 3.6)
    if several:
        for method, own in table.groupby("method", sort=False):
            show(f"capacity-{str(method).replace('/', '-')}", plot_memory_capacity, own.assign(method=own["network"]), str(method))
    report.list_table(("method", "neurons", "overlap", "seeds", "capacity", "published"), rows)
    report.say(
        "Capacity: the largest scanned load whose mean score over seeds is at least 0.95; its resolution is that of the scan. Basin: the largest "
        "fraction of flipped bits at which the score is still reached after 50 updates."
    )


def _network(neurons: int, correlation: float) -> str:
    return f"{neurons} neurons" + (f", overlap {correlation:g}" if correlation else "")


def _records(table: Any) -> list[dict[str, Any]]:
    """The rows of a data frame as mappings from column to value."""
    return [dict(zip(map(str, table.columns), row, strict=True)) for row in table.itertuples(index=False, name=None)]
