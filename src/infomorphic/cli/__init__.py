"""The command line: every command parses its arguments, makes one call into the library, and prints."""

from infomorphic.cli.app import main

__all__ = ["main"]
