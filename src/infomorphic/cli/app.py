"""The application: its commands, and how any failure is told.

A command is a module of `infomorphic.cli.commands` with a function of the module's name, or with an application of that name that has
commands of its own; no list has to be kept.
"""

import importlib
import pkgutil
import sys
import traceback
import warnings
from typing import Annotated

import typer

import infomorphic
from infomorphic.cli import commands
from infomorphic.errors import InfomorphicError, InfomorphicWarning

app = typer.Typer(
    name="infomorphic",
    help="Networks whose neurons each pursue their own local, information-theoretic goal.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"infomorphic {infomorphic.__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit.")] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of a failure. May stand anywhere on the line.")] = False,
) -> None:
    """Networks whose neurons each pursue their own local, information-theoretic goal."""


for _module in sorted(pkgutil.iter_modules(commands.__path__), key=lambda m: m.name):
    _name = _module.name
    _command = getattr(importlib.import_module(f"{commands.__name__}.{_name}"), _name)
    if isinstance(_command, typer.Typer):
        app.add_typer(_command, name=_name)
    else:
        app.command(_name)(_command)


def main(arguments: list[str] | None = None) -> int:
    """Run the command line and return its exit status: 0 done, 2 a usage error, 1 any other failure."""
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    debug = "--debug" in arguments
    arguments = [a for a in arguments if a != "--debug"]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("always", InfomorphicWarning)
            warnings.showwarning = lambda message, *_args, **_kwargs: _say("warning", str(message))
            app(arguments, prog_name="infomorphic")
    except SystemExit as stop:
        return int(stop.code or 0)
    except KeyboardInterrupt:
        _say("error", "interrupted.")
        return 1
    except Exception as error:
        if debug:
            traceback.print_exc()
        elif isinstance(error, InfomorphicError | OSError):
            _say("error", str(error))
        elif isinstance(error, MemoryError) or "can't allocate memory" in str(error) or "out of memory" in str(error):
            _say("error", f"there is not enough memory for this: {error}")
        else:
            _say("error", f"{type(error).__name__}: {error} (this is a bug; run with --debug for the traceback)")
        return 1
    return 0


def _say(kind: str, message: str) -> None:
    """One short paragraph on stderr."""
    print(f"{kind}: {' '.join(message.split())}", file=sys.stderr)
