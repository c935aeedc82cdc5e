"""Frames of an animation: what they show of a moment, on axes that are the same for all moments."""

import numpy as np
import pytest

from infomorphic.plots.moments import Curves, fields_figure, neuron_figure, recall_figure

CURVES = Curves([1, 2, 4], {"goal": np.array([0.0, 0.5, 1.0]), "{F}": np.array([1.0, np.nan, 3.0])}, "bits")


def lines(ax):
    return [np.asarray(line.get_xydata()).tolist() for line in ax.get_lines()]


def test_a_frame_has_the_curves_up_to_its_epoch():
    fields = np.arange(12.0).reshape(3, 4)
    early, late = (fields_figure(fields, (2, 2), epoch, "fields", CURVES) for epoch in (2, 4))
    assert [figure.axes[0].get_title() for figure in (early, late)] == ["fields, epoch 2", "fields, epoch 4"]
    assert len(early.axes[0].images) == 3
    assert lines(early.axes[1])[0] == [[1, 0.0], [2, 0.5]]
    assert lines(late.axes[1])[0] == [[1, 0.0], [2, 0.5], [4, 1.0]]
    assert early.axes[1].get_xlim() == late.axes[1].get_xlim()
    assert early.axes[1].get_ylim() == late.axes[1].get_ylim() == pytest.approx((-0.15, 3.15))
    assert early.get_size_inches().tolist() == late.get_size_inches().tolist()


@pytest.mark.parametrize(("neurons", "columns"), [(3, 3), (8, 8), (16, 8), (100, 15)])
def test_fields_are_in_rows(neurons, columns):
    figure = fields_figure(np.ones((neurons, 4)), (2, 2), 1, "fields", Curves([], {}, ""))
    lefts = {round(image.get_extent()[0], 6) for image in figure.axes[0].images}
    assert len(lefts) == columns


def test_a_neuron_with_and_without_classes():
    field = np.array([1.0, -1.0, 0.5, 0.0])
    figure = neuron_figure(field, (2, 2), 4, "Neuron 3", CURVES, np.array([0.25, 0.75]))
    assert figure.get_suptitle() == "Neuron 3, epoch 4"
    assert [len(ax.patches) for ax in figure.axes] == [0, 2, 0]
    assert len(neuron_figure(field, (2, 2), 4, "Neuron 3", CURVES).axes) == 2


def test_a_recall():
    figure = recall_figure([1, -1], [True, False], [-1, -1], 1, ("cue, 1 wrong", "pattern A"))
    assert [ax.get_title() for ax in figure.axes] == ["cue, 1 wrong", "pattern A"]
