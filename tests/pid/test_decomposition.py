"""The result of a decomposition."""

import numpy as np
import pytest

from infomorphic.errors import NotPointwiseError
from infomorphic.pid import decompose
from infomorphic.pid.decomposition import from_redundancies
from infomorphic.pid.measures.shared_exclusions import SharedExclusions
from pid.strategies import random_pmf


def test_mutual_informations_have_one_column_for_each_set_of_sources():
    d = decompose(random_pmf(5, 2, 2, 2, 3, batch=1), 3)
    assert d.mutual_information.array.shape == (5, 7)
    for i, label in enumerate(d.mutual_information):
        np.testing.assert_array_equal(d.mutual_information.array[:, i], d.redundancies[label])


def test_without_a_joint_pmf_there_are_no_pointwise_values():
    from_numbers = from_redundancies(np.ones(1), np.array(2.0), SharedExclusions(), 1)
    assert from_numbers.residual_entropy == 1
    with pytest.raises(NotPointwiseError, match="without a joint pmf"):
        _ = from_numbers.pointwise
