# pyright: reportCallIssue=false, reportAttributeAccessIssue=false
# (numba describes neither its decorators nor what they make)
"""The objective on the CPU: one neuron after another, compiled by numba. Imported only when first used.

For each neuron the samples are grouped into occupied cells of the joint histogram; everything after that runs over cells
(some 300 of 8000 at 1024 samples) in loops that LLVM turns into vector instructions. What shaped the code:

- θ and 1 − θ are summed separately. Q0 as a difference P − Q1 would lose all its digits where θ is saturated.
- The joint histogram and the marginal tables are never cleared as a whole if they are large, only where they were touched.
- Loops over cells are padded to whole vectors, or the remainder would be computed one logarithm at a time.
- Vector loops are functions of few arrays each: LLVM gives up on more than eight run-time checks for overlap.
- numba's `math.log` is a call for each element; `_log2` is arithmetic that vectorises.
- Indices are unsigned, since numba checks signed ones for Python's negative indexing.

Everything a compiled function here calls is in this file, because numba's on-disk cache notices changes of a function's
own file only.
"""

from typing import NamedTuple

import numpy as np
from llvmlite import ir
from numba import njit, prange, types
from numba.extending import intrinsic, overload

from infomorphic.objective.plan import LARGEST_FOLDED as _LARGEST_FOLDED

# No "afn": nothing here may be replaced by an approximate function. NaN and infinity cannot arise (inputs are checked).
_FLAGS = {"contract", "reassoc", "arcp", "nsz", "nnan", "ninf"}
_jit = njit(nogil=True, fastmath=_FLAGS, error_model="numpy", no_cpython_wrapper=True, no_cfunc_wrapper=True)
# Only what Python calls is cached on disk: the code of everything below it is inside.
_entry = njit(cache=True, nogil=True, fastmath=_FLAGS, error_model="numpy")

_LANES = 16
_LOG2_E = 1.4426950408889634
# Below this a mass counts as this much. Reached only by θ of exactly (or next to) 0 or 1, whose gradient is infinite.
_SMALLEST = 1e-15


def _split(as_mantissa: bool):
    """An intrinsic for x = 2^e · m with m in [√½, √2): the exponent e as a float, or m."""

    @intrinsic
    def part(typingctx, x):
        bits, shift, root_half = (32, 23, 0x3F3504F3) if x is types.float32 else (64, 52, 0x3FE6A09E667F3BCD)
        integer = ir.IntType(bits)

        def codegen(context, builder, signature, args):
            raw = builder.bitcast(args[0], integer)
            places = ir.Constant(integer, shift)
            exponent = builder.ashr(builder.sub(raw, ir.Constant(integer, root_half)), places)
            if as_mantissa:
                return builder.bitcast(builder.sub(raw, builder.shl(exponent, places)), args[0].type)
            return builder.sitofp(exponent, args[0].type)

        return x(x), codegen

    return part


_exponent = _split(as_mantissa=False)
_mantissa = _split(as_mantissa=True)


def _log2(x):
    """log2 of a positive normal number, to about 2 units in the last place."""
    raise NotImplementedError


# log2(1 + f) / f on [√½ − 1, √2 − 1]: interpolated at Chebyshev nodes, relative error 3e-8.
_P0, _P1, _P2, _P3, _P4, _P5, _P6, _P7, _P8 = (
    np.float32(c)
    for c in (
        1.4426950216293335,
        -0.721347451210022,
        0.4809107482433319,
        -0.3606932759284973,
        0.2879032492637634,
        -0.2391698807477951,
        0.21607822179794312,
        -0.2058618813753128,
        0.12310968339443207,
    )
)
_ONE = np.float32(1)


@overload(_log2, jit_options={"fastmath": _FLAGS}, inline="always")
def _log2_overload(x):
    if x is types.float32:

        def log2_single(x):
            f = _mantissa(x) - _ONE
            p = (((((((_P8 * f + _P7) * f + _P6) * f + _P5) * f + _P4) * f + _P3) * f + _P2) * f + _P1) * f + _P0
            return _exponent(x) + f * p

        return log2_single

    def log2_double(x):
        # The coefficients and the arrangement of fdlibm's e_log.c.
        f = _mantissa(x) - 1.0
        s = f / (2.0 + f)
        z = s * s
        odd = 0.2222219843214978396 + z * (0.1818357216161805012 + z * (0.1531383769920937332 + z * 0.1479819860511658591))
        r = z * (0.6666666666666735130 + z * (0.3999999999940941908 + z * (0.2857142874366239149 + z * odd)))
        half = 0.5 * f * f
        return _exponent(x) + (f - (half - s * (half + r))) * _LOG2_E

    return log2_double


