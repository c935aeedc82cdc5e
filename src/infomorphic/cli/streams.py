"""Standard output and error of any kind: terminals with narrow encodings, and pipes that close early."""

import codecs
import os
import select
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

_ERRORS = "infomorphic.readable"

# ASCII replacements for the other characters in tables and messages. Each is one character, so that columns stay aligned.
_PLAIN = {
    "∩": "&", "│": "|", "─": "-", "█": "#", "▒": "%", "≥": ">", "≤": "<", "·": ".", "–": "-", "—": "-", "−": "-", "…": ".", "→": ">", "×": "x",
    "’": "'", "‘": "'", "“": '"', "”": '"', "⪯": "<", "Π": "P", "π": "p", "σ": "s", "γ": "g", "θ": "t", "²": "2", "⁺": "+", "⁻": "-", "•": "*",
    "━": "-", "╸": "-", "╺": "-", "╭": "+", "╮": "+", "╰": "+", "╯": "+",
}  # fmt: skip


def _readable(error: UnicodeError) -> tuple[str, int]:
    """Replacements for characters that cannot be encoded; names in other alphabets become escapes, which lose nothing."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    text = error.object[error.start : error.end]
    return "".join(_PLAIN.get(c) or c.encode("ascii", "backslashreplace").decode() for c in text), error.end


codecs.register_error(_ERRORS, _readable)


@contextmanager
def robust_streams() -> Iterator[None]:
    """Context in which every character can be printed; if the reader of a pipe closes it, exit silently with `SystemExit(1)`."""
    absent = [name for name in ("stdout", "stderr") if getattr(sys, name) is None]
    for name in absent:  # closed by whoever started this process
        setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115 - open as long as the process
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # not in some notebooks and test runners
            stream.reconfigure(errors=_ERRORS)
    try:
        try:
            yield
        finally:
            # Flush here, where a failure can still be reported, not at Python's exit. On a broken pipe rich leaves the rest in the buffer.
            sys.stdout.flush()
    except BrokenPipeError:
        if not any(_reader_is_gone(stream) for stream in (sys.stdout, sys.stderr)):
            raise  # the pipe of another process
        _discard_output()
        raise SystemExit(1) from None
    except OSError:
        _discard_output()  # the rest that did not fit on a full disk: report it once
        raise


def _reader_is_gone(stream: TextIO) -> bool:
    if not hasattr(select, "poll"):
        return True
    try:
        poll = select.poll()
        poll.register(stream.fileno(), select.POLLOUT)
        return any(event & (select.POLLERR | select.POLLHUP) for _, event in poll.poll(0))
    except (OSError, ValueError):  # not a file descriptor of the system
        return False


def _discard_output() -> None:
    """Discard what is still in the buffer; Python would report an error about it at exit."""
    try:
        sys.stdout.flush()
    except OSError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


@contextmanager
def drawing_into_files() -> Iterator[None]:
    """Context in which matplotlib draws into files, whatever backend the environment sets: a notebook's may not be installed here."""
    named = os.environ.get("MPLBACKEND")
    os.environ["MPLBACKEND"] = "agg"  # for the processes of workers too
    try:
        yield
    finally:
        if named is None:
            del os.environ["MPLBACKEND"]
        else:
            os.environ["MPLBACKEND"] = named
