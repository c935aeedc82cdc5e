"""From currents to firing probabilities: the compiled kernels, with and without a graph."""

import pytest
import torch

from infomorphic.errors import ConfigurationError
from infomorphic.layers import Bivariate, Feedforward, KayPhillips, Modulated, firing_kernel
from infomorphic.layers.firing import _compiled, firing_and_outputs, firing_probability
from infomorphic.layers.response import fire


def currents(sources: int, dtype: torch.dtype = torch.float32) -> list[torch.Tensor]:
    generator = torch.Generator().manual_seed(2)
    return [torch.randn(5, 40, generator=generator, dtype=dtype).mul_(3).T.requires_grad_() for _ in range(sources)]


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize(("activation", "sources"), [(Modulated(), 3), (Modulated(), 1), (Bivariate(), 2)])
def test_the_same_bits_with_and_without_a_graph(activation, sources, dtype) -> None:
    given = currents(sources, dtype)
    with_graph = fire(activation, given, "sample", torch.Generator().manual_seed(0))
    with torch.no_grad():
        without = fire(activation, given, "sample", torch.Generator().manual_seed(0))
    assert with_graph.firing_prob.requires_grad
    assert not without.firing_prob.requires_grad
    assert not with_graph.output.requires_grad
    assert torch.equal(with_graph.firing_prob, without.firing_prob)
    assert torch.equal(with_graph.output, without.output)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("withheld", [(1,), (2,), (1, 2), (0, 1)])
def test_a_current_that_is_the_same_for_all_samples_gives_the_bits_of_one_written_out(withheld, dtype) -> None:
    written_out = [c.detach() for c in currents(3, dtype)]
    shared = list(written_out)
    for source in withheld:
        shared[source] = written_out[source][:1].expand(40, 5)
        written_out[source] = shared[source].clone()
    with torch.no_grad():
        assert torch.equal(firing_probability(Modulated(), shared), firing_probability(Modulated(), written_out))


def test_a_withheld_current_has_the_gradient_of_each_of_its_samples() -> None:
    f, c, bias = *currents(2, torch.float64), torch.randn(5, dtype=torch.float64, requires_grad=True)
    firing_probability(Modulated(), [f, c, bias.expand(40, 5)]).square().sum().backward()
    found = bias.grad.clone()
    written_out = bias.detach().expand(40, 5).clone().requires_grad_()
    firing_probability(Modulated(), [f, c, written_out]).square().sum().backward()
    assert found.abs().min() > 0
    torch.testing.assert_close(found, written_out.grad.sum(0))


def test_sampled_outputs_alone_have_no_gradient_to_hand_back() -> None:
    given = currents(3)
    fired = fire(Modulated(), given, "sample", torch.Generator().manual_seed(0))
    (fired.firing_prob.sum() + fired.output.sum()).backward()
    expected = [c.grad.clone() for c in given]
    for c in given:
        c.grad = None
    firing_probability(Modulated(), given).sum().backward()
    assert all(torch.equal(a, c.grad) for a, c in zip(expected, given, strict=True))


@pytest.mark.parametrize("batch", [1, 16])
@pytest.mark.parametrize("activation", [Modulated(), KayPhillips(), Feedforward()], ids=lambda a: type(a).__name__)
def test_sources_with_different_numbers_of_samples_are_refused(activation, batch) -> None:
    # Not by way of a layer, where the shape checking of tests would be first to say so.
    with pytest.raises(ConfigurationError, match=rf"same number of samples; got currents of the shapes \(32, 5\), \({batch}, 5\)"):
        _compiled(activation, [torch.zeros(32, 5), torch.zeros(batch, 5)])


def test_currents_of_different_types_are_computed_by_the_formula() -> None:
    f, c = currents(2)
    mixed = firing_probability(Bivariate(), [f, c.double()])
    mixed.sum().backward()
    torch.testing.assert_close(mixed, torch.sigmoid(Bivariate()(f.double(), c.double())), rtol=1e-6, atol=1e-6)
    assert f.grad.dtype == c.grad.dtype == torch.float32


def test_a_gradient_of_nothing() -> None:
    class Nothing(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            return x.clone()

        @staticmethod
        def backward(ctx, *outer):
            return None

    given = currents(3)
    Nothing.apply(firing_probability(Modulated(), given)).sum().backward()
    assert all(c.grad is None for c in given)


def test_a_second_derivative_is_refused() -> None:
    given = currents(3, torch.float64)
    (gradient, *_) = torch.autograd.grad(firing_probability(Modulated(), given).square().sum(), given, create_graph=True)
    with pytest.raises(RuntimeError, match="once_differentiable"):
        gradient.sum().backward()


def test_layers_with_other_numbers_of_sources_use_the_same_compiled_code():
    def fired(sources):
        currents = [torch.randn(8, 3).requires_grad_() for _ in range(sources)]
        firing_prob, _ = firing_and_outputs(Modulated(), currents)
        firing_prob.sum().backward()
        firing_probability(Modulated(), currents)
        return len(firing_kernel.fire.signatures), len(firing_kernel.current_gradients.signatures)

    assert fired(4) == fired(3) == fired(2) == fired(1)
