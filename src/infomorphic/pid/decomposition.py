"""`decompose` and what it returns."""

import importlib.util
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from jaxtyping import Bool, Float

from infomorphic.errors import AntichainError, InvalidPmfError, MeasureError, NotPointwiseError, UnknownAtomError
from infomorphic.pid._arrays import Array, constant, floating, is_torch, namespace
from infomorphic.pid.antichains import Antichain, check_num_sources, format_antichain, parse_label, source_names
from infomorphic.pid.joint import JointPmf, dense_joint, mutual_informations, target_entropy
from infomorphic.pid.lattice import RedundancyLattice, redundancy_lattice, subset_labels
from infomorphic.pid.marginals import Marginals
from infomorphic.pid.measure import Part, PointwiseMeasure, RedundancyMeasure, blocks
from infomorphic.pid.measures import builtin_measures, resolve_measure
from infomorphic.pid.mobius import mobius_inversion
from infomorphic.pid.provenance import Estimate

_SUM_TOLERANCE = {"float64": 1e-9, "float32": 1e-5, "float16": 1e-2, "bfloat16": 1e-2}


class LabelledValues(Mapping[str, Array]):
    """Values by label of antichain, in bits. Iteration goes up the lattice and yields labels with source numbers.

    A key may be written in any order (`{31}{2}`). If the sources have one-letter names, keys may use them (`{LF}{C}`).
    """

    def __init__(self, positions: Mapping[Antichain, int], num_sources: int, values: Float[Array, "*batch columns"], letters: str | None):
        self._positions = positions
        self._num_sources = num_sources
        self._values = values
        self._letters = letters

    @cached_property
    def array(self) -> Float[Array, "*batch labels"]:
        """All values, in the order of the labels along the last axis."""
        columns = list(self._positions.values())
        return self._values if columns == list(range(self._values.shape[-1])) else self._values[..., columns]

    def __getitem__(self, label: str) -> Float[Array, "*batch"]:
        antichain = parse_label(label, self._letters or source_names(self._num_sources))
        if antichain not in self._positions:
            raise UnknownAtomError(f"no value for {label!r}; there are values for {', '.join(list(self)[:8])}.")
        return self._values[..., self._positions[antichain]][()]  # a zero-dimensional NumPy array becomes a scalar

    def __iter__(self) -> Iterator[str]:
        names = source_names(self._num_sources)
        return (format_antichain(antichain, names) for antichain in self._positions)

    def __len__(self) -> int:
        return len(self._positions)

    def __repr__(self) -> str:
        shown = ", ".join(f"{label}: {_short(self[label])}" for label in list(self)[:18])
        return "{" + shown + (", …}" if len(self) > 18 else "}")


