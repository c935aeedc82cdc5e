"""The fair race: networks with learning rates chosen on validation data."""

from pathlib import Path

import pytest

from infomorphic.errors import StudyError
from infomorphic.studies.engine.trial import TrialContext
from infomorphic.studies.kinds import race
from infomorphic.training import TrainConfig, fit

PARAMS = {"dataset": "digits", "model": "setup-1", "size": 3, "seed": 1}
TINY = ("training.batch_size=512", "network.patch=4")


def settings(**changes):
    return race.Settings(**{"datasets": ("digits",), "sizes": (3,), "epochs": 2, "factors": (0.5, 4.0), "overrides": TINY, **changes})


def test_a_small_study_from_its_definition_to_its_report(check_small_study):
    check_small_study(
        "race",
        ("datasets=digits", "sizes=3", "seeds=0", "factors=2", "epochs=1", "training.batch_size=512", "data.shift=1"),
        trials=4,
        figures={"test-error"},
    )


def test_the_trials_of_the_table():
    # Four data sets, four networks, three sizes, three seeds.
    cells = race.space(race.Settings()).cells
    assert len(cells) == 4 * 4 * 3 * 3
    assert len(race.space(settings(models=("setup-1", "readout"), sizes=(3, 4))).cells) == 3 * 3


def test_all_learning_rates_of_a_network_are_multiplied_and_backpropagation_is_a_suffix():
    ours, theirs = (race.config(settings(), {**PARAMS, "model": model}, 2.0) for model in ("setup-1", "setup-1+backprop"))
    assert ours.network == theirs.network
    assert (ours.network.hidden_optimizer.learning_rate, ours.network.readout_optimizer.learning_rate) == (4e-3, 6e-3)
    assert (ours.training.learning, theirs.training.learning) == (None, "backprop")
    assert (ours.network.hidden, ours.training.seed, ours.network.patch) == (3, 1, 4)
    assert race.cost(settings(), PARAMS) == pytest.approx(race.cost(settings(factors=(1.0,)), PARAMS) * 2)


def test_a_network_of_ones_own_races_from_any_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("own.py").write_text(
        "from infomorphic.networks.stacked import Stack\n\n\n"
        "def build(inputs, num_classes, generator):\n    return Stack((4, 3), lateral=None).build(inputs, num_classes, generator)\n"
    )
    own = race.Settings(models=("own.py:build", "own.py:build+backprop"), datasets=("digits",), seeds=(0,))
    assert own.models == (f"{tmp_path}/own.py:build", f"{tmp_path}/own.py:build+backprop")
    cells = race.space(own).cells
    assert [cell["size"] for cell in cells] == [0, 0]
    assert race.config(own, cells[1]).training.learning == "backprop"


def test_the_choice_is_by_validation_and_only_the_chosen_network_is_tested():
    found = {
        0.5: {"validation_accuracy_expected": 0.8, "test_accuracy": 0.9},
        4.0: {"validation_accuracy_expected": 0.81, "test_accuracy": 0.1},
    }

    class Context(TrialContext):
        def candidate(self, config, objective, name):
            return found[float(name)]

    assert race.run(settings(), PARAMS, Context("race")) == {
        "validation_accuracy_expected": 0.81,
        "test_accuracy": 0.1,
        "factor": 4.0,
        "validation_accuracy_expected_0.5": 0.8,
        "validation_accuracy_expected_4": 0.81,
    }


def test_without_validation_images_there_is_no_choice():
    with pytest.raises(StudyError, match="needs validation images"):
        race.config(settings(overrides=("data.validation_fraction=0",)), PARAMS)


def test_a_trial_that_was_killed_continues_in_kept_runs(tmp_path):
    chosen = settings(factors=(1.0,))
    config = race.config(chosen, PARAMS)
    whole = race.run(chosen, PARAMS, TrialContext("other-00000-0", keep_runs=tmp_path, cell="other-00000"))
    # What a killed attempt leaves: the first epoch of the first candidate.
    kept = tmp_path / "race-00000-1"
    fit(config.with_training(epochs=1), kept)
    kept.joinpath("config.yaml").write_text(config.with_training(batch_size=512, learning="goals").to_yaml())
    epochs = []
    trial = TrialContext("race-00000-7", keep_runs=tmp_path, on_step=lambda epoch, value: epochs.append(epoch), cell="race-00000")
    again = race.run(chosen, PARAMS, trial)
    differing = {"training_seconds", "peak_memory_mib"}
    assert {k: v for k, v in again.items() if k not in differing} == {k: v for k, v in whole.items() if k not in differing}
    assert min(epochs) == 1  # the second epoch alone was trained: the first was there from the start
    with pytest.raises(StudyError, match="is a run of another training"):
        trial.candidate(TrainConfig.make({"preset": "setup-1"}, ["network.hidden=4"]), race.OBJECTIVE, "1")
