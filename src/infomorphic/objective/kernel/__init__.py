"""The objective on the CPU, compiled by numba; it processes one neuron after another. Imported on first use.

For each neuron, the samples are grouped into occupied cells of the joint histogram (`cells`). All later steps run over cells (about 300
of 8000 at 1024 samples): the tables of the marginals (`marginals`), the redundancies with their gradients, 32 cells at a time
(`redundancies`), and the step back to samples (`neuron`). `entry` has the functions that Python calls. Reasons for the design:

- θ and 1 − θ are summed separately, as a pair. Q0 as a difference P − Q1 would lose all digits where θ is saturated.
- Large histograms and tables are cleared only where they were used.
- All redundancies are computed for a block of 32 cells before the next block, so its marginals and gradients stay in the first-level cache.
- A view of a row costs two atomic operations of numba's reference counting, about as much as a short loop over the row. So
  loops take the whole array and an offset.
- Indices are unsigned, because numba checks signed indices for Python's negative indexing.
"""

from infomorphic.objective.kernel.entry import BAD_BINS, BAD_THETA, OK, solve, solve_in_parallel

__all__ = ["BAD_BINS", "BAD_THETA", "OK", "solve", "solve_in_parallel"]
