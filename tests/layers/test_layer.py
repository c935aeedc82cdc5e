"""Layers: sources, initialization, and what is refused."""

import pytest
import torch

from infomorphic.errors import ConfigurationError
from infomorphic.layers import AllOthers, AllToAll, Bivariate, InfomorphicLayer, OneToOne, RandomOthers, Sum, sample_outputs
from infomorphic.layers.response import fire


def make_layer(neurons=5, **keywords):
    generator = torch.Generator().manual_seed(0)
    return InfomorphicLayer(neurons, {"F": AllToAll(8), "C": AllToAll(3), "L": AllOthers()}, generator=generator, **keywords)


def test_currents_and_firing_probabilities():
    layer = make_layer()
    x, c, y = torch.randn(6, 8), torch.randn(6, 3), torch.randn(6, 5)
    out = layer(F=x, C=c, L=y)
    f = x @ layer.connections["F"].weight.T + layer.connections["F"].bias
    torch.testing.assert_close(out.currents[0], f)
    torch.testing.assert_close(out.firing_prob, torch.sigmoid(layer.activation(*out.currents)))
    assert layer.sources == "FCL"


def test_a_withheld_source_is_an_input_of_zero():
    layer = make_layer()
    x = torch.randn(6, 8)
    zeros = layer(F=x, C=torch.zeros(6, 3), L=torch.zeros(6, 5))
    for withheld in (layer(F=x), layer(F=x, C=None, L=None)):
        for a, b in zip(withheld.currents, zeros.currents, strict=True):
            torch.testing.assert_close(a, b)
    fixed = InfomorphicLayer(3, {"F": AllToAll(8), "C": OneToOne()}, Bivariate())
    assert fixed(F=x).currents[1].abs().sum() == 0


def test_it_is_an_ordinary_module():
    layer, copy = make_layer(), make_layer()
    torch.nn.init.zeros_(copy.connections["F"].weight)
    copy.load_state_dict(layer.state_dict())
    x = torch.randn(2, 8)
    assert torch.equal(layer(F=x).firing_prob, copy(F=x).firing_prob)
    assert layer.double()(F=x.double()).firing_prob.dtype == torch.float64
    assert len(list(layer.parameters())) == 6


def test_probabilities_keep_a_margin():
    layer = make_layer()
    out = layer(F=torch.full((2, 8), 1e6))
    assert out.firing_prob.min() >= 1e-6
    assert out.firing_prob.max() <= 1 - 1e-6


def test_outputs_are_signs_drawn_from_the_generator():
    theta = torch.full((4000, 3), 0.0) + torch.tensor([0.1, 0.5, 0.9])
    draws = [sample_outputs(theta, torch.Generator().manual_seed(s)) for s in (0, 0, 1)]
    assert torch.equal(draws[0], draws[1])
    assert not torch.equal(draws[0], draws[2])
    assert set(draws[0].unique().tolist()) == {-1.0, 1.0}
    torch.testing.assert_close((draws[0] == 1).float().mean(0), theta[0], atol=0.03, rtol=0)


def test_firing_modes():
    layer = make_layer()
    currents = layer.currents(F=torch.randn(50, 8))
    expected = fire(layer.activation, currents, "expect")
    torch.testing.assert_close(expected.output, 2 * expected.firing_prob - 1)
    signs = fire(layer.activation, currents, "mode").output
    assert torch.equal(signs, torch.where(currents[0] >= 0, 1.0, -1.0))
    generator = torch.Generator().manual_seed(3)
    through = fire(layer.activation, currents, "straight-through", generator)
    assert set(through.output.detach().unique().tolist()) == {-1.0, 1.0}
    (of_output,) = torch.autograd.grad(through.output.sum(), layer.connections["F"].weight, retain_graph=True)
    (of_expectation,) = torch.autograd.grad(2 * torch.sigmoid(layer.activation(*currents)).sum(), layer.connections["F"].weight)
    torch.testing.assert_close(of_output, of_expectation)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: make_layer(0), "at least 1; got 0"),
        (lambda: InfomorphicLayer(2, {}), "at least one source"),
        (lambda: InfomorphicLayer(2, {"FF": AllToAll(2)}), "one letter"),
        (lambda: InfomorphicLayer(2, {"F": AllToAll(2)}, Bivariate()), "takes 2 currents"),
        (lambda: make_layer()(X=torch.zeros(1, 8)), "no source 'X'; its sources are F, C, L"),
        (lambda: make_layer()(), "at least one of its sources"),
    ],
)
def test_parts_that_do_not_fit(make, message):
    with pytest.raises(ConfigurationError, match=message):
        make()


def test_more_lateral_connections_than_neurons_use_all():
    layer = InfomorphicLayer(4, {"F": AllToAll(8), "L": RandomOthers(100)}, Bivariate())
    assert layer.connections["L"].weight.shape == (4, 4)


def test_the_weights_of_a_source_are_read_by_its_name():
    layer = InfomorphicLayer(3, {"F": AllToAll(5), "C": OneToOne(2.0)}, Sum(weight=1.0))
    assert layer.connection("F").dense_weight() is layer.connections["F"].weight
    assert torch.equal(layer.learned_weight("F"), layer.connections["F"].weight)
    assert not layer.learned_weight("F").requires_grad
    assert layer.learned_weight("C") is None
    assert layer.learned_weight("L") is None
    with pytest.raises(ConfigurationError, match="has no source 'L'; its sources are F, C"):
        layer.connection("L")
    layer.connections["F"] = torch.nn.Linear(5, 3)
    assert layer.learned_weight("F") is None
    with pytest.raises(ConfigurationError, match="cannot be read: Linear is not a Connection"):
        layer.connection("F")
