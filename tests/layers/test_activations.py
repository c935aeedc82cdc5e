import math

import pytest
import torch

from infomorphic.errors import ConfigurationError
from infomorphic.layers import Bivariate, Feedforward, KayPhillips, Modulated, Sum


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
    f, c = torch.tensor(0.5, dtype=torch.float64), torch.tensor(0.4, dtype=torch.float64)
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
        Bivariate()(torch.zeros(1), torch.zeros(1), torch.zeros(1))
