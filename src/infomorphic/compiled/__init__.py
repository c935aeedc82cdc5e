"""Everything about code that numba compiles, except the kernels themselves.

`decorators` compile a function, `cache` keeps its code on disk, `simd` has vectors of numbers, and `threads` runs a compiled function on
several threads. What is private in numba is used here and nowhere else. `threads` alone can be imported without importing numba.
"""
