"""The built-in measures of redundancy, one per module. To add one, add a file; there is no list to edit.

A measure of one's own is a class in any file, `measure="FILE.py:NAME"`, or an entry point in the group `infomorphic.measures`.
"""

import inspect
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from infomorphic.errors import MeasureError, did_you_mean
from infomorphic.pid.measure import RedundancyMeasure
from infomorphic.plugins import find, installed, modules_in

GROUP = "infomorphic.measures"
"""The group of entry points in which an installed package declares measures of redundancy."""


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
    """Return a measure as it is, or the measure with this name: built in, of an installed package, or in a file (`FILE.py:NAME`).

    Raises:
        MeasureError: if there is no such measure.
        PluginError: if a file or a package cannot be loaded.
    """
    if isinstance(measure, RedundancyMeasure):
        return measure
    known = builtin_measures()
    if not isinstance(measure, str):
        raise MeasureError(
            f"`measure` must be a name or an instance of RedundancyMeasure; got {measure!r}. Pass an instance, such as MyMeasure()."
        )
    if measure in known:
        return known[measure]
    found = find(measure, GROUP)
    if found is None:
        names = [*known, *installed(GROUP)]
        raise MeasureError(
            f"`measure` must be one of {', '.join(names)}, FILE.py:NAME, or an instance of RedundancyMeasure; got {measure!r}."
            f"{did_you_mean(measure, names)}"
        )
    if inspect.isclass(found) and issubclass(found, RedundancyMeasure) and not inspect.isabstract(found):
        found = found()
    if not isinstance(found, RedundancyMeasure):
        raise MeasureError(f"{measure} must be a class that derives from RedundancyMeasure, with all its methods; got {found!r}.")
    return found
