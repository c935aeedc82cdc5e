"""From a joint pmf to a decomposition: batches, dtypes, axes and extreme probabilities."""

import numpy as np
import pytest
import torch

from infomorphic.errors import InfomorphicError, InvalidPmfError, TooManySourcesError
from infomorphic.pid import decompose, gates
from pid.strategies import random_pmf


@pytest.mark.parametrize("batch", [(), (3,), (2, 3)])
@pytest.mark.parametrize("num_sources", [1, 2, 3])
def test_batches_equal_single_distributions(batch, num_sources):
    shape = (2, 3, 2)[:num_sources]
    pmf = random_pmf(*batch, *shape, 3, batch=len(batch))
    d = decompose(pmf, num_sources)
    assert d.target_entropy.shape == batch
    for index in np.ndindex(*batch):
        single = decompose(pmf[index])
        np.testing.assert_allclose(d.atoms.array[index], single.atoms.array, atol=1e-14)
        label = list(d.atoms)[-1]
        np.testing.assert_allclose(d.pointwise.atoms[label][index], single.pointwise.atoms[label], atol=1e-14)


@pytest.mark.parametrize("num_sources", [1, 2, 3, 4, 5])
def test_torch_gives_torch_and_the_same_values(num_sources):
    pmf = random_pmf(*(2,) * num_sources, 3)
    ours, theirs = decompose(pmf), decompose(torch.from_numpy(pmf))
    assert isinstance(theirs.atoms["{1}"], torch.Tensor)
    assert isinstance(ours.atoms["{1}"], np.float64)
    for name in ("atoms", "redundancies", "informative", "misinformative"):
        np.testing.assert_allclose(getattr(ours, name).array, getattr(theirs, name).array.numpy(), atol=1e-12)
    np.testing.assert_allclose(ours.residual_entropy, theirs.residual_entropy.numpy(), atol=1e-13)


def test_dtype_is_float64_unless_asked():
    pmf = random_pmf(2, 2, 2).astype(np.float32)
    assert decompose(pmf).atoms["{12}"].dtype == np.float64
    assert decompose(pmf, dtype="float32").atoms["{12}"].dtype == np.float32
    assert decompose(torch.from_numpy(pmf)).atoms["{12}"].dtype == torch.float64
    single = decompose(torch.from_numpy(pmf), dtype=torch.float32)
    assert single.atoms["{12}"].dtype == torch.float32
    np.testing.assert_allclose(single.atoms.array.numpy(), decompose(pmf).atoms.array, atol=1e-6)


def test_nested_lists_are_welcome():
    assert decompose([[[0.5, 0.0], [0.0, 0.0]], [[0.0, 0.0], [0.0, 0.5]]]).atoms["{1}{2}"] == pytest.approx(1)


def test_the_target_is_the_last_axis():
    pmf = gates.unique_gate()  # axes s1, s2, t with t = s1
    assert [decompose(pmf).mutual_information[s] for s in ("{1}", "{2}")] == [1, 0]
    assert [decompose(np.transpose(pmf, (1, 0, 2))).mutual_information[s] for s in ("{1}", "{2}")] == [0, 1]
    # With s2 last, nothing is known about the target.
    assert decompose(np.transpose(pmf, (2, 0, 1))).mutual_information["{12}"] == 0


def test_extreme_probabilities_stay_finite():
    pmf = np.full((2, 2, 2), 1e-300)
    pmf[0, 0, 0] = 1.0
    assert np.isfinite(decompose(pmf).atoms.array).all()


def test_bad_batches_and_numbers_of_sources():
    with pytest.raises(InvalidPmfError, match="batch has shape"):
        decompose(random_pmf(4, 2, 2, 2), 2)
    with pytest.raises(InvalidPmfError, match="an axis for each of 3 sources"):
        decompose(random_pmf(2, 2), 3)
    with pytest.raises(TooManySourcesError, match="got 6"):
        decompose(random_pmf(*(2,) * 7))
    with pytest.raises(InvalidPmfError, match="positive mass"):
        decompose(np.zeros((2, 2)), normalize=True)
    assert issubclass(InvalidPmfError, ValueError)
    assert issubclass(InvalidPmfError, InfomorphicError)
