"""Histories of neurons: what is recorded, and how it is stored."""

import csv
import shutil
from itertools import pairwise

import pytest
import torch

from infomorphic.errors import RunError
from infomorphic.training import Run, fit, resume
from infomorphic.training.epoch_records import is_recorded
from infomorphic.training.history import History


def test_records_grow_and_shrink():
    empty = History()
    assert empty.with_record(1, {}) is empty
    one = empty.with_record(1, {"hidden.goal": torch.tensor([0.5, 0.25])})
    assert one.with_record(11, {"hidden.goal": torch.ones(2)}) is one, "not every epoch is recorded"
    assert one.with_record(1, {"hidden.goal": torch.ones(2)}) is one, "none is recorded twice"
    two = one.with_record(2, {"hidden.goal": torch.ones(2)})
    assert two.epochs == (1, 2)
    assert two.of_layer("hidden")["goal"].tolist() == [[0.5, 0.25], [1.0, 1.0]]
    back = History.from_bytes(two.until(1).to_bytes())
    assert back.epochs == (1,)
    assert back.values["hidden.goal"].tolist() == [[0.5, 0.25]]
    assert two.until(0).epochs == ()
    assert two.until(0).values == {}


def test_a_run_records_each_neuron_and_their_mean_is_that_of_the_layer(finished):
    history = finished.load_history()
    assert history.epochs == tuple(range(1, 11))
    assert history.of_layer("hidden")["{F}{C}{L}"].shape == (10, 6)
    assert history.of_layer("readout")["H_res"].shape == (10, 10)
    with (finished.path / "metrics.csv").open() as file:
        rows = list(csv.DictReader(file))
    for name, values in history.values.items():
        for row, value in zip(rows, values, strict=False):
            assert float(value.float().mean()) == pytest.approx(float(row[name]), abs=1e-3)


def test_resuming_leaves_the_same_history(finished, tmp_path):
    config = finished.config
    short = config.model_copy(update={"training": config.training.model_copy(update={"epochs": 4})})
    fit(short, tmp_path / "r")
    run = Run.open(tmp_path / "r")
    # What a kill between the two writes leaves: a record that the checkpoint does not know of yet.
    run.save_history(run.load_history().with_record(5, {k: torch.zeros(v.shape[1]) for k, v in run.load_history().values.items()}))
    resume(run, 12)
    assert (run.path / "neurons.safetensors").read_bytes() == (finished.path / "neurons.safetensors").read_bytes()


def test_a_run_of_an_older_version_goes_on_without_the_first_epochs(finished, tmp_path):
    shutil.copytree(finished.path, tmp_path / "old")
    run = Run.open(tmp_path / "old")
    (run.path / "neurons.safetensors").unlink()
    assert run.load_history().epochs == ()
    resume(run, 16)
    assert run.load_history().epochs == (15,)


def test_damage_is_told(finished, tmp_path):
    shutil.copytree(finished.path, tmp_path / "damaged")
    path = tmp_path / "damaged" / "neurons.safetensors"
    whole = path.read_bytes()
    for content in (b"", whole[:100], whole[:-5], b"x" * 50):
        path.write_bytes(content)
        with pytest.raises(RunError, match=r"neurons\.safetensors is damaged and cannot be read .* delete it"):
            Run.open(path.parent).load_history()


def test_the_file_stays_small_and_epochs_ascend():
    epochs = [e for e in range(1, 101) if is_recorded(e)]
    history = History()
    for epoch in epochs:
        history = history.with_record(epoch, {f"hidden.{i}": torch.rand(100) for i in range(20)})
    assert len(history.to_bytes()) < 150_000
    assert all(a < b for a, b in pairwise(history.epochs))
