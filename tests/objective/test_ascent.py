"""What `LocalGoal` says of a layer's output."""

import pytest
import torch

from infomorphic.estimation import EqualMassBinning, FixedRange, LargestMagnitude, SoftRange
from infomorphic.goals import Goal
from infomorphic.layers import AllToAll, Feedforward, InfomorphicLayer, Modulated, Sum
from infomorphic.objective import LocalGoal, information_terms


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
