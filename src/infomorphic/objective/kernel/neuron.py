"""Process one neuron: from its samples to the gradient with respect to each firing probability."""

import numpy as np

from infomorphic.compiled import simd
from infomorphic.compiled.decorators import inner
from infomorphic.compiled.simd import FAST
from infomorphic.objective.kernel.cells import group, set_digits
from infomorphic.objective.kernel.marginals import fold, gather_add, gather_pairs, scatter, scatter_pairs, set_places, unfold
from infomorphic.objective.kernel.redundancies import redundancies
from infomorphic.objective.kernel.scratch import LANES
from infomorphic.objective.plan import LARGEST_FOLDED as _LARGEST_FOLDED

# Lower bound of a mass. Only θ of (almost) exactly 0 or 1 falls below it; its true gradient is infinite.
_SMALLEST = 1e-15


@inner(FAST)
def _spread(out, slope, cell, scale):
    """Write the gradient of each sample: the gradient of its cell times `scale`."""
    for i in range(out.size):
        out[i] = slope[np.int64(cell[i]) - 1] * scale


@inner(FAST)
def solve_neuron(theta, num_bins, terms, tables, c, residual, factor, want_gradient, want_value, scratch, gradient, redundancy):
    """Compute gradient and redundancies of one neuron; return its mean θ.

    Args:
        theta: (batch,), checked.
        c: `terms.coefficient` in the dtype of θ.
        scratch: working memory, with the `keys` of the samples already set.
        gradient: (batch,), written if `want_gradient`.
        redundancy: (antichains of `terms`,), written if `want_value`.
    """
    real = theta.dtype.type
    batch = theta.size
    cell, cell_key, mass, joint = scratch.cell, scratch.cell_key, scratch.mass, scratch.joint
    table, pull, slope, partial = scratch.table, scratch.pull, scratch.slope, scratch.partial
    offset, size, stride, parent, before, along, after = tables
    row_count = size.size
    n = group(scratch.keys, theta, joint, cell, cell_key, mass)
    for k in range(n):
        joint[cell_key[k]] = 0
    width = (n + LANES - 1) // LANES * LANES
    # Rows are as close as the number of cells allows, an odd number of blocks apart. If the distance were a power of two,
    # all rows would map to the same few sets of the first-level cache.
    pitch = (width // LANES | 1) * LANES
    digit = scratch.digit[: num_bins.size * pitch].reshape((num_bins.size, pitch))
    place = scratch.place[: row_count * pitch].reshape((row_count, pitch))
    inner = scratch.inner[: row_count * pitch].reshape((row_count, pitch))
    rows = scratch.rows

    total1 = 0.0
    total0 = 0.0
    for k in range(n):
        total1 += mass[2 * k + 2]
        total0 += mass[2 * k + 3]
        rows[2 * k] = mass[2 * k + 2]
        rows[2 * k + 1] = mass[2 * k + 3]
        mass[2 * k + 2] = 0
        mass[2 * k + 3] = 0
    set_digits(digit, cell_key, num_bins, n)
    for r in range(1, row_count):
        set_places(place, r, offset[r], stride, digit, n)
        if parent[r]:
            p = parent[r]
            fold(table[2 * offset[p] : 2 * offset[p + 1]], table[2 * offset[r] : 2 * offset[r + 1]], before[r], along[r], after[r])
        else:
            scatter_pairs(table, place, r, rows, n)
    for r in range(1, row_count):
        gather_pairs(rows, r * pitch, table, place, r, n)
        for k in range(2 * (r * pitch + n), 2 * (r * pitch + width)):
            rows[k] = 1
    for r in range(1, row_count):
        if size[r] < 8 * n:
            table[2 * offset[r] : 2 * offset[r + 1]] = 0
        else:
            for k in range(n):
                table[2 * place[r, k]] = 0
                table[2 * place[r, k] + 1] = 0
    # Own masses have a lower bound, so 0 < own ≤ union below. Padding cells have no own mass and unions of mass 1, so that
    # they add nothing.
    for k in range(2 * n):
        rows[k] = max(rows[k], real(_SMALLEST))
    for k in range(2 * n, 2 * width):
        rows[k] = _SMALLEST

    p1 = max(total1 / batch, _SMALLEST)
    p0 = max(total0 / batch, _SMALLEST)
    slope[:width] = real(residual * np.log2(p0 / p1))
    if want_gradient:
        inner[:] = 0
    if want_value:
        partial[:] = 0
    redundancies(terms, scratch, rows, 2 * pitch, inner, pitch, width, p1, p0, c, want_gradient, want_value)
    if want_value:
        lanes = partial.size // c.size
        for i in range(c.size):
            redundancy[i] = simd.total(simd.load(partial, i * lanes)) / batch
    if want_gradient:
        for k in range(n):
            slope[k] += inner[0, k]
        for r in range(1, row_count):
            scatter(pull, place, r, inner, n)
        for r in range(row_count - 1, 0, -1):
            if parent[r]:
                p = parent[r]
                unfold(pull[offset[p] : offset[p + 1]], pull[offset[r] : offset[r + 1]], before[r], along[r], after[r])
            else:
                gather_add(slope, pull, place, r, n)
        for r in range(1, row_count):
            # `unfold` also wrote to entries of the parent that no cell uses. Such parents are small.
            if size[r] <= _LARGEST_FOLDED or size[r] < 16 * n:
                pull[offset[r] : offset[r + 1]] = 0
            else:
                for k in range(n):
                    pull[place[r, k]] = 0
        _spread(gradient, slope, cell, real(factor / batch))
    return total1 / batch
