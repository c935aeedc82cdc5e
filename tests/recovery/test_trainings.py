"""What a resume makes of files that a kill, a full disk or a slip of the hand has left."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time

import pytest
import torch

from infomorphic.errors import FileWriteError, InfomorphicWarning, RunError
from infomorphic.training import Run, TrainConfig, fit, resume
from infomorphic.training.lock import locked

CONFIG = TrainConfig.make({"preset": "context"}, ["network.hidden=3", "training.epochs=3", "training.batch_size=256"])


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    path = tmp_path_factory.mktemp("runs") / "whole"
    fit(CONFIG, path)
    fit(CONFIG.with_training(epochs=5), path.with_name("longer"))
    return path


@pytest.fixture
def run(finished, tmp_path):
    shutil.copytree(finished, tmp_path / "r")
    return Run.open(tmp_path / "r")


def rows_of(path):
    """The rows of metrics.csv without the seconds, which are last."""
    return [line.rsplit(",", 1)[0] for line in (path / "metrics.csv").read_text().splitlines()]


def tensors_of(path):
    return Run(path).load_checkpoint().tensors


def same_bits(path, other):
    a, b = tensors_of(path), tensors_of(other)
    return a.keys() == b.keys() and all(torch.equal(a[name], b[name]) for name in a) and rows_of(path) == rows_of(other)


@pytest.mark.parametrize("left", ["", "epoch\n1\n", None])
@pytest.mark.parametrize("epochs", [None, 5])
def test_the_metrics_are_always_those_of_the_checkpoint(run, finished, left, epochs):
    if left is None:
        (run.path / "metrics.csv").unlink()
    else:
        (run.path / "metrics.csv").write_text(left)
    resume(run, epochs)
    assert same_bits(run.path, finished if epochs is None else finished.with_name("longer"))


def test_a_run_that_was_killed_before_its_first_checkpoint_is_started(run, finished):
    for name in ("checkpoint.safetensors", "metrics.csv", "summary.json", "neurons.safetensors", "environment.json"):
        (run.path / name).unlink()
    (run.path / ".environment.json.0123.partial").touch()
    resume(Run.open(run.path))
    assert same_bits(run.path, finished)
    assert {p.name for p in run.path.iterdir()} == {p.name for p in finished.iterdir()}
    assert (run.path / "neurons.safetensors").read_bytes() == (finished / "neurons.safetensors").read_bytes()


def test_a_run_without_its_checkpoint_is_not_trained_over(run):
    (run.path / "checkpoint.safetensors").unlink()
    before = (run.path / "metrics.csv").read_bytes()
    with pytest.raises(RunError, match="has no checkpoint: the file was removed"):
        resume(run)
    assert (run.path / "metrics.csv").read_bytes() == before


def renamed(content):
    return content.replace(b"hidden.{F}{C}", b"hidden.{F}(C}")


@pytest.mark.parametrize("damage", [renamed, lambda c: b"", lambda c: c[:-7], lambda c: c[:-1] + bytes([c[-1] ^ 1]), lambda c: b"x" * 99])
def test_a_damaged_history_does_not_stop_a_training(run, finished, damage):
    path = run.path / "neurons.safetensors"
    path.write_bytes(damage(path.read_bytes()))
    with pytest.warns(
        InfomorphicWarning, match=r"neurons\.safetensors is damaged and cannot be read .* continues with a new history"
    ) as told:
        resume(run, 5)
    assert len(told) == 1
    assert same_bits(run.path, finished.with_name("longer"))
    assert run.load_history().epochs == (4, 5)


def test_a_history_of_other_neurons_begins_anew(run, finished):
    history = run.load_history()
    run.save_history(type(history)(history.epochs, {k: v[:, :1] for k, v in history.values.items()}))
    with pytest.warns(InfomorphicWarning, match="belongs to other neurons; a new history begins"):
        resume(run, 5)
    assert same_bits(run.path, finished.with_name("longer"))


@pytest.mark.parametrize("name", ["environment.json", "summary.json"])
@pytest.mark.parametrize("content", ["", "{", "[1]", '{"format": "two", "epochs": [], "threads": "many", "seconds": "few"}'])
def test_damaged_records_beside_a_run_do_not_stop_a_training(run, finished, name, content):
    (run.path / name).write_text(content)
    if content == '{"format": "two", "epochs": [], "threads": "many", "seconds": "few"}' and name == "summary.json":
        resume(Run.open(run.path))
    else:
        with pytest.warns(InfomorphicWarning, match=f"{name} is damaged"):
            resume(Run.open(run.path))
    assert same_bits(run.path, finished)
    assert json.loads((run.path / "summary.json").read_text())["epochs"] == 3


def test_a_finished_run_keeps_what_it_cost(run):
    before = {p.name: p.read_bytes() for p in run.path.iterdir()}
    cost = json.loads(before["summary.json"])
    (run.path / "summary.json").write_text(json.dumps({**cost, "seconds": 1234.5, "peak_memory_mib": 77.0}))
    summary = resume(run)
    assert (summary.seconds, summary.peak_memory_mib) == (1234.5, 77.0)
    assert json.loads((run.path / "summary.json").read_text()) == {**cost, "seconds": 1234.5, "peak_memory_mib": 77.0, "run": str(run.path)}
    del before["summary.json"]
    assert {p.name: p.read_bytes() for p in run.path.iterdir() if p.name != "summary.json"} == before


def test_a_run_that_is_extended_and_killed_is_not_finished(run):
    def kill(progress):
        if progress.epoch == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        resume(run, 5, on_progress=kill)
    assert run.summary == {}
    assert run.load_checkpoint().epoch == 4
    assert resume(run).epochs == 5


def test_partial_files_of_the_run_are_removed_and_no_others(run):
    for name in (".checkpoint.safetensors.partial", ".metrics.csv.0123456789ab.partial", ".report.html.0123456789ab.partial"):
        (run.path / name).touch()
    resume(run)
    assert [p.name for p in run.path.glob(".*")] == [".report.html.0123456789ab.partial"]


def test_a_second_process_is_refused_and_the_first_goes_on(run):
    with locked(run.path):
        before = {p.name: p.read_bytes() for p in run.path.iterdir()}
        with pytest.raises(RunError, match=r"another process is training .*; wait until it has ended, or stop it\. A report can be made"):
            resume(run, 5)
        assert {p.name: p.read_bytes() for p in run.path.iterdir()} == before
    assert not (run.path / ".lock").exists()
    resume(run, 4)


def test_a_lock_ends_with_its_process(run):
    code = (
        "import sys, time; from pathlib import Path; from infomorphic.training.lock import locked\n"
        "with locked(Path(sys.argv[1])):\n"
        "    print('held', flush=True); time.sleep(600)\n"
    )
    process = subprocess.Popen([sys.executable, "-c", code, str(run.path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    with pytest.raises(RunError, match="another process"):
        resume(run)
    process.kill()
    process.wait()
    process.stdout.close()
    assert resume(run).epochs == 3


def test_two_commands_at_once(finished, tmp_path):
    path = tmp_path / "r"
    shutil.copytree(finished, path)
    command = [sys.executable, "-m", "infomorphic", "resume", str(path), "--epochs", "40", "--json"]
    jobs = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    told = [job.communicate() for job in jobs]
    # The second may begin once the first has ended; then it finds nothing left to do.
    for job, (out, err) in zip(jobs, told, strict=True):
        assert (job.returncode == 0 and json.loads(out)["epochs"] == 40) or "another process is training" in err
    assert 0 in [job.returncode for job in jobs]
    assert "Errno" not in told[0][1] + told[1][1]
    assert Run.open(path).load_checkpoint().epoch == 40


def test_a_file_system_without_locks_is_a_warning(run, monkeypatch):
    def unsupported(descriptor, operation):
        raise OSError(37, "No locks available")

    monkeypatch.setattr("fcntl.flock", unsupported)
    with pytest.warns(InfomorphicWarning, match=r"the file system of .* has no locks \(No locks available\); make sure"):
        assert resume(run).epochs == 3


def test_a_run_of_the_former_format_is_resumed_to_the_same_bits(run, finished):
    from safetensors.torch import save

    from infomorphic.training.checksum import checksum

    whole = run.load_checkpoint()
    header = {"format": "1", "epoch": "3", "metrics": json.dumps(whole.metrics), "checksum": str(checksum(whole.tensors, {}))}
    (run.path / "checkpoint.safetensors").write_bytes(save(whole.tensors, header))
    resume(Run.open(run.path), 5)
    assert same_bits(run.path, finished.with_name("longer"))
    assert run.load_checkpoint().config is not None


@pytest.mark.parametrize("lost", ["optimizer.", "optimizer.0.exp_avg", "optimizer.1.step"])
def test_a_lost_state_of_the_optimizer_is_refused(run, lost):
    whole = run.load_checkpoint()
    kept = {name: t for name, t in whole.tensors.items() if not name.startswith(lost)}
    run.save_checkpoint(type(whole)(3, kept, whole.metrics, whole.config))
    with pytest.raises(RunError, match=r"cannot be continued: the state of the optimizer is not that of its parameters .*is missing"):
        resume(run, 5)
    run.save_checkpoint(type(whole)(3, {**whole.tensors, "optimizer.0.exp_avg": torch.zeros(2)}, whole.metrics, whole.config))
    with pytest.raises(RunError, match="has another shape than its parameter"):
        resume(run, 5)


def test_a_full_disk_names_the_file_and_the_command_that_goes_on(run, finished):
    code = (
        "import resource, sys; from infomorphic.cli import main\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (3000, resource.RLIM_INFINITY))\n"
        "sys.exit(main(['resume', sys.argv[1], '--epochs', '5', '--json']))\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(run.path)], capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stdout == ""
    assert (
        "checkpoint.safetensors cannot be written (File too large); its old content is unchanged. Free some space, then continue"
        in done.stderr
    )
    assert f"infomorphic resume {run.path}" in done.stderr
    assert Run.open(run.path).load_checkpoint().epoch == 3
    resume(run)
    assert same_bits(run.path, finished.with_name("longer"))


def test_a_run_that_cannot_be_made_leaves_a_place_that_is_free(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(FileWriteError, match="cannot be written to"):
        fit(CONFIG, tmp_path / "file" / "r")
    code = (
        "import resource, sys; from infomorphic.cli import main\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100, resource.RLIM_INFINITY))\n"
        "sys.exit(main(['train', 'context', '--hidden', '3', '--epochs', '1', '--json', '--run', sys.argv[1]]))\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path / "r")], capture_output=True, text=True)
    assert done.returncode == 1
    assert "config.yaml cannot be written (File too large); no part of it is left. Free some space, then" in done.stderr
    fit(CONFIG.with_training(epochs=0), tmp_path / "r")


def test_a_kill_between_configuration_and_environment(tmp_path):
    code = (
        "import os, sys; from infomorphic.cli import main; from infomorphic.training import Run\n"
        "Run.write_environment = lambda *_: os.kill(os.getpid(), 9)\n"
        "main(['train', 'context', '--hidden', '3', '--epochs', '1', '--run', sys.argv[1]])\n"
    )
    assert subprocess.run([sys.executable, "-c", code, str(tmp_path / "r")], capture_output=True).returncode == -signal.SIGKILL
    assert (tmp_path / "r" / "config.yaml").exists()
    run = Run.open(tmp_path / "r")
    with pytest.raises(RunError, match=r"has no checkpoint: the run was interrupted before it began. Start it with: infomorphic resume"):
        run.load_checkpoint()
    assert resume(run).epochs == 1
    assert run.environment["threads"] == torch.get_num_threads()


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_a_training_that_is_stopped_says_what_is_saved_and_how_to_go_on(tmp_path, stop):
    path = tmp_path / "my run"
    command = [sys.executable, "-m", "infomorphic", "train", "context", "--hidden", "3", "--epochs", "100000", "--json", "--run", str(path)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ)
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and not ((path / "metrics.csv").is_file() and (path / "metrics.csv").read_text().count("\n") > 2):
        time.sleep(0.02)
    process.send_signal(stop)
    out, err = process.communicate()
    assert process.returncode == 128 + stop
    assert out == ""
    reached = Run.open(path).load_checkpoint().epoch
    assert err.splitlines()[-1] == f"stopped: epoch {reached} of 100000 is saved. Continue with: infomorphic resume '{path}'"
    assert not list(path.glob(".*"))