class Scratch(NamedTuple):
    """Working memory of one thread, reused from neuron to neuron.

    Arrays "by cell" that say "both" have the part of Σ θ first and that of Σ (1 − θ) right behind it, so that one vector
    loop runs over both.
    """

    keys: np.ndarray
    """Cell of the joint histogram of each sample."""
    joint: np.ndarray
    """The joint histogram: 1 + number of the occupied cell, 0 where no sample is. Zero between neurons."""
    cell: np.ndarray
    """1 + number of the occupied cell of each sample."""
    cell_key: np.ndarray
    """Index in `joint` of each occupied cell."""
    mass: np.ndarray
    """Σ θ and Σ (1 − θ) of each cell, from index 1. Zero between neurons."""
    table1: np.ndarray
    """The marginal tables of Σ θ. Zero between neurons."""
    table0: np.ndarray
    """The same of Σ (1 − θ)."""
    pull: np.ndarray
    """The marginal tables on the way back: what each entry adds to the gradient of its samples. Zero between neurons."""
    digit: np.ndarray
    """Bin of each source, by cell."""
    place: np.ndarray
    """Entry of each marginal table, by cell."""
    rows: np.ndarray
    """Both masses of each marginal, by cell."""
    inner: np.ndarray
    """Gradient with respect to each marginal's Σ θ, by the cell whose union it entered."""
    union: np.ndarray
    """Both masses of one antichain's union, by cell."""
    slope: np.ndarray
    """Gradient, by cell."""


@_jit
def _scratch(batch, num_bins, tables, theta, count):
    """Scratch for `batch` samples; `theta` and `count` only tell the types of numbers and of counters."""
    cells = 1
    for m in num_bins:
        cells *= m
    rows = tables.size.size
    entries = tables.offset[rows]
    width = (min(batch, cells) + _LANES - 1) // _LANES * _LANES
    return Scratch(
        np.empty(batch, np.uint32),
        np.zeros(cells, count.dtype),
        np.empty(batch, count.dtype),
        np.empty(batch + 1, np.uint32),
        np.zeros((width + 1, 2), np.float64),
        np.zeros(entries, np.float64),
        np.zeros(entries, np.float64),
        np.zeros(entries, theta.dtype),
        np.empty(num_bins.size * (width + _LANES), np.uint32),
        np.empty(rows * (width + _LANES), np.uint32),
        np.empty(2 * rows * (width + _LANES), theta.dtype),
        np.empty(rows * (width + _LANES), theta.dtype),
        np.empty(2 * width, theta.dtype),
        np.empty(width, theta.dtype),
    )


@_jit
def _no_bin(bins, j, neuron, num_bins):
    """Whether any bin of source j of the neuron is negative or too large."""
    smallest = bins[j, neuron, 0]
    largest = bins[j, neuron, 0]
    for i in range(bins.shape[2]):
        smallest = min(smallest, bins[j, neuron, i])
        largest = max(largest, bins[j, neuron, i])
    return smallest < 0 or largest >= num_bins


@_jit
def _add_keys(keys, bins, j, neuron, num_bins):
    for i in range(keys.size):
        keys[i] = keys[i] * num_bins + np.uint32(bins[j, neuron, i])


@_jit
def _set_keys(keys, bins, neuron, num_bins):
    """The cell of the joint histogram of each sample of a neuron; returns whether all bins are in range."""
    for i in range(keys.size):
        keys[i] = 0
    for j in range(num_bins.size):
        if _no_bin(bins, j, neuron, num_bins[j]):
            return False
        _add_keys(keys, bins, j, neuron, np.uint32(num_bins[j]))
    return True


@_jit
def _set_keys_from_bytes(keys, bins, itemsize, neuron, num_bins):
    """The same for bins given as the bytes of uint8, int16, int32 or int64, so that one compilation serves all of them."""
    if itemsize == 1:
        return _set_keys(keys, bins, neuron, num_bins)
    if itemsize == 2:
        return _set_keys(keys, bins.view(np.int16), neuron, num_bins)
    if itemsize == 4:
        return _set_keys(keys, bins.view(np.int32), neuron, num_bins)
    return _set_keys(keys, bins.view(np.int64), neuron, num_bins)


@njit(nogil=True, no_cpython_wrapper=True, no_cfunc_wrapper=True)  # without `nnan`, under which a NaN may pass any comparison
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
            above = np.uint32((np.float64(cell_key[k]) + 0.5) * reciprocal)
            digit[j, k] = cell_key[k] - above * bins
            cell_key[k] = above


