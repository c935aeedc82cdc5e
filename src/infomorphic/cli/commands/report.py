"""`infomorphic report`: one page that shows what each neuron learned."""

from pathlib import Path
from typing import Annotated

import typer

from infomorphic.cli.options import DataDir, Threads


def report(
    runs: Annotated[list[Path], typer.Argument(metavar="RUN", help="The run directory; several with --compare.")],
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", "-o", help="The file to write; default: report.html in the run directory, or comparison.html with --compare."
        ),
    ] = None,
    compare: Annotated[bool, typer.Option("--compare", help="Compare several runs on one page.")] = False,
    open_: Annotated[bool, typer.Option("--open", help="Open the page in the browser.")] = False,
    gif: Annotated[
        Path | None,
        typer.Option(
            "--gif", metavar="FILE.gif", help="Instead of a page, write the receptive fields over the epochs as an animation for slides."
        ),
    ] = None,
    neuron: Annotated[
        int | None, typer.Option("--neuron", min=0, help="With --gif: one neuron with its field, responses and atoms.")
    ] = None,
    data_dir: DataDir = None,
    threads: Threads = None,
) -> None:
    """Write one self-contained HTML page about a run: results, goal, information, and what every neuron learned and contributes.

    Example: `infomorphic report runs/setup-1-digits-100-seed0 --open`, or `--gif neuron.gif --neuron 17` for slides
    """
    if gif is not None or neuron is not None:
        _animate(runs, gif, neuron, {"--out": out is not None, "--compare": compare, "--open": open_})
        return
    from infomorphic.cli.progress import phase_bar
    from infomorphic.cli.training import announce_first_compilation, default_threads, neurons_of_runs, set_threads
    from infomorphic.reports import write_comparison, write_report

    if len(runs) > 1 and not compare:
        raise typer.BadParameter("a report shows one run; add --compare to compare several.", param_hint="RUN")
    set_threads(threads or default_threads(neurons_of_runs(runs)))
    announce_first_compilation()
    with phase_bar() as progress:
        if compare:
            path = write_comparison(runs, out or Path("comparison.html"), data_dir, progress)
        else:
            path = write_report(runs[0], out, data_dir, progress)
    typer.echo(str(path))
    if open_:
        import webbrowser

        webbrowser.open(path.resolve().as_uri())


def _animate(runs: list[Path], gif: Path | None, neuron: int | None, given: dict[str, bool]) -> None:
    """Write the animation of a run, without a page."""
    if gif is None:
        raise typer.BadParameter("one neuron is shown by an animation; add --gif FILE.gif.", param_hint="--neuron")
    if unused := [flag for flag, is_given in given.items() if is_given]:
        raise typer.BadParameter(f"an animation is written without a page; leave out {unused[0]}.", param_hint="--gif")
    if len(runs) > 1:
        raise typer.BadParameter("an animation shows one run.", param_hint="RUN")
    from infomorphic.cli.progress import phase_bar
    from infomorphic.reports import write_fields_gif

    with phase_bar() as progress:
        path = write_fields_gif(runs[0], gif, neuron, progress)
    typer.echo(str(path))
