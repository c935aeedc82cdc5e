"""What `LocalGoal` says of a layer's output."""

import torch

from infomorphic.estimation import FixedRange, LargestMagnitude
from infomorphic.goals import Goal
from infomorphic.layers import AllToAll, InfomorphicLayer
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
