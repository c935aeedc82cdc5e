"""The goal of samples that are shared out among bins, against the goal of counted samples and against the decomposition of its pmf."""

import pytest
import torch

from infomorphic.estimation import FixedRange, SoftRange
from infomorphic.goals import Goal
from infomorphic.layers import AllToAll, InfomorphicLayer, Response
from infomorphic.objective import LocalGoal, goal_with_gradient
from infomorphic.objective.soft_bins import soft_goal, soft_pmf
from infomorphic.pid import decompose

GOAL = Goal.parse("0.7 {F}{C} - 0.3 {F} + 0.2 {C} - 0.4 {FC} - 0.5 H_res")


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
    pmf = soft_pmf(currents, theta, binnings)
    assert pmf.shape == (3, 5, 12, 2)
    torch.testing.assert_close(pmf.sum((1, 2)), torch.stack([1 - theta.mean(0), theta.mean(0)], -1))
    d = decompose(pmf, 2, letters="FC")
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
