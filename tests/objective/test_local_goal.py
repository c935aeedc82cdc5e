"""What `LocalGoal` says of a layer's output."""

import pytest
import torch

from infomorphic.errors import ConfigurationError, GoalError
from infomorphic.estimation import EqualMassBinning, FixedRange, LargestMagnitude, SoftRange
from infomorphic.goals import Goal
from infomorphic.layers import AllToAll, Feedforward, InfomorphicLayer, Modulated, Response, Sum
from infomorphic.objective import LocalGoal, information_terms
from shape_checking import wrong_on_purpose


def test_terms_are_those_of_the_binned_currents_and_make_up_the_goal():
    generator = torch.Generator().manual_seed(0)
    layer = InfomorphicLayer(5, {"F": AllToAll(3), "X": AllToAll(2)}, generator=generator)
    output = layer(F=torch.randn(200, 3, generator=generator), X=torch.randn(200, 2, generator=generator))
    goal = LocalGoal(Goal.parse("{F}{X} - 0.5 {FX} + 0.25 H_res"), {"F": LargestMagnitude(6), "X": FixedRange(4, -2, 2)})
    terms = goal.terms(output)
    assert terms.sources == "FX"
    assert not any(term.requires_grad for term in terms.values())
    expected = information_terms(goal.bin_index(output), output.firing_prob.detach(), [6, 4], "FX")
    assert all(torch.equal(terms[label], expected[label]) for label in expected)
    torch.testing.assert_close(terms["{F}{X}"] - 0.5 * terms["{FX}"] + 0.25 * terms["H_res"], goal(output).detach(), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(
    "binning", [FixedRange(), LargestMagnitude(), EqualMassBinning(5), SoftRange(5, -3, 3)], ids=lambda b: type(b).__name__
)
@pytest.mark.parametrize("activation", [Modulated(), Feedforward(), Sum()], ids=lambda a: type(a).__name__)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_ascending_gives_the_same_bits_as_differentiating_the_value(dtype, activation, binning):
    generator = torch.Generator().manual_seed(0)
    layer = InfomorphicLayer(7, {s: AllToAll(5) for s in "FCL"}, activation, generator=generator).to(dtype)
    inputs = {s: 3 * torch.randn(200, 5, generator=generator, dtype=dtype) for s in "FCL"}
    goal = LocalGoal(Goal.published("trivariate/optimized-tpe-1"), binning)
    goal.ascend(layer(**inputs))
    learned = [p for p in layer.parameters() if p.grad is not None]  # all but those of sources that the activation ignores
    ascended = [p.grad.clone() for p in learned]
    layer.zero_grad()
    (-goal(layer(**inputs))).sum().backward()
    assert all(torch.equal(a, p.grad) for a, p in zip(ascended, learned, strict=True))
    assert any(g.abs().max() > 0 for g in ascended)


@pytest.mark.parametrize(
    "binning",
    [
        {"F": FixedRange(4, -2, 2), "C": LargestMagnitude(6)},
        {"F": EqualMassBinning(5), "C": FixedRange(3, -2, 2)},
        {"F": SoftRange(5, -3, 3), "C": FixedRange(4, -2, 2)},
    ],
    ids=["kernel", "torch", "soft"],
)
def test_sources_are_matched_by_name(binning):
    # The same currents under the same names, in both orders: every atom, value and gradient belongs to its name.
    generator = torch.Generator().manual_seed(0)
    layer = InfomorphicLayer(5, {"C": AllToAll(3), "F": AllToAll(2)}, Sum(), generator=generator).double()
    inputs = {"C": torch.randn(200, 3, generator=generator).double(), "F": 2 * torch.randn(200, 2, generator=generator).double()}
    goal = LocalGoal(Goal.parse("{F} - 0.5 {FC} + 0.25 H_res", "FC"), binning)
    output = layer(**inputs)
    swapped = Response(output.currents[::-1], output.firing_prob, sources="FC")
    assert output.sources == "CF"
    assert torch.equal(goal(output), goal(swapped))
    assert all(torch.equal(a, b) for a, b in zip(goal.terms(output).values(), goal.terms(swapped).values(), strict=True))
    for of_output in (output, swapped):
        (gradient,) = torch.autograd.grad(goal(of_output).sum(), output.firing_prob, retain_graph=True)
        _, descent = goal.descent(of_output)
        if descent is not None:
            torch.testing.assert_close(descent, -gradient)
    goal.ascend(output)
    in_layers_order = LocalGoal(goal.goal.in_order("CF"), binning)
    torch.testing.assert_close(in_layers_order(output), goal(output))
    assert not torch.allclose(goal.terms(output)["{F}"], goal.terms(output)["{C}"])


@pytest.mark.parametrize("text", ["{F}{L}", "{F}", "{F}{C}{L}"])
def test_a_goal_of_other_sources_is_refused(text):
    layer = InfomorphicLayer(5, {"C": AllToAll(3), "F": AllToAll(2)})
    goal, output = LocalGoal(Goal.parse(text), FixedRange()), layer(F=torch.zeros(4, 2))
    for use in (goal, goal.terms, goal.descent, goal.ascend, goal.bin_index):
        with pytest.raises(ConfigurationError, match=r"the goal has the sources F.*; the layer has C, F\. Write a goal with these sources"):
            use(output)


def test_currents_without_names_are_in_the_order_of_the_goal():
    currents, theta = (torch.randn(9, 2), torch.randn(9, 2)), torch.full((9, 2), 0.5)
    goal = LocalGoal(Goal.parse("{F}{C}"), FixedRange())
    assert goal.currents(Response(currents, theta)) is currents
    with pytest.raises(ConfigurationError, match="the goal has the sources F, C; the layer has 1 currents"):
        goal(Response(currents[:1], theta))


@wrong_on_purpose
def test_what_no_layer_ascends():
    with pytest.raises(ConfigurationError, match="`goal` must be a Goal; got str"):
        LocalGoal("{F}{C}", FixedRange())  # type: ignore[arg-type]
    with pytest.raises(GoalError, match="must be between -1e"):
        LocalGoal(Goal.parse("1e300 {F} - 1e300 {C}"), FixedRange())
