"""The application: its commands, and how failures are reported.

A command is a module of `infomorphic.cli.commands`. It holds a function with the module's name, or an application of that name with
subcommands. Only the order in the help is listed here.
"""

import importlib
import os
import pkgutil
import re
import sys
import traceback
import warnings
from typing import Annotated, Any

import typer
import typer.main
from typer.core import TyperCommand, TyperGroup
from typer.rich_utils import rich_format_error

import infomorphic
from infomorphic.cli import commands
from infomorphic.cli.extras import missing_package
from infomorphic.cli.messages import for_people, hint_of_setting
from infomorphic.cli.output import printable
from infomorphic.cli.stopping import Stopped
from infomorphic.cli.streams import drawing_into_files, robust_streams
from infomorphic.errors import InfomorphicError, InfomorphicWarning
from infomorphic.interruption import Terminated, exit_status, interruptible
from infomorphic.quoting import shortened

# A message must not fill the terminal, however long the text that it quotes.
_LONGEST_MESSAGE = 2000

# The base class of all usage errors; typer exports only some of its subclasses.
_UsageError: type[Exception] = typer.BadParameter.__mro__[2]  # pyright: ignore[reportAssignmentType]

_WORKING_ORDER = (
    "pid",
    "pairs",
    "play",
    "goals",
    "presets",
    "train",
    "resume",
    "runs",
    "watch",
    "evaluate",
    "recall",
    "report",
    "export",
    "study",
    "reproduce",
    "bench",
)


def _position(name: str) -> tuple[int, str]:
    """The position of a command in the help: the order of use; unlisted commands come last."""
    return (_WORKING_ORDER.index(name) if name in _WORKING_ORDER else len(_WORKING_ORDER), name)


class _Parameters:
    """What holds for the parameters of every command: flags have no type in help, and an option of one value is given once."""

    def get_params(self, ctx: Any) -> list[Any]:
        params = super().get_params(ctx)  # type: ignore[misc]
        for parameter in params:
            if getattr(parameter, "is_flag", False):
                parameter.metavar = ""
        return params

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        given = self.make_parser(ctx).parse_args(list(args))[2]  # type: ignore[attr-defined]
        for option in given:
            # Of two values, the first would be forgotten without a word.
            if option.param_type_name == "option" and not (option.multiple or option.is_flag) and given.count(option) > 1:
                flag = max(option.opts, key=len)
                raise typer.BadParameter(f"{flag} must be given once; got it {given.count(option)} times. Leave out all but one.", ctx)
        return super().parse_args(ctx, args)  # type: ignore[misc]


class _Command(_Parameters, TyperCommand):
    pass


class _Group(_Parameters, TyperGroup):
    pass


def _stopped(stop: KeyboardInterrupt) -> Stopped:
    how = "terminated" if isinstance(stop, Terminated) else "interrupted"
    return Stopped(f"{how} before the end; no file is incomplete.", exit_status(stop))


class _InWorkingOrder(_Group):
    """Lists commands in the order of use; Typer would list command groups last."""

    def list_commands(self, ctx: Any) -> list[str]:
        return sorted(super().list_commands(ctx), key=_position)

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt as stop:
            # Here, since Typer makes one thing of Ctrl-C and SIGTERM.
            raise _stopped(stop) from stop


app = typer.Typer(
    cls=_InWorkingOrder,
    name="infomorphic",
    help="Train networks whose neurons each pursue a local, information-theoretic goal, and decompose information in data.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(wanted: bool | None) -> None:
    if wanted:
        typer.echo(f"infomorphic {infomorphic.__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool | None, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit.")
    ] = None,
    debug: Annotated[
        bool, typer.Option("--debug", help="Show the traceback of a failure. It may come anywhere on the command line.")
    ] = False,
) -> None:
    """Train networks whose neurons each pursue a local, information-theoretic goal, and decompose information in data."""


