"""A decomposition of a table as a record for JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from infomorphic.errors import TableError

if TYPE_CHECKING:
    from infomorphic.pid import Decomposition, Estimate, PointwiseValues
    from infomorphic.statistics import Assessment

_MOST_NUMBERS = 10_000_000


class ShownTable(NamedTuple):
    """A decomposition of a table, and what is shown with it."""

    decomposition: Decomposition
    columns: list[str]
    """What the columns of each variable hold, the target last."""
    from_samples: bool
    by_measure: dict[str, Decomposition]
    """The decomposition by every measure, if they are compared."""
    pointwise: bool
    described: bool
    assessed: dict[str, Assessment]
    """How sure the values are, by each measure; empty if that was not asked for."""

    def sentences(self, most: int | None = None) -> list[str]:
        """One sentence on all sources and one on each atom, with how sure it is if that was asked for."""
        return self.decomposition.describe(most=most) if self.assessment is None else self.assessment.describe(most=most)

    @property
    def assessment(self) -> Assessment | None:
        """How sure the values of the decomposition are; None if that was not asked for."""
        return self.assessed.get(self.decomposition.measure.name)

    @property
    def estimate(self) -> Estimate:
        assert self.decomposition.estimate is not None
        return self.decomposition.estimate


def record_of(shown: ShownTable) -> dict[str, Any]:
    """The decomposition as values that JSON can hold. Antichains have digits; `names` says which sources they are.

    Raises:
        TableError: if there are too many pointwise values.
    """
    d, estimate = shown.decomposition, shown.estimate
    record: dict[str, Any] = {
        "target": d.names.target,
        "sources": list(d.names.sources),
        "names": d.names.legend,
        "unit": "bits",
        "measure": d.measure.name,
        "atoms": numbers_of(d.atoms),
        **{name: numbers_of(values) for name, values in parts_of(d).items()},
        "redundancies": numbers_of(d.redundancies),
        "mutual_information": numbers_of(d.mutual_information),
        "target_entropy": float(d.target_entropy),
        "residual_entropy": float(d.residual_entropy),
        "observations": estimate.observations if shown.from_samples else None,
        "occupied_cells": len(estimate.cells),
        "dropped": estimate.num_dropped,
        "columns": shown.columns,
        "binning": [str(b) for b in estimate.binning],
    }
    if shown.from_samples:
        record["miller_madow_bias"] = estimate.miller_madow_bias
    if shown.by_measure:
        record["measures"] = {
            name: {"atoms": numbers_of(other.atoms), **_statistics(shown.assessed.get(name))} for name, other in shown.by_measure.items()
        }
    record |= _statistics(shown.assessment)
    if shown.described:
        record["description"] = shown.sentences()
    if shown.pointwise:
        numbers = 3 * len(d.atoms) * len(estimate.cells)
        if numbers > _MOST_NUMBERS:
            raise TableError(
                f"--pointwise with --json must print at most {_MOST_NUMBERS:,} numbers; these {len(estimate.cells)} outcomes have {numbers:,}. "
                "Use fewer sources or bins, or take single atoms from `decompose_table(…).pointwise` in Python."
            )
        parts = {"atoms": d.pointwise.atoms, "informative": d.pointwise.informative, "misinformative": d.pointwise.misinformative}
        by_outcome = zip(*(rows_of(values, list(d.atoms)) for values in parts.values()), strict=True)
        record["pointwise"] = [
            {"outcome": outcome, "probability": probability, **dict(zip(parts, rows, strict=True))}
            for (outcome, probability), rows in zip(outcomes_of(shown), by_outcome, strict=True)
        ]
    return record


def _statistics(assessment: Assessment | None) -> dict[str, Any]:
    """The entry `statistics`; none if nothing was asked for."""
    return {} if assessment is None else {"statistics": assessment.record()}


def outcomes_of(shown: ShownTable) -> Iterator[tuple[list[Any], float]]:
    """The values and the probability of each outcome."""
    estimate = shown.estimate
    probability = shown.decomposition.pointwise.marginals.realization
    for cell, p in zip(estimate.cells, probability, strict=True):
        yield [_plain(values[code]) for values, code in zip(estimate.values, cell, strict=True)], float(p)


def rows_of(values: PointwiseValues, labels: list[str]) -> list[dict[str, float]]:
    """For each outcome, the values by label."""
    columns = [values[label].tolist() for label in labels]
    return [dict(zip(labels, row, strict=True)) for row in zip(*columns, strict=True)]


def numbers_of(values: Mapping[str, Any]) -> dict[str, float]:
    """The values by label as floats."""
    return {label: float(v) for label, v in zip(values, (values[label] for label in values), strict=True)}


def parts_of(d: Decomposition) -> dict[str, Any]:
    """The informative and misinformative parts of the atoms, if the measure has them."""
    return {"informative": d.informative, "misinformative": d.misinformative} if hasattr(d, "informative") else {}


def _plain(value: Any) -> Any:
    """A category or the center of a bin as a JSON value."""
    if isinstance(value, tuple):
        return [_plain(v) for v in value]
    if type(value).__module__ == "numpy" and value.dtype.kind not in "mM":
        value = value.item()
    return value if isinstance(value, str | int | float | bool) else str(value)
