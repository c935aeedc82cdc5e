"""What is a pmf, and what the messages say where something is not."""

import numpy as np
import pytest

from infomorphic.errors import InvalidPmfError
from infomorphic.pid import decompose


def test_normalization_is_an_explicit_choice():
    counts = np.array([[[3, 1], [2, 2]], [[0, 4], [1, 3]]])
    with pytest.raises(InvalidPmfError, match=r"must sum to 1; it sums to 16\. Pass `normalize=True`"):
        decompose(counts)
    np.testing.assert_allclose(decompose(counts, normalize=True).atoms.array, decompose(counts / 16).atoms.array)


@pytest.mark.parametrize(
    ("pmf", "message"),
    [
        (np.array([[0.5, 0.6], [-0.1, 0.0]]), r"must not be negative; its smallest entry is -0\.1"),
        (np.array([[0.5, np.nan], [0.1, 0.0]]), "must be finite"),
        (np.array([[0.5, np.inf], [0.1, 0.0]]), "must be finite"),
        (np.array([[0.5, 0.4], [0.05, 0.0]]), r"it sums to 0\.95"),
        (np.zeros((0, 2)), "at least one outcome"),
        (np.array([["a", "b"]]), "real numbers"),
        (np.array([[0.5 + 0j, 0.5]]), "real numbers"),
    ],
)
def test_bad_pmfs(pmf, message):
    with pytest.raises(InvalidPmfError, match=message):
        decompose(pmf)
