"""The options of a command about how sure a result is, and what they ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from infomorphic.errors import TableError

if TYPE_CHECKING:
    from infomorphic.statistics import Assessment


def asked_statistics(
    test: int,
    null: str | None,
    adjust: bool,
    interval: int,
    over: str | None,
    method: str | None,
    correct: str,
    seed: int,
    probability: str | None,
) -> dict[str, Any]:
    """The statistics that were asked for, as options of `assess_table`; none if there are none.

    Raises:
        TableError: if options contradict each other.
    """
    without_test = "--null" if null is not None else "--holm" if adjust else None
    if without_test and not test:
        raise TableError(f"{without_test} needs a test. Add --test 1000.")
    without_interval = "--over" if over is not None else "--interval-method" if method is not None else None
    if without_interval and not interval:
        raise TableError(f"{without_interval} needs intervals. Add --interval 1000.")
    if not (test or interval or correct != "none"):
        return {}
    if probability is not None:
        raise TableError(
            "with --probability, rows are outcomes and not observations: there is nothing to test. Leave out --test, --interval and --correct."
        )
    return {
        "test": test,
        "null": null or "target",
        "adjust": adjust,
        "interval": interval,
        "over": over or "rows",
        "method": method or "bias-corrected",
        "correct": correct,
        "seed": seed,
    }


def assessed_by_measure(
    table: Any, target: str, sources: list[str], bins: Any, weights: str | None, missing: bool, asked: dict[str, Any], measures: list[str]
) -> dict[str, Assessment]:
    """What was asked for, by each measure."""
    if not asked:
        return {}
    from infomorphic.cli.progress import phase_bar
    from infomorphic.statistics import assess_table

    total = asked["test"] + asked["interval"]
    assessed = {}
    with phase_bar() as report:
        for measure in measures:
            done = 0

            def count(more: int, measure: str = measure) -> None:
                nonlocal done
                done += more
                report(f"resampling ({measure})", done, total)

            found = assess_table(
                table,
                target,
                sources,
                bins=bins,
                measure=measure,
                weights=weights,
                missing="drop" if missing else "error",
                **asked,
                progress=count,
            )
            assessed[found.decomposition.measure.name] = found
    return assessed
