"""The objective on the CPU: one neuron after another, compiled by numba. Imported only when first used.

For each neuron the samples are grouped into occupied cells of the joint histogram; everything after that runs over cells
(some 300 of 8000 at 1024 samples), 32 at a time. What shaped the code:

- θ and 1 − θ are summed separately, as a pair. Q0 as a difference P − Q1 would lose all its digits where θ is saturated.
- Histograms and tables are cleared where they were touched, not as a whole, if they are large.
- A block of 32 cells goes through all redundancies before the next: its marginals and gradients stay in the first-level cache.
- A view of a row costs two atomic operations of numba's reference counting, about as much as a short loop over it: so the
  loops take a whole array and an offset.
- Indices are unsigned, since numba checks signed ones for Python's negative indexing.
"""

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numba import njit as numba_njit
from numba import prange

from infomorphic.objective import simd
from infomorphic.objective.plan import LARGEST_FOLDED as _LARGEST_FOLDED

njit: Any = numba_njit  # whose annotations lack most of its options
_FLAGS = set(simd.FAST)
_jit = njit(nogil=True, fastmath=_FLAGS, error_model="numpy", no_cpython_wrapper=True, no_cfunc_wrapper=True)
# Where a NaN must be noticed, or the bits be those of torch. Said explicitly: numba hands a caller's flags down otherwise.
_exact = njit(nogil=True, fastmath=False, error_model="numpy", no_cpython_wrapper=True, no_cfunc_wrapper=True)
# Only what Python calls is cached on disk: the code of everything below it is inside.
_entry = njit(cache=True, nogil=True, fastmath=_FLAGS, error_model="numpy")

# Cells are padded to a multiple of this: one vector of float32, two of float64.
_LANES = 32
_LOG2_E = 1.4426950408889634
# Below this a mass counts as this much. Reached only by θ of exactly (or next to) 0 or 1, whose gradient is infinite.
_SMALLEST = 1e-15

OK, BAD_THETA, BAD_BINS = 0, 1, 2
"""What `solve` returns."""
CURRENTS = 0
"""The kind of sources that are currents, of the type of θ. Integer bins have the size of one in bytes as their kind."""


class Scratch(NamedTuple):
    """Working memory of one thread, reused from neuron to neuron. A pair is Σ θ and Σ (1 − θ)."""

    keys: np.ndarray
    """Cell of the joint histogram of each sample."""
    joint: np.ndarray
    """The joint histogram: 1 + number of the occupied cell, 0 where no sample is. Zero between neurons."""
    cell: np.ndarray
    """1 + number of the occupied cell of each sample."""
    cell_key: np.ndarray
    """Index in `joint` of each occupied cell."""
    mass: np.ndarray
    """The pair of each cell, from index 1, in double precision. Zero between neurons."""
    table: np.ndarray
    """The marginal tables, of pairs. Zero between neurons."""
    pull: np.ndarray
    """The marginal tables on the way back: what each entry adds to the gradient of its samples. Zero between neurons."""
    digit: np.ndarray
    """Bin of each source, by cell."""
    place: np.ndarray
    """Entry of each marginal table, by cell."""
    rows: np.ndarray
    """The pair of each marginal, by cell."""
    inner: np.ndarray
    """Gradient with respect to each marginal's Σ θ, by the cell whose union it entered."""
    slope: np.ndarray
    """Gradient, by cell."""
    partial: np.ndarray
    """One vector of partial sums for each redundancy."""
    sign: np.ndarray
    """`Terms.sign` in the type of θ."""
    back: np.ndarray
    """c sign / ln 2: what an entry of `Terms` passes back."""


