"""Decorators that compile functions: one per role of a function.

A kernel's floating-point optimizations, LLVM's `fastmath` flags, are always given explicitly: a function without flags would inherit
the flags of its caller from numba.

Each function that runs in parallel writes out its own loop over parts. A factory would be shorter but slower to start: numba does not
cache a function on disk if it closes over another compiled function.
"""

from collections.abc import Callable, Iterable
from inspect import unwrap
from pathlib import Path
from typing import Any

from numba import njit as numba_njit

from infomorphic.compiled.cache import cached_njit

njit: Any = numba_njit  # typed as Any: numba's annotations lack most options
Decorator = Callable[[Callable[..., Any]], Any]
EXACT: frozenset[str] = frozenset()
"""No flags, for functions that must detect NaN or return the same bits as torch."""


def inner(flags: Iterable[str]) -> Decorator:
    """For a function called only by compiled code. LLVM replaces each call by the body.

    Otherwise a process that compiled the function could run another version of it than a process that loaded its caller from disk, with
    other bits. numba's own `inline="always"` takes several times as long to compile.
    """
    return _of_unchecked(njit(**arithmetic(flags), no_cpython_wrapper=True, no_cfunc_wrapper=True, forceinline=True))


def called_by_python(flags: Iterable[str], files: Iterable[str | Path] = ()) -> Decorator:
    """For a function that Python calls. Only these are cached on disk; they contain the code of all functions that they call.

    Args:
        flags: the allowed optimizations.
        files: other source files whose code is compiled into the function. If one changes, the cached code is stale.
    """
    return _of_unchecked(cached_njit(files, **arithmetic(flags)))


def called_in_parallel(files: Iterable[str | Path] = ()) -> Decorator:
    """For a function that only divides the neurons into parts and calls another function for each part, on several threads."""
    return _of_unchecked(cached_njit(files, nogil=True, parallel=True))


def _of_unchecked(decorator: Decorator) -> Decorator:
    # Tests wrap annotated functions in a check of shapes and types. numba compiles the wrapped function, without the check.
    return lambda function: decorator(unwrap(function))


def arithmetic(flags: Iterable[str]) -> dict[str, Any]:
    """The options of numba for a function with these flags."""
    return {"nogil": True, "fastmath": set(flags) or False, "error_model": "numpy"}
