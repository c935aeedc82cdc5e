"""Records and tables of trained neurons."""

import re
import shutil

import pytest
import torch

from infomorphic.analysis import Trained, analyze_neurons, overview
from infomorphic.analysis.neurons import shared
from infomorphic.errors import ConfigurationError
from infomorphic.objective import information_terms
from infomorphic.pid import decompose_samples
from infomorphic.training import Run, TrainConfig, fit


@pytest.fixture(scope="module")
def neurons(trained):
    return analyze_neurons(trained, images_each=3)


def test_everything_is_measured_on_images_that_were_not_learned_from(neurons, trained):
    assert (neurons.part, neurons.samples) == ("validation", len(trained.data.validation_labels))
    assert len(neurons) == 14


def test_atoms_and_residual_entropy_add_up_to_the_entropy_of_the_output(neurons, trained):
    p = trained.with_labels["hidden"].firing_prob.mean(0)
    entropy = -(p * p.log2() + (1 - p) * (1 - p).log2())
    assert len(neurons.atoms) == 19
    torch.testing.assert_close(sum(neurons.atoms.values()), entropy, atol=1e-4, rtol=0)


def test_the_goal_is_the_weighted_sum_of_the_atoms(neurons, trained):
    goal = trained.network.network.goals["hidden"].goal
    value = sum(w * neurons.atoms[label] for label, w in goal.weights.items()) + goal.residual_entropy * neurons.atoms["H_res"]
    torch.testing.assert_close(neurons.goal, value)


def test_the_contributions_of_the_terms_add_up_to_the_goal_of_each_neuron(neurons, trained):
    goal = trained.network.network.goals["hidden"].goal
    for j in range(14):
        found = neurons.contributions(j)
        assert set(found) == {term.label for term in goal.leading_terms()}
        assert sum(found.values()) == pytest.approx(float(neurons.goal[j]), abs=1e-6)
        assert list(found.values()) == sorted(found.values(), key=abs, reverse=True)
        assert found["{F}{L}"] == goal.weights["{F}{L}"] * float(neurons.atoms["{F}{L}"][j])


def test_a_neuron_describes_itself_in_one_sentence_from_what_was_measured(neurons):
    clauses = neurons.describe(5).removesuffix(".").split("; ")
    assert len(clauses) == 5
    found = neurons.contributions(5)
    highest, lowest = (choose(found, key=lambda label: found[label]).replace("H_res", "the residual entropy") for choose in (max, min))
    goal = f"{float(neurons.goal[5]):.3f}"
    assert re.fullmatch(
        rf"its goal of {goal} bits gains most from {re.escape(highest)} \(\+\d\.\d\d\d\) and loses most to {re.escape(lowest)} \(−\d\.\d\d\d\)",
        clauses[2],
    )
    assert "redundant with" in clauses[3]
    assert clauses[4].startswith("without it, ")
    with pytest.raises(ConfigurationError, match="`neuron` must be a number from 0 to 13; got 14"):
        neurons.describe(14)


def test_what_is_shared_with_lateral_input_is_the_redundancy_of_both():
    generator = torch.Generator().manual_seed(0)
    bins = torch.randint(3, (3, 3000, 2), generator=generator)
    fires = ((bins.sum(0) + torch.randint(2, (3000, 2), generator=generator)) > 3).double()
    atoms = dict(information_terms(bins, fires, 3, sources="FCL").items())
    for j in range(2):
        found = decompose_samples(bins[:, :, j].T.numpy(), fires[:, j].numpy())
        assert float(shared(atoms, "F", "L")[j]) == pytest.approx(float(found.redundancies["{1}{3}"]), abs=1e-9)
    assert shared({"{F}{C}": torch.zeros(1)}, "F", "L") is None


def test_driving_images_have_the_largest_current(neurons, trained):
    drive = trained.withheld["hidden"].currents[0]
    assert neurons.driving.shape == neurons.silencing.shape == (3, 14)
    assert int(neurons.driving[0, 4]) == int(drive[:, 4].argmax())
    assert int(neurons.silencing[0, 4]) == int(drive[:, 4].argmin())
    assert bool((drive[neurons.driving[0], range(14)] >= drive[neurons.driving[1], range(14)]).all())


def test_the_table_has_a_row_a_neuron_and_says_units(neurons):
    table = neurons.table()
    assert len(table) == 14
    assert table.index.name == "neuron"
    assert {"codes", "label information (bits)", "accuracy lost without it", "{F}{C}{L} (bits)", "H_res (bits)", "redundant"} <= set(table)
    assert table["codes"].tolist() == [neurons.codes(j) for j in range(14)]
    assert not table["most similar neuron"].eq(table.index).any()


def test_the_overview_counts(neurons):
    found = overview(neurons)
    assert found.neurons == 14
    assert found.code_a_class == sum(neurons.codes(j) != "no class" for j in range(14))
    coded = sum(min(len(p), len(a)) for p, a in zip(neurons.selectivity.preferred, neurons.selectivity.avoided, strict=True))
    assert sum(found.by_firing) + sum(found.by_silence) == coded
    assert found.costless == sum(loss.wrong <= loss.right for loss in neurons.losses)


@pytest.mark.parametrize("preset", ["readout", "context", "lateral", "setup-2", "setup-3", "random-projection", "backprop"])
def test_networks_of_every_kind_are_analyzed(preset, tmp_path):
    hidden = [] if preset == "readout" else ["network.hidden=6"]
    fit(TrainConfig.make({"preset": preset}, [*hidden, "training.epochs=1", "training.batch_size=256"]), tmp_path / "r")
    found = analyze_neurons(Trained.load(Run.open(tmp_path / "r")), images_each=2)
    assert len(found) == (10 if preset == "readout" else 6)
    assert (found.losses is None) == (preset == "readout")
    assert found.describe(0).count("; ") == (1 if preset == "readout" else 3) + bool(found.atoms)
    assert bool(found.atoms) == (preset not in ("random-projection", "backprop"))
    assert (found.shared_with_lateral is None) == (preset not in ("setup-2", "setup-3", "lateral"))
    assert torch.isfinite(found.selectivity.label_information).all()


@pytest.mark.parametrize("name", ["setup-1", "backprop"])
def test_firing_probabilities_are_those_of_the_layer_whatever_silence_is_passed_on_as(runs, name):
    trained = Trained.load(Run.open(runs / name))
    torch.testing.assert_close(trained.firing_prob, trained.withheld["hidden"].firing_prob)
    assert trained.withheld["hidden"].output.min() < -0.5 if name == "setup-1" else trained.withheld["hidden"].output.min() >= 0


def test_without_validation_images_test_images_are_used(tmp_path):
    settings = ["network.hidden=4", "training.epochs=1", "data.validation_fraction=0"]
    fit(TrainConfig.make({"preset": "lateral"}, settings), tmp_path / "r")
    assert Trained.load(Run.open(tmp_path / "r")).part == "test"


def test_a_run_that_was_trained_on_another_device_is_analyzed_on_the_cpu(run, tmp_path):
    shutil.copytree(run.path, tmp_path / "r")
    path = tmp_path / "r" / "config.yaml"
    path.write_text(path.read_text().replace("device: cpu", "device: cuda"))
    assert Trained.load(Run.open(tmp_path / "r")).firing_prob.device.type == "cpu"
