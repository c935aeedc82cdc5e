"""Observations: what is left of samples after discretization."""

import numpy as np

from infomorphic.pid import EqualMass, decompose_samples, discretize_samples


def test_observations_decompose_as_the_samples_do():
    rng, rng_rows = np.random.default_rng(0), 200
    sources = [rng.normal(size=rng_rows), rng.integers(0, 2, rng_rows)]
    target = sources[1] ^ (sources[0] > 1)
    observations = discretize_samples(sources, target, [EqualMass(3), None])
    direct = decompose_samples(sources, target, [EqualMass(3), None])
    assert dict(observations.decompose().atoms) == dict(direct.atoms)
    assert observations.num_sources == 2
    assert observations.num_observations == rng_rows
    assert [len(np.unique(c)) for c in observations.codes] == [3, 2, 2]


def test_kept_marks_the_rows_without_missing_values():
    observations = discretize_samples([[0.0, 1.0, np.nan, 1.0]], [0, 1, 1, 0], missing="drop")
    assert observations.kept.tolist() == [True, True, False, True]
    assert observations.codes[0].tolist() == [0, 1, 1]
    assert observations.estimate.num_dropped == 1


def test_whole_weights_are_counts_and_weightless_rows_are_not_kept():
    observations = discretize_samples([[0, 1, 1]], [0, 1, 0], weights=[3, 4, 0])
    assert observations.num_observations == 7
    assert observations.kept.tolist() == [True, True, False]
    assert len(observations.occupied[0]) == 2
