"""The classifier: what it learns, its parameters, and its report."""

import copy
import json
import pickle
import re
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
import torch
from sklearn.base import clone
from sklearn.datasets import load_breast_cancer, load_digits, load_iris
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from infomorphic.errors import BlindSourceWarning, ConfigurationError, GoalError, InvalidSamplesError, NonFiniteWeightsError, RunError
from infomorphic.goals import Goal
from infomorphic.sklearn import InfomorphicClassifier
from infomorphic.sklearn.finite import finite_weights
from shape_checking import wrong_on_purpose

FAST = {"max_iter": 20, "batch_size": 64, "learning_rate": 0.01, "readout_learning_rate": 0.02, "random_state": 0}


@pytest.fixture(scope="module")
def digits():
    return load_digits(return_X_y=True)


@pytest.fixture(scope="module")
def fitted(digits):
    return InfomorphicClassifier(12, **FAST).fit(digits[0][:600], digits[1][:600])


def small(**parameters):
    return InfomorphicClassifier(**{"hidden_layer_sizes": 4, "max_iter": 2, "random_state": 0, **parameters})


def weights(model):
    return {k: t.clone() for k, t in model.network_.state_dict().items()}


def same(a, b):
    return a.keys() == b.keys() and all(torch.equal(t, b[k]) for k, t in a.items())


def test_learns_digits(fitted, digits):
    # Chance is 0.1; a fit that learnt nothing, or lost a sign, fails this.
    assert fitted.score(digits[0][600:], digits[1][600:]) > 0.7
    assert fitted.n_iter_ == 20
    assert fitted.goal_ == Goal.published("trivariate/optimized-tpe-1")


def test_two_classes_have_a_sign():
    # Mean firing alone would distinguish two classes of equal size only by chance.
    rng = np.random.default_rng(0)
    y = np.arange(200) % 2
    X = rng.normal(size=(200, 3)) + 3 * y[:, None]
    steps = {"max_iter": 30, "learning_rate": 0.02, "readout_learning_rate": 0.05}
    for seed in range(4):
        assert InfomorphicClassifier(8, **steps, random_state=seed).fit(X, y).score(X, y) > 0.95


def test_probabilities_are_firing_probabilities_divided_by_their_sum(fitted, digits):
    X = digits[0][600:650]
    prob = fitted.predict_proba(X)
    inputs = fitted._standardization(X, torch.float64)
    firing = copy.deepcopy(fitted.network_).double().predict_proba(inputs, inference="expected").numpy()
    np.testing.assert_allclose(prob, firing / firing.sum(1, keepdims=True), rtol=1e-12)
    assert (fitted.predict(X) == fitted.classes_[prob.argmax(1)]).all()


def test_predictions_are_reproducible_and_in_the_precision_of_the_input(fitted, digits):
    X = digits[0][600:700]
    assert (fitted.predict_proba(X) == fitted.predict_proba(X)).all()
    single = fitted.predict_proba(X.astype(np.float32))
    assert single.dtype == np.float32
    assert fitted.predict_proba(X).dtype == np.float64
    np.testing.assert_allclose(single, fitted.predict_proba(X), atol=1e-4)


def test_sampled_predictions_are_the_same_in_every_call_and_near_the_expected(fitted, digits):
    X = digits[0][600:900]
    sampled = clone(fitted).set_params(inference="sampled", samples=200)
    sampled.__dict__.update({k: v for k, v in fitted.__dict__.items() if k.endswith("_") or k.startswith("_")})
    prob = sampled.predict_proba(X)
    assert (prob == sampled.predict_proba(X)).all()
    assert not np.allclose(prob, fitted.predict_proba(X), atol=1e-6)
    assert (prob.argmax(1) == fitted.predict_proba(X).argmax(1)).mean() > 0.8


def test_the_same_random_state_gives_the_same_bits(digits):
    X, y = digits[0][:100], digits[1][:100]
    assert same(weights(small().fit(X, y)), weights(small().fit(X, y)))
    assert not same(weights(small().fit(X, y)), weights(small(random_state=1).fit(X, y)))
    state = np.random.RandomState(3)
    assert not same(weights(small(random_state=state).fit(X, y)), weights(small(random_state=state).fit(X, y)))


