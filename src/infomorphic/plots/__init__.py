"""Plots of atoms (the redundancy lattice, the information diagram of the papers, bars), of receptive fields and of scans. The only package
that imports matplotlib.

Every function draws on the axis it is given, or on that of a new figure, and returns the axis.
"""

from infomorphic.plots.atom_bars import plot_atoms
from infomorphic.plots.atom_values import PlotValueError
from infomorphic.plots.decomposition import check_format, save_decomposition
from infomorphic.plots.hasse import plot_hasse
from infomorphic.plots.information_diagram import plot_information_diagram
from infomorphic.plots.memory import plot_memory_basin, plot_memory_capacity, plot_memory_information
from infomorphic.plots.receptive_fields import plot_receptive_fields

__all__ = [
    "PlotValueError",
    "check_format",
    "plot_atoms",
    "plot_hasse",
    "plot_information_diagram",
    "plot_memory_basin",
    "plot_memory_capacity",
    "plot_memory_information",
    "plot_receptive_fields",
    "save_decomposition",
]
