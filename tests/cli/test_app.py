"""The command line as a whole: help, exit codes, signals, and imports that stay cheap."""

import importlib
import os
import signal
import subprocess
import sys
import time

import pytest
import typer

import infomorphic
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


def test_a_training_starts_without_packages_that_take_seconds_to_import(tmp_path):
    train = (
        f"from infomorphic.cli import main; main(['train', '--epochs', '1', '--hidden', '2', '--json', '--run', {str(tmp_path / 'run')!r}])"
    )
    code = f"import sys; {train}; print([m for m in ('torch._dynamo', 'sympy', 'sklearn', 'pandas', 'scipy.stats') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert done.stdout.splitlines()[-1] == "[]"


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
    assert capsys.readouterr().out == f"infomorphic {infomorphic.__version__}\n"


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


def options_of_one_value():
    root = typer.main.get_command(app)
    for words in COMMANDS:
        command = root
        for word in words:
            command = command.commands[word]
        for p in command.params:
            if p.param_type_name == "option" and not (p.multiple or p.is_flag):
                yield pytest.param([*words, p.opts[0], "1", max(p.opts, key=len), "2"], max(p.opts, key=len), id=" ".join([*words, p.name]))


@pytest.mark.parametrize(("arguments", "flag"), list(options_of_one_value()))
def test_an_option_of_one_value_is_given_once(arguments, flag, capsys):
    assert main(arguments) == 2
    assert f"{flag} must be given once; got it 2 times." in " ".join(capsys.readouterr().err.replace("│", "").split())


def test_spaces_in_a_path_stay_in_messages(tmp_path, capsys):
    path = tmp_path / "two  spaces.csv"
    assert main(["pid", str(path), "-t", "y", "-s", "a"]) == 1
    assert capsys.readouterr().err == f"error: there is no file {path}.\n"


@pytest.mark.parametrize(("stop", "how"), [(signal.SIGINT, "interrupted"), (signal.SIGTERM, "terminated")])
def test_a_command_that_is_stopped_says_so(stop, how, capsys, monkeypatch):
    # The package has a function of the module's name.
    module = importlib.import_module("infomorphic.bench.benchmark")
    monkeypatch.setattr(module, "benchmark", lambda *_, **__: os.kill(os.getpid(), stop) or time.sleep(10))
    assert main(["bench"]) == 128 + stop
    assert capsys.readouterr().err.splitlines()[-1] == f"stopped: {how} before the end; no file is incomplete."


def test_python_dash_m():
    done = subprocess.run([sys.executable, "-m", "infomorphic", "--version"], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_help_lists_commands_in_the_order_of_work_and_flags_without_a_type(capsys):
    assert main(["--help"]) == 0
    out = capsys.readouterr().out
    order = ["pid ", "goals ", "train ", "resume ", "runs ", "evaluate ", "report ", "study ", "reproduce ", "bench "]
    places = [out.index(f"│ {name}") for name in order]
    assert places == sorted(places)
    for arguments in ([], ["train"], ["study", "work"]):
        main([*arguments, "--help"])
        assert "<bool>" not in capsys.readouterr().out


def test_completion_names_commands(tmp_path):
    env = {**os.environ, "_INFOMORPHIC_COMPLETE": "complete_bash", "COMP_WORDS": "infomorphic tr", "COMP_CWORD": "1"}
    code = "import sys; from infomorphic.cli import main; sys.exit(main([]))"
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["train"]


@pytest.mark.parametrize(
    ("given", "found"), [({}, "PASSIVE"), ({"GOMP_SPINCOUNT": "5"}, "None"), ({"OMP_WAIT_POLICY": "ACTIVE"}, "ACTIVE")]
)
def test_idle_threads_sleep_unless_the_user_decides(given, found):
    kept = {k: v for k, v in os.environ.items() if k not in ("OMP_WAIT_POLICY", "GOMP_SPINCOUNT", "KMP_BLOCKTIME")}
    code = "import os; from infomorphic.cli import main; main(['--version']); print(os.environ.get('OMP_WAIT_POLICY'))"
    done = subprocess.run([sys.executable, "-c", code], env=kept | given, capture_output=True, text=True, check=True)
    assert done.stdout.split()[-1] == found