class PointwiseValues(Mapping[str, Array]):
    """Values by label of antichain at every realization, in bits, computed on access.

    A value has the shape of the pmf or, for samples, one entry per occupied cell. Where the pmf is zero, the entry is 0.
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
    """The decomposition of each realization: `atoms`, their `informative` and `misinformative` parts, and `redundancies`.

    The average of each over the pmf is the entry of the same name in the `Decomposition`.
    """

    measure: PointwiseMeasure
    joint: JointPmf
    letters: str | None = None

    @property
    def lattice(self) -> RedundancyLattice:
        """The lattice of the sources."""
        return redundancy_lattice(self.joint.num_sources)

    @property
    def marginals(self) -> Marginals:
        """The probabilities at every realization, along one axis."""
        return self.joint.marginals

    @property
    def support(self) -> Bool[Array, "*shape"]:
        """Where a realization has positive probability."""
        return namespace(self.marginals.realisation).reshape(self.marginals.realisation > 0, self.joint.shape)

    @property
    def atoms(self) -> PointwiseValues:
        """π_α(s, t), the pointwise atoms."""
        return PointwiseValues(self, Part.NET, inverted=True)

    @property
    def informative(self) -> PointwiseValues:
        """π⁺_α(s, t), the informative part of the pointwise atoms."""
        _check_part(self.measure, Part.INFORMATIVE)
        return PointwiseValues(self, Part.INFORMATIVE, inverted=True)

    @property
    def misinformative(self) -> PointwiseValues:
        """π⁻_α(s, t), the misinformative part of the pointwise atoms."""
        _check_part(self.measure, Part.MISINFORMATIVE)
        return PointwiseValues(self, Part.MISINFORMATIVE, inverted=True)

    @property
    def redundancies(self) -> PointwiseValues:
        """i_α(s, t), the pointwise redundancies."""
        return PointwiseValues(self, Part.NET, inverted=False)

    def value(self, label: str, part: Part, *, inverted: bool) -> Float[Array, "*shape"]:
        """One part of one pointwise atom (`inverted`) or redundancy at every realization."""
        like = self.marginals.realisation
        xp = namespace(like)
        row = self.lattice.position(parse_label(label, self.letters or source_names(self.joint.num_sources)))
        columns, signs = np.array([row]), np.ones(1)
        if inverted:
            of_row = self.lattice.mobius.rows == row
            columns, signs = self.lattice.mobius.columns[of_row], self.lattice.mobius.values[of_row]
        # Sum in blocks: an atom of five sources may be a sum of a thousand redundancies, each with a value at every realization.
        values = sum(
            xp.matmul(constant(signs[None, some], like), self.measure.pointwise(self.joint, self.lattice, columns[some], part))[..., 0, :]
            for some in blocks(self.joint, len(columns))
        )
        return xp.reshape(xp.where(like > 0, values, xp.zeros_like(values)), self.joint.shape)


@dataclass(frozen=True, eq=False)
class Decomposition:
    """The partial information decomposition of I(T : S1, …, Sn) by one measure of redundancy. Everything is in bits.

    Values are arrays of the same kind as the pmf (NumPy or torch), of shape `*batch`; scalars for a single distribution.
    """

    atoms: LabelledValues
    """Π_α: the information of α that no antichain below it has."""
    redundancies: LabelledValues
    """I_α: the sum of the atoms at and below α."""
    mutual_information: LabelledValues
    """I(T : S) for every non-empty set S of sources, keyed `{1}`, `{12}`, …"""
    target_entropy: Float[Array, "*batch"]
    """H(T)"""
    residual_entropy: Float[Array, "*batch"]
    """H(T | S1, …, Sn)"""
    lattice: RedundancyLattice
    """The antichains, in the order of `atoms` and `redundancies`."""
    measure: RedundancyMeasure
    """The measure of redundancy, with its source, properties and limits."""
    joint: JointPmf | None = None
    """The joint pmf that was decomposed; None for Gaussian variables."""
    estimate: Estimate | None = None
    """Where the pmf came from, if it came from samples."""
    letters: str | None = None
    """One-letter names of the sources, which labels may use."""

    @property
    def num_sources(self) -> int:
        """The number of sources."""
        return self.lattice.num_sources

    @property
    def pointwise(self) -> Pointwise:
        """The decomposition of each realization.

        Raises:
            NotPointwiseError: if the measure is defined as an average only.
        """
        if not isinstance(self.measure, PointwiseMeasure) or self.joint is None:
            raise _not_pointwise(self.measure, "pointwise values")
        return Pointwise(self.measure, self.joint, self.letters)

    @cached_property
    def informative(self) -> LabelledValues:
        """Π⁺_α, the informative part of the atoms. For shared exclusions and the pointwise minimum it is not negative.

        Raises:
            NotPointwiseError: if the measure has no such part.
        """
        return self._part(Part.INFORMATIVE)

    @cached_property
    def misinformative(self) -> LabelledValues:
        """Π⁻_α, the misinformative part of the atoms. For shared exclusions and the pointwise minimum it is not negative.

        Raises:
            NotPointwiseError: if the measure has no such part.
        """
        return self._part(Part.MISINFORMATIVE)

    def _part(self, part: Part) -> LabelledValues:
        _check_part(self.measure, part)
        assert isinstance(self.measure, PointwiseMeasure)
        assert self.joint is not None
        redundancies = self.measure.redundancies(self.joint, self.lattice, part)
        atoms = mobius_inversion(redundancies, self.lattice.mobius)
        return LabelledValues(_positions(self.num_sources), self.num_sources, atoms, self.letters)


def decompose(
    pmf: Float[Array, "..."] | Any,
    num_sources: int | None = None,
    *,
    measure: str | RedundancyMeasure = "sx",
    normalize: bool = False,
    dtype: Any = None,
    letters: str | None = None,
) -> Decomposition:
    """Decompose the information that the sources carry about the target into atoms, in bits.

    The measure defines the redundancies I. For shared exclusions, the default, they are the formula below. The atoms are
    their Möbius inversion, Π = M I.

        I_α = Σ p(s, t) log2 [ P(t | ∪_{a∈α} ∩_{j∈a} {S_j = s_j}) / p(t) ]

    Args:
        pmf: joint probabilities, shape (*batch, |S1|, …, |Sn|, |T|). **The target is the last axis.** An array (or
            anything that NumPy can convert to one) gives NumPy values; a torch tensor gives differentiable tensors on its
            device. Probabilities may be zero.
        num_sources: number of axes that are sources. By default all except the last, without a batch.
        measure: the measure of redundancy: the name of a built-in one (`infomorphic.pid.builtin_measures()`) or of one of an
            installed package, `FILE.py:NAME`, or an instance of `RedundancyMeasure`.
        normalize: divide `pmf` by its sum instead of requiring the sum to be one.
        dtype: dtype of the computation (for example `"float32"`); by default float64.
        letters: one-letter names of the sources, in order. Labels may then use them besides numbers: `letters="FCL"` for
            `d.atoms["{F}{CL}"]`.

    Returns:
        The atoms, redundancies, mutual informations and entropies, each of shape `*batch`.

    Raises:
        InvalidPmfError: if `pmf` is empty, has a negative or non-finite probability, or does not sum to one.
        TooManySourcesError: if there are more than five sources, or none.
        MeasureError: if the measure does not exist or cannot be computed for this pmf.

    Where a probability is zero, the gradient is exact if the derivative exists: it is the limit as this realization alone
    gains probability. With shared exclusions the derivative can be −∞, like that of p log p: where the union of an antichain
    has mass, but none together with t. There the gradient omits the infinite term and stays finite.

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
    checked = checked_pmf(given, n, normalize=normalize, dtype=dtype)
    return decompose_joint(dense_joint(checked, n), resolve_measure(measure), letters=letters)


