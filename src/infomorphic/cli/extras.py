"""What to install when a command needs a package that is not there."""

from collections.abc import Sequence

from infomorphic.extras import PACKAGES, missing

_EXTRAS_OF_COMMANDS = {"report": "networks,reports", "watch": "networks,reports", "study": "studies", "reproduce": "studies"}
"""The extras of commands that need more than `networks`."""


def missing_package(error: ModuleNotFoundError, arguments: Sequence[str]) -> str | None:
    """The sentence about a package that a command needs; None if the error means something else.

    Args:
        error: the failed import.
        arguments: the command line without the program's name.
    """
    package = (error.name or "").partition(".")[0]
    if not any(package in packages for packages in PACKAGES.values()):
        return None
    command = next((word for word in arguments if not word.startswith("-")), "")
    return missing(f"infomorphic {command}".rstrip(), package, extra=_EXTRAS_OF_COMMANDS.get(command))
