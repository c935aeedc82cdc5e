"""Which evaluator takes which batch, and that all of them agree."""

import pytest
import torch

from infomorphic.errors import ConfigurationError, ObjectiveInputError
from infomorphic.estimation import FixedRange, SoftRange
from infomorphic.goals import Goal
from infomorphic.layers import Response, Ternary
from infomorphic.layers.alphabet import PLUS_MINUS_ONE, Alphabet
from infomorphic.objective import LocalGoal, descend
from infomorphic.objective.batch import SHARED_EXCLUSIONS, Batch
from infomorphic.objective.choice import EVALUATORS, evaluator_for
from infomorphic.pid.measure import RedundancyMeasure
from infomorphic.pid.measures import resolve_measure

GOAL = Goal.published("trivariate/optimized-tpe-1")


SHARP = FixedRange(4, -3, 3)


def batch(alphabet: Alphabet = PLUS_MINUS_ONE, measure: RedundancyMeasure = SHARED_EXCLUSIONS, binning=SHARP) -> Batch:
    generator = torch.Generator().manual_seed(1)
    currents = tuple(2 * torch.randn(120, 3, generator=generator, dtype=torch.float64) for _ in "FCL")
    distribution = alphabet.distribution(currents[0] + 0.5 * currents[1])
    return Batch(distribution, (4, 4, 4), None, currents, (binning,) * 3, alphabet, measure)


def test_the_fastest_evaluator_that_can_is_chosen() -> None:
    assert evaluator_for(batch()) is EVALUATORS["kernel"]
    others = [batch(Ternary()), batch(measure=resolve_measure("mmi")), batch(binning=SoftRange(4, -3, 3))]
    assert all(evaluator_for(other) is EVALUATORS["dense"] for other in others)


@pytest.mark.parametrize("method", ["kernel", "torch"])
def test_a_closed_form_that_does_not_hold_is_refused(method) -> None:
    with pytest.raises(ObjectiveInputError, match='binary outputs, sharp bins and the measure "sx"'):
        evaluator_for(batch(Ternary()), method)


def test_a_measure_without_a_gradient_cannot_be_a_goal() -> None:
    class Stepwise(type(resolve_measure("mmi"))):
        properties = resolve_measure("mmi").properties.__class__(**{**vars(resolve_measure("mmi").properties), "differentiable": False})

    with pytest.raises(ConfigurationError, match="`measure` must be differentiable"):
        LocalGoal(GOAL, FixedRange(), measure=Stepwise())


@pytest.mark.parametrize("seed", range(3))
def test_all_evaluators_agree(seed) -> None:
    generator = torch.Generator().manual_seed(seed)
    currents = tuple(2 * torch.randn(200, 5, generator=generator, dtype=torch.float64) for _ in "FCL")
    theta = torch.sigmoid(currents[0] + currents[2] * 0.3)
    given = Batch(theta, (6, 3, 5), None, currents, (FixedRange(6, -4, 4), FixedRange(3, -4, 4), FixedRange(5, -4, 4)))
    reference = EVALUATORS["dense"].evaluate(given, GOAL)
    reference_redundancies, reference_entropy = EVALUATORS["dense"].redundancies(given)
    for method in ("kernel", "torch"):
        evaluator = EVALUATORS[method]
        found = evaluator.evaluate(given, GOAL)
        torch.testing.assert_close(found.value, reference.value, atol=1e-10, rtol=0)
        torch.testing.assert_close(found.gradient, reference.gradient, atol=1e-10, rtol=0)
        tensor, descending = evaluator.descent(given, GOAL)
        assert tensor is theta
        torch.testing.assert_close(descending, -reference.gradient, atol=1e-10, rtol=0)
        redundancies, entropy = evaluator.redundancies(given)
        torch.testing.assert_close(redundancies, reference_redundancies, atol=1e-10, rtol=0)
        torch.testing.assert_close(entropy, reference_entropy, atol=1e-10, rtol=0)


def test_a_local_goal_of_currents_in_every_method_has_the_same_gradient() -> None:
    given = batch()
    response = Response(given.currents, given.distribution.requires_grad_())
    gradients = []
    for method in EVALUATORS:
        LocalGoal(GOAL, FixedRange(4, -3, 3), method=method).ascend(response)
        assert response.distribution.grad is not None
        gradients.append(response.distribution.grad.clone())
        response.distribution.grad = None
    for gradient in gradients[1:]:
        torch.testing.assert_close(gradient, gradients[0], atol=1e-10, rtol=0)
    assert gradients[0].abs().max() > 1e-5


def test_descents_of_several_methods_add_up() -> None:
    given = batch()
    response = Response(given.currents, given.distribution.requires_grad_())
    goals = [LocalGoal(GOAL, FixedRange(4, -3, 3), method=method) for method in ("kernel", "dense")]
    descend(goal.descent(response) for goal in goals)
    together, given.distribution.grad = given.distribution.grad, None
    goals[0].ascend(response)
    assert together is not None
    assert given.distribution.grad is not None
    torch.testing.assert_close(together, 2 * given.distribution.grad, atol=1e-10, rtol=0)
