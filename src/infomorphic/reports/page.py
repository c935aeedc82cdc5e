"""Write pages: one self-contained file each, without network access."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from infomorphic.analysis.trained import Trained
from infomorphic.errors import RunError
from infomorphic.files import replace_file
from infomorphic.reports.comparison import comparison_content
from infomorphic.reports.content import run_content
from infomorphic.reports.exhibits import exhibit_content
from infomorphic.reports.neuron_content import neurons_content
from infomorphic.reports.record import RunRecord, read_run
from infomorphic.reports.rendering import asset, plotly, render
from infomorphic.training.rebuild import goals_by_layer

Progress = Callable[[str, int, int], None]
"""Receives the present step, how much of it is done, and of how much; 0 and 0 if that is not counted."""


def write_report(run: Path, out: Path | None = None, data_dir: Path | None = None, on_progress: Progress | None = None) -> Path:
    """Write the report of a run to `out`, or to `report.html` in its directory.

    If a part of the run is missing or damaged, the page says what cannot be shown.

    Args:
        run: a run directory.
        out: the file to write.
        data_dir: where data sets are; see `infomorphic.data.load_dataset`.
        on_progress: called with each phase, and in it how many neurons are done.

    Returns:
        The file.

    Raises:
        RunError: if there is no run directory at `run`, or `out` cannot be a file.
    """
    out = _checked(out or run / "report.html", run)
    report = on_progress or (lambda phase, done, total: None)
    report(f"reading {run}", 0, 0)
    return _write_record(read_run(run, data_dir), out, report)


def write_trained_report(trained: Trained, out: Path, settings: dict[str, Any] | None = None, on_progress: Progress | None = None) -> Path:
    """Write the report of a trained classifier that has no run directory: what its neurons learned, without curves over epochs.

    Args:
        trained: the network, and the samples to analyze it on.
        out: the file to write. Its name without the suffix is the heading of the page.
        settings: what to say about how it was made, as the sections of a configuration; `preset` is its kind.
        on_progress: called with each phase, and in it how many neurons are done.

    Raises:
        RunError: if `out` cannot be a file.
    """
    out = _checked(out)
    record = RunRecord(out.with_suffix(""), settings or {"preset": "classifier"}, {}, {}, [], trained=trained, network=trained.network)
    record.goals = goals_by_layer(trained.network)
    return _write_record(record, out, on_progress or (lambda phase, done, total: None))


def _write_record(record: RunRecord, out: Path, report: Progress) -> Path:
    report("evaluating the network", 0, 0)
    content = run_content(record)
    first, *further = neurons_content(record, report) or [None]
    content["neurons"], content["further_layers"] = first, further
    content["exhibits"] = [exhibit_content(exhibit) for exhibit in record.exhibits]
    report("writing the page", 0, 0)
    names = ("common", "figures", "player", "neuron_cards", "development", "pair", "neuron", "exhibits", "address", "notation", "report")
    return _write(out, "report.html.j2", [f"{name}.js" for name in names], content)


def write_comparison(
    runs: Sequence[Path], out: Path = Path("comparison.html"), data_dir: Path | None = None, on_progress: Progress | None = None
) -> Path:
    """Write a page that compares runs: settings, results, curves, atoms, and counts of neurons.

    Args:
        runs: run directories.
        out: the file to write.
        data_dir: where data sets are; see `infomorphic.data.load_dataset`.
        on_progress: called with each phase, and in it how many neurons are done.

    Raises:
        RunError: if one of them is not a run directory, or `out` cannot be a file.
    """
    return _write(
        _checked(out),
        "comparison.html.j2",
        ("common.js", "figures.js", "comparison.js"),
        comparison_content(runs, data_dir, on_progress or (lambda phase, done, total: None)),
    )


def _checked(out: Path, run: Path | None = None) -> Path:
    """Return `out` if it can be written. Checked first, because measuring takes a while."""
    if out.is_dir():
        raise RunError(f"{out} is a folder; name the file to write, such as {out / 'report.html'}.")
    # A missing run directory is reported later, when the run is read.
    if out.parent != run and not out.parent.is_dir():
        raise RunError(f"there is no folder {out.parent} to write {out.name} to. Create it first.")
    return out


def _write(out: Path, template: str, scripts: Sequence[str], content: dict[str, Any]) -> Path:
    html = render(
        ("infomorphic.reports", "templates", template),
        content,
        style=asset("style.css"),
        scripts=[asset(s) for s in scripts],
        plotly=plotly(),
    )
    replace_file(out, html.encode(), "write the page again; the run is unchanged")
    return out
