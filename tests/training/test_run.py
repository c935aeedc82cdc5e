"""Run directories: files, formats, and damage."""

import json
import shlex
from pathlib import Path

import pytest
import torch
from safetensors.torch import save

from infomorphic.errors import InfomorphicWarning, RunError
from infomorphic.training import Run, TrainConfig
from infomorphic.training.checkpoint import FORMAT, Checkpoint
from infomorphic.training.checksum import checksum
from infomorphic.training.run import default_run_path

CONFIG = TrainConfig.make({"preset": "readout"})
CHECKPOINT = Checkpoint(3, {"network.w": torch.arange(4.0), "optimizer.0.step": torch.tensor(7.0)}, [{"epoch": 3, "hidden.{F}{C}": 0.5}])


def test_a_run_explains_itself(tmp_path):
    run = Run.create(tmp_path / "r", CONFIG)
    assert Run.open(run.path).config == CONFIG
    environment = run.environment
    assert environment["format"] == FORMAT
    assert {"infomorphic", "torch", "python", "threads", "command", "cores"} <= set(environment)
    assert run.summary == {}
    run.save_summary({"accuracy": 0.5})
    assert run.summary == {"accuracy": 0.5}


def test_checkpoints_round_trip(tmp_path):
    run = Run.create(tmp_path / "r", CONFIG)
    run.save_checkpoint(CHECKPOINT)
    loaded = run.load_checkpoint()
    assert (loaded.epoch, loaded.metrics) == (3, CHECKPOINT.metrics)
    assert all(torch.equal(loaded.tensors[k], v) for k, v in CHECKPOINT.tensors.items())
    assert (run.path / "metrics.csv").read_text() == "epoch,hidden.{F}{C}\n3,0.5\n"
    assert not list(run.path.glob(".*.partial"))


def test_weights_of_another_network_are_refused():
    layer = torch.nn.Linear(1, 2)
    with pytest.raises(
        RunError, match=r"does not fit the network built from config\.yaml and the data: weight is \(3, 1\) there and \(2, 1\) here"
    ):
        Checkpoint(1, {"network.weight": torch.zeros(3, 1), "network.bias": torch.zeros(3)}, []).restore(layer)
    with pytest.raises(RunError, match=r"bias is missing there and \(2,\) here"):
        Checkpoint(1, {"network.weight": torch.zeros(2, 1)}, []).restore(layer)
    Checkpoint(1, {"network.weight": torch.ones(2, 1), "network.bias": torch.ones(2)}, []).restore(layer)
    assert layer.weight.tolist() == [[1.0], [1.0]]


def test_nothing_is_overwritten(tmp_path):
    Run.create(tmp_path / "r", CONFIG)
    with pytest.raises(RunError, match="exists already; choose another name, or continue this run with: infomorphic resume"):
        Run.create(tmp_path / "r", CONFIG)
    (tmp_path / "file").write_text("mine")
    with pytest.raises(RunError, match="exists already"):
        Run.create(tmp_path / "file", CONFIG)
    assert (tmp_path / "file").read_text() == "mine"
    (tmp_path / "empty").mkdir()
    Run.create(tmp_path / "empty", CONFIG)


def test_runs_that_are_none(tmp_path):
    with pytest.raises(RunError, match="no run directory"):
        Run.open(tmp_path / "none")
    with pytest.raises(RunError, match=r"not a run directory: it has no config\.yaml"):
        Run.open(tmp_path)


def test_a_run_of_a_newer_version_is_refused(tmp_path):
    run = Run.create(tmp_path / "r", CONFIG)
    (run.path / "environment.json").write_text(json.dumps({"format": FORMAT + 1, "infomorphic": "9.0"}))
    with pytest.raises(RunError, match=r"written by infomorphic 9\.0"):
        Run.open(run.path)
    (run.path / "environment.json").unlink()
    (run.path / "checkpoint.safetensors").write_bytes(save(CHECKPOINT.tensors, {"format": str(FORMAT + 1), "epoch": "1", "metrics": "{}"}))
    with pytest.raises(RunError, match=r"written by infomorphic \?, whose runs this version"):
        Run.open(run.path).load_checkpoint()


