"""How functions are compiled: one decorator for each part that a function can play.

The optimizations of floating-point numbers that a kernel allows, LLVM's `fastmath` flags, are given explicitly each time: numba hands the
flags of a caller down to a function without any.

A function that runs in parallel is a loop over parts, written out for each of them. A factory would make it shorter and slower to start:
numba finds no code on disk for a function that closes over another compiled one.
"""

from collections.abc import Callable, Iterable
from inspect import unwrap
from pathlib import Path
from typing import Any

from numba import njit as numba_njit

from infomorphic.compiled.cache import cached_njit

njit: Any = numba_njit  # whose annotations lack most of its options
Decorator = Callable[[Callable[..., Any]], Any]
EXACT: frozenset[str] = frozenset()
"""No flags: a NaN must be noticed, or the bits be those of torch."""


def inner(flags: Iterable[str]) -> Decorator:
    """For a function that only compiled code calls."""
    return njit(**_arithmetic(flags), no_cpython_wrapper=True, no_cfunc_wrapper=True)


def inlined(flags: Iterable[str]) -> Decorator:
    """For a function whose body takes the place of each call in compiled code."""
    compiled = njit(**_arithmetic(flags), inline="always")
    # Shared formulas are plain functions, which tests wrap in a check of types. numba compiles what is inside.
    return lambda function: compiled(unwrap(function))


def called_by_python(flags: Iterable[str], files: Iterable[str | Path] = ()) -> Decorator:
    """For a function that Python calls. Only these are kept on disk: the code of everything below is inside.

    Args:
        flags: the allowed optimizations.
        files: source files, other than its own, of what is compiled into it. When one changes, the code on disk is stale.
    """
    return cached_njit(files, **_arithmetic(flags))


def called_in_parallel(files: Iterable[str | Path] = ()) -> Decorator:
    """For a function that computes nothing itself, but cuts the neurons into parts and calls another one for each, on several threads."""
    return cached_njit(files, nogil=True, parallel=True)


def _arithmetic(flags: Iterable[str]) -> dict[str, Any]:
    return {"nogil": True, "fastmath": set(flags) or False, "error_model": "numpy"}
