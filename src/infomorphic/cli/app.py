"""The application: its commands, and how any failure is told.

A command is a module of `infomorphic.cli.commands` with a function of the module's name, or with an application of that name that has
commands of its own; no list has to be kept.
"""

import importlib
import pkgutil
import sys
import traceback
import warnings
from typing import Annotated, Any

import typer
import typer.main
from typer.rich_utils import rich_format_error

import infomorphic
from infomorphic.cli import commands
from infomorphic.cli.messages import for_people
from infomorphic.cli.output import printable
from infomorphic.cli.stopping import Stopped
from infomorphic.cli.streams import drawing_into_files, robust_streams
from infomorphic.errors import InfomorphicError, InfomorphicWarning

# The base of all that is wrong with what was typed; typer names only some of its members.
_UsageError: type[Exception] = typer.BadParameter.__mro__[2]  # pyright: ignore[reportAssignmentType]

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


_INTERRUPTED = 130


def main(arguments: list[str] | None = None) -> int:
    """Run the command line and return its exit status: 0 done, 2 a usage error, 130 interrupted, 143 terminated, 1 any other failure."""
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    debug = "--debug" in arguments
    arguments = [a for a in arguments if a != "--debug"]

    def say(kind: str, message: str) -> None:
        """One short paragraph on stderr."""
        print(f"{kind}: {printable(' '.join(for_people(message, arguments, _flags(arguments)).split()))}", file=sys.stderr)

    warned: set[str] = set()

    def warn(message: str) -> None:
        """Each warning once, however often its cause is met."""
        if message not in warned:
            warned.add(message)
            say("warning", message)

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("always", InfomorphicWarning)
            warnings.showwarning = lambda message, *_args, **_kwargs: warn(str(message))
            with robust_streams(), drawing_into_files():
                status = app(arguments, prog_name="infomorphic", standalone_mode=False) or 0
        if status == _INTERRUPTED:  # what typer makes of Ctrl-C
            say("stopped", "interrupted before the end; no file was left half written.")
        return status
    except Stopped as stop:
        say("stopped", str(stop))
        return stop.status
    except SystemExit as stop:
        return int(stop.code or 0)
    except (KeyboardInterrupt, typer.Abort):
        say("stopped", "interrupted before the end; no file was left half written.")
        return _INTERRUPTED
    except _UsageError as error:
        # A usage error quotes what was typed, which may be an address.
        if isinstance(message := getattr(error, "message", None), str):
            error.message = for_people(message, arguments, {})  # pyright: ignore[reportAttributeAccessIssue]
        rich_format_error(error)  # pyright: ignore[reportArgumentType]
        return 2
    except Exception as error:
        if debug:
            print(for_people(traceback.format_exc(), arguments, {}), end="", file=sys.stderr)
        elif isinstance(error, InfomorphicError | OSError):
            say("error", str(error))
        elif isinstance(error, MemoryError) or "can't allocate memory" in str(error) or "out of memory" in str(error):
            say("error", f"there is not enough memory for this: {error}")
        else:
            say("error", f"{type(error).__name__}: {error} (this is a bug; run with --debug for the traceback)")
        return 1


def _flags(arguments: list[str]) -> dict[str, str]:
    """The flag of each parameter of the command that these arguments call, by name."""
    command: Any = typer.main.get_command(app)
    for word in arguments:
        if (inner := getattr(command, "commands", {}).get(word)) is not None:
            command = inner
    options = [p for p in command.params if p.param_type_name == "option"]
    return {str(p.name).rstrip("_"): max(p.opts, key=len) for p in options}
