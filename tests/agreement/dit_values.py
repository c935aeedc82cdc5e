"""Decompositions by dit, another library, in our order of antichains."""

import numpy as np
from dit import Distribution
from dit.pid import PID_BROJA, PID_CCS, PID_MMI, PID_PM, PID_WB

from infomorphic.pid.lattice import redundancy_lattice

CLASSES = {"min": PID_WB, "mmi": PID_MMI, "pm": PID_PM, "ccs": PID_CCS, "broja": PID_BROJA}


def atoms(pmf, measure, **options):
    """The atoms of a pmf whose target is the last axis."""
    num_sources = pmf.ndim - 1
    outcomes = [tuple(int(i) for i in o) for o in np.argwhere(pmf > 0)]
    distribution = Distribution(outcomes, [float(pmf[o]) for o in outcomes])
    pid = CLASSES[measure](distribution, [[i] for i in range(num_sources)], [num_sources], **options)
    return np.array([pid[antichain] for antichain in redundancy_lattice(num_sources).antichains])


def random_pmfs(num_sources, count, seed=0, zeros=True):
    """Random pmfs of several alphabets, half of them with zeros by default."""
    rng = np.random.default_rng(seed)
    for i in range(count):
        shape = rng.integers(2, 4, num_sources + 1) if num_sources < 3 else np.full(num_sources + 1, 2)
        pmf = rng.random(shape)
        if zeros and i % 2:
            pmf[pmf < 0.3] = 0
        yield pmf / pmf.sum()
