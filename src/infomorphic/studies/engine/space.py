"""The trials of a study: a fixed list, or ranges that a sampler draws from."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from optuna.distributions import BaseDistribution
    from optuna.pruners import BasePruner
    from optuna.samplers import BaseSampler

Scalar = str | int | float
Params = Mapping[str, Scalar]
"""The parameters of a trial by name."""

Sampler = Literal["tpe", "cmaes", "random"]
Pruner = Literal["none", "median", "halving"]


@dataclass(frozen=True)
class Grid:
    """A fixed list of trials with the same parameter names."""

    cells: tuple[dict[str, Scalar], ...]

    def alike(self) -> dict[tuple[Scalar, ...], list[int]]:
        """Groups of cells that differ only in the seed: they take the same time and are all valid or all invalid."""
        groups: dict[tuple[Scalar, ...], list[int]] = {}
        for number, cell in enumerate(self.cells):
            groups.setdefault(tuple(value for name, value in cell.items() if name != "seed"), []).append(number)
        return groups

    def distributions(self) -> "dict[str, BaseDistribution]":
        """Each parameter as a choice among its values, as Optuna and its dashboard expect."""
        from optuna.distributions import CategoricalDistribution

        names = self.cells[0] if self.cells else {}
        return {name: CategoricalDistribution(list(dict.fromkeys(cell[name] for cell in self.cells))) for name in names}


@dataclass(frozen=True)
class Search:
    """Trials whose parameters a sampler draws to maximize one metric."""

    ranges: Mapping[str, tuple[float, float]]
    trials: int
    sampler: Sampler = "tpe"
    seed: int = 0
    pruner: Pruner = "none"
    given: tuple[Params, ...] = ()
    """The parameters of the first trials; all others are drawn."""

    def sampler_of(self, cell: int) -> "BaseSampler":
        """The sampler for one trial, with its own random numbers.

        So simultaneous workers draw different parameters, and a single worker draws the same ones in every repetition of the study.
        """
        import numpy as np
        from optuna import samplers

        seed = int(np.random.SeedSequence([self.seed, cell]).generate_state(1)[0])
        if self.sampler == "cmaes":
            return samplers.CmaEsSampler(seed=seed)
        return samplers.TPESampler(seed=seed) if self.sampler == "tpe" else samplers.RandomSampler(seed=seed)

    def distributions(self) -> "dict[str, BaseDistribution]":
        """Each parameter as a range."""
        from optuna.distributions import FloatDistribution

        return {name: FloatDistribution(low, high) for name, (low, high) in self.ranges.items()}

    def pruner_of(self) -> "BasePruner":
        """The pruner, which decides whether to continue a trial."""
        from optuna import pruners

        kinds: dict[str, Any] = {"none": pruners.NopPruner, "median": pruners.MedianPruner, "halving": pruners.SuccessiveHalvingPruner}
        return kinds[self.pruner]()


Space = Grid | Search
