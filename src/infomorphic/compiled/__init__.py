"""Everything about code that numba compiles, except the kernels themselves.

`decorators` compile a function, `cache` stores its code on disk, `simd` has vectors of numbers, and `threads` runs a compiled function on
several threads. Only this package uses private parts of numba. Only `threads` can be imported without importing numba.
"""
