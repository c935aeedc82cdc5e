"""Other learning rules for the same memory, each written from its formula: patterns in, couplings out.

ξ^μ are P patterns of ±1 over N neurons, h_i = Σ_{j≠i} w_ij ξ_j the field of a neuron. All couplings have a zero diagonal and no bias, and
all rules run in double precision.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import torch
from torch import Tensor

from infomorphic.networks.optimizer import Adam
from infomorphic.tasks.memory.couplings import Couplings
from infomorphic.tasks.memory.patterns import Patterns


def hebb(patterns: Patterns) -> Couplings:
    """w_ij = Σ_μ ξ_i ξ_j.

    Without the usual factor 1/N, which does not change signs, the weights are whole numbers and a zero field is exactly zero.

    Source: Hopfield 1982, doi:10.1073/pnas.79.8.2554.
    """
    xi = patterns.double()
    return _without_self(xi.T @ xi)


def storkey(patterns: Patterns) -> Couplings:
    """One pattern after another: w_ij ← w_ij + (ξ_i ξ_j − ξ_i h_ji − h_ij ξ_j) / N with h_ij = Σ_{k≠i,j} w_ik ξ_k.

    Source: Storkey 1997, doi:10.1007/BFb0020196.
    """
    xi = patterns.double()
    neurons = xi.shape[1]
    weight = xi.new_zeros(neurons, neurons)
    for pattern in xi:
        # The diagonal is zero, so k ≠ i holds; the contribution of k = j is subtracted.
        field = (weight @ pattern)[:, None] - weight * pattern
        weight += (torch.outer(pattern, pattern) - pattern[:, None] * field.T - field * pattern) / neurons
        weight.fill_diagonal_(0)
    return Couplings(weight)


def pseudo_inverse(patterns: Patterns) -> Couplings:
    """W = Ξ⁺ Ξ, the projection onto the span of the patterns (rows of Ξ), without its diagonal.

    Once the patterns span the whole space, the projection is the identity; off the diagonal only rounding errors remain.

    Source: Personnaz, Guyon and Dreyfus 1985, doi:10.1051/jphyslet:01985004608035900; zero diagonal: Kanter and Sompolinsky 1987,
    doi:10.1103/PhysRevA.35.380.
    """
    xi = patterns.double()
    return _without_self(torch.linalg.pinv(xi) @ xi)


def perceptron(patterns: Patterns, sweeps: int = 2000) -> Couplings:
    """If a pattern is not yet stable at a neuron, ξ_i h_i ≤ 0, the neuron learns it: w_ij ← w_ij + ξ_i ξ_j / N.

    Patterns come one after another, in sweeps, until a sweep changes nothing or `sweeps` are done. It converges if couplings exist
    that store all patterns, but convergence may take arbitrarily long.

    Source: Rosenblatt 1958, doi:10.1037/h0042519; as a memory: Diederich and Opper 1987, doi:10.1103/PhysRevLett.58.949.
    """
    xi = patterns.double()
    neurons = xi.shape[1]
    weight = xi.new_zeros(neurons, neurons)
    for _ in range(sweeps):
        changed = False
        for pattern in xi:
            unstable = pattern * (weight @ pattern) <= 0
            if bool(unstable.any()):
                changed = True
                # Whole numbers here, so that zero is exactly zero; divided by N at the end.
                weight += torch.outer(pattern * unstable, pattern)
                weight.fill_diagonal_(0)
        if not changed:
            break
    return Couplings(weight / neurons)


def logistic_regression(patterns: Patterns, epochs: int = 2000, learning_rate: float = 0.05) -> Couplings:
    """Each neuron predicts its bit from the others': Adam on −Σ_i mean_μ log σ(ξ_i h_i), all patterns in each step, from zero weights.

    The pseudo-likelihood of an Ising model without symmetry (Besag 1975, doi:10.2307/2987782); Adam: Kingma and Ba 2015, arXiv:1412.6980.
    """
    xi = patterns.double()

    def gradient(weight: Tensor) -> Tensor:
        missing = torch.sigmoid(-xi * (xi @ weight.T))
        return -(missing * xi).T @ xi / len(xi)

    return _descend(gradient, xi.shape[1], epochs, learning_rate)


def minimum_probability_flow(patterns: Patterns, epochs: int = 2000, learning_rate: float = 0.05) -> Couplings:
    """Symmetric couplings: Adam on mean_μ Σ_i exp(−ξ_i h_i), all patterns in each step, from zero weights.

    The flow of probability from the patterns to their neighbors, one flipped bit away, is Σ_i exp((E(ξ) − E(ξ^(i))) / 2), where
    E(s) = −½ sᵀ W s, so that flipping bit i costs 2 ξ_i h_i.

    Source: Sohl-Dickstein, Battaglino and DeWeese 2011, arXiv:0906.4779; as a memory: Hillar, Sohl-Dickstein and Koepsell 2012,
    arXiv:1204.2916.
    """
    xi = patterns.double()

    def gradient(weight: Tensor) -> Tensor:
        flow = torch.exp(-xi * (xi @ weight.T))
        one_sided = -(flow * xi).T @ xi / len(xi)
        return one_sided + one_sided.T

    return _descend(gradient, xi.shape[1], epochs, learning_rate)


BASELINES: Mapping[str, Callable[[Patterns], Couplings]] = MappingProxyType(
    {
        "hebb": hebb,
        "storkey": storkey,
        "pseudo-inverse": pseudo_inverse,
        "perceptron": perceptron,
        "logistic-regression": logistic_regression,
        "minimum-probability-flow": minimum_probability_flow,
    }
)
"""The rules of this module by name."""


def _descend(gradient: Callable[[Tensor], Tensor], neurons: int, epochs: int, learning_rate: float) -> Couplings:
    """Run Adam from zero weights on the gradient of all rows at once; the diagonal stays zero."""
    weight = torch.nn.Parameter(torch.zeros(neurons, neurons, dtype=torch.float64))
    optimizer = Adam([weight], lr=learning_rate, fused=True)
    for _ in range(epochs):
        weight.grad = gradient(weight.detach()).fill_diagonal_(0)
        optimizer.step()
    return Couplings(weight.detach())


def _without_self(weight: Tensor) -> Couplings:
    return Couplings(weight.fill_diagonal_(0))
