"""scikit-learn's own checks, none exempted: its MLPClassifier exempts none either."""

import warnings
from collections import Counter

import pytest
from sklearn.exceptions import SkipTestWarning
from sklearn.utils.estimator_checks import check_estimator

from infomorphic.sklearn import InfomorphicClassifier, InfomorphicTransformer
from shape_checking import wrong_on_purpose


# Few and large steps, so that the fast tests stay fast; the defaults are below.
@wrong_on_purpose
@pytest.mark.parametrize(
    "estimator",
    [
        InfomorphicClassifier(8, max_iter=30, learning_rate=0.02, readout_learning_rate=0.05),
        InfomorphicTransformer(8, max_iter=5),
    ],
    ids=lambda e: type(e).__name__,
)
def test_check_estimator(estimator, capsys):
    passed(estimator, capsys)


@wrong_on_purpose
@pytest.mark.slow
@pytest.mark.parametrize(
    "estimator",
    [
        InfomorphicClassifier(),
        InfomorphicClassifier(early_stopping=True, n_iter_no_change=50),
        InfomorphicClassifier((20, 20), max_iter=200),
        InfomorphicClassifier(lateral=None, max_iter=200),
        InfomorphicTransformer(),
    ],
    ids=repr,
)
def test_check_estimator_with_other_parameters(estimator, capsys):
    passed(estimator, capsys)


def passed(estimator, capsys):
    """Assert that every check passes, and print how many."""
    with warnings.catch_warnings():
        # Checks of optional packages skip themselves; they are counted below.
        warnings.simplefilter("ignore", SkipTestWarning)
        results = check_estimator(estimator, on_fail=None)
    counts = Counter(r["status"] for r in results)
    with capsys.disabled():
        print(f"\ncheck_estimator({estimator}): {', '.join(f'{n} {status}' for status, n in counts.items())}")
    assert not [(r["check_name"], r["exception"]) for r in results if r["status"] not in ("passed", "skipped")]
    # Array API input needs an environment variable that scikit-learn's own estimators are not run with either.
    assert {r["check_name"] for r in results if r["status"] == "skipped"} <= {"check_array_api_input"}
    assert counts["passed"] > 40
