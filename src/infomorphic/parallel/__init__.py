"""Neuron-parallel training: each process has some neurons of every hidden layer, and all exchange outputs as bits."""

from infomorphic.parallel.division import Division, divide
from infomorphic.parallel.processes import ALONE, Processes, joined

__all__ = ["ALONE", "Division", "Processes", "divide", "joined"]
