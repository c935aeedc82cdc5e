"""Values at every realization."""

import numpy as np

from infomorphic.pid import decompose, gates


def test_support_and_zero_cells():
    d = decompose(gates.giant_bit())
    assert d.pointwise.support.sum() == 2
    assert np.all(d.pointwise.atoms["{1}{2}"][~d.pointwise.support] == 0)
    # A target value, and a source value, that never occur.
    padded = np.zeros((3, 2, 3))
    padded[:2, :, :2] = gates.parity(2)
    np.testing.assert_allclose(decompose(padded).atoms.array, decompose(gates.parity(2)).atoms.array, atol=1e-15)
