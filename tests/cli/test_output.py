"""Results as JSON and as tables."""

import re
from pathlib import Path

import pytest
from rich.table import Table

import infomorphic.cli
from infomorphic.cli.output import bold, console, print_first_that_fits, printable


@pytest.mark.parametrize("text", ["dose [mg]", "rate [/s]", "[bold]x[/bold]", ":smile:", r"\[x]", "$a$"])
def test_text_is_shown_as_it_is(capsys, text):
    out = console()
    out.print(text, bold(text))
    table = Table(title=text, box=None)
    table.add_column(text)
    table.add_row(text)
    out.print(table)
    assert capsys.readouterr().out.count(text) == 5


def test_no_command_writes_markup():
    # A console shows it as text.
    for path in Path(infomorphic.cli.__file__).parent.rglob("*.py"):
        assert not re.search(r"\[/?(bold|dim|italic|red|green|blue|yellow)\]", path.read_text(encoding="utf-8")), path


def test_control_characters_are_escapes():
    assert printable("a\x1b[31m\n\tb é") == "a\\x1b[31m\\n\\tb é"


def test_the_first_table_that_fits(capsys, monkeypatch):
    tables = []
    for width in (100, 50, 60):
        table = Table(box=None)
        table.add_column("x" * width)
        table.add_row("y")
        tables.append(table)
    monkeypatch.setenv("COLUMNS", "80")
    print_first_that_fits(console(), tables)
    assert capsys.readouterr().out.split()[0] == "x" * 50
    print_first_that_fits(console(), tables[:1])
    assert capsys.readouterr().out.split()[0] == "x" * 100
