"""The built-in measures of redundancy, one per module. To add one, add a file; there is no list to edit."""

import inspect
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from infomorphic.errors import MeasureError, did_you_mean
from infomorphic.pid.measure import RedundancyMeasure
from infomorphic.plugins import modules_in


@cache
def builtin_measures() -> Mapping[str, RedundancyMeasure]:
    """Every built-in measure by name."""
    classes = [
        member
        for _, _, module in modules_in(__name__)
        for member in vars(module).values()
        if inspect.isclass(member) and issubclass(member, RedundancyMeasure) and member.__module__ == module.__name__
    ]
    return MappingProxyType({c.name: c() for c in classes if not inspect.isabstract(c)})


def resolve_measure(measure: object) -> RedundancyMeasure:
    """Return a measure as it is, or the built-in measure with this name.

    Raises:
        MeasureError: if no built-in measure has this name.
    """
    if isinstance(measure, RedundancyMeasure):
        return measure
    known = builtin_measures()
    if not isinstance(measure, str) or measure not in known:
        hint = did_you_mean(measure, known) if isinstance(measure, str) else " Pass an instance, such as MyMeasure()."
        raise MeasureError(f"`measure` must be one of {', '.join(known)}, or an instance of RedundancyMeasure; got {measure!r}.{hint}")
    return known[measure]
