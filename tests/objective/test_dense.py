"""The goal of samples that are shared out among bins, against the goal of counted samples and against the decomposition of its pmf."""

from dataclasses import replace

import pytest
import torch

from infomorphic.errors import ObjectiveInputError
from infomorphic.estimation import FixedRange, SoftRange
from infomorphic.goals import Goal
from infomorphic.layers import AllToAll, InfomorphicLayer, Response, Ternary
from infomorphic.objective import LocalGoal, goal_with_gradient
from infomorphic.objective.batch import Batch
from infomorphic.objective.dense import Dense, joint_pmf
from infomorphic.pid import decompose
from own_binnings import OwnFixed, OwnSoft

GOAL = Goal.parse("0.7 {F}{C} - 0.3 {F} + 0.2 {C} - 0.4 {FC} - 0.5 H_res")


def batch_of(currents, theta, binnings) -> Batch:
    return Batch(theta, tuple(b.num_bins for b in binnings), None, tuple(currents), tuple(binnings))


def soft_goal(currents, theta, goal, binnings) -> torch.Tensor:
    return Dense().value(batch_of(currents, theta, binnings), goal)


@pytest.fixture
def samples():
    """Currents F and C and firing probabilities of 40 samples and 3 neurons."""
    generator = torch.Generator().manual_seed(0)
    f, c = torch.randn(2, 40, 3, generator=generator, dtype=torch.float64) * 2
    return (f, c), torch.sigmoid(f + c)


def test_nearly_hard_bins_give_the_goal_and_gradient_of_counted_samples(samples):
    currents, theta = samples
    theta = theta.clone().requires_grad_()
    hard = FixedRange(2, -6, 6), FixedRange(12, -6, 6)
    value = soft_goal(currents, theta, GOAL, (hard[0], SoftRange(12, -6, 6, softness=1e-4)))
    (gradient,) = torch.autograd.grad(value.sum(), theta)
    bins = torch.stack([b(x) for b, x in zip(hard, currents, strict=True)])
    expected, expected_gradient = goal_with_gradient(bins, theta.detach(), GOAL, [2, 12])
    torch.testing.assert_close(value.detach(), expected, atol=1e-9, rtol=0)
    torch.testing.assert_close(gradient, expected_gradient, atol=1e-9, rtol=0)


def test_the_goal_is_that_of_the_decomposed_pmf(samples):
    currents, theta = samples
    binnings = SoftRange(5, -6, 6, softness=0.3), SoftRange(12, -6, 6)
    pmf = joint_pmf(batch_of(currents, theta, binnings))
    assert pmf.shape == (3, 5, 12, 2)
    torch.testing.assert_close(pmf.sum((1, 2)), torch.stack([1 - theta.mean(0), theta.mean(0)], -1))
    d = decompose(pmf, 2, names="FC")
    expected = sum(w * d.atoms[label] for label, w in GOAL.weights.items()) + GOAL.residual_entropy * d.residual_entropy
    torch.testing.assert_close(soft_goal(currents, theta, GOAL, binnings), expected, atol=1e-9, rtol=0)


def test_the_gradient_is_that_of_the_value_through_firing_probabilities_and_shares(samples):
    (f, c), theta = samples
    # Off the middle of a bin by a known amount: no sample crosses an edge of the window while differences are taken.
    c = ((c * 4).floor() + 0.3) / 4
    binnings = FixedRange(2, -6, 6), SoftRange(12, -6, 6)
    inputs = (c.requires_grad_(), theta.clone().requires_grad_())
    assert torch.autograd.gradcheck(lambda c, t: soft_goal((f, c), t, GOAL, binnings), inputs)


def test_a_sharp_source_beside_a_soft_one_has_no_gradient(samples):
    currents, theta = samples
    f, c = (x.clone().requires_grad_() for x in currents)
    soft_goal((f, c), theta, GOAL, (FixedRange(2, -6, 6), SoftRange(12, -6, 6))).sum().backward()
    assert f.grad is None
    assert c.grad is not None
    assert c.grad.abs().max() > 0


def test_a_local_goal_with_soft_bins_ascends_itself(samples):
    currents, theta = samples
    theta = theta.clone().requires_grad_()
    goal = LocalGoal(GOAL, {"F": FixedRange(2, -6, 6), "C": SoftRange(12, -6, 6)})
    output = Response(currents, theta)
    goal.ascend(output)
    (expected,) = torch.autograd.grad(-goal(output).sum(), theta)
    assert theta.grad is not None
    torch.testing.assert_close(theta.grad, expected)
    assert expected.abs().max() > 0


