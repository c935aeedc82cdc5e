"""Training and resuming: metrics, and the same bits."""

import csv
import dataclasses
import math
import os
import re
import shutil
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
import torch

from infomorphic.data import Split
from infomorphic.errors import ConfigurationError, DataError, InfomorphicError, InfomorphicWarning, RunError
from infomorphic.networks.evaluation import Evaluation, evaluate
from infomorphic.seeding import generator_for
from infomorphic.tasks.classification import evaluate_run
from infomorphic.tasks.classification.data import load_data
from infomorphic.training import Progress, Run, TrainConfig, fit, resume, trainer
from infomorphic.training.evaluation import labeled_run
from infomorphic.training.recording import self_cosine_distance
from infomorphic.training.trainer import _next_record, seconds_per_epoch

SMALL = ["network.hidden=12", "training.epochs=3", "training.batch_size=256"]


def train(path, *overrides, preset="setup-1"):
    summary = fit(TrainConfig.make({"preset": preset}, [*SMALL, *overrides]), path)
    return Run.open(path), summary


def same(a, b):
    """Whether two runs have the same bits: weights, optimizer and all metrics except the seconds."""
    x, y = a.load_checkpoint(), b.load_checkpoint()
    assert x.tensors.keys() == y.tensors.keys()
    drop = [[{k: v for k, v in row.items() if k != "seconds"} for row in c.metrics] for c in (x, y)]
    return x.epoch == y.epoch and drop[0] == drop[1] and all(torch.equal(t, y.tensors[name]) for name, t in x.tensors.items())


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    return train(tmp_path_factory.mktemp("runs") / "r")


def test_a_run_leaves_metrics_and_a_summary(finished):
    run, summary = finished
    rows = list(csv.DictReader((run.path / "metrics.csv").read_text().splitlines()))
    assert [row["epoch"] for row in rows] == ["1", "2", "3"]
    for column in (
        "validation_accuracy",
        "test_accuracy_expected",
        "hidden.goal",
        "hidden.{F}{C}",
        "readout.H_res",
        "hidden.self_cosine_distance",
    ):
        assert math.isfinite(float(rows[-1][column]))
    assert run.summary["test_accuracy"] == summary.test_accuracy
    assert (summary.preset, summary.dataset, summary.hidden, summary.seed, summary.epochs) == ("setup-1", "digits", 12, 0, 3)


def test_recorded_atoms_add_up_to_the_entropy_of_the_output(finished):
    # At most one bit per neuron, and never negative in total.
    run, _ = finished
    last = run.load_checkpoint().metrics[-1]
    total = sum(v for k, v in last.items() if k.startswith("hidden.{")) + last["hidden.H_res"]
    assert 0 < total <= 1


def test_learning_beats_chance_on_real_data(tmp_path):
    _, summary = train(tmp_path / "r", "training.epochs=60", "network.hidden=30", "training.batch_size=128")
    assert summary.test_accuracy > 0.8
    assert summary.test_accuracy_expected > 0.8


def test_two_classes_are_not_mistaken_for_each_other(tmp_path):
    # Of two classes a readout neuron fires half of the time whatever its sign; only labels tell which is which.
    rng = np.random.default_rng(0)
    y = np.arange(600) % 2
    x = rng.normal(size=(600, 6)) + 1.5 * (2 * y[:, None] - 1)
    np.savez(tmp_path / "two.npz", x=x.astype(np.float32), y=y)
    for seed in range(3):
        overrides = [f"data.dataset=npz:{tmp_path / 'two.npz'}", f"training.seed={seed}", "training.epochs=40", "training.batch_size=64"]
        _, summary = train(tmp_path / str(seed), *overrides)
        assert summary.test_accuracy_expected > 0.9


def test_the_same_seed_gives_the_same_bits(finished, tmp_path):
    run, summary = train(tmp_path / "again")
    assert same(run, finished[0])
    assert summary.test_accuracy == finished[1].test_accuracy
    assert not same(train(tmp_path / "other", "training.seed=1")[0], finished[0])


