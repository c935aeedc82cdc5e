"""The seam: measures by name and of one's own, and what a decomposition has and does not have by each."""

import numpy as np
import pytest
import torch

from infomorphic.errors import InfomorphicError, MeasureError, NotPointwiseError
from infomorphic.pid import (
    Part,
    PointwiseMeasure,
    Properties,
    RedundancyMeasure,
    builtin_measures,
    decompose,
    decompose_outcomes,
    decompose_samples,
    gates,
)
from pid.strategies import random_pmf
from shape_checking import wrong_on_purpose

NONE_HOLDS = Properties(
    self_redundancy=False,
    symmetry=False,
    monotonicity=False,
    local_positivity=False,
    identity=False,
    target_monotonicity=False,
    differentiable=True,
)


class Nothing(RedundancyMeasure):
    """Nothing is redundant, not even a source with itself."""

    name = "nothing"
    title = "no redundancy"
    source = "this test"
    limits = "It has no use."
    properties = NONE_HOLDS

    def redundancies(self, joint, lattice):
        return np.zeros((*joint.batch, len(lattice)))


class TargetSurprisal(PointwiseMeasure):
    """Every antichain has what the target's value has, without parts."""

    name = "surprisal"
    title = "surprisal of the target"
    source = "this test"
    limits = "It has no use."
    properties = NONE_HOLDS
    parts = frozenset({Part.NET})

    def pointwise(self, joint, lattice, rows, part):
        surprisal = -np.log2(np.where(joint.marginals.target > 0, joint.marginals.target, 1))
        return np.broadcast_to(
            surprisal[..., None, :],
            (*joint.batch, len(lattice.antichains[rows]) if isinstance(rows, slice) else len(rows), surprisal.shape[-1]),
        )


def test_every_built_in_measure_says_what_it_is():
    measures = builtin_measures()
    assert set(measures) >= {"sx", "min", "mmi", "pm", "ccs", "broja"}
    for name, measure in measures.items():
        assert measure.name == name
        assert measure.title
        assert measure.source
        assert measure.limits.endswith(".")
        assert decompose(gates.and_gate(), measure=name).measure is measure


def test_shared_exclusions_are_the_default():
    pmf = random_pmf(2, 3, 2)
    assert decompose(pmf).measure.name == "sx"
    np.testing.assert_array_equal(decompose(pmf).atoms.array, decompose(pmf, measure="sx").atoms.array)


@wrong_on_purpose
@pytest.mark.parametrize(
    ("measure", "message"),
    [
        ("mni", r"`measure` must be one of .*mmi.*; got 'mni'\. Did you mean 'mmi'\?"),
        (Nothing, r"Pass an instance, such as MyMeasure\(\)"),
        (None, r"got None\. Pass an instance"),
    ],
)
def test_unknown_measures(measure, message):
    for call in (
        lambda: decompose(gates.and_gate(), measure=measure),
        lambda: decompose_samples(np.zeros((50, 2), int), np.zeros(50, int), measure=measure),
    ):
        with pytest.raises(MeasureError, match=message):
            call()


def test_a_measure_of_ones_own():
    pmf = random_pmf(4, 2, 3, 2, batch=1)
    d = decompose(pmf, 2, measure=Nothing())
    assert d.atoms.array.shape == (4, 4)
    assert not d.atoms.array.any()
    # Without self-redundancy the mutual informations are computed by themselves.
    for label in ("{1}", "{2}", "{12}"):
        np.testing.assert_allclose(d.mutual_information[label], decompose(pmf, 2).mutual_information[label], atol=1e-12)
    np.testing.assert_allclose(d.mutual_information.array, decompose(pmf, 2).mutual_information.array, atol=1e-12)
    np.testing.assert_allclose(d.residual_entropy, decompose(pmf, 2).residual_entropy, atol=1e-12)
    rows = np.array([[0, 0], [0, 1], [1, 0], [1, 1]] * 10)
    assert decompose_samples(rows, rows.sum(axis=1), measure=Nothing()).atoms["{12}"] == 0


def test_a_pointwise_measure_of_ones_own():
    d = decompose(gates.and_gate(), measure=TargetSurprisal())
    np.testing.assert_allclose(d.redundancies.array, [d.target_entropy] * 4)
    assert d.pointwise.redundancies["{1}"][1, 1, 1] == 2
    np.testing.assert_allclose(d.pointwise.atoms["{12}"], 0, atol=1e-15)
    for read in (lambda: d.informative, lambda: d.misinformative, lambda: d.pointwise.informative, lambda: d.pointwise.misinformative):
        with pytest.raises(NotPointwiseError, match=r"measure 'surprisal' .* has no informative and misinformative parts"):
            read()


def test_values_of_the_wrong_shape_are_refused():
    class TooFew(Nothing):
        def redundancies(self, joint, lattice):
            return np.zeros(3)

    with pytest.raises(MeasureError, match=r"must return one value for each antichain, shape \(4,\); got \(3,\)"):
        decompose(gates.and_gate(), measure=TooFew())


