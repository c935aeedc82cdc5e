"""Hooks of the documentation's build: the page about the command line is generated from the application."""

import re
import subprocess
import sys

PLACE = "<!-- commands -->"
_OVERVIEW = re.compile(r"\*\*Commands\*\*:\n\n(\* .*\n)+\n?")


def commands() -> str:
    """Every command with its options, in Markdown."""
    words = [sys.executable, "-m", "typer", "infomorphic.cli.app", "utils", "docs", "--name", "infomorphic"]
    text = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    text = text.replace("# `infomorphic`\n", "## `infomorphic`\n", 1).replace("```console", "```text")
    # Lists of commands truncate each description; the page has them in full, and a table of contents.
    return _OVERVIEW.sub("", text)


def on_page_markdown(markdown: str, **_: object) -> str:
    """Insert the commands at the placeholder of a page."""
    return markdown.replace(PLACE, commands()) if PLACE in markdown else markdown
