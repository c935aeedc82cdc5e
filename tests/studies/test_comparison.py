"""Medians beside published ones."""

import pandas as pd
import pytest

from infomorphic.studies.comparison import compare_sizes, errors_by_size
from infomorphic.studies.engine.report import Report
from infomorphic.studies.published import published
from infomorphic.studies.published_networks import CURVES
from infomorphic.training.preset import presets


def trials(shift=0.0):
    """Results of a study that agree with the published medians except for `shift`."""
    theirs = published("error_by_size")
    model_of = {curve: model for model, curve in CURVES.items()}
    rows = theirs.pivot_table("median_error", ["model", "hidden_neurons"], "split").reset_index()
    return pd.DataFrame(
        {
            "model": [model_of[m] for m in rows["model"]],
            "size": rows["hidden_neurons"],
            "seed": 0,
            "test_accuracy": 1 - rows["test"] - shift,
            "train_accuracy": 1 - rows["train"],
        }
    )


def text_of(found, dataset="mnist"):
    report = Report("t")
    compare_sizes(list(CURVES), dataset, found, report)
    return "\n".join(report.paragraphs)


def test_every_published_curve_has_a_network():
    assert set(CURVES.values()) == set(published("error_by_size")["model"])
    classifiers = {name for name, preset in presets().items() if preset.task.name == "classification"}
    assert {m.partition(":")[0] for m in CURVES} == classifiers - {"relu"}  # an ordinary network, not published


def test_equal_medians_agree():
    text = text_of(trials())
    assert "**110 of 110 medians of the test error lie within the published range.**" in text
    assert "| setup-1 | 100 | 1 | 4.79 | 4.79 | 4.46–5.07 | +0.00 | agrees |" in text
    assert "no published range" in text  # of the readout alone


@pytest.mark.parametrize(("shift", "words"), [(0.5, "our error is larger"), (-0.5, "our error is smaller")])
def test_what_differs_is_said(shift, words):
    text = text_of(trials(shift)[lambda t: t["size"] >= 500])
    assert "**0 of 30 medians" in text
    assert words in text
    assert f"{100 * shift:+.2f}" in text


def test_other_data_sets_are_not_compared():
    text = text_of(trials(), dataset="digits")
    assert "The publication reports no such curves for digits." in text
    assert "agrees" not in text


def test_medians_and_ranges():
    found = pd.DataFrame({"model": "m", "size": 5, "test_accuracy": [0.5, 0.7, 0.9], "train_accuracy": [1.0, 1.0, 0.5]})
    rows = errors_by_size(found).set_index("split")
    assert rows.loc["test", ["median_error", "min_error", "max_error", "runs"]].tolist() == pytest.approx([0.3, 0.1, 0.5, 3])
    assert rows.loc["train", "median_error"] == 0
