"""Animations of runs: receptive fields, one neuron, and a recall."""

import pytest
from PIL import Image

from infomorphic.errors import ConfigurationError, RunError
from infomorphic.reports import write_fields_gif, write_recall_gif
from infomorphic.reports.animation import _thinned
from infomorphic.training import Run, TrainConfig, fit
from infomorphic.training.development import Development


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs")
    fit(TrainConfig.make({"preset": "bars"}, ["training.epochs=3", "data.images=1000"]), folder / "bars")
    fit(TrainConfig.make({"preset": "context"}, ["network.hidden=4", "training.epochs=2"]), folder / "digits")
    letters = ["data.patterns=letters", "training.epochs=50", "training.epochs_a_record=50"]
    fit(TrainConfig.make({"preset": "memory"}, letters), folder / "memory")
    return folder


def frames(path):
    with Image.open(path) as picture:
        return picture.n_frames


@pytest.mark.parametrize(("name", "neuron", "epochs"), [("bars", None, 3), ("bars", 7, 3), ("digits", None, 2), ("digits", 0, 2)])
def test_one_frame_per_recorded_epoch(runs, tmp_path, name, neuron, epochs):
    reported = []
    write_fields_gif(runs / name, tmp_path / "a.gif", neuron, lambda phase, done, total: reported.append((phase, done, total)))
    assert frames(tmp_path / "a.gif") == epochs
    assert reported == [("drawing frames", i, epochs) for i in range(epochs)]


def test_a_recall_has_a_frame_for_the_cue_and_each_step(runs, tmp_path):
    write_recall_gif(runs / "memory", tmp_path / "a.gif", noise=0.05)
    assert frames(tmp_path / "a.gif") >= 2
    write_recall_gif(runs / "memory", tmp_path / "b.gif")
    assert frames(tmp_path / "b.gif") == 1  # a pattern that stays as it is


def test_neurons_of_bars_have_a_history_of_their_atoms(runs):
    run = Run.open(runs / "bars")
    history = run.load_history(run.load_checkpoint())
    assert history.epochs == (1, 2, 3)
    assert set(history.of_layer("neurons")) == {"goal", "{F}", "{C}", "{F}{C}", "{FC}", "H_res"}


def test_many_epochs_are_thinned_evenly():
    development = Development(tuple(range(1, 51)), {})
    epochs = _thinned(development).epochs
    assert (len(epochs), epochs[0], epochs[-1]) == (25, 1, 50)
    assert _thinned(Development(tuple(range(1, 26)), {})).epochs == tuple(range(1, 26))


def test_what_cannot_be_animated(runs, tmp_path):
    out = tmp_path / "a.gif"
    with pytest.raises(
        RunError, match=r"has no receptive fields over the epochs\. .* A memory is animated by: infomorphic recall RUN --gif"
    ):
        write_fields_gif(runs / "memory", out)
    with pytest.raises(ConfigurationError, match=r"`neuron` must be from 0 to 7, a neuron of the layer 'neurons'; got 8"):
        write_fields_gif(runs / "bars", out, 8)
    with pytest.raises(RunError, match="which stores no patterns"):
        write_recall_gif(runs / "bars", out)
    with pytest.raises(ConfigurationError, match="`pattern` must be from 0 to 25"):
        write_recall_gif(runs / "memory", out, pattern=26)
    assert not out.exists()