def test_fewer_records_do_not_change_what_is_learned(finished, tmp_path):
    run, summary = train(tmp_path / "r", "training.epochs_a_record=2")
    kept, every = run.load_checkpoint(), finished[0].load_checkpoint()
    assert [row["epoch"] for row in kept.metrics] == [1, 2, 3]
    assert all(torch.equal(tensor, every.tensors[name]) for name, tensor in kept.tensors.items())
    assert (summary.train_accuracy, summary.test_accuracy) == (finished[1].train_accuracy, finished[1].test_accuracy)


@pytest.mark.parametrize(
    ("stride", "recorded"),
    [
        (1, [1, 2, 3, 4, 5]),
        (3, [1, 2, 3, 6, 9]),
        (10, [1, 2, 5, 10, 20]),
        (100, [1, 2, 5, 10, 20, 50, 100, 200, 300]),
        (150, [1, 2, 5, 10, 20, 50, 100, 150, 300]),
    ],
)
def test_records_are_more_frequent_before_the_first_stride(stride, recorded):
    assert [epoch for epoch in range(1, recorded[-1] + 1) if _next_record(epoch - 1, stride) == epoch] == recorded


@pytest.mark.parametrize(
    ("preset", "extra"),
    [
        ("setup-1", ["data.shift=2"]),
        ("setup-2", ["network.lateral_connections=4"]),
        ("setup-2", ["network.lateral_connections=4", "training.learning=backprop", "data.shift=1"]),
        ("backprop", []),
        ("relu", ["network.patch=4"]),
    ],
)
def test_an_interrupted_run_resumes_to_the_same_bits(tmp_path, preset, extra):
    whole, _ = train(tmp_path / "whole", *extra, preset=preset)
    part, _ = train(tmp_path / "part", "training.epochs=1", *extra, preset=preset)
    summary = resume(part, epochs=3)
    assert same(part, whole)
    assert summary.epochs == 3
    assert part.config == whole.config


def test_resuming_a_finished_run_changes_nothing(finished):
    before = finished[0].load_checkpoint()
    summary = resume(finished[0])
    assert summary.test_accuracy == finished[1].test_accuracy
    assert finished[0].load_checkpoint().metrics == before.metrics
    with pytest.raises(RunError, match="has 3 epochs already; `epochs` must be at least that; got 2"):
        resume(finished[0], epochs=2)


def test_a_killed_process_resumes_to_the_same_bits(tmp_path):
    # A real process, killed with no chance to clean up, while it writes checkpoints as fast as it can.
    overrides = [f"--set={o}" for o in (*(s for s in SMALL if "epochs" not in s), "training.epochs=12")]
    command = [sys.executable, "-m", "infomorphic", "train", "--json", *overrides, "--run"]
    environment = {**os.environ, "OMP_NUM_THREADS": str(torch.get_num_threads())}
    process = subprocess.Popen([*command, str(tmp_path / "killed")], stdout=subprocess.DEVNULL, env=environment)
    deadline = time.monotonic() + 120
    metrics = tmp_path / "killed" / "metrics.csv"
    while time.monotonic() < deadline and not (metrics.is_file() and metrics.read_text().count("\n") > 2):
        time.sleep(0.01)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    killed = Run.open(tmp_path / "killed")
    reached = killed.load_checkpoint().epoch
    assert 1 <= reached < 12
    resume(killed)
    fit(killed.config, tmp_path / "whole")
    assert same(killed, Run.open(tmp_path / "whole"))


def test_evaluation_of_a_run(finished):
    run, summary = finished
    result = evaluate_run(run, inference="expected")
    assert result.accuracy == summary.test_accuracy_expected
    assert result.samples == 359
    assert evaluate_run(run, "validation").samples == 288
    averaged = evaluate_run(run, samples=16)
    assert abs(averaged.accuracy - summary.test_accuracy_expected) < 0.1
    assert evaluate_run(run, seed=1).confusion.sum() == 359