def test_incomplete_and_damaged_runs(tmp_path):
    run = Run.create(tmp_path / "r", CONFIG)
    with pytest.raises(RunError, match="no checkpoint: the run was interrupted before"):
        run.load_checkpoint()
    run.save_checkpoint(CHECKPOINT)
    path = run.path / "checkpoint.safetensors"
    whole = path.read_bytes()
    for damaged in (whole[: len(whole) // 2], b"", b"\x80\x04pickle", whole[:8] + b"x" * (len(whole) - 8)):
        path.write_bytes(damaged)
        with pytest.raises(RunError, match="damaged and cannot be read"):
            run.load_checkpoint()


def test_changed_weights_and_metrics_are_noticed(tmp_path):
    run = Run.create(tmp_path / "r", CONFIG)
    run.save_checkpoint(CHECKPOINT)
    path = run.path / "checkpoint.safetensors"
    whole = path.read_bytes()
    assert run.load_checkpoint().epoch == 3
    path.write_bytes(whole[:-3] + bytes([whole[-3] ^ 1]) + whole[-2:])
    with pytest.raises(RunError, match=r"damaged and cannot be read \(its content is not what was written"):
        run.load_checkpoint()
    former = {"epoch": "3", "metrics": '[{"epoch": 3}]', "checksum": str(checksum(CHECKPOINT.tensors, {}))}
    path.write_bytes(save(CHECKPOINT.tensors, former))
    assert run.load_checkpoint().epoch == 3, "written by format 1"
    for change, message in (
        ({"metrics": "[1, 2]"}, "its metrics are not records of epochs"),
        ({"metrics": '[{"epoch": 3, "loss": "low"}]'}, "its metrics are not all numbers"),
        ({"metrics": '[{"epoch": 3}, {"epoch": 2}]'}, "the epochs of its metrics do not ascend"),
        ({"metrics": "["}, "Expecting value"),
        ({"metrics": "[" * 100_000}, "recursion"),
        ({"epoch": "4"}, "it is of epoch 4, but its last record is of epoch 3"),
        ({"epoch": "three"}, "invalid literal"),
        ({"config": "[]"}, "its configuration is not a mapping"),
        ({"checksum": "1"}, "its content is not what was written"),
    ):
        path.write_bytes(save(CHECKPOINT.tensors, {**former, **change}))
        with pytest.raises(RunError, match=f"damaged and cannot be read .*{message}"):
            run.load_checkpoint()
    for missing in former:
        path.write_bytes(save(CHECKPOINT.tensors, {name: value for name, value in former.items() if name != missing}))
        with pytest.raises(
            RunError,
            match=f"damaged and cannot be read .*its header has no '{missing if missing == 'metrics' or missing == 'epoch' else 'checksum'}'",
        ):
            run.load_checkpoint()
    path.write_bytes(save(CHECKPOINT.tensors))
    with pytest.raises(RunError, match=r"damaged and cannot be read .*its header has no 'checksum'"):
        run.load_checkpoint()


def test_every_byte_of_a_checkpoint_counts(tmp_path):
    run = Run.create(tmp_path / "r", CONFIG)
    run.save_checkpoint(CHECKPOINT)
    path = run.path / "checkpoint.safetensors"
    whole = path.read_bytes()
    for place in range(0, len(whole), 3):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        with pytest.raises(RunError):
            run.load_checkpoint()


@pytest.mark.parametrize("content", ["", "{", "[]", "null", '{"format": "1"}', '{"format": null}', "[" * 100_000, "\x00\ufffd"])
def test_a_damaged_environment_is_a_warning(tmp_path, content):
    run = Run.create(tmp_path / "r", CONFIG)
    run.save_checkpoint(CHECKPOINT)
    (run.path / "environment.json").write_text(content)
    with pytest.warns(InfomorphicWarning, match=r"environment\.json is damaged") as told:
        opened = Run.open(run.path)
    assert len(told) == 1
    assert opened.load_checkpoint().epoch == 3


@pytest.mark.parametrize("content", ["", "{", "[]"])
def test_a_damaged_summary_is_a_warning(tmp_path, content):
    run = Run.create(tmp_path / "r", CONFIG)
    (run.path / "summary.json").write_text(content)
    with pytest.warns(InfomorphicWarning, match=r"summary\.json is damaged and is not used"):
        assert run.summary == {}


def test_threads_and_the_folder_of_data_are_remembered_if_they_make_sense(tmp_path, monkeypatch):
    monkeypatch.delenv("INFOMORPHIC_DATA", raising=False)
    data = tmp_path / "my data"
    data.mkdir()
    monkeypatch.chdir(tmp_path)
    run = Run.create(tmp_path / "r", CONFIG, Path("my data"))
    assert run.threads == torch.get_num_threads()
    assert run.data_dir() == data
    assert run.data_dir(Path("other")) == Path("other")
    monkeypatch.setenv("INFOMORPHIC_DATA", str(tmp_path))
    assert run.data_dir() is None, "the variable decides"
    assert Run.create(tmp_path / "q", CONFIG).environment["data_dir"] == str(tmp_path)
    monkeypatch.delenv("INFOMORPHIC_DATA")
    data.rmdir()
    assert run.data_dir() is None, "on another machine it may not be there"
    for damaged in ({"threads": "2"}, {"threads": 0}, {"threads": 10**9}, {"threads": True}, {"data_dir": 3}, {"data_dir": "\0"}):
        (run.path / "environment.json").write_text(json.dumps(damaged))
        assert (run.threads, run.data_dir()) == (None, None)


def test_the_recorded_command_can_be_pasted(tmp_path, monkeypatch):
    monkeypatch.setattr("sys.argv", ["infomorphic", "train", "--run", "a b", "--goal", "{F}{C} - {F}"])
    command = Run.create(tmp_path / "r", CONFIG).environment["command"]
    assert shlex.split(command) == ["infomorphic", "train", "--run", "a b", "--goal", "{F}{C} - {F}"]
    assert Run(Path("it's")).resume_command == """infomorphic resume 'it'"'"'s'"""


def test_a_folder_left_by_a_kill_at_birth_is_free(tmp_path):
    for name in (".config.yaml.partial", ".config.yaml.0123456789ab.partial", ".lock"):
        (tmp_path / name).touch()
    run = Run.create(tmp_path, CONFIG)
    assert {p.name for p in run.path.iterdir()} == {"config.yaml", "environment.json", ".lock"}
    with pytest.raises(RunError, match="exists already"):
        Run.create(tmp_path, CONFIG)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / ".hidden").touch()
    with pytest.raises(RunError, match="exists already"):
        Run.create(tmp_path / "other", CONFIG)


def test_a_configuration_that_was_not_trained_is_refused(tmp_path):
    trained = TrainConfig.make({"preset": "readout", "data": {"dataset": "npz:a.npz"}, "training": {"seed": 3, "batch_size": 1024}})
    run = Run.create(tmp_path / "r", trained)
    run.save_checkpoint(Checkpoint(0, {}, [], trained.model_dump(mode="json")))
    path = run.path / "config.yaml"
    whole = path.read_text()
    checkpoint = run.load_checkpoint()
    run.check_config(checkpoint)
    path.write_text(whole.replace("epochs: 100", "epochs: 200").replace("device: cpu", "device: cuda"))
    run.check_config(checkpoint)  # both are the user's to change
    path.write_text(whole.replace("npz:a.npz", "npz:/elsewhere/a.npz"))
    with pytest.warns(
        InfomorphicWarning, match=r"the data of .* are read from npz:/elsewhere/a\.npz; the run was trained with those in npz:a\.npz"
    ):
        run.check_config(checkpoint)
    for before, after, told in (
        ("seed: 3", "seed: 4", r"training\.seed was 3 and is now 4"),
        ("  seed: 3\n", "", r"training\.seed was 3 and is now 0"),
        ("npz:a.npz", "digits", r"data\.dataset was 'npz:a\.npz' and is now 'digits'"),
        ("batch_size: 1024", "batch_size: 512", r"training\.batch_size was 1024 and is now 512"),
    ):
        path.write_text(whole.replace(before, after))
        with pytest.raises(RunError, match=rf"is not what the checkpoint was trained with: .*{told}.*Restore the old values"):
            run.check_config(checkpoint)


def test_a_configuration_that_lacks_settings_is_a_warning_when_the_run_is_opened(tmp_path):
    run = Run.create(tmp_path / "r", CONFIG)
    path = run.path / "config.yaml"
    path.write_text(path.read_text().replace("  seed: 0\n", ""))
    Run.open(run.path)
    run.save_checkpoint(CHECKPOINT)
    with pytest.warns(InfomorphicWarning, match=r"lacks settings; their defaults are used: training\.seed \(0\)"):
        Run.open(run.path)


def test_a_failed_write_keeps_what_was_there(tmp_path, monkeypatch):
    run = Run.create(tmp_path / "r", CONFIG)
    run.save_checkpoint(CHECKPOINT)

    def full(descriptor):
        raise OSError("no space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="no space"):
        run.save_checkpoint(Checkpoint(4, {}, []))
    assert run.load_checkpoint().epoch == 3


def test_default_paths_do_not_collide(tmp_path):
    assert default_run_path(tmp_path, "a") == tmp_path / "a"
    (tmp_path / "a").mkdir()
    assert default_run_path(tmp_path, "a") == tmp_path / "a-2"
