"""Operations shared by NumPy and torch, so that every formula is written once. NumPy users never import torch."""

import sys
from typing import Any

import array_api_compat
import numpy as np

Array = Any
"""A NumPy array or a torch tensor, in annotations such as `Float[Array, "*batch cells"]`."""


_NAMESPACES: dict[type, Any] = {}


def is_torch(x: object) -> bool:
    """Whether `x` is a torch tensor. If torch was never imported, nothing is."""
    torch = sys.modules.get("torch")
    return torch is not None and isinstance(x, torch.Tensor)


def namespace(x: Array) -> Any:
    """The array-API namespace of `x`."""
    kind = type(x)
    if kind not in _NAMESPACES:  # cached: a lookup takes as long as an operation on a small array
        _NAMESPACES[kind] = array_api_compat.array_namespace(x)
    return _NAMESPACES[kind]


def floating(x: Any, dtype: Any = None) -> Array:
    """`x` as an array of `dtype`, by default float64. A torch tensor stays a torch tensor on its device.

    `dtype` may be a name (`"float32"`), a NumPy or a torch dtype.
    """
    name = "float64" if dtype is None else str(dtype).removeprefix("torch.") if not isinstance(dtype, type) else np.dtype(dtype).name
    if is_torch(x):
        return x.to(getattr(sys.modules["torch"], name))
    return np.asarray(x, dtype=name)


def constant(values: np.ndarray, like: Array) -> Array:
    """A NumPy constant as an array of the kind, dtype and device of `like`."""
    if is_torch(like):
        return sys.modules["torch"].as_tensor(values, dtype=like.dtype, device=like.device)
    return values.astype(like.dtype, copy=False)


def log2_where(mask: Array, x: Array, xp: Any) -> Array:
    """`log2(x)` where `mask` is true, else 0 with zero (not NaN) gradient."""
    # Mask before the logarithm: masking its result would still multiply 0 by log'(0) = inf in the backward pass.
    return xp.log2(xp.where(mask, x, xp.ones_like(x)))


def ratio_log2(mask: Array, numerator: Array, denominator: Array, xp: Any) -> Array:
    """`log2(numerator / denominator)` where `mask` is true, else 0 with zero gradient. Takes one logarithm, not two."""
    one = xp.ones_like(numerator)
    return xp.log2(xp.where(mask, numerator, one) / xp.where(mask, denominator, one))