@_jit
def _scratch(batch, num_bins, terms, tables, theta, count):
    """Scratch for `batch` samples; `theta` and `count` only tell the types of numbers and of counters."""
    cells = 1
    for m in num_bins:
        cells *= m
    rows = tables.size.size
    entries = tables.offset[rows]
    width = (min(batch, cells) + _LANES - 1) // _LANES * _LANES
    sign = np.empty(terms.sign.size, theta.dtype)
    back = np.empty(terms.sign.size, theta.dtype)
    for i in range(terms.coefficient.size):
        for t in range(terms.start[i], terms.start[i + 1]):
            sign[t] = terms.sign[t]
            back[t] = terms.coefficient[i] * terms.sign[t] * _LOG2_E
    return Scratch(
        np.empty(batch, np.uint32),
        np.zeros(cells, count.dtype),
        np.empty(batch, count.dtype),
        np.empty(batch + 1, np.uint32),
        np.zeros((width + 1, 2), np.float64),
        np.zeros(2 * entries, theta.dtype),
        np.zeros(entries, theta.dtype),
        np.empty(num_bins.size * (width + _LANES), np.uint32),
        np.empty(rows * (width + _LANES), np.uint32),
        np.empty(2 * rows * (width + _LANES), theta.dtype),
        np.empty(rows * (width + _LANES), theta.dtype),
        np.empty(width, theta.dtype),
        np.empty(simd.BITS // (8 * theta.itemsize) * terms.coefficient.size, theta.dtype),
        sign,
        back,
    )


@_jit
def _no_bin(row, neuron, num_bins):
    """Whether any bin of the neuron is negative or too large."""
    smallest = row[neuron, 0]
    largest = row[neuron, 0]
    for i in range(row.shape[1]):
        smallest = min(smallest, row[neuron, i])
        largest = max(largest, row[neuron, i])
    return smallest < 0 or largest >= num_bins


@_jit
def _add_bins(keys, row, neuron, num_bins):
    if _no_bin(row, neuron, num_bins):
        return False
    several = np.uint32(num_bins)
    for i in range(keys.size):
        keys[i] = keys[i] * several + np.uint32(row[neuron, i])
    return True


@_exact
def _add_binned(keys, row, neuron, num_bins, low, per_unit):
    several = np.uint32(num_bins)
    last = row.dtype.type(num_bins - 1)
    zero = row.dtype.type(0)
    numbers = 0
    for i in range(keys.size):
        position = (row[neuron, i] - low) * per_unit
        numbers += position == position
        position = position if position > zero else zero
        position = position if position < last else last
        keys[i] = keys[i] * several + np.uint32(np.int32(position))
    return numbers == keys.size


@_jit
def _set_keys(keys, sources, kind, neuron, num_bins, low, per_unit):
    """The cell of the joint histogram of each sample of a neuron; returns whether all bins are in range."""
    for i in range(keys.size):
        keys[i] = 0
    for j in range(num_bins.size):
        row = sources[j]
        # Bytes, and views of them, so that one compilation serves all types. int8 is converted before.
        if kind == CURRENTS:
            good = _add_binned(keys, row.view(low.dtype), neuron, num_bins[j], low[j, neuron], per_unit[j, neuron])
        elif kind == 1:
            good = _add_bins(keys, row, neuron, num_bins[j])
        elif kind == 2:
            good = _add_bins(keys, row.view(np.int16), neuron, num_bins[j])
        elif kind == 4:
            good = _add_bins(keys, row.view(np.int32), neuron, num_bins[j])
        else:
            good = _add_bins(keys, row.view(np.int64), neuron, num_bins[j])
        if not good:
            return False
    return True


@_exact
def _no_probability(theta, neuron):
    """Whether any θ of the neuron is NaN or outside [0, 1]."""
    good = 0
    for i in range(theta.shape[1]):
        good += (theta[neuron, i] >= 0) & (theta[neuron, i] <= 1)
    return good < theta.shape[1]


@_jit
def _group(keys, theta, joint, cell, cell_key, mass):
    """Number the occupied cells in order of appearance and sum θ and 1 − θ of each; returns how many there are."""
    # Without a branch on "seen before", which no predictor gets right: three hundred new cells among a thousand samples.
    occupied = np.uint64(0)
    for i in range(keys.size):
        key = np.uint64(keys[i])
        number = np.uint64(joint[key])
        cell_key[occupied] = key
        fresh = number == np.uint64(0)
        occupied = occupied + np.uint64(fresh)
        number = occupied if fresh else number
        joint[key] = number
        cell[i] = number
        t = np.float64(theta[i])
        mass[number, 0] += t
        mass[number, 1] += 1.0 - t
    return np.int64(occupied)


@_jit
def _set_digits(digit, cell_key, num_bins, n):
    """The bins of each source from the cells' keys. Overwrites the keys."""
    for j in range(num_bins.size - 1, -1, -1):
        # Division by multiplication: exact, since half a bin is far more than the rounding error of a double.
        reciprocal = 1.0 / num_bins[j]
        bins = np.uint32(num_bins[j])
        for k in range(n):
            above = np.uint32(np.int32((np.float64(np.int32(cell_key[k])) + 0.5) * reciprocal))
            digit[j, k] = cell_key[k] - above * bins
            cell_key[k] = above


@_jit
def _set_places(place, r, offset, stride, digit, n):
    for k in range(n):
        place[r, k] = offset
    for j in range(digit.shape[0]):
        if stride[r, j]:
            step = np.uint32(stride[r, j])
            for k in range(n):
                place[r, k] += step * digit[j, k]


@_jit
def _scatter_pairs(table, place, r, pairs, n):
    for k in range(n):
        simd.add_pair(table, place[r, k], pairs, k)


@_jit
def _gather_pairs(rows, first, table, place, r, n):
    for k in range(n):
        simd.set_pair(rows, first + k, table, place[r, k])


@_jit
def _scatter(table, place, r, values, n):
    for k in range(n):
        table[place[r, k]] += values[r, k]


@_jit
def _gather_add(values, table, place, r, n):
    for k in range(n):
        values[k] += table[place[r, k]]


@_jit
def _fold(parent, child, before, along, after):
    """child[b, a] = Σ_m parent[b, m, a] in pairs; `child` is zero before."""
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


@_jit
def _unfold(parent, child, before, along, after):
    """parent[b, m, a] += child[b, a], the adjoint of `_fold`, not in pairs."""
    if after == 1:
        for b in range(before):
            share = child[b]
            for m in range(along):
                parent[b * along + m] += share
    else:
        for b in range(before):
            for m in range(along):
                _add_to(parent[(b * along + m) * after : (b * along + m + 1) * after], child[b * after : (b + 1) * after])


@_jit
def _add_to(out, values):
    for k in range(out.size):
        out[k] += values[k]


@_jit
def _redundancies(terms, scratch, rows, row_pitch, inner, inner_pitch, width, p1, p0, c, want_gradient, want_value):
    """Go through all redundancies at each block of cells: `slope`, `inner` and the `partial` sums.

    At each cell and antichain, with the cell's own masses w1, w0 and the masses a, b of the union: slope += c log2(u) for
    u = a p0 / (b p1), inner += c sign (w1/a − w0/b) / ln 2 for each marginal of the union, and
    partial += w1 log2(a / ((a + b) p1)) + w0 log2(b / ((a + b) p0)).

    A union contains the cell, so a ≥ w1 and b ≥ w0: clamped to that, the rounding of the inclusion-exclusion sums is
    harmless. The two logarithms are those of u / (p0 + p1 u) and 1 / (p0 + p1 u), numbers near 1 where the information is
    near 0, which keeps its digits.
    """
    slope, partial, sign, back = scratch.slope, scratch.partial, scratch.sign, scratch.back
    start, row = terms.start, terms.row
    one = simd.splat(slope.dtype.type(1))
    odds = simd.splat(slope.dtype.type(p0 / p1))
    share1 = simd.splat(slope.dtype.type(p1))
    share0 = simd.splat(slope.dtype.type(p0))
    lanes = partial.size // c.size
    for k in range(0, width, lanes):
        x = simd.load(rows, 2 * k)
        y = simd.load(rows, 2 * k + lanes)
        w1 = simd.firsts(x, y)
        w0 = simd.seconds(x, y)
        w = simd.add(w1, w0)
        s = simd.load(slope, k)
        for i in range(c.size):
            low = start[i]
            high = start[i + 1]
            place = row[low] * row_pitch + 2 * k
            x = simd.load(rows, place)
            y = simd.load(rows, place + lanes)
            for t in range(low + 1, high):
                place = row[t] * row_pitch + 2 * k
                factor = simd.splat(sign[t])
                x = simd.multiply_add(factor, simd.load(rows, place), x)
                y = simd.multiply_add(factor, simd.load(rows, place + lanes), y)
            a = simd.larger(simd.firsts(x, y), w1)
            b = simd.larger(simd.seconds(x, y), w0)
            r = simd.divide(one, simd.multiply(a, b))
            u = simd.multiply(simd.multiply(simd.multiply(odds, a), a), r)
            log_u = simd.log2(u)
            if want_gradient:
                s = simd.multiply_add(simd.splat(c[i]), log_u, s)
                g = simd.multiply(simd.subtract(simd.multiply(w1, b), simd.multiply(w0, a)), r)
                for t in range(low, high):
                    place = row[t] * inner_pitch + k
                    simd.store(inner, place, simd.multiply_add(simd.splat(back[t]), g, simd.load(inner, place)))
            if want_value:
                more = simd.subtract(simd.multiply(w1, log_u), simd.multiply(w, simd.log2(simd.multiply_add(share1, u, share0))))
                simd.store(partial, i * lanes, simd.add(simd.load(partial, i * lanes), more))
        simd.store(slope, k, s)


@_jit
def _samples(out, slope, cell, scale):
    for i in range(out.size):
        out[i] = slope[np.int64(cell[i]) - 1] * scale


@_jit
def _neuron(theta, num_bins, terms, tables, c, residual, factor, want_gradient, want_value, scratch, gradient, redundancy):
    """Gradient and redundancies of one neuron; returns its mean θ.

    Args:
        theta: (batch,), checked.
        c: `terms.coefficient` in the type of θ.
        scratch: with the `keys` of the samples set.
        gradient: (batch,), written if `want_gradient`.
        redundancy: (antichains of `terms`,), written if `want_value`.
    """
    real = theta.dtype.type
    batch = theta.size
    cell, cell_key, mass, joint = scratch.cell, scratch.cell_key, scratch.mass, scratch.joint
    table, pull, slope, partial = scratch.table, scratch.pull, scratch.slope, scratch.partial
    offset, size, stride, parent, before, along, after = tables
    row_count = size.size
    n = _group(scratch.keys, theta, joint, cell, cell_key, mass)
    for k in range(n):
        joint[cell_key[k]] = 0
    width = (n + _LANES - 1) // _LANES * _LANES
    # Rows lie as close as this neuron's cells allow, an odd number of blocks apart. At the distance of a power of two
    # they would all fall into the same few sets of the first-level cache.
    pitch = (width // _LANES | 1) * _LANES
    digit = scratch.digit[: num_bins.size * pitch].reshape((num_bins.size, pitch))
    place = scratch.place[: row_count * pitch].reshape((row_count, pitch))
    inner = scratch.inner[: row_count * pitch].reshape((row_count, pitch))
    rows = scratch.rows

    total1 = 0.0
    total0 = 0.0
    for k in range(n):
        total1 += mass[k + 1, 0]
        total0 += mass[k + 1, 1]
        rows[2 * k] = mass[k + 1, 0]
        rows[2 * k + 1] = mass[k + 1, 1]
        mass[k + 1, 0] = 0
        mass[k + 1, 1] = 0
    _set_digits(digit, cell_key, num_bins, n)
    for r in range(1, row_count):
        _set_places(place, r, offset[r], stride, digit, n)
        if parent[r]:
            p = parent[r]
            _fold(table[2 * offset[p] : 2 * offset[p + 1]], table[2 * offset[r] : 2 * offset[r + 1]], before[r], along[r], after[r])
        else:
            _scatter_pairs(table, place, r, rows, n)
    for r in range(1, row_count):
        _gather_pairs(rows, r * pitch, table, place, r, n)
        for k in range(2 * (r * pitch + n), 2 * (r * pitch + width)):
            rows[k] = 1
    for r in range(1, row_count):
        if size[r] < 8 * n:
            table[2 * offset[r] : 2 * offset[r + 1]] = 0
        else:
            for k in range(n):
                table[2 * place[r, k]] = 0
                table[2 * place[r, k] + 1] = 0
    # Own masses are floored: 0 < own ≤ union for everything below. Cells of the padding have no mass of their own, so that
    # they add nothing, in unions of mass 1.
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
    _redundancies(terms, scratch, rows, 2 * pitch, inner, pitch, width, p1, p0, c, want_gradient, want_value)
    if want_value:
        lanes = partial.size // c.size
        for i in range(c.size):
            redundancy[i] = simd.total(simd.load(partial, i * lanes)) / batch
    if want_gradient:
        for k in range(n):
            slope[k] += inner[0, k]
        for r in range(1, row_count):
            _scatter(pull, place, r, inner, n)
        for r in range(row_count - 1, 0, -1):
            if parent[r]:
                p = parent[r]
                _unfold(pull[offset[p] : offset[p + 1]], pull[offset[r] : offset[r + 1]], before[r], along[r], after[r])
            else:
                _gather_add(slope, pull, place, r, n)
        for r in range(1, row_count):
            # A folded row has also spread into entries of its parent that no cell touches; such parents are small.
            if size[r] <= _LARGEST_FOLDED or size[r] < 16 * n:
                pull[offset[r] : offset[r + 1]] = 0
            else:
                for k in range(n):
                    pull[place[r, k]] = 0
        _samples(gradient, slope, cell, real(factor / batch))
    return total1 / batch


@_jit
def _entropy(p):
    """Entropy of a binary variable, in bits."""
    h = 0.0
    for q in (p, 1 - p):
        if q > 0:
            h -= q * np.log2(q)
    return h


@_entry
def solve(
    sources, kind, low, per_unit, theta, num_bins, terms, tables, residual, factor, want_gradient, want_value, count, results, start, stop
):
    """Gradient, redundancies and H(Y) of the neurons `start` to `stop`; returns `OK`, `BAD_BINS` or `BAD_THETA`.

    Args:
        sources: four arrays of bytes, (neurons, batch · bytes), of which the first `num_bins.size` count.
        kind: what the bytes are: `CURRENTS`, or the size of an integer, uint8, int16, int32 or int64.
        low: (sources, neurons), only for currents: the bin is ⌊(current − low) · per_unit⌋, kept in range.
        per_unit: the same shape.
        theta: (neurons, batch).
        factor: what to multiply the gradient with.
        count: an empty array of the type that counts cells.
        results: gradient (neurons, batch), written if `want_gradient`; redundancy (neurons, antichains of `terms`), written
            if `want_value`; entropy (neurons,).
    """
    gradient, redundancy, entropy = results
    scratch = _scratch(theta.shape[1], num_bins, terms, tables, theta, count)
    c = terms.coefficient.astype(theta.dtype)
    for neuron in range(start, stop):
        if not _set_keys(scratch.keys, sources, kind, neuron, num_bins, low, per_unit):
            return BAD_BINS
        if _no_probability(theta, neuron):
            return BAD_THETA
        p = _neuron(
            theta[neuron],
            num_bins,
            terms,
            tables,
            c,
            residual,
            factor,
            want_gradient,
            want_value,
            scratch,
            gradient[neuron] if want_gradient else gradient[0],
            redundancy[neuron] if want_value else redundancy[0],
        )
        entropy[neuron] = _entropy(p)
    return OK


@njit(cache=True, nogil=True, parallel=True)
def solve_in_parallel(
    sources, kind, low, per_unit, theta, num_bins, terms, tables, residual, factor, want_gradient, want_value, count, results, parts
):
    """`solve` for all neurons, in parts on several threads; returns `OK` or the largest of what else the parts return.

    Of the ways to use two cores (two cores, 100 neurons, B = 1024, all 18 antichains; milliseconds, best of 300, alone and
    with a 1024x784 @ 784x100 product of torch (0.89 ms) before each call), numba's OpenMP layer is the only one that costs
    nothing when interleaved: omp 0.72 / 1.64; workqueue 1.22 / 1.96; calling `solve` from torch's own OpenMP team through
    GOMP_parallel 0.97 / 2.23; from a persistent ThreadPoolExecutor 1.19 / 3.03, since its threads must be woken, queue for
    the interpreter lock, and meet torch's team still spinning.
    """
    neurons = theta.shape[0]
    outcome = OK
    for i in prange(parts):
        start = neurons * i // parts
        stop = neurons * (i + 1) // parts
        part = solve(
            sources,
            kind,
            low,
            per_unit,
            theta,
            num_bins,
            terms,
            tables,
            residual,
            factor,
            want_gradient,
            want_value,
            count,
            results,
            start,
            stop,
        )
        outcome = max(outcome, part)
    return outcome


def _watch(function: Any, *modules: Any) -> None:
    """Have the code of `function` on disk count as stale when a module that it uses changes, not only this one."""
    try:
        # numba compares the date and size of one file, and offers no way to name others.
        file = function._cache._cache_file
        others = [Path(module.__file__).stat() for module in modules]
        file._source_stamp = (file._source_stamp, *((other.st_mtime, other.st_size) for other in others))
    except (AttributeError, OSError):
        return  # a numba that works otherwise: this matters only to whoever edits those modules


_watch(solve, simd)
_watch(solve_in_parallel, simd)
