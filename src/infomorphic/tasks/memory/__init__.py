"""Associative memory: neurons that store patterns with an information-theoretic goal, other rules for comparison, recall, and scans."""

from infomorphic.tasks.memory.baselines import BASELINES
from infomorphic.tasks.memory.couplings import Couplings
from infomorphic.tasks.memory.information import neuron_information
from infomorphic.tasks.memory.letters import ALPHABET, letters
from infomorphic.tasks.memory.network import Settings, build, memorize
from infomorphic.tasks.memory.patterns import flipped, random_patterns
from infomorphic.tasks.memory.recall import Recall, capacity, recall, score
from infomorphic.tasks.memory.scan import Memory, basin_trial, capacity_trial, information_trial, scan, store

__all__ = [
    "ALPHABET",
    "BASELINES",
    "Couplings",
    "Memory",
    "Recall",
    "Settings",
    "basin_trial",
    "build",
    "capacity",
    "capacity_trial",
    "flipped",
    "information_trial",
    "letters",
    "memorize",
    "neuron_information",
    "random_patterns",
    "recall",
    "scan",
    "score",
    "store",
]