# The loops below take a whole array and the row to work on: a view of the row would cost two atomic operations of numba's
# reference counting, about as much as the loop itself.


@_jit
def _set_place(place, r, offset, n):
    for k in range(n):
        place[r, k] = offset


@_jit
def _add_place(place, r, stride, digit, j, n):
    for k in range(n):
        place[r, k] += stride * digit[j, k]


@_jit
def _scatter_masses(table1, table0, place, r, mass, n):
    for k in range(n):
        table1[place[r, k]] += mass[k + 1, 0]
        table0[place[r, k]] += mass[k + 1, 1]


@_jit
def _gather_masses(rows, table1, table0, place, r, n, width):
    for k in range(n):
        rows[r, k] = table1[place[r, k]]
    for k in range(n, width):
        rows[r, k] = 1
    for k in range(n):
        rows[r, k + width] = table0[place[r, k]]
    for k in range(n, width):
        rows[r, k + width] = 1


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
    """child[b, a] = Σ_m parent[b, m, a]; `child` is zero before."""
    if after == 1:
        for b in range(before):
            total = 0.0
            for m in range(along):
                total += parent[b * along + m]
            child[b] = total
    else:
        for b in range(before):
            for m in range(along):
                _add_to(child[b * after : (b + 1) * after], parent[(b * along + m) * after : (b * along + m + 1) * after])


@_jit
def _unfold(parent, child, before, along, after):
    """parent[b, m, a] += child[b, a], the adjoint of `_fold`."""
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
def _clear(table, whole, place, r, n):
    """Zero `whole`, the part of `table` that belongs to row r, or only its touched entries if it is large."""
    if whole.size < 16 * n:
        whole[:] = 0
    else:
        for k in range(n):
            table[place[r, k]] = 0


@_jit
def _copy(out, rows, r, n):
    for k in range(n):
        out[k] = rows[r, k]


@_jit
def _combine3(out, a, b, c, rows, ra, rb, rc, n):
    for k in range(n):
        out[k] = a * rows[ra, k] + b * rows[rb, k] + c * rows[rc, k]


@_jit
def _combine2(out, a, b, rows, ra, rb, n):
    for k in range(n):
        out[k] += a * rows[ra, k] + b * rows[rb, k]


@_jit
def _combine1(out, a, rows, ra, n):
    for k in range(n):
        out[k] += a * rows[ra, k]


@_jit
def _spread1(rows, ra, a, values, n):
    for k in range(n):
        rows[ra, k] += a * values[k]


@_jit
def _spread2(rows, ra, rb, a, b, values, n):
    for k in range(n):
        rows[ra, k] += a * values[k]
        rows[rb, k] += b * values[k]


@_jit
def _set_union(out, rows, terms, low, high, n):
    """Out = Σ sign · row: both masses of the union, up to the clamp."""
    real = out.dtype.type
    row = terms.row
    sign = terms.sign
    if high - low == 1:
        _copy(out, rows, row[low], n)
        return
    t = low + 3
    _combine3(out, real(sign[low]), real(sign[low + 1]), real(sign[low + 2]), rows, row[low], row[low + 1], row[low + 2], n)
    while t + 1 < high:
        _combine2(out, real(sign[t]), real(sign[t + 1]), rows, row[t], row[t + 1], n)
        t += 2
    if t < high:
        _combine1(out, real(sign[t]), rows, row[t], n)


@_jit
def _spread(rows, terms, low, high, c, values, n):
    """Rows += c · sign · values: the adjoint of `_set_union`."""
    real = values.dtype.type
    row = terms.row
    sign = terms.sign
    t = low
    while t + 1 < high:
        _spread2(rows, row[t], row[t + 1], real(c * sign[t]), real(c * sign[t + 1]), values, n)
        t += 2
    if t < high:
        _spread1(rows, row[t], real(c * sign[t]), values, n)


# The three loops below do the same to each cell. w1, w0 are its own masses; a, b the masses of the union, which contains
# the cell: clamping to w1, w0 makes the rounding of the inclusion-exclusion sums harmless. `odds` is p0 / p1.


@_jit
def _gradient_terms(union, rows, slope, c, odds, n):
    """Slope += c log2(a p0 / (b p1)); the first half of `union` becomes w1/a − w0/b."""
    one = union.dtype.type(1)
    for k in range(n):
        w1 = rows[0, k]
        w0 = rows[0, k + n]
        a = max(union[k], w1)
        b = max(union[k + n], w0)
        r = one / (a * b)
        union[k] = (w1 * b - w0 * a) * r
        slope[k] += c * _log2(odds * a * a * r)


