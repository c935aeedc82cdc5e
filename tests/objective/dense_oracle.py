"""The definition, written down: dense histograms, unions as sets of cells, Möbius inversion by recursion, autograd for θ.

Shares nothing with the implementations but the list of antichains: no inclusion-exclusion, no closed form, no clamping.
Only for a few bins, since it compares every cell of the joint histogram with every other.
"""

from itertools import product

import torch
from torch import Tensor

from infomorphic.goals import Goal
from infomorphic.pid.antichains import precedes
from infomorphic.pid.lattice import redundancy_lattice


def dense_terms(bin_index: Tensor, theta: Tensor, num_bins: tuple[int, ...]) -> tuple[list[Tensor], Tensor]:
    """The atoms in the order of the lattice and the residual entropy of one neuron, differentiable in θ.

    Args:
        bin_index: (sources, batch).
        theta: (batch,), float64, strictly between 0 and 1.
    """
    sources = len(num_bins)
    lattice = redundancy_lattice(sources)
    cells = torch.tensor(list(product(*(range(m) for m in num_bins))))
    occupied = (cells[None] == bin_index.T[:, None]).all(dim=2).to(theta.dtype)  # (batch, cells), one-hot
    weights = torch.stack([theta, 1 - theta], dim=1) / len(theta)
    joint = occupied.T @ weights  # (cells, 2)
    p_y = joint.sum(dim=0)
    agree = cells[:, None] == cells[None]  # (cells, cells, sources)
    support = joint > 0
    redundancy = []
    for antichain in lattice.antichains:
        union = torch.zeros(len(cells), len(cells), dtype=torch.bool)
        for members in antichain:
            union |= agree[:, :, list(members)].all(dim=2)
        mass = union.to(theta.dtype) @ joint
        # Masked before the logarithm: the gradient of a masked result would be 0 times infinity.
        ratio = torch.where(support, mass, 1.0) / torch.where(support, mass.sum(dim=1, keepdim=True) * p_y, 1.0)
        redundancy.append((joint * ratio.log2()).sum())
    atoms: list[Tensor] = []
    for i, alpha in enumerate(lattice.antichains):
        below = [atoms[k] for k, beta in enumerate(lattice.antichains[:i]) if precedes(beta, alpha)]
        atoms.append(redundancy[i] - sum(below))
    entropy = -(p_y * p_y.log2()).sum()
    return atoms, entropy - redundancy[-1]


def dense_goal(bin_index: Tensor, theta: Tensor, goal: Goal, num_bins: tuple[int, ...]) -> Tensor:
    """The goal of one neuron, differentiable in θ."""
    atoms, residual = dense_terms(bin_index, theta, num_bins)
    return sum(w * atom for w, atom in zip(goal.weights.values(), atoms, strict=True)) + goal.residual_entropy * residual


def dense_goal_with_gradient(bin_index: Tensor, firing_prob: Tensor, goal: Goal, num_bins: tuple[int, ...]) -> tuple[Tensor, Tensor]:
    """Value of each neuron and d(sum)/dθ, for (sources, batch, neurons) and (batch, neurons), in float64."""
    theta = firing_prob.detach().double().requires_grad_()
    values = torch.stack([dense_goal(bin_index[:, :, k], theta[:, k], goal, num_bins) for k in range(theta.shape[1])])
    (gradient,) = torch.autograd.grad(values.sum(), theta)
    return values.detach(), gradient
