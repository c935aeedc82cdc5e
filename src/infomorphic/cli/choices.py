"""Choices that commands about tables share: names, bins and the measure."""

from __future__ import annotations

from typing import Any

from infomorphic.errors import TableError, did_you_mean


def measure_name(name: str, *, pointwise: bool = False, compare: bool = True) -> str:
    """The name of a measure, checked; `compare` accepts "all" too.

    Raises:
        TableError: if there is no such measure, or if `pointwise` and the measure is not defined for single outcomes.
    """
    from infomorphic import plugins
    from infomorphic.pid import PointwiseMeasure, builtin_measures
    from infomorphic.pid.measures import GROUP, resolve_measure

    if name == "all" and compare:
        return name
    known = builtin_measures()
    if name not in known and not plugins.is_reference(name) and name not in (installed := plugins.installed(GROUP)):
        names = [*known, *installed, *(["all"] if compare else [])]
        raise TableError(f"--measure must be one of {', '.join(names)}, or FILE.py:NAME; got {name!r}.{did_you_mean(name, names)}")
    if pointwise and not isinstance(resolve_measure(name), PointwiseMeasure):
        having = " or ".join(n for n, m in known.items() if isinstance(m, PointwiseMeasure))
        raise TableError(f"--pointwise needs a measure that is defined for single outcomes; {name} is not. Use --measure {having}.")
    return name


def single_name(text: str) -> str:
    """A name with quotation marks as in CSV, or without."""
    from infomorphic.estimation import parse_names

    names = parse_names([text])
    return names[0] if len(names) == 1 else text


def bins_of(choices: list[str]) -> dict[str, Any]:
    """The default and the choices per column, in the form that `decompose_table` takes."""
    from infomorphic.estimation import parse_bins

    chosen: dict[str, Any] = {}
    for choice in choices:
        column, _, text = choice.rpartition("=")
        name = single_name(column) if column else "*"
        if name in chosen:
            which = f"column {column!r}" if column else "all columns"
            raise TableError(f"--bins may be given once for {which}; got {choice} too. Use --bins COLUMN=… for single columns.")
        chosen[name] = parse_bins(text)
    return chosen
