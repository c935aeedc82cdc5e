"""Common change in surprisal: the pointwise co-information where all sources agree in sign.

    I_α = Σ q(s, t) c(s, t)   over realizations where c, i(a; t) for every a ∈ α, and i(a1, …, ak; t) have the same sign,
    c = Σ_{∅≠A⊆α} (−1)^{|A|+1} i(∪A; t),   i(a; t) = log2 [ q(a, t) / (q(a) q(t)) ]

q is not the pmf itself. It is the distribution of maximum entropy with the same p(a1, …, ak) and the same p(a, t) for
every a ∈ α, because redundancy must not depend on how the sources jointly determine the target.

q is computed by iterative proportional fitting. This converges fast only if q is positive, so linear programming first
finds the combinations that must have probability zero.
"""

from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np
from jaxtyping import Bool, Float

from infomorphic.errors import MeasureError
from infomorphic.pid._arrays import Array, constant, is_torch
from infomorphic.pid.antichains import Antichain
from infomorphic.pid.joint import JointPmf
from infomorphic.pid.lattice import RedundancyLattice
from infomorphic.pid.measure import Properties, RedundancyMeasure

_TOLERANCE = 1e-12
_MOST_ROUNDS = 100_000
# A smaller change in surprisal counts as zero: its sign is due to rounding.
_ZERO = 1e-8
_MOST_CELLS = 2**18


class CommonChangeInSurprisal(RedundancyMeasure):
    """The sources agree on how surprising the target becomes."""

    name = "ccs"
    title = "common change in surprisal"
    source = "Ince 2017 (Entropy 19, 318)"
    limits = "It jumps where a change in surprisal changes sign, atoms can be negative, and for three or more sources values depend on the choice of maximum entropy."
    packages = ("scipy",)
    properties = Properties(
        self_redundancy=True,
        symmetry=True,
        monotonicity=False,
        local_positivity=False,
        identity=False,
        target_monotonicity=False,
        differentiable=False,
        max_sources=4,
    )

    def redundancies(self, joint: JointPmf, lattice: RedundancyLattice) -> Float[Array, "*batch antichains"]:
        table = joint.table(_MOST_CELLS)
        pmf = table.detach().cpu().numpy() if is_torch(table) else table
        flat = pmf.reshape(-1, *joint.sizes).astype(np.float64)
        values = np.array([[_common_change(p, antichain) for antichain in lattice.antichains] for p in flat])
        return constant(values.reshape(*joint.batch, len(lattice)), table)


def _common_change(pmf: Float[np.ndarray, "*sources targets"], antichain: Antichain) -> float:
    """I_α of one pmf."""
    target = pmf.ndim - 1
    used = sorted({i for members in antichain for i in members})
    # Sum out sources that are in no member. The remaining sources are the first axes, the target is the last.
    pmf = pmf.sum(axis=tuple(i for i in range(target) if i not in used))
    members = [tuple(used.index(i) for i in m) for m in antichain]
    q = pmf if len(members) == 1 else maximum_entropy(pmf, members)
    occupied = q > 0
    of_target = q.sum(axis=tuple(range(q.ndim - 1)), keepdims=True)

    def information(sources: set[int]) -> Float[np.ndarray, "*cells"]:
        """i(sources; t) at every cell; 0 where q is 0."""
        with_target = q.sum(axis=tuple(i for i in range(q.ndim - 1) if i not in sources), keepdims=True)
        alone = with_target.sum(axis=-1, keepdims=True)
        ratio = np.divide(*np.broadcast_arrays(with_target, alone * of_target, q)[:2], out=np.ones_like(q), where=occupied)
        found = np.log2(ratio)
        return np.where(np.abs(found) < _ZERO, 0, found)

    common = np.zeros_like(q)
    for family in _families(members):
        common += (-1) ** (len(family) + 1) * information(set().union(*family))
    common[np.abs(common) < _ZERO] = 0
    changes = [information(set(m)) for m in members] + [information(set(range(q.ndim - 1)))]
    agree = np.all([np.sign(change) == np.sign(common) for change in changes], axis=0)
    return float((q * common)[agree].sum())


