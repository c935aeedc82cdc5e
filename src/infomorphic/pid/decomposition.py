"""`decompose` and what it returns."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from jaxtyping import Bool, Float, Int

from infomorphic.errors import InvalidPmfError, UnknownAtomError
from infomorphic.pid._arrays import Array, constant, floating, is_torch, namespace
from infomorphic.pid.antichains import Antichain, check_num_sources, format_antichain, parse_label, source_names
from infomorphic.pid.lattice import RedundancyLattice, redundancy_lattice, subset_labels
from infomorphic.pid.marginals import Marginals, dense_marginals
from infomorphic.pid.shared_exclusions import Part, average_redundancies, mobius_inversion, pointwise_redundancies, target_entropy

_SUM_TOLERANCE = {"float64": 1e-9, "float32": 1e-5, "float16": 1e-2, "bfloat16": 1e-2}


class LabelledValues(Mapping[str, Array]):
    """Values by label of antichain, in bits. Iteration follows the lattice upwards, and prints source numbers.

    A key may be written in any order (`{31}{2}`) and, for up to three sources, with the letters of feedforward, context
    and lateral input (`{LF}{C}`). `array` has all values at once, along its last axis.
    """

    def __init__(self, positions: Mapping[Antichain, int], num_sources: int, array: Float[Array, "*batch labels"]):
        self._positions = positions
        self._num_sources = num_sources
        self.array = array

    def __getitem__(self, label: str) -> Float[Array, "*batch"]:
        antichain = parse_label(label, _letters(self._num_sources))
        if antichain not in self._positions:
            raise UnknownAtomError(f"no value for {label!r}; there are values for {', '.join(list(self)[:8])}.")
        return self.array[..., self._positions[antichain]][()]  # NumPy's array of no axes becomes a scalar

    def __iter__(self) -> Iterator[str]:
        names = source_names(self._num_sources)
        return (format_antichain(antichain, names) for antichain in self._positions)

    def __len__(self) -> int:
        return len(self._positions)

    def __repr__(self) -> str:
        shown = ", ".join(f"{label}: {_short(self[label])}" for label in list(self)[:18])
        return "{" + shown + (", …}" if len(self) > 18 else "}")


class PointwiseValues(Mapping[str, Array]):
    """Values by label of antichain at every realisation, in bits, computed when asked for.

    A value has the shape of the pmf or, for samples, one entry for each occupied cell. Where the pmf is zero nothing is
    realised, and the entry is 0.
    """

    def __init__(self, pointwise: "Pointwise", part: Part, inverted: bool):
        self._pointwise = pointwise
        self._part = part
        self._inverted = inverted

    def __getitem__(self, label: str) -> Float[Array, "*shape"]:
        return self._pointwise.value(label, self._part, inverted=self._inverted)

    def __iter__(self) -> Iterator[str]:
        return iter(self._pointwise.lattice.labels())

    def __len__(self) -> int:
        return len(self._pointwise.lattice)


@dataclass(frozen=True, eq=False)
class Pointwise:
    """The decomposition of each single realisation: `atoms`, their `informative` and `misinformative` parts, `redundancies`.

    The average of each over the pmf is the entry of that name in the `Decomposition`.
    """

    lattice: RedundancyLattice
    marginals: Marginals
    shape: tuple[int, ...]

    @property
    def support(self) -> Bool[Array, "*shape"]:
        """Where a realisation has positive probability."""
        return namespace(self.marginals.realisation).reshape(self.marginals.realisation > 0, self.shape)

    @property
    def atoms(self) -> PointwiseValues:
        """π_α(s, t), the pointwise atoms."""
        return PointwiseValues(self, Part.NET, inverted=True)

    @property
    def informative(self) -> PointwiseValues:
        """π⁺_α(s, t), the informative part of the pointwise atoms."""
        return PointwiseValues(self, Part.INFORMATIVE, inverted=True)

    @property
    def misinformative(self) -> PointwiseValues:
        """π⁻_α(s, t), the misinformative part of the pointwise atoms."""
        return PointwiseValues(self, Part.MISINFORMATIVE, inverted=True)

    @property
    def redundancies(self) -> PointwiseValues:
        """i_α(s, t), the pointwise redundancies."""
        return PointwiseValues(self, Part.NET, inverted=False)

    def value(self, label: str, part: Part, *, inverted: bool) -> Float[Array, "*shape"]:
        """One part of one pointwise atom (`inverted`) or redundancy at every realisation."""
        xp = namespace(self.marginals.realisation)
        row = self.lattice.position(parse_label(label, _letters(self.lattice.num_sources)))
        columns, signs = np.array([row]), np.ones(1)
        if inverted:
            of_row = self.lattice.mobius.rows == row
            columns, signs = self.lattice.mobius.columns[of_row], self.lattice.mobius.values[of_row]
        like = self.marginals.realisation
        redundancies = pointwise_redundancies(self.marginals, constant(self.lattice.union_coefficients[columns], like), part)
        values = xp.matmul(constant(signs[None, :], like), redundancies)[..., 0, :]
        return xp.reshape(xp.where(like > 0, values, xp.zeros_like(values)), self.shape)


@dataclass(frozen=True)
class Binning:
    """How one variable became a code: `method` in words and, for a continuous variable, the `edges` of its bins."""

    name: str
    method: str
    num_values: int
    edges: tuple[float, ...] | None = None
    num_clipped: int = 0
    """How many observations lay outside a fixed range and were counted in the outermost bins."""

    def __str__(self) -> str:
        clipped = f", {self.num_clipped} observations outside the range counted in the outermost bins" if self.num_clipped else ""
        return f"{self.name}: {self.method}, {self.num_values} values{clipped}"


@dataclass(frozen=True, eq=False)
class Estimate:
    """What a decomposition of samples was estimated from."""

    observations: int
    cells: Int[np.ndarray, "cells variables"]
    """The codes of the sources and, last, of the target, of each occupied cell; pointwise values follow this order."""
    values: tuple[np.ndarray, ...]
    """For each variable, what each code stands for: a value or, for a binned variable, the centre of the bin."""
    binning: tuple[Binning, ...]
    num_dropped: int
    miller_madow_bias: float
    """First-order estimate of how much the plug-in mutual information of all sources is too large, in bits."""

    @property
    def observations_per_cell(self) -> float:
        """Mean number of observations in an occupied cell of sources and target."""
        return self.observations / len(self.cells)


@dataclass(frozen=True, eq=False)
class Decomposition:
    """The partial information decomposition of I(T : S1, …, Sn) by shared exclusions. Everything is in bits.

    Values are arrays of the kind that went in, of shape `*batch`; a single distribution has scalars.
    """

    atoms: LabelledValues
    """Π_α: what α has and nothing below it has."""
    redundancies: LabelledValues
    """I_α: the sum of the atoms at and below α."""
    mutual_information: LabelledValues
    """I(T : S) for every non-empty set S of sources, keyed `{1}`, `{12}`, …"""
    target_entropy: Float[Array, "*batch"]
    """H(T)"""
    residual_entropy: Float[Array, "*batch"]
    """H(T | S1, …, Sn)"""
    pointwise: Pointwise
    estimate: Estimate | None = None
    """Where the pmf came from, if it came from samples."""

    @property
    def num_sources(self) -> int:
        """The number of sources."""
        return self.pointwise.lattice.num_sources

    @cached_property
    def informative(self) -> LabelledValues:
        """Π⁺_α, the informative part of the atoms; non-negative."""
        return self._part(Part.INFORMATIVE)

    @cached_property
    def misinformative(self) -> LabelledValues:
        """Π⁻_α, the misinformative part of the atoms; non-negative."""
        return self._part(Part.MISINFORMATIVE)

    def _part(self, part: Part) -> LabelledValues:
        lattice = self.pointwise.lattice
        redundancies = average_redundancies(self.pointwise.marginals, lattice, part)
        return LabelledValues(_positions(lattice.num_sources), lattice.num_sources, mobius_inversion(redundancies, lattice.mobius))


def decompose(
    pmf: Float[Array, "..."] | Any,
    num_sources: int | None = None,
    *,
    normalize: bool = False,
    dtype: Any = None,
) -> Decomposition:
    """Decompose the information, in bits, that the sources have about the target into its atoms.

        I_α = Σ p(s, t) log2 [ P(t | ∪_{a∈α} ∩_{j∈a} {S_j = s_j}) / p(t) ],   Π = M I

    Args:
        pmf: joint probabilities, shape (*batch, |S1|, …, |Sn|, |T|). **The target is the last axis.** An array (or
            anything that NumPy makes one of) gives NumPy values; a torch tensor gives tensors on its device that can be
            differentiated. Zero probabilities are welcome.
        num_sources: how many of the axes are sources. By default all but the last, and there is no batch.
        normalize: divide by the sum, instead of requiring it to be one.
        dtype: to compute in; float64 unless another (`"float32"`) is asked for.

    Returns:
        The atoms, redundancies, mutual informations and entropies, each of shape `*batch`.

    Raises:
        InvalidPmfError: if a probability is negative or not finite, if there are none, or if they do not sum to one.
        TooManySourcesError: if there are more than five sources, or none.

    Where a probability is zero the gradient is exact as long as the derivative exists: it has the limit that belongs to
    that realisation alone gaining probability. Where the union of an antichain has no mass together with t but some
    without it, the derivative is −∞ like that of p log p; there the gradient omits the infinite term and is finite.

    Source: Makkeh, Gutknecht and Wibral 2021 (Phys. Rev. E 103, 032149), eqs. 10–14 and 9.

    Example:
        >>> import numpy as np
        >>> xor = np.zeros((2, 2, 2))
        >>> xor[0, 0, 0] = xor[0, 1, 1] = xor[1, 0, 1] = xor[1, 1, 0] = 1 / 4
        >>> float(decompose(xor).atoms["{12}"].round(4))
        0.415
    """
    given = pmf if is_torch(pmf) else np.asarray(pmf)
    n = max(given.ndim - 1, 0) if num_sources is None else num_sources
    check_num_sources(n)
    if given.ndim < n + 1:
        raise InvalidPmfError(f"`pmf` must have an axis for each of {n} sources and one for the target; got shape {tuple(given.shape)}.")
    checked = _checked(given, n, normalize=normalize, dtype=dtype)
    return decompose_marginals(dense_marginals(checked, n), n, tuple(checked.shape))


def decompose_marginals(marginals: Marginals, num_sources: int, shape: tuple[int, ...], estimate: Estimate | None = None) -> Decomposition:
    """The decomposition from the marginals at every realisation; `shape` is that of the pointwise values."""
    lattice = redundancy_lattice(num_sources)
    redundancies = average_redundancies(marginals, lattice)
    positions = _positions(num_sources)
    entropy = target_entropy(marginals)
    return Decomposition(
        atoms=LabelledValues(positions, num_sources, mobius_inversion(redundancies, lattice.mobius)),
        redundancies=LabelledValues(positions, num_sources, redundancies),
        # Self-redundancy: the redundancy of an antichain of one set is the mutual information with that set.
        mutual_information=LabelledValues(_subset_positions(num_sources), num_sources, redundancies),
        target_entropy=entropy,
        residual_entropy=entropy - redundancies[..., -1],
        pointwise=Pointwise(lattice, marginals, shape),
        estimate=estimate,
    )


def _checked(pmf: Array, num_sources: int, *, normalize: bool, dtype: Any) -> Array:
    """The pmf in the dtype to compute in, or an error that says what is wrong with it."""
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
            raise InvalidPmfError("`pmf` must have positive mass to be normalised; it sums to 0.")
        return pmf / xp.sum(pmf, axis=axes, keepdims=True)
    tolerance = max(_SUM_TOLERANCE.get(given_dtype, 1e-9), _SUM_TOLERANCE[str(values.dtype).removeprefix("torch.")])
    if bool(xp.any(xp.abs(sums - 1) > tolerance)):
        worst = float(xp.reshape(sums, (-1,))[int(xp.argmax(xp.reshape(xp.abs(sums - 1), (-1,))))])
        batch = tuple(pmf.shape[: axes[0]])
        hint = f" With `num_sources={num_sources}` the batch has shape {batch}." if batch else ""
        raise InvalidPmfError(f"`pmf` must sum to 1; it sums to {worst:.10g}. Pass normalize=True to divide by the sum.{hint}")
    return pmf


def check_probabilities(probability: Any, *, normalize: bool = False) -> Float[Array, " outcomes"]:
    """A list of probabilities as float64 if it is a pmf; `InvalidPmfError` if not."""
    return _checked(np.asarray(probability), 0, normalize=normalize, dtype=None)


def _letters(num_sources: int) -> str:
    """Letters that a label may use instead of numbers: feedforward, context, lateral."""
    return "FCL"[:num_sources] if num_sources <= 3 else source_names(num_sources)


@lru_cache
def _positions(num_sources: int) -> dict[Antichain, int]:
    return {antichain: i for i, antichain in enumerate(redundancy_lattice(num_sources).antichains)}


@lru_cache
def _subset_positions(num_sources: int) -> dict[Antichain, int]:
    lattice = redundancy_lattice(num_sources)
    antichains = (parse_label(label, source_names(num_sources)) for label in subset_labels(num_sources))
    return {antichain: lattice.position(antichain) for antichain in antichains}


def _short(value: Array) -> str:
    return f"{float(value):.4f}" if value.ndim == 0 else f"array{tuple(value.shape)}"
