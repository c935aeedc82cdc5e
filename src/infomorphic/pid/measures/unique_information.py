"""Unique information of two sources by convex optimization (BROJA), and the redundancy derived from it.

    UI(T : S1 \\ S2) = min_Q I_Q(T : S1 | S2),   over Q with Q(s1, t) = p(s1, t) and Q(s2, t) = p(s2, t)
    I_{1}{2} = I(T : S1) − UI(T : S1 \\ S2) = I(T : S1) + I(T : S2) − min_Q I_Q(T : S1, S2)

Unique information must depend only on the pairs (source, target), not on how the sources are otherwise related. Because
H(T) is fixed, the minimum is where H_Q(T | S1, S2) is largest. Clarabel solves this as a program over exponential cones
(Makkeh, Theis and Vicente 2018).
"""

import numpy as np
from jaxtyping import Float, Int

from infomorphic.errors import MeasureError
from infomorphic.pid._arrays import Array, constant, is_torch
from infomorphic.pid.entropy import divergence_terms
from infomorphic.pid.joint import JointPmf, mutual_informations, target_entropy
from infomorphic.pid.lattice import RedundancyLattice
from infomorphic.pid.measure import Properties, RedundancyMeasure

_MOST_TRIPLES = 2**17


class UniqueInformation(RedundancyMeasure):
    """Unique information: the minimum over all distributions with the same source–target marginals."""

    name = "broja"
    title = "unique information (BROJA)"
    source = "Bertschinger, Rauh, Olbrich, Jost and Ay 2014 (Entropy 16, 2161); Griffith and Koch 2014"
    limits = "It is defined for two sources only, and this implementation has no gradient."
    properties = Properties(
        self_redundancy=True,
        symmetry=True,
        monotonicity=True,
        local_positivity=True,
        identity=True,
        target_monotonicity=False,
        differentiable=False,
        max_sources=2,
    )
    packages = ("scipy", "clarabel")

    def redundancies(self, joint: JointPmf, lattice: RedundancyLattice) -> Float[Array, "*batch antichains"]:
        information = mutual_informations(joint.marginals)
        if joint.num_sources == 1:
            return information
        given = information
        entropy = np.asarray(target_entropy(joint.marginals).cpu() if is_torch(given) else target_entropy(joint.marginals))
        values = np.asarray(information.cpu() if is_torch(given) else information, dtype=np.float64)
        first, second, both = values[..., 0], values[..., 1], values[..., 2]
        union = np.reshape(entropy, both.shape) - self._largest_conditional_entropies(joint)
        # The solver's error must not make an atom negative.
        redundancy = np.clip(first + second - union, np.maximum(first + second - both, 0), np.minimum(first, second))
        return constant(np.stack([redundancy, first, second, both], axis=-1), given)

    def _largest_conditional_entropies(self, joint: JointPmf) -> Float[np.ndarray, "*batch"]:
        """max_Q H_Q(T | S1, S2) in bits, for each pmf of the batch."""
        mass = joint.marginals.realization
        mass = np.asarray(mass.detach().cpu() if is_torch(mass) else mass, dtype=np.float64)
        codes = joint.codes
        pmfs = mass.reshape(-1, mass.shape[-1])
        sizes = joint.sizes
        found = [
            largest_conditional_entropy(
                _pair(codes[:, 0], codes[:, 2], p, sizes[0], sizes[2]), _pair(codes[:, 1], codes[:, 2], p, sizes[1], sizes[2])
            )
            for p in pmfs
        ]
        return np.reshape(found, joint.batch)


def largest_conditional_entropy(first: Float[np.ndarray, "s1 t"], second: Float[np.ndarray, "s2 t"]) -> float:
    """max_Q H_Q(T | S1, S2) in bits, over Q with Q(s1, t) and Q(s2, t) as given.

    The variables are q(s1, s2, t) and r(s1, s2, t) ≤ q log [ q(s1, s2) / q(s1, s2, t) ]. The sum of r is maximized.

    Raises:
        MeasureError: if there are too many combinations or Clarabel finds no solution.
    """
    import clarabel
    from scipy.sparse import csc_array

    triples = _triples(first > 0, second > 0)
    count = len(triples)
    if count > _MOST_TRIPLES:
        raise MeasureError(
            f'measure "broja" takes at most {_MOST_TRIPLES} possible combinations of two sources and a target; got {count}. Use fewer bins.'
        )
    # One row per positive p(s1, t) and p(s2, t); then three rows per triple: (r, q, q(s1, s2)) in the exponential cone.
    s1, s2, t = triples.T
    pairs, pair = np.unique(s1 * second.shape[0] + s2, return_inverse=True)
    order = np.argsort(pair, kind="stable")
    rows_first, number_first = np.unique(s1 * first.shape[1] + t, return_inverse=True)
    rows_second, number_second = np.unique(s2 * second.shape[1] + t, return_inverse=True)
    equalities = len(rows_first) + len(rows_second)
    every = np.arange(count)
    size_of_pair = np.bincount(pair, minlength=len(pairs))
    start_of_pair = np.concatenate([[0], np.cumsum(size_of_pair)])
    partners = np.concatenate([order[start_of_pair[p] : start_of_pair[p + 1]] for p in pair])
    rows = np.concatenate(
        [
            number_first,
            len(rows_first) + number_second,
            equalities + 3 * every,
            equalities + 3 * every + 1,
            np.repeat(equalities + 3 * every + 2, size_of_pair[pair]),
        ]
    )
    columns = np.concatenate([every, every, count + every, every, partners])
    values = np.concatenate([np.ones(2 * count), -np.ones(2 * count + len(partners))])
    matrix = csc_array((values, (rows, columns)), shape=(equalities + 3 * count, 2 * count))
    right = np.concatenate([first.ravel()[rows_first], second.ravel()[rows_second], np.zeros(3 * count)])
    cones = [clarabel.ZeroConeT(equalities), *(clarabel.ExponentialConeT() for _ in range(count))]
    settings = clarabel.DefaultSettings()
    settings.verbose = False
    settings.tol_gap_abs = settings.tol_gap_rel = settings.tol_feas = 1e-10
    settings.max_threads = 1
    objective = np.concatenate([np.zeros(count), -np.ones(count)])
    solution = clarabel.DefaultSolver(csc_array((2 * count, 2 * count)), objective, matrix, right, cones, settings).solve()
    if str(solution.status) not in ("Solved", "AlmostSolved"):
        raise MeasureError(f'the convex program of measure "broja" was not solved: {solution.status}. Use fewer bins.')
    # Computed from q, not from r: near the maximum the error of q enters squared, the error of r linearly.
    q = np.maximum(np.asarray(solution.x)[:count], 0)
    of_pair = np.bincount(pair, weights=q)[pair]
    return -float(divergence_terms(q, of_pair).sum())


def _pair(
    source: Int[np.ndarray, " cells"], target: Int[np.ndarray, " cells"], mass: Float[np.ndarray, " cells"], sources: int, targets: int
) -> Float[np.ndarray, "sources targets"]:
    """p(source, target) from the probabilities of cells."""
    return np.bincount(source * targets + target, weights=mass, minlength=sources * targets).reshape(sources, targets)


def _triples(first: np.ndarray, second: np.ndarray) -> Int[np.ndarray, "triples 3"]:
    """All (s1, s2, t) that can occur."""
    found = [
        np.stack(np.meshgrid(np.flatnonzero(a), np.flatnonzero(b), [t], indexing="ij"), -1).reshape(-1, 3)
        for t, (a, b) in enumerate(zip(first.T, second.T, strict=True))
    ]
    return np.concatenate(found)
