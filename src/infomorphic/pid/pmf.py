"""Checks of a probability mass function."""

import math
from typing import Any

import numpy as np
from jaxtyping import Float

from infomorphic.errors import InvalidPmfError
from infomorphic.pid._arrays import Array, floating, is_torch, namespace

_SUM_TOLERANCE = {"float64": 1e-9, "float32": 1e-5, "float16": 1e-2, "bfloat16": 1e-2}


def checked_pmf(pmf: Array, num_sources: int, *, normalize: bool, dtype: Any) -> Array:
    """The pmf in the dtype of the computation. Raises `InvalidPmfError` if it is not a pmf."""
    if math.prod(pmf.shape[pmf.ndim - num_sources - 1 :]) == 0:
        raise InvalidPmfError(f"`pmf` must have at least one outcome; got shape {tuple(pmf.shape)}.")
    given_dtype = str(pmf.dtype).removeprefix("torch.")
    try:
        if "complex" in given_dtype:
            raise TypeError
        pmf = floating(pmf, dtype)
    except (TypeError, ValueError):
        raise InvalidPmfError(f"`pmf` must hold real numbers; got dtype {given_dtype}.") from None
    values = pmf.detach() if is_torch(pmf) else pmf
    xp = namespace(values)
    if not bool(xp.all(xp.isfinite(values))):
        raise InvalidPmfError("`pmf` must be finite; it holds NaN or infinite probabilities.")
    if bool(xp.any(values < 0)):
        raise InvalidPmfError(f"`pmf` must not be negative; its smallest entry is {float(xp.min(values)):.6g}.")
    axes = tuple(range(pmf.ndim - num_sources - 1, pmf.ndim))
    sums = xp.sum(values, axis=axes)
    if normalize:
        if not bool(xp.all(sums > 0)):
            raise InvalidPmfError("`pmf` must have positive mass to be normalized; it sums to 0.")
        return pmf / xp.sum(pmf, axis=axes, keepdims=True)
    tolerance = max(_SUM_TOLERANCE.get(given_dtype, 1e-9), _SUM_TOLERANCE[str(values.dtype).removeprefix("torch.")])
    if bool(xp.any(xp.abs(sums - 1) > tolerance)):
        worst = float(xp.reshape(sums, (-1,))[int(xp.argmax(xp.reshape(xp.abs(sums - 1), (-1,))))])
        batch = tuple(pmf.shape[: axes[0]])
        hint = f" With `num_sources={num_sources}` the batch has shape {batch}." if batch else ""
        raise InvalidPmfError(f"`pmf` must sum to 1; it sums to {worst:.10g}. Pass `normalize=True` to divide by the sum.{hint}")
    return pmf


def check_probabilities(probability: Any, *, normalize: bool = False) -> Float[Array, " outcomes"]:
    """A list of probabilities as float64. Raises `InvalidPmfError` if they are not a pmf."""
    return checked_pmf(np.asarray(probability), 0, normalize=normalize, dtype=None)
