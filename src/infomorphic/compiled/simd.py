"""Vectors of numbers for compiled functions, for loops that LLVM does not vectorize by itself; numba lacks them.

LLVM does not vectorize a loop over more than a few arrays, because it cannot know that they do not overlap. And numba calls a
library for each logarithm. Here a vector is a type of its own, which LLVM splits into the registers of the processor. All functions
in this module are for compiled code only.

What it is worth: with vectors of one number (`BITS = 32`) a training step of setup-1 with 100 neurons and batches of 1024 takes 10.3
instead of 8.5 ms of processor time in one thread (the fastest of 700 steps each, alternately in five processes, on a busy machine with
two cores; the medians of the processes' medians are 16.4 and 13.3 ms).

A "pair" is two adjacent numbers of an array, moved together.
"""

from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic as numba_intrinsic
from numba.extending import register_model

from infomorphic.compiled.private_numba import PrimitiveModel, cgutils
from infomorphic.units import BITS_PER_NAT

# numba's decorator drops the first parameter; type checkers do not know this.
intrinsic: Any = numba_intrinsic

# Twice the widest register: two independent chains of instructions hide each other's latency (3.5 instead of 4.2 µs for the
# 18 redundancies at 270 cells).
BITS = 1024
# Without "afn", which would allow approximate functions. NaN and infinity do not occur here, so flags may ignore them.
FAST = ("contract", "reassoc", "arcp", "nsz", "nnan", "ninf")


class Vector(types.Type):
    """The type of a vector of 32 float32 or 16 float64."""

    def __init__(self, real: types.Float) -> None:
        self.real = real
        self.lanes = BITS // real.bitwidth
        super().__init__(name=f"Vector({real} x {self.lanes})")


@register_model(Vector)
class VectorModel(PrimitiveModel):
    """The data model: an LLVM vector."""

    def __init__(self, dmm: Any, fe_type: Vector) -> None:
        super().__init__(dmm, fe_type, ir.VectorType(_llvm(fe_type.real), fe_type.lanes))


def _llvm(real: types.Float) -> ir.Type:
    return ir.FloatType() if real is types.float32 else ir.DoubleType()


def _constant(kind: ir.Type, value: float | int) -> ir.Constant:
    """`value` as a constant of a number type or of a vector type, the same in every lane."""
    if isinstance(kind, ir.VectorType):
        return ir.Constant(kind, [value] * kind.count)
    return ir.Constant(kind, value)


def _pointer(context: Any, builder: Any, array_type: Any, array: Any, index: Any, width: int) -> Any:
    """A pointer to `width` numbers of a contiguous array, starting at element `index`."""
    data = cgutils.create_struct_proxy(array_type)(context, builder, value=array).data
    return builder.bitcast(builder.gep(data, [index]), ir.VectorType(_llvm(array_type.dtype), width).as_pointer())


def _elementwise(emit: Any) -> Any:
    """The code generator of an operation on arguments of one type."""

    def codegen(context, builder, signature, args):
        return emit(builder, *args)

    return codegen