@pytest.mark.parametrize("broken", ["data", "optimizer", "weights", "configuration"])
def test_a_resume_that_fails_changes_nothing(finished, tmp_path, broken):
    run = Run(tmp_path / "r")
    shutil.copytree(finished[0].path, run.path)
    config = run.path / "config.yaml"
    if broken == "data":
        config.write_text(config.read_text().replace("dataset: digits", "dataset: npz:nowhere/none.npz"))
    elif broken == "optimizer":
        whole = run.load_checkpoint()
        run.save_checkpoint(dataclasses.replace(whole, tensors={k: t for k, t in whole.tensors.items() if k != "optimizer.0.step"}))
    elif broken == "configuration":
        config.write_text(config.read_text().replace("epochs: 3", "epochs: 2"))
    else:
        config.write_text(re.sub("hidden: .*", "hidden: 3", config.read_text()))
    before = {path.name: path.read_bytes() for path in run.path.iterdir()}
    with pytest.raises((DataError, RunError)):
        resume(run, epochs=None if broken == "configuration" else 1000)
    assert {path.name: path.read_bytes() for path in run.path.iterdir()} == before


def test_a_resume_warns_of_settings_that_the_run_lacks(finished, tmp_path):
    run = Run(tmp_path / "r")
    shutil.copytree(finished[0].path, run.path)
    assert run.unwritten_settings() == {}
    config = run.path / "config.yaml"
    whole = config.read_text()
    config.write_text(re.sub(r"  (seed|bins): .*\n", "", whole))
    with pytest.warns(InfomorphicWarning, match=r"lacks settings; .* network\.bins \(20\), training\.seed \(0\)"):
        resume(Run.open(run.path))
    config.write_text(re.sub(r"  (batch_size|seed|bins): .*\n", "", whole))
    assert run.unwritten_settings() == {"network.bins": 20, "training.seed": 0, "training.batch_size": None}
    with pytest.raises(RunError, match=r"training\.batch_size was 256 and is now None"):
        resume(run)


def test_an_empty_configuration_is_no_run(tmp_path):
    (tmp_path / "config.yaml").write_text("")
    with pytest.raises(ConfigurationError, match=r"config\.yaml must hold sections .*; it is empty"):
        resume(Run.open(tmp_path))


def test_a_device_that_is_not_here_is_said(tmp_path, monkeypatch):
    def absent(*_args, device, **_kwargs):
        raise AssertionError(f"no {device} in this torch")

    monkeypatch.setattr(torch, "empty", absent)
    with pytest.raises(
        ConfigurationError,
        match=r"`training\.device` must be a device that torch supports on this machine; got 'cuda': no cuda in this torch",
    ):
        fit(TrainConfig.make({"preset": "readout", "training": {"device": "cuda"}}), tmp_path / "r")
    assert not (tmp_path / "r").exists()


def test_images_and_labels_are_moved_to_the_device_of_the_network(monkeypatch):
    config = TrainConfig.make({"preset": "readout"})
    moved = []
    original = Split.to
    monkeypatch.setattr(Split, "to", lambda self, device: moved.append(device) or original(self, device))
    config.task(config.sections, None)
    assert moved == [config.training.device]


def test_another_data_set_is_standardized_as_the_one_that_was_trained_on(finished, tmp_path):
    rng = np.random.default_rng(0)
    for name, shift in (("a", 0.0), ("b", 3.0)):
        np.savez(tmp_path / f"{name}.npz", x=rng.random((60, 4), dtype=np.float32) + np.float32(shift), y=np.arange(60) % 3)
    config = TrainConfig.make({"preset": "readout"}, [f"data.dataset=npz:{tmp_path}/a.npz"])
    own, other = load_data(config.sections), load_data(config.sections, dataset=f"npz:{tmp_path}/b.npz")
    assert (other.mean, other.deviation) == (own.mean, own.deviation)
    assert other.test_images.mean() > 5
    (tmp_path / "a.npz").unlink()
    with pytest.warns(
        InfomorphicWarning, match=r"b\.npz is standardized with the statistics of its own training images, because there is no file"
    ):
        alone = load_data(config.sections, dataset=f"npz:{tmp_path}/b.npz")
    assert abs(float(alone.train_images.mean())) < 1e-5


