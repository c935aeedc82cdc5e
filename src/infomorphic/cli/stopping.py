"""Ctrl-C and SIGTERM during training: report what was saved and the command that continues."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from infomorphic.errors import ProcessLostError
from infomorphic.interruption import exit_status


class Stopped(Exception):  # noqa: N818  (not an error)
    """A command was asked to stop.

    Args:
        message: what was saved.
        status: the exit status: 128 plus the number of the signal.
    """

    def __init__(self, message: str, status: int):
        super().__init__(message)
        self.status = status


@contextmanager
def stoppable(directory: Path) -> Iterator[None]:
    """Turn Ctrl-C and SIGTERM into `Stopped`, whose message states the progress of the run in `directory`; so does that of a lost process."""
    try:
        yield
    except KeyboardInterrupt as stop:
        raise Stopped(reached(directory), exit_status(stop)) from stop
    except ProcessLostError as error:
        raise ProcessLostError(f"{str(error).removesuffix('.')}; {reached(directory)}") from error


def reached(directory: Path) -> str:
    """How far the run in `directory` is, and how to continue it."""
    from infomorphic.errors import InfomorphicError
    from infomorphic.training import Run

    run = Run(directory)
    if not (directory / "config.yaml").is_file():
        return "nothing was trained or written yet."
    try:
        reached = run.load_checkpoint().epoch if run.has_begun else 0
        return f"epoch {reached} of {run.config.training.epochs} is saved. Continue with: {run.resume_command}"
    except InfomorphicError:
        return f"continue with: {run.resume_command}"