def test_fit_is_that_many_calls_of_partial_fit(digits):
    X, y = digits[0][:100], digits[1][:100]
    model = small(max_iter=3, batch_size=32)
    for _ in range(3):
        model.partial_fit(X, y, classes=range(10))
    assert same(weights(small(max_iter=3, batch_size=32).fit(X, y)), weights(model))
    assert model.n_iter_ == 3


def test_partial_fit_goes_on_after_pickling_to_the_same_bits(digits):
    X, y = digits[0][:100], digits[1][:100]
    model = small(batch_size=32).fit(X, y)
    again = pickle.loads(pickle.dumps(model))
    assert same(weights(model.partial_fit(X, y)), weights(again.partial_fit(X, y)))
    assert not same(weights(model), weights(small(batch_size=32).fit(X, y)))


def test_a_pickle_predicts_the_same_in_another_process(fitted, digits, tmp_path):
    path = tmp_path / "model.pickle"
    path.write_bytes(pickle.dumps(fitted))
    np.save(tmp_path / "X.npy", digits[0][600:650])
    code = (
        "import pickle, sys, numpy as np; m = pickle.load(open(sys.argv[1], 'rb'));"
        "np.save(sys.argv[3], m.predict_proba(np.load(sys.argv[2])))"
    )
    command = [sys.executable, "-c", code, path, tmp_path / "X.npy", tmp_path / "prob.npy"]
    subprocess.run([str(c) for c in command], check=True, capture_output=True)
    assert (np.load(tmp_path / "prob.npy") == fitted.predict_proba(digits[0][600:650])).all()


def test_a_pickle_holds_no_paths_and_no_gradients(fitted):
    text = pickle.dumps(fitted)
    assert sys.prefix.encode() not in text
    assert b"site-packages" not in text
    assert all(p.grad is None for p in fitted.network_.parameters())


def test_partial_fit_needs_the_classes_and_keeps_to_them(digits):
    X, y = digits[0][:50], digits[1][:50]
    with pytest.raises(InvalidSamplesError, match="`classes` must be given in the first call"):
        small().partial_fit(X, y)
    model = small().partial_fit(X, y % 3, classes=[0, 1, 2])
    with pytest.raises(InvalidSamplesError, match=r"`classes` must be the same as in the first call, \[0 1 2\]; got \[0 1\]"):
        model.partial_fit(X, y % 3, classes=[0, 1])
    with pytest.raises(InvalidSamplesError, match=r"`y` must contain only labels in `classes`, \[0 1 2\]; got \[3\]"):
        model.partial_fit(X, y % 4)


def test_a_part_without_a_class_leaves_the_sign_of_its_neuron(digits):
    X, y = digits[0][:90], digits[1][:90] % 3
    model = small().partial_fit(X, y, classes=range(3))
    for sign in (True, False):
        model.network_.inverted.fill_(sign)
        model.partial_fit(X[y < 2], y[y < 2])
        assert bool(model.network_.inverted[2]) is sign


def test_labels_that_are_not_among_the_classes_leave_nothing_behind(digits):
    model = small()
    with pytest.raises(InvalidSamplesError, match="must contain only labels in"):
        model.partial_fit(digits[0][:30], digits[1][:30], classes=[0, 1])
    assert not hasattr(model, "network_")


def test_early_stopping_restores_the_best_weights(digits):
    X, y = digits[0][:300], digits[1][:300]
    parameters = {"hidden_layer_sizes": 10, "batch_size": 64, "learning_rate": 0.05, "random_state": 1}
    model = small(**parameters, max_iter=100, early_stopping=True, n_iter_no_change=5).fit(X, y)
    scores = model.validation_scores_
    assert model.best_iter_ == 1 + scores.index(max(scores))
    assert len(scores) == model.n_iter_ == model.best_iter_ + 5 < 100
    # Stopping by the number of epochs at the best one gives the same weights.
    until_best = small(**parameters, max_iter=model.best_iter_, early_stopping=True, n_iter_no_change=100).fit(X, y)
    assert same(weights(model), weights(until_best))
    assert model.n_iter_ > until_best.n_iter_


def test_early_stopping_needs_two_samples_of_a_class():
    with pytest.raises(InvalidSamplesError, match="got n_samples = 2 in as many classes"):
        small(early_stopping=True).fit([[1.0], [2.0]], ["a", "b"])


