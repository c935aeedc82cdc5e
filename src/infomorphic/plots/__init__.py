"""Plots of atoms (redundancy lattice, information diagram, bars), receptive fields, scans, curves, classes and similar neurons.

Only this package imports matplotlib. Every function draws on the given axis, by default on that of a new figure, and returns the axis.
"""

from infomorphic.plots.animation import write_gif
from infomorphic.plots.atom_bars import plot_atoms
from infomorphic.plots.atom_values import PlotValueError
from infomorphic.plots.bits import plot_bits
from infomorphic.plots.certainty import plot_certainty
from infomorphic.plots.classes import plot_class_coverage, plot_class_responses, plot_confusion
from infomorphic.plots.curves import plot_curves
from infomorphic.plots.decomposition import check_format, plot_decomposition, save_decomposition
from infomorphic.plots.hasse import plot_hasse
from infomorphic.plots.information_diagram import plot_information_diagram
from infomorphic.plots.memory import plot_memory_basin, plot_memory_capacity, plot_memory_information
from infomorphic.plots.pairs import plot_pairs, save_pairs
from infomorphic.plots.receptive_fields import plot_receptive_fields
from infomorphic.plots.similarity import plot_similarity

__all__ = [
    "PlotValueError",
    "check_format",
    "plot_atoms",
    "plot_bits",
    "plot_certainty",
    "plot_class_coverage",
    "plot_class_responses",
    "plot_confusion",
    "plot_curves",
    "plot_decomposition",
    "plot_hasse",
    "plot_information_diagram",
    "plot_memory_basin",
    "plot_memory_capacity",
    "plot_memory_information",
    "plot_pairs",
    "plot_receptive_fields",
    "plot_similarity",
    "save_decomposition",
    "save_pairs",
    "write_gif",
]