def decompose_joint(
    joint: JointPmf, measure: RedundancyMeasure, *, estimate: Estimate | None = None, letters: str | None = None
) -> Decomposition:
    """The decomposition of a joint pmf that has been checked.

    Raises:
        MeasureError: if the measure cannot be computed for this pmf.
    """
    _check_letters(letters, joint.num_sources)
    redundancies = redundancies_of(joint, measure)
    informations = None if measure.properties.self_redundancy else mutual_informations(joint.marginals)
    return from_redundancies(
        redundancies,
        target_entropy(joint.marginals),
        measure,
        joint.num_sources,
        informations=informations,
        joint=joint,
        estimate=estimate,
        letters=letters,
    )


def redundancies_of(joint: JointPmf, measure: RedundancyMeasure) -> Float[Array, "*batch antichains"]:
    """I_α of every antichain by a measure, after checking that the measure supports this pmf.

    Raises:
        MeasureError: if the measure does not support this many sources, needs a package that is not installed, is not
        differentiable although `joint` requires a gradient, or returns an array of another shape.
    """
    mass = joint.marginals.realisation
    if joint.num_sources > measure.properties.max_sources:
        raise MeasureError(
            f"measure {measure.name!r} takes at most {measure.properties.max_sources} sources; got {joint.num_sources}. "
            "Use another measure, or join several sources into one."
        )
    if measure.package is not None and importlib.util.find_spec(measure.package) is None:
        raise MeasureError(f"measure {measure.name!r} needs the package {measure.package}. Install it: pip install {measure.package}.")
    if not measure.properties.differentiable and is_torch(mass) and mass.requires_grad:
        raise MeasureError(f"measure {measure.name!r} is not differentiable, but the pmf requires a gradient. Pass pmf.detach().")
    lattice = redundancy_lattice(joint.num_sources)
    redundancies = measure.redundancies(joint, lattice)
    expected = (*joint.batch, len(lattice))
    if tuple(redundancies.shape) != expected:
        raise MeasureError(
            f"`redundancies` of measure {measure.name!r} must return one value for each antichain, shape {expected}; "
            f"got {tuple(redundancies.shape)}."
        )
    return redundancies