def test_a_measure_refuses_more_sources_than_it_takes_and_gradients_that_it_has_not():
    class Limited(Nothing):
        properties = Properties(
            self_redundancy=False,
            symmetry=True,
            monotonicity=True,
            local_positivity=False,
            identity=False,
            target_monotonicity=True,
            differentiable=False,
            max_sources=2,
        )

        def redundancies(self, joint, lattice):
            return torch.zeros(len(lattice))

    with pytest.raises(MeasureError, match="takes at most 2 sources; got 3"):
        decompose(gates.and_gate(3), measure=Limited())
    pmf = torch.from_numpy(gates.and_gate())
    assert decompose(pmf, measure=Limited()).atoms["{1}"] == 0
    with pytest.raises(MeasureError, match=r"not differentiable, but the pmf requires a gradient\. Pass pmf.detach\(\)"):
        decompose(pmf.requires_grad_(), measure=Limited())


@pytest.mark.parametrize("measure", ["mmi", "min", "ccs", "broja"])
def test_pointwise_values_are_absent_where_they_are_not_defined(measure):
    d = decompose(gates.and_gate(), measure=measure)
    with pytest.raises(NotPointwiseError, match=r'has no pointwise values\. Use measure="pm" or measure="sx"\.'):
        d.pointwise  # noqa: B018
    assert not hasattr(d, "pointwise")
    assert not hasattr(d, "informative")
    assert issubclass(NotPointwiseError, InfomorphicError)


@pytest.mark.parametrize("measure", ["sx", "pm"])
def test_pointwise_values_average_to_the_average(measure):
    pmf = random_pmf(2, 3, 2, 2)
    d = decompose(pmf, measure=measure)
    for label in d.atoms:
        for pointwise, average in (
            (d.pointwise.atoms, d.atoms),
            (d.pointwise.redundancies, d.redundancies),
            (d.pointwise.informative, d.informative),
            (d.pointwise.misinformative, d.misinformative),
        ):
            np.testing.assert_allclose((pmf * pointwise[label]).sum(), average[label], atol=1e-12)


@pytest.mark.parametrize(
    ("measure", "num_sources"),
    [(m, n) for n in (1, 2, 3, 4) for m in ("sx", "mmi", "min", "pm", "ccs", "broja") if n <= {"ccs": 3, "broja": 2}.get(m, 4)],
)
class TestEveryMeasure:
    def test_occupied_cells_give_what_the_dense_pmf_gives(self, measure, num_sources):
        pmf = random_pmf(*(3, 2, 2, 2)[:num_sources], 3)
        pmf[pmf < np.quantile(pmf, 0.5)] = 0
        pmf /= pmf.sum()
        rows = np.argwhere(pmf > 0)
        d = decompose_outcomes(rows[:, :-1], rows[:, -1], pmf[pmf > 0], measure=measure)
        np.testing.assert_allclose(d.atoms.array, decompose(pmf, measure=measure).atoms.array, atol=1e-7)

    def test_batches_equal_single_distributions(self, measure, num_sources):
        pmf = random_pmf(2, 3, *(2, 3, 2, 2)[:num_sources], 3, batch=2)
        d = decompose(pmf, num_sources, measure=measure)
        assert d.atoms["{1}"].shape == (2, 3)
        for index in np.ndindex(2, 3):
            np.testing.assert_allclose(d.atoms.array[index], decompose(pmf[index], measure=measure).atoms.array, atol=1e-7)

    def test_torch_gives_torch_and_the_same_values(self, measure, num_sources):
        pmf = random_pmf(*(2, 3, 2, 2)[:num_sources], 3)
        d = decompose(torch.from_numpy(pmf), measure=measure)
        assert isinstance(d.atoms["{1}"], torch.Tensor)
        np.testing.assert_allclose(d.atoms.array.numpy(), decompose(pmf, measure=measure).atoms.array, atol=1e-7)
        assert decompose(pmf, measure=measure, dtype="float32").atoms.array.dtype == np.float32

    def test_gradcheck(self, measure, num_sources):
        shape = (*(2, 3, 2, 2)[:num_sources], 2)
        logits = torch.randn(shape, dtype=torch.float64, generator=torch.Generator().manual_seed(0), requires_grad=True)

        def atoms(logits):
            return decompose(torch.softmax(logits.flatten(), 0).reshape(shape), measure=measure).atoms.array

        if not builtin_measures()[measure].properties.differentiable:
            with pytest.raises(MeasureError, match="not differentiable"):
                atoms(logits)
            return
        assert torch.autograd.gradcheck(atoms, logits, fast_mode=num_sources > 2)


def test_five_sources():
    pmf = random_pmf(2, 2, 2, 2, 2, 2)
    for measure in ("mmi", "min", "pm"):
        d = decompose(pmf, measure=measure)
        np.testing.assert_allclose(d.atoms.array.sum(), decompose(pmf).mutual_information["{12345}"], atol=1e-12)
