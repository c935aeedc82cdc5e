"""Training in a notebook."""

import numpy as np
import pytest
import torch
from sklearn.datasets import load_digits
from torch import nn

import infomorphic
from infomorphic.errors import ConfigurationError, DataError, RunError
from infomorphic.fitting import fit
from infomorphic.networks import Classifier, convert
from infomorphic.networks.stacked import Stack
from infomorphic.seeding import generator_for
from shape_checking import wrong_on_purpose


def stack():
    return Stack(hidden_layer_sizes=(20,)).build(64, 10, generator_for(0, "weights"))


def torch_model():
    torch.manual_seed(0)
    return convert(nn.Sequential(nn.Flatten(), nn.Linear(64, 30), nn.ReLU(), nn.Linear(30, 10)), classes=10)


@pytest.fixture(scope="module")
def fitted():
    return fit(stack(), "digits", epochs=15)


def test_the_names_of_the_package():
    assert infomorphic.fit is fit
    assert infomorphic.convert is convert


def test_a_classifier_learns_digits(fitted):
    assert [record["epoch"] for record in fitted.history] == list(range(1, 16))
    assert fitted.history[-1]["validation_accuracy"] > 0.75
    assert fitted.evaluate() > 0.75
    frame = fitted.to_frame()
    assert frame.index.name == "epoch"
    assert {"train_accuracy", "validation_accuracy", "hidden.goal", "hidden.{F}{C}{L}", "seconds"} <= set(frame.columns)
    assert frame["validation_accuracy"].iloc[-1] == fitted.evaluate("validation")
    assert repr(fitted) == f"15 epochs: validation accuracy {fitted.history[-1]['validation_accuracy']:.1%}"


def test_the_history_is_drawn(fitted):
    lines = fitted.plot().get_lines()
    assert [line.get_label() for line in lines] == ["train accuracy", "validation accuracy"]
    assert lines[1].get_ydata()[-1] == fitted.history[-1]["validation_accuracy"]


def test_the_report(fitted, tmp_path):
    page = fitted.report(tmp_path / "fitted.html").read_text(encoding="utf-8")
    assert "neurons" in page


def test_a_converted_model_learns_pairs_of_any_shape():
    X, y = load_digits(return_X_y=True)
    found = fit(torch_model(), (X.reshape(-1, 8, 8), y), epochs=25, batch_size=128)
    assert found.sample_shape == (8, 8)
    assert len(found.data.test_labels) == 359
    assert found.evaluate() > 0.8
    assert set(found.history[0]) == {"epoch", "train_accuracy", "validation_accuracy", "1.goal", "seconds"}
    with pytest.raises(RunError, match="this is a converted torch model"):
        found.report("page.html")


@pytest.mark.parametrize("build", [stack, torch_model])
def test_the_same_seed_gives_the_same_history(build):
    def numbers(seed):
        return [{k: v for k, v in record.items() if k != "seconds"} for record in fit(build(), "digits", epochs=2, seed=seed).history]

    state = torch.get_rng_state()
    assert numbers(1) == numbers(1)
    assert numbers(1) != numbers(2)
    # Building a torch model draws its weights; training draws nothing from torch's own generator.
    assert build is torch_model or torch.equal(torch.get_rng_state(), state)


def test_a_network_is_completed_with_its_readout():
    network = stack().network
    found = fit(network, "digits", epochs=1)
    assert isinstance(found.network, Classifier)
    assert found.network.network is network


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (3, r"`data` must be the name of a data set, a Dataset, a Split or a pair \(X, y\); got a int"),
        ((np.zeros((4, 2)), np.zeros(3, dtype=int)), r"got shapes \(4, 2\) and \(3,\)"),
        ((np.zeros((4, 2)), np.array([0.0, 1.0, 0.0, 1.0])), "labels must be whole numbers"),
        ((np.zeros((4, 2)), np.array([-1, 1, 0, 1])), "labels must be whole numbers"),
    ],
)
def test_what_is_no_data_is_refused(data, message):
    with pytest.raises(DataError, match=message):
        fit(stack(), data)


@wrong_on_purpose
def test_what_is_no_network_is_refused():
    with pytest.raises(ConfigurationError, match="the result of `convert`; got a Linear"):
        fit(nn.Linear(2, 2), "digits")
    with pytest.raises(ConfigurationError, match="`epochs` must be at least 1; got 0"):
        fit(stack(), "digits", epochs=0)
    with pytest.raises(ConfigurationError, match="`part` must be test, validation or train; got 'tests'"):
        fit(stack(), "digits", epochs=1).evaluate("tests")
