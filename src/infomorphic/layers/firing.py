"""From currents to firing probabilities and outputs."""

from collections.abc import Sequence
from functools import cache
from typing import Any, Literal, NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor

from infomorphic.layers.activations import PROBABILITY_MARGIN, Activation, Gain
from infomorphic.layers.sampling import sample_outputs
from infomorphic.threads import for_ranges

Firing = Literal["sample", "expect", "sign", "straight-through"]


class Fired(NamedTuple):
    """Firing probabilities, and the outputs passed on. Only straight-through outputs carry a gradient."""

    firing_prob: Float[Tensor, "batch neurons"]
    output: Float[Tensor, "batch neurons"]


def fire(
    activation: Activation,
    currents: Sequence[Float[Tensor, "batch neurons"]],
    mode: Firing = "sample",
    generator: torch.Generator | None = None,
) -> Fired:
    """θ = σ(A), and outputs: sampled ±1, their expectation 2θ − 1, or their sign.

    Straight-through outputs are sampled, but have the gradient of the activation where that lies in [−1, 1], and none outside: the
    surrogate of backpropagation through binary neurons (Hubara et al. 2016, arXiv:1602.02830, sec. 1.3).
    """
    firing_prob = firing_probability(activation, currents)
    if mode == "straight-through":
        output = sample_outputs(firing_prob, generator)
        surrogate = activation(*currents).clamp(-1, 1)
        return Fired(firing_prob, output + (surrogate - surrogate.detach()))  # exactly ±1 in value
    with torch.no_grad():
        if mode == "sample":
            output = sample_outputs(firing_prob, generator)
        elif mode == "expect":
            output = 2 * firing_prob - 1
        else:
            output = torch.where(firing_prob >= 0.5, 1.0, -1.0).to(firing_prob.dtype)
    return Fired(firing_prob, output)


def firing_probability(activation: Activation, currents: Sequence[Float[Tensor, "batch neurons"]]) -> Float[Tensor, "batch neurons"]:
    """θ = σ(A), kept 1e-6 away from 0 and 1, where it has no gradient."""
    activation.check(len(currents))
    gain = activation.gain(len(currents))
    driving = currents[0]
    if gain is not None and driving.device.type == "cpu" and driving.dtype in (torch.float32, torch.float64):
        # A gain that nothing modulates needs no other current.
        used = [c.T for c in currents] if gain.alpha else [driving.T]
        by_neuron: Tensor = _FiringProbability.apply(gain, *used)  # type: ignore[assignment]
        return by_neuron.T
    return torch.sigmoid(activation(*currents)).clamp(PROBABILITY_MARGIN, 1 - PROBABILITY_MARGIN)


class _FiringProbability(torch.autograd.Function):
    """θ of a `Gain` by the compiled kernels; tensors are (neurons, batch)."""

    @staticmethod
    def forward(ctx: Any, gain: Gain, *currents: Tensor) -> Tensor:
        from infomorphic.layers import firing_kernel

        currents = tuple(c.contiguous() for c in currents)
        firing_prob = torch.empty_like(currents[0])
        ctx.save_for_backward(firing_prob, *currents)
        ctx.gain = gain
        numbers, arrays = _numbers(gain, firing_prob.dtype), [c.detach().numpy() for c in currents]
        others, theta = (tuple(arrays[1:]) or (arrays[0],), len(arrays) - 1), firing_prob.numpy()
        for_ranges(firing_kernel.fire, firing_kernel.fire_in_parallel, (*numbers, arrays[0], *others, theta), *theta.shape)
        return firing_prob

    @staticmethod
    def backward(ctx: Any, *outer: Any) -> Any:
        from infomorphic.layers import firing_kernel

        firing_prob, *currents = ctx.saved_tensors
        gradients = [torch.empty_like(c) for c in currents]
        numbers, arrays = _numbers(ctx.gain, firing_prob.dtype), [c.detach().numpy() for c in currents]
        others, theta = (tuple(arrays[1:]) or (arrays[0],), len(arrays) - 1), firing_prob.numpy()
        of_prob, results = outer[0].contiguous().numpy(), tuple(g.numpy() for g in gradients)
        for_ranges(
            firing_kernel.current_gradients,
            firing_kernel.current_gradients_in_parallel,
            (*numbers, arrays[0], *others, theta, of_prob, results),
            *theta.shape,
        )
        return None, *gradients


@cache
def _numbers(gain: Gain, dtype: torch.dtype) -> tuple[Any, ...]:
    """The parameters in the type of the currents: a float64 among float32 would widen every operation of the kernel."""
    real = torch.empty(0, dtype=dtype).numpy().dtype.type
    return tuple(real(x) for x in gain)