@_jit
def _value_terms(union, rows, p1, p0, odds, n):
    """Σ_cells w1 log2(a / ((a + b) p1)) + w0 log2(b / ((a + b) p0))."""
    # With u = a p0 / (b p1): a / ((a + b) p1) = u / (p0 + p1 u) and b / ((a + b) p0) = 1 / (p0 + p1 u). Both logarithms
    # are of numbers near 1 where the information is near 0, which keeps its digits.
    total = union.dtype.type(0)
    for k in range(n):
        w1 = rows[0, k]
        w0 = rows[0, k + n]
        a = max(union[k], w1)
        b = max(union[k + n], w0)
        u = odds * a / b
        total += w1 * _log2(u) - (w1 + w0) * _log2(p0 + p1 * u)
    return total


@_jit
def _gradient_and_value_terms(union, rows, slope, c, p1, p0, odds, n):
    """Both of the above."""
    one = union.dtype.type(1)
    total = union.dtype.type(0)
    for k in range(n):
        w1 = rows[0, k]
        w0 = rows[0, k + n]
        a = max(union[k], w1)
        b = max(union[k + n], w0)
        r = one / (a * b)
        u = odds * a * a * r
        log_u = _log2(u)
        union[k] = (w1 * b - w0 * a) * r
        slope[k] += c * log_u
        total += w1 * log_u - (w1 + w0) * _log2(p0 + p1 * u)
    return total


@_jit
def _samples(out, slope, cell, scale):
    for i in range(out.size):
        out[i] = slope[np.int64(cell[i]) - 1] * scale