def test_a_goal_that_was_first_looked_at_in_inference_mode_can_be_learned() -> None:
    layer = InfomorphicLayer(3, {"F": AllToAll(4), "C": AllToAll(2)})
    inputs = {"F": torch.randn(50, 4), "C": torch.randn(50, 2)}
    # A range that no other test has asked for.
    for binning in (SoftRange(6, -2.125, 2.125), FixedRange(6, -2.125, 2.125)):
        goal = LocalGoal(Goal.parse("{F}{C}", "FC"), binning)
        with torch.inference_mode():
            goal.terms(layer(**inputs))
        goal.ascend(layer(**inputs))
    assert all(p.grad.isfinite().all() for p in layer.parameters())


def test_any_alphabet_has_the_atoms_of_the_decomposed_pmf_and_their_gradient(samples) -> None:
    currents, _ = samples
    binnings, alphabet = (FixedRange(3, -6, 6), FixedRange(4, -6, 6)), Ternary()
    distribution = alphabet.distribution(currents[0] + currents[1]).requires_grad_()
    batch = Batch(distribution, (3, 4), None, currents, binnings, alphabet)
    pmf = joint_pmf(batch)
    assert pmf.shape == (3, 3, 4, 3)
    d = decompose(pmf.detach(), 2)
    terms = LocalGoal(GOAL, dict(zip("FC", binnings, strict=True))).terms(Response(currents, distribution, alphabet=alphabet))
    for atom, label in zip(("{1}{2}", "{1}", "{2}", "{12}"), ("{F}{C}", "{F}", "{C}", "{FC}"), strict=True):
        torch.testing.assert_close(terms[label], d.atoms[atom], atol=1e-10, rtol=0)
    torch.testing.assert_close(terms["H_res"], d.residual_entropy, atol=1e-10, rtol=0)
    assert torch.autograd.gradcheck(lambda p: Dense().value(replace(batch, distribution=p), GOAL), (distribution,))


@pytest.mark.parametrize("measure", ["sx", "mmi"])
def test_neurons_in_chunks_are_the_same_as_alone(samples, measure, monkeypatch) -> None:
    currents, theta = samples
    goal = LocalGoal(GOAL, FixedRange(4, -6, 6), measure=measure, method="dense")
    together = goal(Response(currents, theta))
    monkeypatch.setattr("infomorphic.objective.dense._NUMBERS_AT_ONCE", 1)
    torch.testing.assert_close(goal(Response(currents, theta)), together, atol=1e-12, rtol=0)


def test_a_goal_of_another_measure_is_that_of_its_decomposition(samples) -> None:
    currents, theta = samples
    goal = LocalGoal(GOAL, FixedRange(4, -6, 6), measure="mmi")
    d = decompose(joint_pmf(batch_of(currents, theta, (FixedRange(4, -6, 6),) * 2)), 2, names="FC", measure="mmi")
    expected = sum(w * d.atoms[label] for label, w in GOAL.weights.items()) + GOAL.residual_entropy * d.residual_entropy
    torch.testing.assert_close(goal(Response(currents, theta)), expected, atol=1e-10, rtol=0)
    assert (goal(Response(currents, theta)) - LocalGoal(GOAL, FixedRange(4, -6, 6))(Response(currents, theta))).abs().max() > 1e-3


def test_a_current_without_a_bin_and_a_probability_that_is_not_one_are_refused(samples) -> None:
    currents, theta = samples
    goal = LocalGoal(GOAL, FixedRange(4, -6, 6), method="dense")
    with pytest.raises(ObjectiveInputError, match="`firing_prob` must be between 0 and 1"):
        goal(Response(currents, theta + 1))
    currents[0][3, 1] = torch.nan
    with pytest.raises(ObjectiveInputError, match="`bin_index` must lie in the range"):
        goal(Response(currents, theta))


def test_soft_bins_from_outside_are_divided_and_have_their_gradient(samples):
    currents, theta = samples
    values, gradients = [], []
    for binning in (SoftRange(6, -6, 6, softness=0.4), OwnSoft(6)):
        given = [current.clone().requires_grad_() for current in currents]
        value = LocalGoal(GOAL, binning)(Response(tuple(given), theta))
        values.append(value)
        gradients.append(torch.autograd.grad(value.sum(), given))
    assert torch.equal(*values)
    for ours, theirs in zip(*gradients, strict=True):
        assert ours.abs().max() > 0
        assert torch.equal(ours, theirs)


def test_bins_of_equal_width_from_outside_are_evaluated_as_built_in_ones(samples):
    currents, theta = samples
    own, built_in = (LocalGoal(GOAL, binning)(Response(currents, theta)) for binning in (OwnFixed(5), FixedRange(5, -6, 6)))
    assert torch.equal(own, built_in)
