import json

import pytest
import torch
from safetensors.torch import save

from infomorphic.errors import RunError
from infomorphic.training import Run, TrainConfig
from infomorphic.training.run import FORMAT, Checkpoint, default_run_path

CONFIG = TrainConfig.make({"preset": "readout"})
CHECKPOINT = Checkpoint(3, {"network.w": torch.arange(4.0), "optimizer.0.step": torch.tensor(7.0)}, [{"epoch": 1, "hidden.{F}{C}": 0.5}])


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
    assert (run.path / "metrics.csv").read_text() == "epoch,hidden.{F}{C}\n1,0.5\n"
    assert not list(run.path.glob(".*.partial"))


def test_weights_of_another_network_are_refused():
    layer = torch.nn.Linear(1, 2)
    with pytest.raises(
        RunError, match=r"not of the network that config\.yaml and the data make: weight is \(3, 1\) there and \(2, 1\) here"
    ):
        Checkpoint(1, {"network.weight": torch.zeros(3, 1), "network.bias": torch.zeros(3)}, []).restore(layer)
    with pytest.raises(RunError, match=r"bias is missing there and \(2,\) here"):
        Checkpoint(1, {"network.weight": torch.zeros(2, 1)}, []).restore(layer)
    Checkpoint(1, {"network.weight": torch.ones(2, 1), "network.bias": torch.ones(2)}, []).restore(layer)
    assert layer.weight.tolist() == [[1.0], [1.0]]


def test_nothing_is_overwritten(tmp_path):
    Run.create(tmp_path / "r", CONFIG)
    with pytest.raises(RunError, match="exists already; choose another --run, or continue it with: infomorphic resume"):
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
    (run.path / "environment.json").write_text("{")
    with pytest.raises(RunError, match="damaged"):
        Run.open(run.path)


def test_changed_weights_and_metrics_are_noticed(tmp_path):
    run = Run.create(tmp_path / "r", CONFIG)
    run.save_checkpoint(CHECKPOINT)
    path = run.path / "checkpoint.safetensors"
    whole = path.read_bytes()
    assert run.load_checkpoint().epoch == 3
    path.write_bytes(whole[:-3] + bytes([whole[-3] ^ 1]) + whole[-2:])
    with pytest.raises(RunError, match=r"damaged and cannot be read \(its weights are not those that were written"):
        run.load_checkpoint()
    path.write_bytes(save(CHECKPOINT.tensors, {"epoch": "3", "metrics": "[1, 2]"}))
    with pytest.raises(RunError, match="its metrics are no records"):
        run.load_checkpoint()
    # Of versions that wrote no checksum.
    path.write_bytes(save(CHECKPOINT.tensors, {"epoch": "3", "metrics": "[]"}))
    assert run.load_checkpoint().epoch == 3


def test_a_damaged_format_is_said(tmp_path):
    run = Run.create(tmp_path / "r", CONFIG)
    (run.path / "environment.json").write_text('{"format": "1"}')
    with pytest.raises(RunError, match=r"environment\.json is damaged: its format is '1', which is no number"):
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