@intrinsic
def load(typingctx, array, index):
    """The vector at `array.flat[index:]`."""
    vector = Vector(array.dtype)

    def codegen(context, builder, signature, args):
        pointer = _pointer(context, builder, signature.args[0], args[0], args[1], vector.lanes)
        return builder.load(pointer, align=vector.real.bitwidth // 8)

    return vector(array, types.intp), codegen


@intrinsic
def store(typingctx, array, index, vector):
    """Write the vector to `array.flat[index:]`."""

    def codegen(context, builder, signature, args):
        pointer = _pointer(context, builder, signature.args[0], args[0], args[1], vector.lanes)
        builder.store(args[2], pointer, align=vector.real.bitwidth // 8)
        return context.get_dummy_value()

    return types.void(array, types.intp, vector), codegen


@intrinsic
def splat(typingctx, number):
    """The vector of `number` in every lane."""
    vector = Vector(number)

    def codegen(context, builder, signature, args):
        kind = ir.VectorType(_llvm(number), vector.lanes)
        one = builder.insert_element(ir.Constant(kind, ir.Undefined), args[0], ir.Constant(ir.IntType(32), 0))
        return builder.shuffle_vector(
            one, ir.Constant(kind, ir.Undefined), ir.Constant(ir.VectorType(ir.IntType(32), vector.lanes), [0] * vector.lanes)
        )

    return vector(number), codegen


@intrinsic
def add(typingctx, x, y):
    """The sum x + y."""
    return x(x, x), _elementwise(lambda builder, a, b: builder.fadd(a, b, flags=FAST))


@intrinsic
def subtract(typingctx, x, y):
    """The difference x − y."""
    return x(x, x), _elementwise(lambda builder, a, b: builder.fsub(a, b, flags=FAST))


@intrinsic
def multiply(typingctx, x, y):
    """The product x y."""
    return x(x, x), _elementwise(lambda builder, a, b: builder.fmul(a, b, flags=FAST))


@intrinsic
def divide(typingctx, x, y):
    """The quotient x / y. For float32 LLVM may multiply by a refined estimate of the reciprocal."""
    return x(x, x), _elementwise(lambda builder, a, b: builder.fdiv(a, b, flags=FAST))


@intrinsic
def multiply_add(typingctx, x, y, z):
    """The sum x y + z, fused if the processor supports it."""
    return x(x, x, x), _elementwise(lambda builder, a, b, c: builder.fadd(builder.fmul(a, b, flags=FAST), c, flags=FAST))


@intrinsic
def larger(typingctx, x, y):
    """The larger of x and y in each lane."""
    return x(x, x), _elementwise(lambda builder, a, b: builder.select(builder.fcmp_ordered(">", a, b, flags=FAST), a, b))


def _emit_shuffle(first: int) -> Any:
    def emit(builder, a, b):
        lanes = a.type.count
        chosen = ir.Constant(ir.VectorType(ir.IntType(32), lanes), list(range(first, 2 * lanes, 2)))
        return builder.shuffle_vector(a, b, chosen)

    return emit


@intrinsic
def firsts(typingctx, x, y):
    """The first numbers of the pairs in two consecutive vectors."""
    return x(x, x), _elementwise(_emit_shuffle(0))


@intrinsic
def seconds(typingctx, x, y):
    """The second numbers of the pairs in two consecutive vectors."""
    return x(x, x), _elementwise(_emit_shuffle(1))


@intrinsic
def total(typingctx, x):
    """The sum of all lanes, in a fixed order."""

    def codegen(context, builder, signature, args):
        vector, width = args[0], x.lanes
        while width > 1:
            width //= 2
            low = ir.Constant(ir.VectorType(ir.IntType(32), width), list(range(width)))
            high = ir.Constant(ir.VectorType(ir.IntType(32), width), list(range(width, 2 * width)))
            vector = builder.fadd(builder.shuffle_vector(vector, vector, low), builder.shuffle_vector(vector, vector, high))
        return builder.extract_element(vector, ir.Constant(ir.IntType(32), 0))

    return x.real(x), codegen


@intrinsic
def add_pair(typingctx, out, i, values, k):
    """Pair i of `out` += pair k of `values`."""

    def codegen(context, builder, signature, args):
        align = out.dtype.bitwidth // 8
        two = ir.Constant(args[1].type, 2)
        into = _pointer(context, builder, signature.args[0], args[0], builder.mul(args[1], two), 2)
        source = _pointer(context, builder, signature.args[2], args[2], builder.mul(args[3], two), 2)
        builder.store(builder.fadd(builder.load(into, align=align), builder.load(source, align=align)), into, align=align)
        return context.get_dummy_value()

    return types.void(out, types.intp, values, types.intp), codegen


@intrinsic
def set_pair(typingctx, out, i, values, k):
    """Pair i of `out` = pair k of `values`."""

    def codegen(context, builder, signature, args):
        align = out.dtype.bitwidth // 8
        two = ir.Constant(args[1].type, 2)
        into = _pointer(context, builder, signature.args[0], args[0], builder.mul(args[1], two), 2)
        source = _pointer(context, builder, signature.args[2], args[2], builder.mul(args[3], two), 2)
        builder.store(builder.load(source, align=align), into, align=align)
        return context.get_dummy_value()

    return types.void(out, types.intp, values, types.intp), codegen


@intrinsic
def power_of_two(typingctx, exponent):
    """2^(exponent − 127) as float32, from the bits of the exponent."""

    def codegen(context, builder, signature, arguments):
        return builder.bitcast(builder.shl(arguments[0], ir.Constant(ir.IntType(32), 23)), ir.FloatType())

    return types.float32(types.int32), codegen


# log2(1 + f) / f on [√½ − 1, √2 − 1], highest power first: interpolated at Chebyshev nodes, relative error 3e-8.
_SINGLE = (
    0.12310968339443207,
    -0.2058618813753128,
    0.21607822179794312,
    -0.2391698807477951,
    0.2879032492637634,
    -0.3606932759284973,
    0.4809107482433319,
    -0.721347451210022,
    1.4426950216293335,
)
# The odd part of log((1 + s) / (1 − s)) from fdlibm's e_log.c, highest power first.
_DOUBLE = (
    1.479819860511658591e-01,
    1.531383769920937332e-01,
    1.818357216161805012e-01,
    2.222219843214978396e-01,
    2.857142874366239149e-01,
    3.999999999940941908e-01,
    6.666666666666735130e-01,
)


def _emit_log2(builder: Any, x: Any) -> Any:
    """log2 of positive normal numbers (a number or a vector), to a few units in the last place."""
    scalar = x.type.element if isinstance(x.type, ir.VectorType) else x.type
    single = isinstance(scalar, ir.FloatType)
    integer: ir.Type = ir.IntType(32 if single else 64)
    if isinstance(x.type, ir.VectorType):
        integer = ir.VectorType(integer, x.type.count)
    # x = 2^e (1 + f) with 1 + f in [√½, √2), by arithmetic on its bits.
    places = _constant(integer, 23 if single else 52)
    raw = builder.bitcast(x, integer)
    e = builder.ashr(builder.sub(raw, _constant(integer, 0x3F3504F3 if single else 0x3FE6A09E667F3BCD)), places)
    mantissa = builder.bitcast(builder.sub(raw, builder.shl(e, places)), x.type)

    def number(value):
        return _constant(x.type, value)

    def fused(a, b, c):
        return builder.fadd(builder.fmul(a, b, flags=FAST), c, flags=FAST)

    def polynomial(coefficients, z):
        value = number(coefficients[0])
        for c in coefficients[1:]:
            value = fused(value, z, number(c))
        return value

    exponent = builder.sitofp(e, x.type)
    # Without fast-math flags: subtracting 1 from 1 + f must be exact.
    f = builder.fsub(mantissa, number(1.0))
    if single:
        return fused(f, polynomial(_SINGLE, f), exponent)
    s = builder.fdiv(f, builder.fadd(f, number(2.0)))
    z = builder.fmul(s, s)
    half = builder.fmul(number(0.5), builder.fmul(f, f))
    odd = builder.fmul(z, polynomial(_DOUBLE, z))
    log = builder.fsub(f, builder.fsub(half, builder.fmul(s, builder.fadd(half, odd))))
    return fused(log, number(BITS_PER_NAT), exponent)


@intrinsic
def log2(typingctx, x):
    """The logarithm to base 2 of positive normal numbers."""
    return x(x), _elementwise(_emit_log2)
