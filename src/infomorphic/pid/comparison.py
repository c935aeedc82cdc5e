"""The same distribution decomposed by several measures of redundancy, side by side."""

import warnings
from collections.abc import Sequence
from typing import Any

from infomorphic.errors import InfomorphicWarning, MeasureError
from infomorphic.pid.decomposition import Decomposition
from infomorphic.pid.from_pmf import decompose, decompose_joint
from infomorphic.pid.measure import RedundancyMeasure
from infomorphic.pid.measures import builtin_measures, resolve_measure


class MeasureLeftOutWarning(InfomorphicWarning):
    """A built-in measure could not be computed for this distribution and is missing from a comparison."""


def compare_measures(
    distribution: Any, measures: Sequence[str | RedundancyMeasure] | None = None, **options: Any
) -> dict[str, Decomposition]:
    """Decompose one distribution by several measures; return the decompositions by name of the measure.

    Args:
        distribution: a pmf as `decompose` takes it, or a decomposition of a pmf or of samples. The distribution of a
            decomposition is decomposed again by every measure.
        measures: names of built-in measures, or instances. By default every built-in measure that supports this number of sources.
        **options: `num_sources`, `normalize`, `dtype` and `names` of `decompose`; only for a pmf.

    Raises:
        MeasureError: if a requested measure cannot be computed, the decomposition has no joint pmf (Gaussian variables), or
            `options` are given with a decomposition.
        InvalidPmfError, TooManySourcesError: as in `decompose`.

    Warns:
        MeasureLeftOutWarning: if a default measure cannot be computed; gives the reason.

    Example:
        >>> from infomorphic.pid import gates
        >>> {name: float(d.atoms["{1}{2}"].round(3)) for name, d in compare_measures(gates.and_gate(), ["sx", "mmi", "ccs"]).items()}
        {'sx': 0.123, 'mmi': 0.311, 'ccs': 0.104}
    """
    if isinstance(distribution, Decomposition):
        if options:
            raise MeasureError(
                f"`{next(iter(options))}` must come with a pmf only; got a decomposition, which already has it. Leave it out."
            )
        first = distribution
    else:
        first = decompose(distribution, **options)
    joint = first.joint
    if joint is None:
        raise MeasureError("`distribution` must be a pmf or a decomposition of discrete variables; got Gaussian variables.")
    chosen = list(builtin_measures().values()) if measures is None else [resolve_measure(m) for m in measures]
    found = {}
    for measure in chosen:
        if measures is None and joint.num_sources > measure.properties.max_sources:
            continue
        try:
            found[measure.name] = decompose_joint(joint, measure, estimate=first.estimate, names=first.names)
        except MeasureError as error:
            if measures is not None:
                raise
            warnings.warn(f"measure {measure.name!r} is left out: {error}", MeasureLeftOutWarning, stacklevel=2)
    return found