def maximum_entropy(pmf: Float[np.ndarray, "*cells"], members: Sequence[tuple[int, ...]]) -> Float[np.ndarray, "*cells"]:
    """The distribution of maximum entropy that keeps p(s) of all sources and p(a, t) of each member a.

    Args:
        pmf: p(s, t), the target on the last axis.
        members: sets of sources.

    Raises:
        MeasureError: if it does not converge to 1e-12 in 100 000 rounds.
    """
    target = pmf.ndim - 1
    summed = [(target,), *(tuple(i for i in range(target) if i not in m) for m in members)]
    wanted = [pmf.sum(axis=axes, keepdims=True) for axes in summed]
    support = _support(pmf, wanted)
    q = support / support.sum()
    for _ in range(_MOST_ROUNDS):
        before = q
        for marginal, axes in zip(wanted, summed, strict=True):
            found = q.sum(axis=axes, keepdims=True)
            q = q * np.divide(marginal, found, out=np.zeros_like(found), where=found > 0)
        if np.abs(q - before).max() < _TOLERANCE:
            return q
    raise MeasureError(
        "the maximum-entropy distribution of measure 'ccs' was not found: some of its probabilities are nearly zero. "
        "Use coarser bins or another measure."
    )


def _support(pmf: Float[np.ndarray, "*cells"], wanted: Sequence[Float[np.ndarray, "..."]]) -> Bool[np.ndarray, "*cells"]:
    """Where a distribution with the wanted marginals can be positive."""
    possible = np.all([np.broadcast_to(marginal > 0, pmf.shape) for marginal in wanted], axis=0)
    open_cells = possible & (pmf == 0)
    if not open_cells.any():
        return possible
    # Maximize the number of cells with x ≥ 1 over the cone of x ≥ 0 whose marginals are a multiple τ of the pmf's marginals:
    # x = y + z with z ≤ 1, maximize Σ z. Cells where the pmf is positive need no test.
    from scipy.optimize import linprog
    from scipy.sparse import csr_array, hstack

    cells = np.flatnonzero(possible)
    rows, columns, right = [], [], []
    offset = 0
    for marginal in wanted:
        number = np.arange(marginal.size).reshape(marginal.shape)
        rows.append(offset + np.broadcast_to(number, pmf.shape).ravel()[cells])
        columns.append(np.arange(len(cells)))
        right.append(marginal.ravel())
        offset += marginal.size
    sums = csr_array((np.ones(len(cells) * len(wanted)), (np.concatenate(rows), np.concatenate(columns))), shape=(offset, len(cells)))
    multiple = csr_array(-np.concatenate(right)[:, None])
    z_cells = np.flatnonzero(open_cells.ravel()[cells])
    equality = hstack([sums, sums[:, z_cells], multiple], format="csr")
    objective = np.concatenate([np.zeros(len(cells)), -np.ones(len(z_cells)), [0]])
    bounds = [(0, None)] * len(cells) + [(0, 1)] * len(z_cells) + [(1, None)]
    solved = linprog(objective, A_eq=equality, b_eq=np.zeros(offset), bounds=bounds, method="highs")
    if solved.status != 0:
        raise MeasureError(f"the support of the maximum-entropy distribution of measure 'ccs' was not found: {solved.message}")
    support = pmf > 0
    positive = solved.x[len(cells) : len(cells) + len(z_cells)] > 0.5
    support.ravel()[cells[z_cells[positive]]] = True
    return support


def _families(members: Sequence[tuple[int, ...]]) -> Iterator[tuple[tuple[int, ...], ...]]:
    """The non-empty families of members."""
    for size in range(1, len(members) + 1):
        yield from combinations(members, size)
