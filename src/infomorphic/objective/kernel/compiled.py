"""How functions of the kernel are compiled."""

from typing import Any

from numba import njit as numba_njit

from infomorphic.compiled_code import cached_njit
from infomorphic.objective.kernel import simd

njit: Any = numba_njit  # whose annotations lack most of its options
_FLAGS = set(simd.FAST)
jit = njit(nogil=True, fastmath=_FLAGS, error_model="numpy", no_cpython_wrapper=True, no_cfunc_wrapper=True)
# Where a NaN must be noticed, or the bits be those of torch. Said explicitly: numba hands a caller's flags down otherwise.
exact = njit(nogil=True, fastmath=False, error_model="numpy", no_cpython_wrapper=True, no_cfunc_wrapper=True)
# Only what Python calls is cached on disk: the code of everything below it is inside.
called_by_python = cached_njit(nogil=True, fastmath=_FLAGS, error_model="numpy")
# Computes nothing itself: it only cuts the neurons into parts.
called_in_parallel = cached_njit(nogil=True, parallel=True)