@_jit
def _neuron(theta, num_bins, terms, tables, residual, want_gradient, want_value, scratch, gradient, redundancy):
    """Gradient and redundancies of one neuron; returns its mean θ.

    Args:
        theta: (batch,), checked.
        scratch: with the `keys` of the samples set.
        gradient: (batch,), written if `want_gradient`.
        redundancy: (antichains of `terms`,), written if `want_value`.
    """
    real = theta.dtype.type
    batch = theta.size
    sources = num_bins.size
    keys, joint, cell, cell_key, mass, table1, table0, pull, digit, place, rows, inner, union, slope = scratch
    offset, size, stride, parent, before, along, after = tables
    n = _group(keys, theta, joint, cell, cell_key, mass)
    for k in range(n):
        joint[cell_key[k]] = 0
    width = (n + _LANES - 1) // _LANES * _LANES
    # Rows lie as close as this neuron's cells allow, an odd number of cache lines apart. At the distance of a power of two
    # they would all fall into the same few sets of the first-level cache: up to 1.4 times the whole run time.
    pitch = (width // _LANES | 1) * _LANES
    digit = digit[: sources * pitch].reshape((sources, pitch))
    place = place[: size.size * pitch].reshape((size.size, pitch))
    inner = inner[: size.size * pitch].reshape((size.size, pitch))
    rows = rows[: 2 * size.size * pitch].reshape((size.size, 2 * pitch))

    # The row of the joint is the cells' own masses, floored: 0 < own ≤ union for everything below.
    total1 = 0.0
    total0 = 0.0
    for k in range(n):
        total1 += mass[k + 1, 0]
        total0 += mass[k + 1, 1]
        rows[0, k] = max(mass[k + 1, 0], _SMALLEST)
        rows[0, k + width] = max(mass[k + 1, 1], _SMALLEST)
    # Cells of the padding: no mass of their own, so that they add nothing, in unions of mass 1.
    for k in range(n, width):
        rows[0, k] = _SMALLEST
        rows[0, k + width] = _SMALLEST

    _set_digits(digit, cell_key, num_bins, n)
    for r in range(1, size.size):
        _set_place(place, r, offset[r], n)
        for j in range(sources):
            if stride[r, j]:
                _add_place(place, r, np.uint32(stride[r, j]), digit, j, n)
        if parent[r]:
            p = parent[r]
            _fold(table1[offset[p] : offset[p + 1]], table1[offset[r] : offset[r + 1]], before[r], along[r], after[r])
            _fold(table0[offset[p] : offset[p + 1]], table0[offset[r] : offset[r + 1]], before[r], along[r], after[r])
        else:
            _scatter_masses(table1, table0, place, r, mass, n)
    for r in range(1, size.size):
        _gather_masses(rows, table1, table0, place, r, n, width)
        _clear(table1, table1[offset[r] : offset[r + 1]], place, r, n)
        _clear(table0, table0[offset[r] : offset[r + 1]], place, r, n)

    for k in range(n):
        mass[k + 1, 0] = 0
        mass[k + 1, 1] = 0

    p1 = max(total1 / batch, _SMALLEST)
    p0 = max(total0 / batch, _SMALLEST)
    odds = real(p0 / p1)
    if want_gradient:
        constant = real(residual * np.log2(p0 / p1))
        for k in range(width):
            slope[k] = constant
        for r in range(size.size):
            for k in range(width):
                inner[r, k] = 0
    for i in range(terms.coefficient.size):
        low = terms.start[i]
        high = terms.start[i + 1]
        c = terms.coefficient[i]
        _set_union(union, rows, terms, low, high, 2 * width)
        if want_value and want_gradient:
            redundancy[i] = _gradient_and_value_terms(union, rows, slope, real(c), real(p1), real(p0), odds, width) / batch
        elif want_value:
            redundancy[i] = _value_terms(union, rows, real(p1), real(p0), odds, width) / batch
        else:
            _gradient_terms(union, rows, slope, real(c), odds, width)
        if want_gradient:
            _spread(inner, terms, low, high, c * _LOG2_E, union, width)
    if want_gradient:
        _combine1(slope, real(1), inner, 0, n)
        for r in range(1, size.size):
            _scatter(pull, place, r, inner, n)
        for r in range(size.size - 1, 0, -1):
            if parent[r]:
                p = parent[r]
                _unfold(pull[offset[p] : offset[p + 1]], pull[offset[r] : offset[r + 1]], before[r], along[r], after[r])
            else:
                _gather_add(slope, pull, place, r, n)
        for r in range(1, size.size):
            # A folded row has also spread into entries of its parent that no cell touches; such parents are small.
            dense = n if size[r] > _LARGEST_FOLDED else size[r]
            _clear(pull, pull[offset[r] : offset[r + 1]], place, r, dense)
        _samples(gradient, slope, cell, real(1 / batch))
    return total1 / batch


@_jit
def _entropy(p):
    """Entropy of a binary variable, in bits."""
    h = 0.0
    for q in (p, 1 - p):
        if q > 0:
            h -= q * np.log2(q)
    return h


OK, BAD_BINS, BAD_THETA = 0, 1, 2


@_entry
def solve(
    bins, itemsize, theta, num_bins, terms, tables, residual, want_gradient, want_value, count, gradient, redundancy, entropy, start, stop
):
    """Gradient, redundancies and H(Y) of the neurons `start` to `stop`; returns `OK`, `BAD_BINS` or `BAD_THETA`.

    Args:
        bins: (sources, neurons, batch · itemsize), the bytes of uint8, int16, int32 or int64.
        theta: (neurons, batch).
        count: an empty array of the type that counts cells.
        gradient: (neurons, batch), written if `want_gradient`.
        redundancy: (neurons, antichains of `terms`), written if `want_value`.
        entropy: (neurons,), written.
    """
    scratch = _scratch(theta.shape[1], num_bins, tables, theta, count)
    for neuron in range(start, stop):
        if not _set_keys_from_bytes(scratch.keys, bins, itemsize, neuron, num_bins):
            return BAD_BINS
        if _no_probability(theta, neuron):
            return BAD_THETA
        p = _neuron(
            theta[neuron],
            num_bins,
            terms,
            tables,
            residual,
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
    bins, itemsize, theta, num_bins, terms, tables, residual, want_gradient, want_value, count, gradient, redundancy, entropy, outcome
):
    """`solve` for all neurons on several threads; `outcome` (threads,) receives what each of them returns.

    Of the ways to use two cores (two cores, 100 neurons, B = 1024, all 18 antichains; milliseconds, best of 300, alone and
    with a 1024x784 @ 784x100 product of torch (0.89 ms) before each call), numba's OpenMP layer is the only one that costs
    nothing when interleaved: omp 0.72 / 1.64; workqueue 1.22 / 1.96; calling `solve` from torch's own OpenMP team through
    GOMP_parallel 0.97 / 2.23; from a persistent ThreadPoolExecutor 1.19 / 3.03, since its threads must be woken, queue for
    the interpreter lock, and meet torch's team still spinning.
    """
    neurons = theta.shape[0]
    threads = outcome.size
    for i in prange(threads):
        start = neurons * i // threads
        stop = neurons * (i + 1) // threads
        outcome[i] = solve(
            bins,
            itemsize,
            theta,
            num_bins,
            terms,
            tables,
            residual,
            want_gradient,
            want_value,
            count,
            gradient,
            redundancy,
            entropy,
            start,
            stop,
        )
