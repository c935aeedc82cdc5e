import numpy as np
import pytest
import torch

from infomorphic.errors import AntichainError, InfomorphicError, InvalidPmfError, TooManySourcesError, UnknownAtomError
from infomorphic.pid import decompose, gates


def random_pmf(*shape, seed=0, batch=0):
    p = np.random.default_rng(seed).random(shape)
    return p / p.sum(axis=tuple(range(batch, p.ndim)), keepdims=True)


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


def test_letters_are_the_callers():
    d = decompose(random_pmf(2, 2, 2), letters="FL")
    assert d.atoms["{L}{F}"] == d.atoms["{1}{2}"] == d.redundancies["{F}{L}"]
    assert d.mutual_information["{L}"] == d.mutual_information["{2}"]
    assert d.informative["{FL}"] == d.informative["{12}"]
    np.testing.assert_array_equal(d.pointwise.atoms["{L}"], d.pointwise.atoms["{2}"])
    with pytest.raises(AntichainError, match="names the source 'C'"):
        d.atoms["{C}"]
    with pytest.raises(AntichainError, match="names the source 'F'"):
        decompose(random_pmf(2, 2, 2)).atoms["{F}"]
    for letters in ("F", "FCL", "FF", "1F", "{L"):
        with pytest.raises(AntichainError, match="`letters` must be 2 different letters"):
            decompose(random_pmf(2, 2, 2), letters=letters)


def test_mutual_informations_have_one_column_for_each_set_of_sources():
    d = decompose(random_pmf(5, 2, 2, 2, 3, batch=1), 3)
    assert d.mutual_information.array.shape == (5, 7)
    for i, label in enumerate(d.mutual_information):
        np.testing.assert_array_equal(d.mutual_information.array[:, i], d.redundancies[label])


def test_labels_in_any_order_and_spelling():
    d = decompose(random_pmf(2, 2, 2, 2), letters="FCL")
    assert d.atoms["{13}{12}"] == d.atoms["{FC}{LF}"] == d.atoms["{12}{31}"]
    assert d.mutual_information["{31}"] == d.mutual_information["{FL}"]
    assert d.pointwise.atoms["{FL}"].shape == (2, 2, 2, 2)
    assert list(d.mutual_information) == ["{1}", "{2}", "{3}", "{12}", "{13}", "{23}", "{123}"]
    assert "{LF}" in d.atoms
    with pytest.raises(AntichainError, match="contains"):
        d.atoms["{F}{FC}"]
    with pytest.raises(UnknownAtomError, match=r"there are values for \{1\}, \{2\}"):
        d.mutual_information["{1}{2}"]
    with pytest.raises(KeyError):
        d.mutual_information["{1}{2}"]


def test_the_target_is_the_last_axis():
    pmf = gates.unique_gate()  # axes s1, s2, t with t = s1
    assert [decompose(pmf).mutual_information[s] for s in ("{1}", "{2}")] == [1, 0]
    assert [decompose(np.transpose(pmf, (1, 0, 2))).mutual_information[s] for s in ("{1}", "{2}")] == [0, 1]
    # With s2 last, nothing is known about the target.
    assert decompose(np.transpose(pmf, (2, 0, 1))).mutual_information["{12}"] == 0


def test_support_and_zero_cells():
    d = decompose(gates.giant_bit())
    assert d.pointwise.support.sum() == 2
    assert np.all(d.pointwise.atoms["{1}{2}"][~d.pointwise.support] == 0)
    # A target value, and a source value, that never occur.
    padded = np.zeros((3, 2, 3))
    padded[:2, :, :2] = gates.parity(2)
    np.testing.assert_allclose(decompose(padded).atoms.array, decompose(gates.parity(2)).atoms.array, atol=1e-15)


def test_extreme_probabilities_stay_finite():
    pmf = np.full((2, 2, 2), 1e-300)
    pmf[0, 0, 0] = 1.0
    assert np.isfinite(decompose(pmf).atoms.array).all()


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


def test_repr_shows_the_values():
    assert repr(decompose(gates.giant_bit()).atoms).startswith("{{1}{2}: 1.0000")
    assert "array(3,)" in repr(decompose(random_pmf(3, 2, 2, 2, batch=1), 2).atoms)
