"""Shannon invariants: what every decomposition agrees on, for any number of sources, from mutual informations alone.

    r̄ = Σ_i I(T : S_i) / I(T : S1, …, Sn),   v̄ = Σ_i I(T : S_i | all others) / I(T : S1, …, Sn)

The first sum counts an atom r times if each of r sources provides it alone. The second sum counts an atom v times if
removing any one of v sources loses it. So r̄ is the mean number of sources that each provide a bit alone, and v̄ the mean
number of sources that are each necessary for it. Both are independent of the measure of redundancy.

Source: Gutknecht, Rosas, Ehrlich, Makkeh, Mediano and Wibral 2025 (arXiv:2504.15779).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float, Float64, Int

from infomorphic.errors import InvalidPmfError, InvalidSamplesError
from infomorphic.pid._arrays import Array, is_torch, namespace
from infomorphic.pid.entropy import divergence_terms, entropy_terms
from infomorphic.pid.marginals import join_codes
from infomorphic.pid.pmf import checked_pmf


@dataclass(frozen=True, eq=False)
class ShannonInvariants:
    """Average degrees of redundancy and of vulnerability. Each has the shape of the batch."""

    mutual_information: Float[Array, "*batch"]
    """I(T : S1, …, Sn) in bits."""
    redundancy_degree: Float[Array, "*batch"]
    """r̄: between 0 and n; NaN where the mutual information is zero."""
    vulnerability_degree: Float[Array, "*batch"]
    """v̄: between 0 and n; NaN where the mutual information is zero."""


def shannon_invariants(pmf: Any, num_sources: int | None = None, *, normalize: bool = False, dtype: Any = None) -> ShannonInvariants:
    """The Shannon invariants of a joint pmf, for any number of sources.

    Args:
        pmf: joint probabilities, shape (*batch, |S1|, …, |Sn|, |T|); the target is the last axis. NumPy or torch.
        num_sources: number of axes that are sources. By default all except the last.
        normalize: divide `pmf` by its sum instead of requiring the sum to be one.
        dtype: dtype of the computation; by default float64.

    Raises:
        InvalidPmfError: if `pmf` is not a pmf or has no source.
    """
    given = pmf if is_torch(pmf) else np.asarray(pmf)
    n = given.ndim - 1 if num_sources is None else num_sources
    if n < 1 or given.ndim < n + 1:
        raise InvalidPmfError(f"`pmf` must have an axis for each source and one for the target; got shape {tuple(given.shape)}.")
    checked = checked_pmf(given, n, normalize=normalize, dtype=dtype)
    first = checked.ndim - n - 1

    def information(sources: Sequence[int]) -> Array:
        """I(T : sources)"""
        xp = namespace(checked)
        outside = tuple(first + i for i in range(n) if i not in sources)
        joint = xp.sum(checked, axis=outside, keepdims=True) if outside else checked
        target = xp.sum(joint, axis=tuple(range(first, first + n)), keepdims=True)
        product = xp.sum(joint, axis=-1, keepdims=True) * target
        return xp.sum(divergence_terms(joint, product), axis=tuple(range(first, checked.ndim)))

    return _invariants(information, n)


def shannon_invariants_of_samples(sources: Any, target: Any) -> ShannonInvariants:
    """The plug-in Shannon invariants of discrete observations, for any number of sources.

    Args:
        sources: shape (observations, n), whole numbers, strings or booleans; discretize real numbers first.
        target: shape (observations,).

    Raises:
        InvalidSamplesError: if shapes do not match, there are no observations, or values are not discrete.

    With many sources, observations rarely repeat and plug-in informations are too large. Then r̄ is too small and v̄ is
    unreliable: compare with the values for a shuffled target.
    """
    columns = [*_discrete(sources, 2, "sources").T, _discrete(target, 1, "target")]
    if len(columns[0]) != len(columns[-1]) or not len(columns[0]) or len(columns) < 2:
        raise InvalidSamplesError(
            f"sources and target must have the same number of observations, at least one; got {len(columns[0])} and {len(columns[-1])}."
        )
    codes = [np.unique(c, return_inverse=True)[1] for c in columns]

    def information(chosen: Sequence[int]) -> np.float64:
        """I(T : chosen sources)"""
        if not chosen:
            return np.float64(0)
        sources = [codes[i] for i in chosen]
        return _entropy(sources) + _entropy([codes[-1]]) - _entropy([*sources, codes[-1]])

    return _invariants(information, len(codes) - 1)


def _invariants(information: Any, num_sources: int) -> ShannonInvariants:
    everything = range(num_sources)
    whole = information(everything)
    alone = sum(information([i]) for i in everything)
    without = sum(whole - (information([j for j in everything if j != i]) if num_sources > 1 else 0 * whole) for i in everything)
    xp = namespace(whole) if is_torch(whole) else np
    # Rounding turns zero information into about 1e-16 bit.
    known = whole > 1e-12
    safe = xp.where(known, whole, xp.ones_like(whole))
    undefined = xp.full_like(whole, float("nan"))
    return ShannonInvariants(whole, xp.where(known, alone / safe, undefined), xp.where(known, without / safe, undefined))


def _entropy(columns: Sequence[Int[np.ndarray, " rows"]]) -> np.float64:
    """The plug-in entropy of the joint value of columns, in bits."""
    codes, size = join_codes(columns)
    counts: Float64[np.ndarray, " values"] = np.bincount(codes, minlength=size).astype(np.float64)
    p = counts[counts > 0] / len(codes)
    return entropy_terms(p).sum()


def _discrete(values: Any, ndim: int, name: str) -> np.ndarray:
    array = np.asarray(values)
    if array.ndim != ndim:
        shape = "(observations, n)" if ndim == 2 else "(observations,)"
        raise InvalidSamplesError(f"`{name}` must have shape {shape}; got {array.shape}.")
    if array.dtype.kind == "f" and not (np.isfinite(array).all() and (array == np.floor(array)).all()):
        raise InvalidSamplesError(f"`{name}` must be discrete; got real numbers. Discretize them first.")
    return array