def from_redundancies(
    redundancies: Float[Array, "*batch antichains"],
    entropy: Float[Array, "*batch"],
    measure: RedundancyMeasure,
    num_sources: int,
    *,
    informations: Float[Array, "*batch subsets"] | None = None,
    joint: JointPmf | None = None,
    estimate: Estimate | None = None,
    letters: str | None = None,
) -> Decomposition:
    """Build a decomposition from redundancies and the entropy of the target.

    `informations` are the mutual informations of all sets of sources (set S at index S − 1). By default they are the
    redundancies of the antichains of one set: they are equal by self-redundancy.
    """
    lattice = redundancy_lattice(num_sources)
    columns = _subset_positions(num_sources) if informations is None else _subset_masks(num_sources)
    found = redundancies if informations is None else informations
    mutual_information = LabelledValues(columns, num_sources, found, letters)
    return Decomposition(
        atoms=LabelledValues(_positions(num_sources), num_sources, mobius_inversion(redundancies, lattice.mobius), letters),
        redundancies=LabelledValues(_positions(num_sources), num_sources, redundancies, letters),
        mutual_information=mutual_information,
        target_entropy=entropy,
        residual_entropy=entropy - found[..., -1],
        lattice=lattice,
        measure=measure,
        joint=joint,
        estimate=estimate,
        letters=letters,
    )


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


def _check_letters(letters: str | None, num_sources: int) -> None:
    if letters is not None and (len(letters) != num_sources or len(set(letters)) != num_sources or not letters.isalpha()):
        raise AntichainError(f"`letters` must be {num_sources} different letters, one per source; got {letters!r}.")


def _check_part(measure: RedundancyMeasure, part: Part) -> None:
    if not isinstance(measure, PointwiseMeasure) or part not in measure.parts:
        raise _not_pointwise(measure, "informative and misinformative parts")


def _not_pointwise(measure: RedundancyMeasure, what: str) -> NotPointwiseError:
    pointwise = " or ".join(f'measure="{name}"' for name, m in builtin_measures().items() if isinstance(m, PointwiseMeasure))
    return NotPointwiseError(f"measure {measure.name!r} ({measure.title}) has no {what}. Use {pointwise}.")


@lru_cache
def _positions(num_sources: int) -> dict[Antichain, int]:
    return {antichain: i for i, antichain in enumerate(redundancy_lattice(num_sources).antichains)}


@lru_cache
def _subset_masks(num_sources: int) -> dict[Antichain, int]:
    """The antichains that consist of one set, smaller sets first, with the index S − 1 of each set."""
    return {parse_label(label, source_names(num_sources)): mask - 1 for label, mask in subset_labels(num_sources).items()}


@lru_cache
def _subset_positions(num_sources: int) -> dict[Antichain, int]:
    """The antichains that consist of one set, smaller sets first, with the position of each in the lattice."""
    lattice = redundancy_lattice(num_sources)
    return {antichain: lattice.position(antichain) for antichain in _subset_masks(num_sources)}


def _short(value: Array) -> str:
    return f"{float(value):.4f}" if value.ndim == 0 else f"array{tuple(value.shape)}"
