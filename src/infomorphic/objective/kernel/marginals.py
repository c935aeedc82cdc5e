"""The tables of the marginals: fill them from cells or by summing a larger table, read them for cells, and the adjoints."""

import numpy as np

from infomorphic.compiled import simd
from infomorphic.compiled.decorators import inner
from infomorphic.compiled.simd import FAST


@inner(FAST)
def set_places(place, r, offset, stride, digit, n):
    """Compute the entry of marginal r that each cell belongs to."""
    for k in range(n):
        place[r, k] = offset
    for j in range(digit.shape[0]):
        if stride[r, j]:
            step = np.uint32(stride[r, j])
            for k in range(n):
                place[r, k] += step * digit[j, k]


@inner(FAST)
def scatter_pairs(table, place, r, pairs, n):
    """Add the pair of each cell to its entry of marginal r."""
    for k in range(n):
        simd.add_pair(table, place[r, k], pairs, k)


@inner(FAST)
def gather_pairs(rows, first, table, place, r, n):
    """Copy, for each cell, the pair of its entry of marginal r into `rows`, starting at pair `first`."""
    for k in range(n):
        simd.set_pair(rows, first + k, table, place[r, k])


@inner(FAST)
def scatter(table, place, r, values, n):
    """Add the value of each cell in row r of `values` to the cell's entry of marginal r."""
    for k in range(n):
        table[place[r, k]] += values[r, k]


@inner(FAST)
def gather_add(values, table, place, r, n):
    """Add to the value of each cell its entry of marginal r."""
    for k in range(n):
        values[k] += table[place[r, k]]


@inner(FAST)
def fold(parent, child, before, along, after):
    """child[b, a] = Σ_m parent[b, m, a], for pairs. `child` must be zero before."""
    if after == 1:
        for b in range(before):
            sum1 = 0.0
            sum0 = 0.0
            for m in range(along):
                sum1 += parent[2 * (b * along + m)]
                sum0 += parent[2 * (b * along + m) + 1]
            child[2 * b] = sum1
            child[2 * b + 1] = sum0
    else:
        for b in range(before):
            into = child[2 * b * after : 2 * (b + 1) * after]
            for m in range(along):
                begin = 2 * (b * along + m) * after
                _add_to(into, parent[begin : begin + 2 * after])


@inner(FAST)
def unfold(parent, child, before, along, after):
    """parent[b, m, a] += child[b, a]: the adjoint of `fold`, for single numbers."""
    if after == 1:
        for b in range(before):
            share = child[b]
            for m in range(along):
                parent[b * along + m] += share
    else:
        for b in range(before):
            for m in range(along):
                _add_to(parent[(b * along + m) * after : (b * along + m + 1) * after], child[b * after : (b + 1) * after])


@inner(FAST)
def _add_to(out, values):
    for k in range(out.size):
        out[k] += values[k]
