"""Standard output and error of any kind: terminals with narrow encodings, and pipes that close early."""

import codecs
import os
import select
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

_ERRORS = "infomorphic.readable"

# What the tables and messages use beyond ASCII, by characters that every encoding has. One for one, so that columns stay aligned.
_PLAIN = {
    "∩": "&", "│": "|", "─": "-", "█": "#", "▒": "%", "≥": ">", "≤": "<", "·": ".", "–": "-", "—": "-", "−": "-", "…": ".", "→": ">", "×": "x",
    "’": "'", "‘": "'", "“": '"', "”": '"', "⪯": "<", "Π": "P", "π": "p", "σ": "s", "γ": "g", "θ": "t", "²": "2", "⁺": "+", "⁻": "-", "•": "*",
    "━": "-", "╸": "-", "╺": "-", "╭": "+", "╮": "+", "╰": "+", "╯": "+",
}  # fmt: skip


def _readable(error: UnicodeError) -> tuple[str, int]:
    """Stand-ins for characters that cannot be written; names in other alphabets become escapes, which lose nothing."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    text = error.object[error.start : error.end]
    return "".join(_PLAIN.get(c) or c.encode("ascii", "backslashreplace").decode() for c in text), error.end


codecs.register_error(_ERRORS, _readable)


@contextmanager
def robust_streams() -> Iterator[None]:
    """Within, no character stops the output; a reader that goes away ends it without a word, with `SystemExit(1)`."""
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
            # Here, where a failure can still be told, and not when Python ends. Rich ends a broken pipe with the rest still in the buffer.
            sys.stdout.flush()
    except BrokenPipeError:
        if not any(_reader_is_gone(stream) for stream in (sys.stdout, sys.stderr)):
            raise  # the pipe of another process
        _discard_output()
        raise SystemExit(1) from None
    except OSError:
        _discard_output()  # what a full disk has not taken: told once
        raise


def _reader_is_gone(stream: TextIO) -> bool:
    if not hasattr(select, "poll"):
        return True
    try:
        poll = select.poll()
        poll.register(stream.fileno(), select.POLLOUT)
        return any(event & (select.POLLERR | select.POLLHUP) for _, event in poll.poll(0))
    except (OSError, ValueError):  # not a file of the system
        return False


def _discard_output() -> None:
    """Send what is still in the buffer to nowhere, if there is any: Python would complain of it when it ends."""
    try:
        sys.stdout.flush()
    except OSError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


@contextmanager
def drawing_into_files() -> Iterator[None]:
    """Within, matplotlib draws into files, whatever backend the environment names: a notebook's may not be installed here."""
    named = os.environ.get("MPLBACKEND")
    os.environ["MPLBACKEND"] = "agg"  # for the processes of workers too
    try:
        yield
    finally:
        if named is None:
            del os.environ["MPLBACKEND"]
        else:
            os.environ["MPLBACKEND"] = named
