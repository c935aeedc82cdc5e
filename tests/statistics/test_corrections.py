"""Corrections of bias, against the expected value over all tables."""

import numpy as np
import pytest

from infomorphic.pid import discretize_samples
from infomorphic.statistics import assess

ROWS, REPEATS = 180, 60  # ten observations per cell


def independent(rng):
    a, b = rng.integers(3, size=(2, ROWS))
    return discretize_samples([a, b], rng.integers(2, size=ROWS))


@pytest.fixture(scope="module")
def mean_errors():
    """The mean of each estimate of I{12} and of the synergy over samples of independent variables, where the truth is 0."""
    rng = np.random.default_rng(0)
    samples = [independent(rng) for _ in range(REPEATS)]
    found = {}
    for correct in ("none", "shuffle", "quadratic", "miller-madow"):
        of_all = [assess(s, correct=correct, seed=i) for i, s in enumerate(samples)]
        values = [a.bits if a.corrected is None else a.corrected for a in of_all]
        labels = of_all[0].labels
        found[correct] = dict(zip(labels, np.mean(values, axis=0), strict=True))
    return found


@pytest.mark.parametrize("correct", ["shuffle", "quadratic", "miller-madow"])
def test_a_correction_removes_most_of_the_bias_of_information(mean_errors, correct):
    assert mean_errors["none"]["I{12}"] > 0.03
    assert abs(mean_errors[correct]["I{12}"]) < 0.35 * mean_errors["none"]["I{12}"]


@pytest.mark.parametrize("correct", ["shuffle", "quadratic"])
def test_a_correction_removes_most_of_the_bias_of_synergy(mean_errors, correct):
    assert abs(mean_errors[correct]["{12}"]) < 0.5 * abs(mean_errors["none"]["{12}"])


def test_miller_madow_is_for_informations_alone():
    record = assess(independent(np.random.default_rng(0)), correct="miller-madow").record()
    assert {label for label, values in record.items() if "corrected" in values} == {"I{1}", "I{2}", "I{12}"}


def test_miller_madow_of_all_sources_subtracts_the_bias_of_the_estimate():
    observations = independent(np.random.default_rng(0))
    found = assess(observations, correct="miller-madow")["I{12}"]
    assert found["corrected"] == pytest.approx(found["bits"] - observations.estimate.miller_madow_bias, abs=1e-12)
