"""Compare our medians with published ones, and state where they agree."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from infomorphic import plugins
from infomorphic.studies.published import SOURCES, published
from infomorphic.studies.published_networks import CURVES, has_hidden_neurons, is_bivariate

if TYPE_CHECKING:
    import pandas as pd

    from infomorphic.plots.ranges import Ranges
    from infomorphic.studies.engine.report import Report


def compare_sizes(models: Sequence[str], dataset: str, trials: "pd.DataFrame", report: "Report") -> None:
    """Median and range of train and test error over size, with the published curves if there are any."""
    from infomorphic.plots.figures import new_figure
    from infomorphic.plots.ranges import plot_ranges

    summary = errors_by_size(trials)
    report.keep("error-by-size", summary)
    theirs = published("error_by_size") if dataset == "mnist" else None
    # A legend of eleven networks would hide the curves, so bivariate and trivariate networks are separate, as published.
    bivariate = [m for m in models if is_bivariate(plugins.parted(m)[0])]
    groups = [group for group in ([m for m in models if m not in bivariate], bivariate) if group]
    figure, axes = new_figure(2, len(groups), width=6.6, height=5.0)
    for row, group in enumerate(groups):
        for column, split in enumerate(("test", "train")):
            ours = {m: _ranges_of(summary, m, split, "size") for m in group}
            curves = {}
            if theirs is not None:
                curves = {m: _ranges_of(theirs, CURVES[m], split, "hidden_neurons") for m in group if m in CURVES}
            plot_ranges(
                {m: r for m, r in ours.items() if len(r.place)},
                axes[2 * row + column],
                published={m: r for m, r in curves.items() if len(r.place)},
                x_label="hidden neurons",
                y_label=f"{split} error",
                log_x=True,
                log_y=True,
                legend=column == 0,
            )
    report.show("error-by-size", figure)
    alone = [model for model in models if not has_hidden_neurons(plugins.parted(model)[0])]
    drawn = f" {', '.join(alone)}: without hidden neurons, drawn at 1." if alone else ""
    report.say(f"Lines and bands: median and range over seeds of the error with one sampled output.{drawn}")
    if theirs is None:
        report.say(f"The publication reports no such curves for {dataset}.")
    else:
        report.say(f"Dashed: {SOURCES['error_by_size']}.")
        _say_agreement(summary, theirs, report)


def errors_by_size(trials: "pd.DataFrame") -> "pd.DataFrame":
    """Median, smallest and largest error over seeds for each network, size and split."""
    import pandas as pd

    parts = []
    for split in ("test", "train"):
        errors = trials[["model", "size"]].assign(split=split, error=1 - trials[f"{split}_accuracy"])
        parts.append(errors)
    grouped = pd.concat(parts).groupby(["model", "size", "split"], sort=False)["error"]
    summary = grouped.agg(median_error="median", min_error="min", max_error="max", runs="count").reset_index()
    return summary.sort_values(["model", "split", "size"], ignore_index=True)


def _ranges_of(table: "pd.DataFrame", model: str, split: str, place: str) -> "Ranges":
    """The values to draw for one curve. A size of zero does not exist on a logarithmic axis and is drawn at one."""
    from infomorphic.plots.ranges import Ranges

    rows = table.query("model == @model and split == @split").sort_values(place)
    complete = bool(rows["min_error"].notna().all())
    low, high = (rows["min_error"].tolist(), rows["max_error"].tolist()) if complete else ([], [])
    return Ranges(rows[place].clip(lower=1).tolist(), rows["median_error"].tolist(), low, high)


def _say_agreement(ours: "pd.DataFrame", theirs: "pd.DataFrame", report: "Report") -> None:
    """A table of the test errors side by side, and how many of our medians lie within the published range."""
    rows, within, compared = [], 0, 0
    for model, curve in CURVES.items():
        for _, mine in ours[(ours["model"] == model) & (ours["split"] == "test")].iterrows():
            there = theirs[(theirs["model"] == curve) & (theirs["split"] == "test") & (theirs["hidden_neurons"] == mine["size"])]
            if there.empty:
                continue
            other = there.iloc[0]
            difference = 100 * (mine["median_error"] - other["median_error"])
            if other["min_error"] == other["min_error"]:
                compared += 1
                inside = other["min_error"] <= mine["median_error"] <= other["max_error"]
                within += inside
                verdict = "agrees" if inside else ("our error is smaller" if difference < 0 else "our error is larger")
                span = f"{100 * other['min_error']:.2f}–{100 * other['max_error']:.2f}"
            else:
                verdict, span = "no published range", "–"
            rows.append(
                (
                    model,
                    mine["size"],
                    mine["runs"],
                    f"{100 * mine['median_error']:.2f}",
                    f"{100 * other['median_error']:.2f}",
                    span,
                    f"{difference:+.2f}",
                    verdict,
                )
            )
    if not rows:
        report.say("The publication contains none of these networks and sizes.")
        return
    report.say(f"**{within} of {compared} medians of the test error lie within the published range.** In percent:")
    report.list_table(("network", "neurons", "runs", "ours", "published", "range", "difference", ""), rows)
