"""The development of neurons: what is recorded, in 8 bits and of bounded size, and how it is stored."""

import shutil

import pytest
import torch

from infomorphic.analysis import Trained, class_selectivity
from infomorphic.errors import InfomorphicWarning, RunError
from infomorphic.training import Run, TrainConfig, fit, resume
from infomorphic.training.development import LARGEST, Development, Snapshot, from_steps, in_steps, probabilities
from infomorphic.training.epoch_records import is_recorded


def grown(epochs, neurons, inputs, classes=10):
    """The development of a layer, recorded epoch by epoch."""
    found = Development()
    snapshot = {"hidden": Snapshot(torch.ones(neurons, inputs), torch.full((classes, neurons), 0.5))}
    for epoch in range(epochs + 1):
        found = found.with_record(epoch, snapshot)
    return found


def test_weights_are_relative_to_the_strongest_and_zero_stays_zero():
    assert in_steps(torch.tensor([[-2.0, 0.0, 1.0], [0.0, 0.0, 0.0]])).tolist() == [[1, 128, 192], [128, 128, 128]]


def test_recorded_numbers_are_read_as_they_were_written():
    recorded = in_steps(torch.tensor([[-2.0, 0.0, 1.0]])).to(torch.uint8)
    assert from_steps(recorded).tolist() == [[-127.0, 0.0, 64.0]]
    assert probabilities(torch.tensor([0, 51, 255], dtype=torch.uint8)).tolist() == [0.0, 0.2, 1.0]


def test_a_snapshot_has_eight_bits_a_value_and_classes_without_samples_are_silent():
    snapshot = Snapshot(torch.tensor([[-2.0, 0.0, 1.0]]), torch.tensor([[1.0], [float("nan")], [0.2]]))
    found = Development().with_record(1, {"hidden": snapshot, "next": Snapshot(None, torch.zeros(3, 4))})
    assert {name: v.tolist() for name, v in found.values.items()} == {
        "hidden.fields": [[[1, 128, 192]]],
        "hidden.responses": [[[255, 0, 51]]],
        "next.responses": [[[0, 0, 0]] * 4],
    }
    assert found.of_layer("next")[0] is None


def test_a_short_training_keeps_every_due_epoch():
    assert grown(60, 4, 9).epochs == tuple(e for e in range(1, 61) if is_recorded(e))


@pytest.mark.parametrize(("neurons", "inputs", "epochs"), [(100, 784, 400), (1000, 784, 60), (20, 64, 1000)])
def test_the_size_is_bounded_and_the_first_and_the_last_epoch_stay(neurons, inputs, epochs):
    found = grown(epochs, neurons, inputs)
    assert sum(v.numel() for v in found.values.values()) <= LARGEST
    assert len(found.epochs) == min(50, LARGEST // (neurons * (inputs + 10)))
    assert (found.epochs[0], found.epochs[-1]) == (1, epochs)
    gaps = torch.tensor(found.epochs).sqrt().diff()
    assert float(gaps.max() / gaps.median()) < 3


def test_fields_without_room_for_three_epochs_are_left_out():
    found = grown(3, 2000, 784)
    assert list(found.values) == ["hidden.responses"]
    assert grown(3, 200_000, 1).epochs == ()


def test_a_run_records_the_fields_and_the_responses_that_its_report_measures(finished, tmp_path):
    fit(finished.config.with_training(epochs=10), tmp_path / "r")
    run = Run.open(tmp_path / "r")
    found, trained = run.load_development(), Trained.load(run)
    assert found.epochs == tuple(range(1, 11))
    fields, responses = found.of_layer("hidden")
    assert torch.equal(fields[-1], in_steps(trained.weights("F")).to(torch.uint8))
    mean = class_selectivity(trained.firing_prob, trained.labels, 10).mean_firing_prob
    torch.testing.assert_close(responses[-1] / 255, mean.T.float(), atol=0.5 / 255 + 1e-6, rtol=0)
    assert found.of_layer("readout")[0] is None, "the readout does not receive the image"


def test_bars_have_fields_and_no_classes(tmp_path):
    fit(TrainConfig.make({"preset": "bars"}, ["training.epochs=1", "data.images=2000"]), tmp_path / "bars")
    values = Run.open(tmp_path / "bars").load_development().values
    assert {name.partition(".")[2] for name in values} == {"fields"}


def test_resuming_leaves_the_same_development(finished, tmp_path):
    config = finished.config
    fit(config.with_training(epochs=4), tmp_path / "r")
    run = Run.open(tmp_path / "r")
    # What a kill between the two writes leaves: a record that the checkpoint does not know of yet.
    before = run.load_development()
    run.save_development(before.longer(5, {name: v[0] for name, v in before.values.items()}))
    resume(run, 12)
    assert (run.path / "development.safetensors").read_bytes() == (finished.path / "development.safetensors").read_bytes()


def test_a_damaged_file_is_reported_and_the_training_continues_without(finished, tmp_path):
    shutil.copytree(finished.path, tmp_path / "damaged")
    run = Run.open(tmp_path / "damaged")
    path = run.path / "development.safetensors"
    path.write_bytes(path.read_bytes()[:-5])
    with pytest.raises(RunError, match=r"development\.safetensors is damaged .* Only the development of single neurons is lost: delete it"):
        run.load_development()
    with pytest.warns(InfomorphicWarning, match="continues with a new development"):
        resume(run, 15)
    assert run.load_development().epochs == (15,)


def test_records_of_other_neurons_begin_anew():
    with pytest.warns(InfomorphicWarning, match="the stored development of single neurons belongs to other neurons"):
        found = grown(2, 4, 9).with_record(3, {"hidden": Snapshot(torch.ones(5, 9))})
    assert found.epochs == (3,)
