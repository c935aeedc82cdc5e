"""Associative memory as a task: run directories, resuming, recall."""

import pytest
import torch

from infomorphic.errors import ConfigurationError, RunError
from infomorphic.seeding import generator_for
from infomorphic.tasks.classification import evaluate_run
from infomorphic.tasks.memory import ALPHABET, Settings, letters, memorize, preset, random_patterns
from infomorphic.tasks.memory.network import couplings_of
from infomorphic.tasks.memory.task import Task, stored_by
from infomorphic.training import Run, TrainConfig, fit, resume
from infomorphic.training.evaluation import recall_from, trained_run

SMALL = ["network.neurons=20", "data.load=0.5", "training.epochs=70", "training.epochs_a_record=20"]


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    path = tmp_path_factory.mktemp("runs") / "r"
    return fit(TrainConfig.make({"preset": "memory"}, SMALL), path), Run.open(path)


def test_defaults_are_the_published_protocol():
    config = TrainConfig.make({"preset": "memory"})
    assert (config.network.neurons, config.network.external_weight, config.training.epochs) == (100, 2.3, 5000)
    assert config.task.run_name(config.sections) == "memory-100-load1.5-seed0"


def test_a_run_stores_its_patterns(finished):
    summary, run = finished
    assert (summary.neurons, summary.load, summary.epochs, summary.goal) == (20, 0.5, 70, "memory/redundancy")
    assert summary.score > 0.95
    assert 0.9 <= summary.fixed_points <= 1
    metrics = run.load_checkpoint().metrics
    assert [row["epoch"] for row in metrics] == [1, 2, 5, 10, 20, 40, 60, 70]
    assert metrics[-1]["memory.{F}{C}"] > metrics[0]["memory.{F}{C}"]
    assert metrics[-1]["memory.goal"] == metrics[-1]["memory.{F}{C}"]


def test_a_run_is_the_library_function_in_a_directory(finished):
    settings = Settings(neurons=20)
    couplings = memorize(random_patterns(10, 20, generator_for(0, "patterns")), settings, generator_for(0, "weights"), epochs=70)
    network = preset.build(settings)
    network.load_state_dict(finished[1].load_checkpoint().part("network"))
    assert torch.equal(couplings_of(network).weight, couplings.weight)


def test_an_interrupted_run_resumes_to_the_same_bits_and_records(finished, tmp_path):
    # An interruption can leave only checkpoints of recorded epochs, such as 40.
    fit(TrainConfig.make({"preset": "memory"}, [*SMALL, "training.epochs=40"]), tmp_path / "r")
    part = Run.open(tmp_path / "r")
    summary = resume(part, epochs=70)
    whole, resumed = finished[1].load_checkpoint(), part.load_checkpoint()
    assert all(torch.equal(tensor, resumed.tensors[name]) for name, tensor in whole.tensors.items())
    assert [{**row, "seconds": 0} for row in whole.metrics] == [{**row, "seconds": 0} for row in resumed.metrics]
    assert summary.score == finished[0].score


def test_a_run_with_soft_epochs_resumes_to_the_same_bits(tmp_path):
    """Also where the bins became sharp before the interruption, and where they do so after it."""
    soft = [*SMALL, "network.softness=0.5"]
    for epochs in (30, 50):
        make = [*soft, f"network.soft_epochs={epochs}"]
        fit(TrainConfig.make({"preset": "memory"}, make), tmp_path / f"whole-{epochs}")
        fit(TrainConfig.make({"preset": "memory"}, [*make, "training.epochs=40"]), tmp_path / f"part-{epochs}")
        part = Run.open(tmp_path / f"part-{epochs}")
        resume(part, epochs=70)
        whole, resumed = Run.open(tmp_path / f"whole-{epochs}").load_checkpoint(), part.load_checkpoint()
        assert all(torch.equal(tensor, resumed.tensors[name]) for name, tensor in whole.tensors.items())


def test_recall_of_a_run(finished):
    summary, run = finished
    trained = trained_run(run)
    clean = Task.recalled(trained)
    assert clean.score == summary.score
    assert torch.equal(clean.cues, clean.stored.patterns)
    noisy = Task.recalled(trained, 0.1, keep_trajectory=True)
    assert ((noisy.cues != noisy.stored.patterns).sum(1) == 2).all()
    assert clean.score >= noisy.score > 0.2
    assert noisy.found.trajectory is not None
    assert torch.equal(noisy.found.trajectory[0], noisy.cues)
    assert not torch.equal(Task.recalled(trained, 0.1, seed=1).cues, noisy.cues)
    described = recall_from(run, 0.1, pattern=0)
    assert described.record["score"] == noisy.score
    assert [picture.title for picture in described.pictures][:: len(described.pictures) - 1] == ["cue", "pattern 0"]
    assert int(described.pictures[0].marked.sum()) == 2
    assert {picture.width for picture in described.pictures} == {5}  # 20 bits in rows of a square


def letters_run(path, *settings):
    return fit(TrainConfig.make({"preset": "memory"}, ["data.patterns=letters", "training.epochs=200", *settings]), path)


def test_letters_decide_neurons_and_load(tmp_path):
    config = TrainConfig.make({"preset": "memory"}, ["data.patterns=letters"])
    assert (config.network.neurons, config.data.load) == (35, 26 / 35)
    assert config.task.run_name(config.sections) == "memory-26-letters-seed0"
    assert TrainConfig.make(config.model_dump(mode="json")) == config
    some = TrainConfig.make({"preset": "memory"}, ["data.patterns=letters", "data.load=0.2"])
    assert (some.network.neurons, some.data.load) == (35, 0.2)
    summary = letters_run(tmp_path / "r")
    assert (summary.neurons, summary.load, summary.fixed_points) == (35, 26 / 35, 1.0)
    found = Task.recalled(trained_run(Run.open(tmp_path / "r")))
    assert "".join(found.stored.names) == ALPHABET
    assert bool(found.is_right.all())
    assert torch.equal(stored_by(some.sections).patterns, letters("ABCDEFG"))
    pictures = recall_from(Run.open(tmp_path / "r"), 0.03, pattern=1).pictures
    assert (pictures[-1].title, pictures[-1].width) == ("pattern B", 5)


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("network.neurons=36", r"`neurons` must be 35 for letters, one per pixel; got 36"),
        ("data.load=0.8", r"at most 26 letters; got 28"),
        ("data.correlation=0.5", r"`correlation` must be 0 for letters, which have their own; got 0.5"),
    ],
)
def test_settings_that_do_not_fit_letters(tmp_path, setting, message):
    with pytest.raises(ConfigurationError, match=message):
        letters_run(tmp_path / "r", setting)


def test_what_a_memory_is_not_for(finished, tmp_path):
    with pytest.raises(ConfigurationError, match=r"needs a classification run; preset 'memory' belongs to the task 'memory'"):
        evaluate_run(finished[1])
    with pytest.raises(ConfigurationError, match=r"at least one pattern in 20 neurons; got 0.01"):
        fit(TrainConfig.make({"preset": "memory"}, [*SMALL, "data.load=0.01"]), tmp_path / "none")
    assert not (tmp_path / "none").exists()
    with pytest.raises(ConfigurationError, match=r"preset memory has no setting 'data.dataset'"):
        TrainConfig.make({"preset": "memory"}, ["data.dataset=mnist"])
    fit(TrainConfig.make({"preset": "readout"}, ["training.epochs=0"]), tmp_path / "images")
    with pytest.raises(RunError, match=r"preset 'readout', which stores no patterns"):
        recall_from(Run.open(tmp_path / "images"))