def test_settings_reach_the_network(digits):
    X, y = digits[0][:60], digits[1][:60]
    model = small(hidden_layer_sizes=(5, 3), lateral=2, goal="{F}{C} - {F}{L}", bins=6, bin_range=(-4, 4), weight_decay=0.5).fit(X, y)
    network = model.network_.network
    assert list(network.layers) == ["hidden1", "hidden2", "readout"]
    assert network.layers["hidden1"].connections["L"].weight.shape == (5, 2)
    assert network.wiring["hidden2"].binning.num_bins == 6
    assert network.wiring["hidden2"].binning.high == 4
    assert str(model.goal_) == "{F}{C} - {F}{L}"
    assert [(g["lr"], g["weight_decay"]) for g in model._optimizer.param_groups] == [(2e-3, 0.5), (2e-3, 0.5), (3e-3, 1.5e-4)]


def test_bins_of_which_nothing_is_learned_are_warned_of(digits):
    X, y = digits[0][:60], digits[1][:60]
    with pytest.warns(BlindSourceWarning, match="21 bins"):
        small(bins=21, max_iter=1).fit(X, y)
    with pytest.warns(BlindSourceWarning, match="21 bins"):
        model = small(bins=21).partial_fit(X, y, classes=range(10))
    model.partial_fit(X, y)  # said once


def test_defaults_are_published_for_the_sources(digits):
    X, y = digits[0][:60], digits[1][:60]
    decays = {}
    for name, parameters in {"FCL": {}, "FC": {"lateral": None}, "FL": {"context": None}}.items():
        model = small(**parameters).fit(X, y)
        assert model.goal_.sources == name
        decays[name] = model._optimizer.param_groups[0]["weight_decay"]
    assert decays == {"FCL": 3.5e-4, "FC": 3.5e-4, "FL": 3.5e-4}


@wrong_on_purpose
@pytest.mark.parametrize(
    ("parameters", "error", "message"),
    [
        ({"max_iter": 0}, ConfigurationError, "`max_iter` must be a whole number of at least 1; got 0"),
        ({"batch_size": 1}, ConfigurationError, "`batch_size` must be a whole number of at least 2; got 1"),
        ({"learning_rate": -1}, ConfigurationError, "`learning_rate` must be a finite number greater than 0; got -1"),
        ({"weight_decay": float("nan")}, ConfigurationError, "`weight_decay` must be a finite number of at least 0; got nan"),
        ({"standardize": "both"}, ConfigurationError, "`standardize` must be one of 'features', 'all', None; got 'both'"),
        ({"bin_range": 3}, ConfigurationError, r"`bin_range` must be a pair \(low, high\) or None; got 3"),
        ({"bin_range": (1, 1)}, ConfigurationError, "must ascend"),
        ({"early_stopping": True, "validation_fraction": 1}, ConfigurationError, "`validation_fraction` must be greater than 0 and less"),
        ({"goal": "trivariate/nothing"}, GoalError, "nothing"),
        ({"goal": "{F}", "hidden_layer_sizes": 0}, ConfigurationError, "`hidden_layer_sizes`"),
    ],
)
def test_wrong_parameters_are_errors_in_fit(parameters, error, message, digits):
    with pytest.raises(error, match=message):
        small(**parameters).fit(digits[0][:40], digits[1][:40])


def test_a_wrong_inference_is_an_error(fitted, digits):
    model = copy.copy(fitted).set_params(inference="certain")
    with pytest.raises(ConfigurationError, match="`inference` must be one of 'expected', 'sampled'; got 'certain'"):
        model.predict(digits[0][:2])


def test_weights_that_explode_are_an_error(digits):
    # No learning rate that is allowed does this to sixty images.
    network = small(max_iter=1).fit(digits[0][:60], digits[1][:60]).network_
    with pytest.raises(NonFiniteWeightsError, match="weights became NaN or infinite in epoch 1"), finite_weights(network, 1):
        network.network.layers["hidden"].connections["F"].weight.data[0, 0] = float("inf")


