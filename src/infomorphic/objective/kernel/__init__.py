"""The objective on the CPU: one neuron after another, compiled by numba. Imported only when first used.

For each neuron the samples are grouped into occupied cells of the joint histogram (`cells`); everything after that runs over cells
(some 300 of 8000 at 1024 samples): the tables of the marginals (`marginals`), the redundancies with their gradients, 32 cells at a time
(`redundancies`), and the way back to samples (`neuron`). `entry` has what Python calls. What shaped the code:

- θ and 1 − θ are summed separately, as a pair. Q0 as a difference P − Q1 would lose all its digits where θ is saturated.
- Histograms and tables are cleared where they were touched, not as a whole, if they are large.
- A block of 32 cells goes through all redundancies before the next: its marginals and gradients stay in the first-level cache.
- A view of a row costs two atomic operations of numba's reference counting, about as much as a short loop over it: so the
  loops take a whole array and an offset.
- Indices are unsigned, since numba checks signed ones for Python's negative indexing.
"""

from infomorphic.objective.kernel.cells import CURRENTS
from infomorphic.objective.kernel.entry import BAD_BINS, BAD_THETA, OK, solve, solve_in_parallel

__all__ = ["BAD_BINS", "BAD_THETA", "CURRENTS", "OK", "solve", "solve_in_parallel"]