def test_non_finite_weights_stop_the_run_and_keep_the_last_checkpoint(tmp_path):
    # No setting that is allowed does this within an epoch.
    config = TrainConfig.make({}, SMALL)
    optimizer = config.network.hidden_optimizer.model_copy(update={"learning_rate": 1e38})
    config = config.model_copy(update={"network": config.network.model_copy(update={"hidden_optimizer": optimizer})})
    with pytest.raises(RunError, match=r"weights became NaN or infinite in epoch 1; the checkpoint of epoch 0 in .* is kept"):
        fit(config, tmp_path / "r")
    assert Run(tmp_path / "r").load_checkpoint().epoch == 0


def test_a_mistake_leaves_nothing_behind(tmp_path):
    with pytest.raises(InfomorphicError, match="mnist"):
        fit(TrainConfig.make({}, ["data.dataset=minst"]), tmp_path / "r")
    assert not (tmp_path / "r").exists()


def test_accuracy_and_confusion():
    result = Evaluation(torch.tensor([[3, 1], [0, 4]]))
    assert (result.samples, result.accuracy) == (8, 7 / 8)
    assert math.isnan(Evaluation(torch.zeros(2, 2, dtype=torch.long)).accuracy)


def test_evaluation_without_images(finished):
    labeled = labeled_run(finished[0])
    data, network = labeled.data, labeled.network
    assert evaluate(network, data.test_images[:0], data.test_labels[:0]).samples == 0


def test_generators_differ_by_seed_purpose_and_epoch():
    draws = {float(torch.rand((), generator=generator_for(*k))) for k in ((0, "a"), (0, "b"), (1, "a"), (0, "a", 1))}
    assert len(draws) == 4
    assert torch.equal(torch.rand(3, generator=generator_for(5, "x", 2)), torch.rand(3, generator=generator_for(5, "x", 2)))


def test_self_cosine_distance():
    before = {"hidden": torch.tensor([[1.0, 0.0], [1.0, 0.0], [0.0, 2.0]])}
    after = {"hidden": torch.tensor([[2.0, 0.0], [0.0, 1.0], [0.0, -1.0]])}
    assert self_cosine_distance(before, after)["hidden"] == pytest.approx(1)


def test_a_batch_size_chosen_for_the_data_is_recorded_and_gives_the_same_bits_as_the_number(tmp_path):
    few = ["network.hidden=4", "training.epochs=1"]
    fit(TrainConfig.make({}, few), tmp_path / "chosen")
    chosen = Run.open(tmp_path / "chosen")
    assert "batch_size: 64\n" in (chosen.path / "config.yaml").read_text()
    fit(TrainConfig.load(chosen.path / "config.yaml"), tmp_path / "again")
    assert same(chosen, Run.open(tmp_path / "again"))
    fit(TrainConfig.make({}, [*few, "training.batch_size=1024"]), tmp_path / "set")
    assert "batch_size: 1024\n" in (tmp_path / "set" / "config.yaml").read_text()
    assert not same(chosen, Run.open(tmp_path / "set"))


def test_time_left_is_not_told_before_the_third_record_and_one_slow_epoch_does_not_move_it():
    def left(*seconds):
        return seconds_per_epoch([{"epoch": 2 * (i + 1), "seconds": s} for i, s in enumerate(seconds)])

    assert math.isnan(left())
    assert math.isnan(left(60.0, 2.0))
    assert left(60.0, 2.0, 2.0) == 1.0
    assert left(*[60.0] * 10, *[2.0] * 9, 500.0) == 1.0


def test_progress_names_the_phase_and_moves_within_an_epoch(tmp_path, monkeypatch):
    monkeypatch.setattr(trainer, "_SECONDS_BETWEEN_REPORTS", 0.0)
    reports: list[Progress] = []
    fit(TrainConfig.make({}, [*SMALL, "training.epochs=2"]), tmp_path / "r", on_progress=reports.append)
    assert reports[0].phase == "reading the data"
    assert reports[1].phase in ("compiling", "training")
    assert {r.phase for r in reports[2:]} == {"training"}
    done = [r.done for r in reports]
    assert done == sorted(done)
    assert any(0 < d < 1 for d in done)
    assert [r.epoch for r in reports if r.done in (1, 2) and r.metrics and r.epoch == r.done] == [1, 2]
