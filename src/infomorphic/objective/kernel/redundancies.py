"""The redundancies of all antichains and their gradients, from the marginals of each cell."""

from infomorphic.compiled import simd
from infomorphic.compiled.decorators import inner
from infomorphic.compiled.simd import FAST


@inner(FAST)
def redundancies(terms, scratch, rows, row_pitch, inner, inner_pitch, width, p1, p0, c, want_gradient, want_value):
    """Compute `slope`, `inner` and the `partial` sums of all redundancies, one block of cells at a time.

    At each cell and antichain, let w1, w0 be the cell's own masses and a, b the masses of the union. Then slope += c log2(u)
    for u = a p0 / (b p1), inner += c sign (w1/a − w0/b) / ln 2 for each marginal of the union, and
    partial += w1 log2(a / ((a + b) p1)) + w0 log2(b / ((a + b) p0)).

    A union contains the cell, so a ≥ w1 and b ≥ w0. Clamping to these bounds makes rounding in the inclusion-exclusion sums
    harmless. The two logarithms are computed from u / (p0 + p1 u) and 1 / (p0 + p1 u). Where the information is near 0, these
    are near 1, so it keeps its digits.
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
