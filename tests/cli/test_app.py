import subprocess
import sys

import pytest

from infomorphic.cli import main
from infomorphic.cli.app import app

HEAVY = ("torch", "numba", "pandas", "matplotlib", "sklearn", "scipy", "pyarrow", "numpy")


def modules_after(statement):
    code = f"import sys; {statement}; print(' '.join(m for m in {HEAVY} if m in sys.modules))"
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()


def test_importing_the_package_does_no_work():
    assert modules_after("import infomorphic") == []
    assert modules_after("import infomorphic.cli") == []


def test_pid_does_not_need_torch():
    assert not {"torch", "numba", "pandas", "matplotlib"} & set(modules_after("import infomorphic.pid"))


def test_exports_are_lazy_and_named():
    import infomorphic
    import infomorphic.layers

    assert infomorphic.InfomorphicLayer is infomorphic.layers.InfomorphicLayer
    assert infomorphic.decompose is __import__("infomorphic.pid", fromlist=["decompose"]).decompose
    assert set(infomorphic.__all__) <= set(dir(infomorphic))
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        infomorphic.nonsense  # noqa: B018


COMMANDS = [[c.name] for c in app.registered_commands]
COMMANDS += [[g.name, c.name or c.callback.__name__] for g in app.registered_groups for c in g.typer_instance.registered_commands]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_has_help_with_an_example(command, capsys):
    assert main([*command, "--help"]) == 0
    assert "Example" in capsys.readouterr().out


def test_version(capsys):
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("infomorphic 0.")


def test_usage_errors_exit_with_2(capsys):
    assert main(["pid"]) == 2
    assert main(["nonsense"]) == 2
    assert main(["pid", "--nonsense"]) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_failures_are_one_line_and_exit_with_1(capsys):
    assert main(["pid", "nothing.csv", "--target", "y", "--sources", "a"]) == 1
    assert capsys.readouterr().err == "error: there is no file nothing.csv.\n"


def test_debug_shows_the_traceback(capsys):
    assert main(["pid", "nothing.csv", "--target", "y", "--sources", "a", "--debug"]) == 1
    assert "Traceback" in capsys.readouterr().err


def test_python_dash_m():
    done = subprocess.run([sys.executable, "-m", "infomorphic", "--version"], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
