"""`decompose`: from a joint pmf and a measure to a decomposition."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from jaxtyping import Float

from infomorphic.errors import InvalidPmfError, MeasureError
from infomorphic.extras import missing
from infomorphic.pid._arrays import Array, is_torch
from infomorphic.pid.antichains import check_num_sources
from infomorphic.pid.decomposition import Decomposition, from_redundancies
from infomorphic.pid.joint import JointPmf, dense_joint, mutual_informations, target_entropy
from infomorphic.pid.lattice import redundancy_lattice
from infomorphic.pid.measure import RedundancyMeasure
from infomorphic.pid.measures import resolve_measure
from infomorphic.pid.names import Names, names_of
from infomorphic.pid.pmf import checked_pmf
from infomorphic.pid.provenance import Estimate


def decompose(
    pmf: Float[Array, "..."] | Any,
    num_sources: int | None = None,
    *,
    measure: str | RedundancyMeasure = "sx",
    normalize: bool = False,
    dtype: Any = None,
    names: Sequence[str] | None = None,
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
        names: names of the sources, in order, and optionally of the target, last. Tables, plots and sentences show them. If all
            sources have single letters, labels may use these besides numbers: `names="FCL"` for `d.atoms["{F}{CL}"]`.

    Returns:
        The atoms, redundancies, mutual informations and entropies, each of shape `*batch`.

    Raises:
        InvalidPmfError: if `pmf` is empty, has a negative or non-finite probability, or does not sum to one.
        TooManySourcesError: if there are more than five sources, or none.
        MeasureError: if the measure does not exist or cannot be computed for this pmf.
        AntichainError: if there is another number of `names`.

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
    return decompose_joint(dense_joint(checked, n), resolve_measure(measure), names=names_of(names, n))


def decompose_joint(
    joint: JointPmf, measure: RedundancyMeasure, *, estimate: Estimate | None = None, names: Names | None = None
) -> Decomposition:
    """The decomposition of a joint pmf that has been checked.

    Raises:
        MeasureError: if the measure cannot be computed for this pmf.
    """
    redundancies = _redundancies_of(joint, measure)
    informations = None if measure.properties.self_redundancy else mutual_informations(joint.marginals)
    return from_redundancies(
        redundancies,
        target_entropy(joint.marginals),
        measure,
        joint.num_sources,
        informations=informations,
        joint=joint,
        estimate=estimate,
        names=names,
    )


def _redundancies_of(joint: JointPmf, measure: RedundancyMeasure) -> Float[Array, "*batch antichains"]:
    """I_α of every antichain by a measure, after checking that the measure supports this pmf.

    Raises:
        MeasureError: if the measure does not support this many sources, needs a package that is not installed, is not
        differentiable although `joint` requires a gradient, or returns an array of another shape.
    """
    mass = joint.marginals.realization
    if joint.num_sources > measure.properties.max_sources:
        raise MeasureError(
            f"measure {measure.name!r} takes at most {measure.properties.max_sources} sources; got {joint.num_sources}. "
            "Use another measure, or join several sources into one."
        )
    if problem := missing(f"measure {measure.name!r}", *measure.packages):
        raise MeasureError(problem)
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
