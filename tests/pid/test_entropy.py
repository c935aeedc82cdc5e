"""Terms of entropies: exact values, zeros, gradients, and both kinds of arrays."""

import numpy as np
import pytest
import torch

from infomorphic.pid.entropy import binary_entropy, divergence_terms, entropy_terms


@pytest.mark.parametrize("kind", [np.asarray, lambda x: torch.tensor(x, dtype=torch.float64)])
def test_exact_values_and_zeros(kind):
    assert entropy_terms(kind([0.0, 0.25, 0.5, 1.0])).tolist() == [0, 0.5, 0.5, 0]
    assert binary_entropy(kind([0.0, 0.5, 1.0])).tolist() == [0, 1, 0]
    assert binary_entropy(kind([0.25])).tolist() == pytest.approx([2 - 0.75 * np.log2(3)], abs=1e-15)
    # Where q is rounded to zero, the term is left out.
    assert divergence_terms(kind([0.0, 0.5, 0.5, 1e-320]), kind([0.5, 0.25, 0.5, 0.0])).tolist() == [0, 0.5, 0, 0]


def test_gradients_at_zero_are_finite():
    p = torch.tensor([0.0, 0.5, 1.0], dtype=torch.float64, requires_grad=True)
    (binary_entropy(p).sum() + divergence_terms(p, p.detach() / 2).sum()).backward()
    assert p.grad.isfinite().all()
    assert p.grad[1] == pytest.approx(1 + 1 / np.log(2), abs=1e-12)
