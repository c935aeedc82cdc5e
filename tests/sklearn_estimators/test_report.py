"""The report of an estimator."""

import json
import re

import numpy as np
import pytest
from sklearn.datasets import load_digits

from infomorphic.errors import InvalidSamplesError, RunError
from infomorphic.sklearn import InfomorphicClassifier


@pytest.fixture(scope="module")
def fitted():
    images, labels = load_digits(return_X_y=True)
    return InfomorphicClassifier((6, 5), goal="{F}{C} - {F}{L}", max_iter=2, random_state=0).fit(images[:900], labels[:900]), images, labels


def content_of(path):
    page = path.read_text(encoding="utf-8")
    return json.loads(re.search(r'<script type="application/json" id="content">(.*?)</script>', page, re.S)[1])


def test_an_estimator_writes_the_report_of_its_neurons(fitted, tmp_path):
    model, images, labels = fitted
    path = model.report(tmp_path / "page.html", images[900:1200], labels[900:1200], image_shape=(8, 8))
    assert path == tmp_path / "page.html"
    content = content_of(path)
    assert [layer["name"] for layer in content["layers"]] == ["hidden1", "hidden2", "readout"]
    assert content["layers"][0]["goal"]["terms"][0]["label"] == "{F}{C}"
    neurons = content["neurons"]
    assert (neurons["layer"], len(neurons["neurons"]), neurons["samples"]) == ("hidden1", 6, 300)
    assert all({"field", "codes", "atoms", "lost"} <= set(neuron) for neuron in neurons["neurons"])
    assert content["confusion"]["accuracy"] == pytest.approx(model.score(images[900:1200], labels[900:1200]))
    assert {"value": "11", "label": "neurons"} in content["tiles"]


def test_features_need_no_shape(fitted, tmp_path):
    model, images, labels = fitted
    neurons = content_of(model.report(str(tmp_path / "page.html"), images[:100], labels[:100]))["neurons"]
    assert neurons["shape"] is None
    assert "field" not in neurons["neurons"][0]


def test_what_does_not_fit_is_refused(fitted, tmp_path):
    model, images, labels = fitted
    with pytest.raises(InvalidSamplesError, match=r"`image_shape` must have 64 values; got \(8, 9\)"):
        model.report(tmp_path / "a.html", images, labels, image_shape=(8, 9))
    with pytest.raises(InvalidSamplesError, match="`y` must contain only labels that `fit` had"):
        model.report(tmp_path / "a.html", images[:50], np.full(50, 10))
    with pytest.raises(RunError, match="is a folder; name the file"):
        model.report(tmp_path, images[:50], labels[:50])
    assert not list(tmp_path.iterdir())
