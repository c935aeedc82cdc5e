"""Decompositions of Gaussian variables in closed form, by minimum mutual information.

    I(T : S) = ½ log2 [ det Σ_S det Σ_T / det Σ_ST ],   I_α = min_{a∈α} I(T : a)

Suppose the variables are Gaussian, the target is one-dimensional, and redundancy and unique information are not negative and
depend only on the pairs (source, target). Then every measure equals this one (Barrett 2015, Phys. Rev. E 91, 052802).
"""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from jaxtyping import Float

from infomorphic.errors import InvalidPmfError, InvalidSamplesError, MeasureError
from infomorphic.extras import missing
from infomorphic.pid._arrays import Array, floating, is_torch, namespace
from infomorphic.pid.antichains import check_num_sources
from infomorphic.pid.decomposition import Decomposition, from_redundancies
from infomorphic.pid.lattice import redundancy_lattice
from infomorphic.pid.measure import minimum_over_members
from infomorphic.pid.measures.minimum_information import MinimumMutualInformation
from infomorphic.pid.names import names_of


def decompose_gaussian(covariance: Any, sizes: Sequence[int] | None = None, *, names: Sequence[str] | None = None) -> Decomposition:
    """Decompose the information that jointly Gaussian sources carry about a Gaussian target, in bits.

    Args:
        covariance: shape (*batch, d, d), with the target's rows and columns last. Correlations give the same atoms.
        sizes: number of dimensions of each source and, last, of the target. By default 1 each.
        names: names of the sources and, last, of the target, as for `decompose`.

    Returns:
        The decomposition by minimum mutual information. Its entropies are differential and may be negative; it has no
        pointwise values.

    Raises:
        InvalidPmfError: if the covariance is not symmetric and positive definite, or `sizes` do not add up to d.
        TooManySourcesError: if there are more than five sources, or none.
        AntichainError: if there is another number of `names`.
    """
    given = floating(covariance)
    if given.ndim < 2 or given.shape[-1] != given.shape[-2] or not given.shape[-1]:
        raise InvalidPmfError(f"`covariance` must have shape (*batch, d, d); got {tuple(given.shape)}.")
    dimensions = given.shape[-1]
    each = list(sizes) if sizes is not None else [1] * dimensions
    check_num_sources(len(each) - 1)
    if sum(each) != dimensions or min(each) < 1:
        raise InvalidPmfError(f"`sizes` must be positive and add up to the {dimensions} dimensions of the covariance; got {each}.")
    _check_covariance(given)
    num_sources = len(each) - 1
    ends = np.cumsum(each)
    axes = [list(range(end - size, end)) for size, end in zip(each, ends, strict=True)]
    target = axes[-1]
    subsets = [[i for j in range(num_sources) if mask >> j & 1 for i in axes[j]] for mask in range(1, 2**num_sources)]
    xp = namespace(given)
    log_target = _log_det(given, target)
    informations = xp.stack([(_log_det(given, s) + log_target - _log_det(given, s + target)) / 2 for s in subsets], axis=-1)
    entropy = log_target / 2 + len(target) / 2 * math.log2(2 * math.pi * math.e)
    redundancies = minimum_over_members(informations, redundancy_lattice(num_sources))
    return from_redundancies(redundancies, entropy, MinimumMutualInformation(), num_sources, names=names_of(names, num_sources))


def decompose_gaussian_samples(sources: Any, target: Any, *, copula: bool = False, names: Sequence[str] | None = None) -> Decomposition:
    """Decompose continuous observations as if they were Gaussian: from their sample covariance, without bins.

    Args:
        sources: shape (observations, n), one source per column, or a list of n arrays of shape (observations,) or
            (observations, k); k columns are one source.
        target: shape (observations,) or (observations, k).
        copula: first transform each column to a standard normal distribution by its ranks. This does not change mutual
            information, so only the copula is assumed to be Gaussian. The result is a lower bound of the mutual informations
            (Ince et al. 2017, Hum. Brain Mapp. 38, 1541). Entropies are those of the transformed target.
        names: names of the sources and, last, of the target; by default those of a DataFrame of sources and a Series.

    Raises:
        InvalidSamplesError: if the numbers of observations differ, values are not finite, or there are too few observations.
        InvalidPmfError: if columns are linearly dependent.
        TooManySourcesError: if there are more than five sources, or none.
        AntichainError: if there is another number of `names`.
        MeasureError: if `copula` is set and SciPy is not installed.

    The bias of finite samples is not corrected.
    """
    if names is None and hasattr(sources, "columns"):
        names = [*map(str, sources.columns), str(getattr(target, "name", None) or "target")]
    given = list(sources) if isinstance(sources, list | tuple) else list(np.asarray(sources, dtype=np.float64).T)
    check_num_sources(len(given))
    columns = [_columns(values, f"source {i}") for i, values in enumerate(given, 1)] + [_columns(target, "target")]
    lengths = {len(c) for c in columns}
    if len(lengths) > 1:
        raise InvalidSamplesError(
            f"sources and target must have the same number of observations; got {', '.join(str(len(c)) for c in columns)}."
        )
    joined = np.concatenate(columns, axis=1)
    if len(joined) <= joined.shape[1]:
        raise InvalidSamplesError(f"there must be more observations than columns ({joined.shape[1]}); got {len(joined)}.")
    if copula:
        if problem := missing("`copula`", "scipy"):
            raise MeasureError(problem)
        from scipy.special import ndtri
        from scipy.stats import rankdata

        joined = ndtri(rankdata(joined, axis=0) / (len(joined) + 1))
    return decompose_gaussian(np.atleast_2d(np.cov(joined, rowvar=False)), [c.shape[1] for c in columns], names=names)


def _columns(values: Any, name: str) -> Float[np.ndarray, "rows columns"]:
    array = np.asarray(values, dtype=np.float64)
    array = array[:, None] if array.ndim == 1 else array
    if array.ndim != 2 or not array.shape[1]:
        raise InvalidSamplesError(f"{name} must have shape (observations,) or (observations, k); got {array.shape}.")
    if not np.isfinite(array).all():
        raise InvalidSamplesError(f"{name} must be finite; it holds NaN or infinite values. Leave out these observations.")
    return array


def _check_covariance(covariance: Float[Array, "*batch d d"]) -> None:
    values = covariance.detach().cpu().numpy() if is_torch(covariance) else covariance
    if not np.isfinite(values).all():
        raise InvalidPmfError("`covariance` must be finite; it holds NaN or infinite values.")
    deviations = np.sqrt(np.maximum(np.diagonal(values, axis1=-2, axis2=-1), 0))
    scale = deviations[..., :, None] * deviations[..., None, :]
    if (scale == 0).any():
        raise InvalidPmfError("`covariance` must have positive variances; some variable is constant. Leave it out.")
    correlation = values / scale
    if np.abs(correlation - np.swapaxes(correlation, -1, -2)).max() > 1e-6:
        raise InvalidPmfError("`covariance` must be symmetric.")
    smallest = float(np.linalg.eigvalsh(correlation).min())
    if smallest < 1e-12:
        raise InvalidPmfError(
            f"`covariance` must be positive definite; the smallest eigenvalue of the correlations is {smallest:.3g}. "
            "Leave out a variable that others determine."
        )


def _log_det(covariance: Float[Array, "*batch d d"], axes: Sequence[int]) -> Float[Array, "*batch"]:
    """log2 det of the covariance of some of the variables."""
    block = covariance[..., axes, :][..., axes]
    return namespace(covariance).linalg.slogdet(block)[1] / math.log(2)
