"""Activations against their formulas, compiled and not."""

import math

import pytest
import torch

from infomorphic.errors import ConfigurationError
from infomorphic.layers import Bivariate, Feedforward, KayPhillips, Modulated, Sum
from infomorphic.layers.firing import firing_probability


def sigmoid(x):
    return 1 / (1 + math.exp(-x))


F, C, L = 1.5, -0.7, 2.1


@pytest.mark.parametrize(
    ("activation", "currents", "expected"),
    [
        (Modulated(), (F, C, L), F * (0.8 + 0.1 * sigmoid(2 * F * C) + 0.1 * sigmoid(2 * F * L))),
        (Modulated(), (F,), F),
        (Modulated(0.2, 1.0), (F, C, L, 0.5), F * (0.4 + 0.2 * (sigmoid(F * C) + sigmoid(F * L) + sigmoid(F * 0.5)))),
        (Bivariate(), (F, C), F * (0.9 + 0.1 * 2 * sigmoid(2 * F * C))),
        (Bivariate(k1=1.0), (F, C), F),
        (Bivariate(k1=0.5), (F, C), F * (0.5 + sigmoid(2 * F * C))),
        (Sum(), (F, C), F + 0.1 * C),
        (Sum(1.0, 2.0), (F, C, L), 2 * (F + C + L)),
        (Feedforward(), (F, C, L), F),
    ],
)
def test_formulas_of_the_papers(activation, currents, expected):
    values = [torch.tensor([[x]], dtype=torch.float64) for x in currents]
    assert activation(*values).item() == pytest.approx(expected, rel=1e-12)


def test_kay_phillips_is_the_exponential_for_small_products_and_finite_for_large_ones():
    f, c = torch.tensor([[0.5]], dtype=torch.float64), torch.tensor([[0.4]], dtype=torch.float64)
    assert KayPhillips()(f, c).item() == pytest.approx(0.5 * (0.5 + 0.5 * math.exp(0.4)), rel=1e-4)
    assert KayPhillips()(f * 1000, c * 1000).isfinite()


@pytest.mark.parametrize("activation", [Modulated(), Bivariate(), KayPhillips(), Sum(), Feedforward()])
def test_activations_are_differentiable(activation):
    n = activation.num_sources or 3
    currents = [torch.randn(2, 3, dtype=torch.float64, requires_grad=True) for _ in range(n)]
    used = currents[:1] if isinstance(activation, Feedforward) else currents
    assert torch.autograd.gradcheck(lambda *x: activation(*x, *currents[len(used) :]), used)


def test_context_only_modulates():
    # Withholding context never changes the sign of what drives: networks work without the label.
    f = torch.linspace(-5, 5, 41)[:, None]
    for c in (-20.0, 0.0, 20.0):
        assert (Modulated()(f, torch.full_like(f, c), torch.full_like(f, -c)).sign() == f.sign()).all()


def test_a_wrong_number_of_currents_is_an_error():
    with pytest.raises(ConfigurationError, match="Bivariate takes 2 currents; got 3"):
        Bivariate()(*torch.zeros(3, 1, 1))


@pytest.mark.parametrize("activation", [Modulated(), Modulated(0.3, 1.5), Bivariate(), Bivariate(k1=1.0), Feedforward()])
@pytest.mark.parametrize("num_sources", [1, 2, 3, 4])
@pytest.mark.parametrize(("dtype", "tolerance"), [(torch.float32, 2e-6), (torch.float64, 1e-12)])
def test_kernels_equal_the_formula_and_its_gradient(activation, num_sources, dtype, tolerance):
    if isinstance(activation, Bivariate) and num_sources != 2:
        pytest.skip("takes two currents")
    generator = torch.Generator().manual_seed(num_sources)
    currents = [(3 * torch.randn(37, 5, dtype=dtype, generator=generator)).requires_grad_() for _ in range(num_sources)]
    outer = torch.randn(37, 5, dtype=dtype, generator=generator)
    by_kernel = firing_probability(activation, currents)
    by_torch = torch.sigmoid(activation(*currents)).clamp(1e-6, 1 - 1e-6)
    torch.testing.assert_close(by_kernel, by_torch, rtol=0, atol=tolerance)
    ours = torch.autograd.grad(by_kernel, currents, outer, allow_unused=True)
    theirs = torch.autograd.grad(by_torch, currents, outer, allow_unused=True)
    for a, b in zip(ours, theirs, strict=True):
        torch.testing.assert_close(torch.zeros(1) if a is None else a, torch.zeros(1) if b is None else b, rtol=0, atol=10 * tolerance)


def test_kernels_saturate_without_nan_or_gradient():
    currents = [torch.tensor([[-1e30, -60.0, 60.0, 1e30]]).T.requires_grad_(), torch.zeros(4, 1)]
    theta = firing_probability(Bivariate(), currents)
    torch.testing.assert_close(theta.detach().flatten(), torch.tensor([1e-6, 1e-6, 1 - 1e-6, 1 - 1e-6]), rtol=1e-6, atol=0)
    (gradient,) = torch.autograd.grad(theta.sum(), currents[0])
    assert not gradient.any()