for _module in pkgutil.iter_modules(commands.__path__):
    _name = _module.name
    _command = getattr(importlib.import_module(f"{commands.__name__}.{_name}"), _name)
    if isinstance(_command, typer.Typer):
        for _inner in _command.registered_commands:
            _inner.cls = _Command
        app.add_typer(_command, name=_name, cls=_Group)
    else:
        app.command(_name, cls=_Command)(_command)

# Environment variables that set how OpenMP threads wait (GNU, LLVM, Intel).
_WAITING = ("OMP_WAIT_POLICY", "GOMP_SPINCOUNT", "KMP_BLOCKTIME")


def _wait_without_spinning() -> None:
    """Let idle threads sleep, unless the user has decided otherwise: beside other programs, spinning takes several times as long.

    OpenMP reads this once, when torch is imported.
    """
    if "torch" not in sys.modules and not any(name in os.environ for name in _WAITING):
        os.environ["OMP_WAIT_POLICY"] = "PASSIVE"


def main(arguments: list[str] | None = None) -> int:
    """Run the command line and return its exit status: 0 done, 2 a usage error, 130 interrupted, 143 terminated, 1 any other failure."""
    _wait_without_spinning()
    given = arguments = list(sys.argv[1:] if arguments is None else arguments)
    debug = "--debug" in arguments
    arguments = [a for a in arguments if a != "--debug"]

    def say(kind: str, message: str) -> None:
        """One short paragraph on stderr."""
        shown = shortened(for_people(message, arguments, _flags(arguments)), _LONGEST_MESSAGE)
        # Only line breaks are joined: two spaces in a path stay two.
        paragraph = re.sub(r"[^\S\n]*\n\s*", " ", shown.strip())
        print(f"{kind}: {printable(paragraph)}", file=sys.stderr)

    warned: set[str] = set()

    def warn(message: str) -> None:
        """Print each warning once, even if it is raised again."""
        if message not in warned:
            warned.add(message)
            say("warning", message)

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("always", InfomorphicWarning)
            warnings.showwarning = lambda message, *_args, **_kwargs: warn(str(message))
            with interruptible(), robust_streams(), drawing_into_files():
                return app(arguments, prog_name="infomorphic", standalone_mode=False, obj=given) or 0
    except Stopped as stop:
        say("stopped", str(stop))
        return stop.status
    except SystemExit as stop:
        return int(stop.code or 0)
    except (KeyboardInterrupt, typer.Abort) as error:
        stop = _stopped(error if isinstance(error, KeyboardInterrupt) else KeyboardInterrupt())
        say("stopped", str(stop))
        return stop.status
    except _UsageError as error:
        # A usage error quotes what was typed, which may be an address with a password.
        if isinstance(message := getattr(error, "message", None), str):
            error.message = shortened(for_people(message, arguments, {}) + hint_of_setting(error, arguments), _LONGEST_MESSAGE)  # pyright: ignore[reportAttributeAccessIssue]
        rich_format_error(error)  # pyright: ignore[reportArgumentType]
        return 2
    except Exception as error:
        if debug:
            print(for_people(traceback.format_exc(), arguments, {}), end="", file=sys.stderr)
        elif isinstance(error, InfomorphicError | OSError):
            say("error", str(error))
        elif isinstance(error, ModuleNotFoundError) and (problem := missing_package(error, arguments)):
            say("error", problem)
        elif isinstance(error, MemoryError) or "can't allocate memory" in str(error) or "out of memory" in str(error):
            say("error", f"not enough memory: {error}")
        else:
            say("error", f"{type(error).__name__}: {error} (this is a bug; run with --debug for the traceback)")
        return 1


def _flags(arguments: list[str]) -> dict[str, str]:
    """Map the parameter names of the command that these arguments call to their flags."""
    command: Any = typer.main.get_command(app)
    for word in arguments:
        if (inner := getattr(command, "commands", {}).get(word)) is not None:
            command = inner
    options = [p for p in command.params if p.param_type_name == "option"]
    return {str(p.name).rstrip("_"): max(p.opts, key=len) for p in options}