def test_one_sample_one_class_and_constant_features():
    assert (small().fit([[1.0, 2.0]], ["a"]).predict([[1.0, 2.0], [5.0, 1.0]]) == "a").all()
    X = np.column_stack([np.full(30, 0.1), np.arange(30) % 3])
    model = small(max_iter=3).fit(X, np.arange(30) % 3)
    assert np.isfinite(model.predict_proba(X + 7)).all()
    # A constant feature says nothing: only what it was multiplied with in the weights' favour may change, not the scale.
    assert model._standardization.deviation[0] == 1


def test_labels_may_be_text_and_columns_may_have_names():
    iris = load_iris(as_frame=True)
    names = iris.target_names[iris.target]
    model = small(max_iter=5).fit(iris.data, names)
    assert list(model.classes_) == ["setosa", "versicolor", "virginica"]
    assert list(model.feature_names_in_) == list(iris.data.columns)
    assert model.predict(iris.data.iloc[:3]).dtype == names.dtype
    with pytest.raises(ValueError, match="feature names"):
        model.predict(pd.DataFrame(iris.data.to_numpy(), columns=list("abcd")))


def test_works_in_pipelines_searches_and_cross_validation(digits):
    X, y = digits[0][:200], digits[1][:200]
    pipeline = make_pipeline(StandardScaler(), small(standardize=None))
    assert cross_val_score(pipeline, X, y, cv=2).shape == (2,)
    goals = ["trivariate/heuristic", "{F}{C} - {F}{L}"]
    search = GridSearchCV(pipeline, {"infomorphicclassifier__goal": goals}, cv=2).fit(X, y)
    assert search.best_params_["infomorphicclassifier__goal"] in goals
    assert clone(small(goal=Goal.parse("{F}{C}", "FCL"))).goal == Goal.parse("{F}{C}", "FCL")


@pytest.mark.parametrize("rare", [3, 8])
def test_a_rare_class_does_not_take_all_samples(rare):
    X, y = load_breast_cancer(return_X_y=True)
    rows = np.r_[np.flatnonzero(y == 1), np.flatnonzero(y == 0)[:rare]]
    X, y = X[rows], (y[rows] == 0).astype(int)
    for seed in range(2):
        model = InfomorphicClassifier(20, max_iter=20, batch_size=64, random_state=seed).fit(X, y)
        assert model.score(X, y) >= 1 - y.mean()


def test_goals_are_matched_by_the_names_of_their_sources(digits):
    X, y = digits[0][:100], digits[1][:100]
    ours, theirs = (
        InfomorphicClassifier(4, lateral=None, goal=Goal.parse("{F}{C} - 0.2 {F}", sources), max_iter=1, random_state=0).fit(X, y)
        for sources in ("FC", "CF")
    )
    assert ours.goal_ == theirs.goal_
    assert np.array_equal(ours.predict_proba(X), theirs.predict_proba(X))


@pytest.fixture(scope="module")
def deep(digits):
    """A classifier with two hidden layers, and the digits."""
    images, labels = digits
    return InfomorphicClassifier((6, 5), goal="{F}{C} - {F}{L}", max_iter=2, random_state=0).fit(images[:900], labels[:900]), images, labels


def content_of(path):
    page = path.read_text(encoding="utf-8")
    return json.loads(re.search(r'<script type="application/json" id="content">(.*?)</script>', page, re.S)[1])


def test_an_estimator_writes_the_report_of_its_neurons(deep, tmp_path):
    model, images, labels = deep
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


def test_features_need_no_shape(deep, tmp_path):
    model, images, labels = deep
    neurons = content_of(model.report(str(tmp_path / "page.html"), images[:100], labels[:100]))["neurons"]
    assert neurons["shape"] is None
    assert "field" not in neurons["neurons"][0]


def test_a_report_of_other_samples_is_refused(deep, tmp_path):
    model, images, labels = deep
    with pytest.raises(InvalidSamplesError, match=r"`image_shape` must have 64 values; got \(8, 9\)"):
        model.report(tmp_path / "a.html", images, labels, image_shape=(8, 9))
    with pytest.raises(InvalidSamplesError, match="`y` must contain only labels that `fit` had"):
        model.report(tmp_path / "a.html", images[:50], np.full(50, 10))
    with pytest.raises(RunError, match="is a folder; name the file"):
        model.report(tmp_path, images[:50], labels[:50])
    assert not list(tmp_path.iterdir())
