"""Working memory of one thread."""

from typing import NamedTuple

import numpy as np

from infomorphic.compiled import simd
from infomorphic.compiled.decorators import inner
from infomorphic.compiled.simd import FAST
from infomorphic.units import BITS_PER_NAT

# Cells are padded to a multiple of this: one vector of float32, two of float64.
LANES = 32


class Scratch(NamedTuple):
    """Working memory of one thread, reused for each neuron. A pair is Σ θ and Σ (1 − θ)."""

    keys: np.ndarray
    """Cell of the joint histogram of each sample."""
    joint: np.ndarray
    """The joint histogram: 1 + number of the occupied cell, or 0 for an empty cell. Zero between neurons."""
    cell: np.ndarray
    """1 + number of the occupied cell of each sample."""
    cell_key: np.ndarray
    """Index in `joint` of each occupied cell."""
    mass: np.ndarray
    """The pair of each cell, from the second pair on, in double precision. Zero between neurons."""
    table: np.ndarray
    """The marginal tables, as pairs. Zero between neurons."""
    pull: np.ndarray
    """The marginal tables in the backward pass: what each entry adds to the gradient of its samples. Zero between neurons."""
    digit: np.ndarray
    """Bin of each source, per cell."""
    place: np.ndarray
    """Entry of each marginal table, per cell."""
    rows: np.ndarray
    """The pair of each marginal, per cell."""
    inner: np.ndarray
    """Gradient with respect to each marginal's Σ θ, per cell whose union includes it."""
    slope: np.ndarray
    """Gradient, per cell."""
    partial: np.ndarray
    """One vector of partial sums per redundancy."""
    sign: np.ndarray
    """`Terms.sign` in the dtype of θ."""
    back: np.ndarray
    """c sign / ln 2: the factor of an entry of `Terms` in the backward pass."""


@inner(FAST)
def new_scratch(batch, num_bins, terms, tables, theta, count):
    """Create scratch for `batch` samples. `theta` and `count` only set the dtypes of numbers and of counters."""
    cells = 1
    for m in num_bins:
        cells *= m
    rows = tables.size.size
    entries = tables.offset[rows]
    width = (min(batch, cells) + LANES - 1) // LANES * LANES
    sign = np.empty(terms.sign.size, theta.dtype)
    back = np.empty(terms.sign.size, theta.dtype)
    for i in range(terms.coefficient.size):
        for t in range(terms.start[i], terms.start[i + 1]):
            sign[t] = terms.sign[t]
            back[t] = terms.coefficient[i] * terms.sign[t] * BITS_PER_NAT
    # Only `np.empty` with one size: numba compiles a function for each way to create an array.
    joint = np.empty(cells, count.dtype)
    mass = np.empty(2 * (width + 1), np.float64)
    table = np.empty(2 * entries, theta.dtype)
    pull = np.empty(entries, theta.dtype)
    for i in range(cells):
        joint[i] = 0
    for i in range(mass.size):
        mass[i] = 0
    for i in range(table.size):
        table[i] = 0
    for i in range(entries):
        pull[i] = 0
    return Scratch(
        np.empty(batch, np.uint32),
        joint,
        np.empty(batch, count.dtype),
        np.empty(batch + 1, np.uint32),
        mass,
        table,
        pull,
        np.empty(num_bins.size * (width + LANES), np.uint32),
        np.empty(rows * (width + LANES), np.uint32),
        np.empty(2 * rows * (width + LANES), theta.dtype),
        np.empty(rows * (width + LANES), theta.dtype),
        np.empty(width, theta.dtype),
        np.empty(simd.BITS // (8 * theta.itemsize) * terms.coefficient.size, theta.dtype),
        sign,
        back,
    )
