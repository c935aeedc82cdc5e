"""What the command line makes of the library's messages."""

import pytest

from infomorphic.cli import main
from infomorphic.cli.messages import for_people, with_flags

SECRET = "hunter22secret"


def test_parameters_become_flags_of_the_command():
    flags = {"trials": "--trials", "any_code": "--any-code"}
    assert with_flags("`trials` is for searches; pass `any_code=True`.", flags) == "--trials is for searches; pass --any-code."
    assert with_flags("`trials=3`, `bins`", flags) == "--trials 3, `bins`"


@pytest.mark.parametrize("words", [["--storage", "{}"], ["--storage={}"]])
def test_no_part_of_a_password_is_left(words):
    address = f"postgresql://ada:{SECRET}@left@host/db"
    shown = for_people(f"no host '{SECRET}@left', see {address}", [w.format(address) for w in words], {})
    assert SECRET not in shown
    assert "left" not in shown


def test_a_password_that_comes_from_the_environment(monkeypatch):
    monkeypatch.setenv("INFOMORPHIC_STORAGE", f"postgresql://ada:{SECRET}@host/db")
    assert for_people(f"invalid: {SECRET}", [], {}) == "invalid: ***"


@pytest.mark.parametrize(
    "arguments",
    [
        ["study", "status", "s", "postgresql://ada:{}@host/db"],
        ["study", "status", "--storag=postgresql://ada:{}@host/db", "s"],
        ["study", "status", "--storage", "postgresql://ada:{}@host:port/db", "s"],
        ["study", "status", "--storage", "postgresql://ada:{}@host:port/db", "s", "--debug"],
        ["study", "status", "--storage", "ada:{}@host/db", "s", "--debug"],
        ["study", "status", "--storage", "grpc://ada:{}@host:13000", "s"],
        ["postgresql://ada:{}@host/db"],
        ["train", "bars", "--track", "mlflow2:https://ada:{}@host"],
        ["train", "bars", "--set", "postgresql://ada:{}@host/db"],
    ],
)
def test_no_error_shows_a_password(arguments, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main([a.format(SECRET) for a in arguments]) != 0
    captured = capsys.readouterr()
    assert SECRET not in captured.out + captured.err
    assert captured.err
