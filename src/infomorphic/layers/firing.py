"""The firing probabilities and outputs of binary neurons from their currents; compiled on the CPU."""

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor
from torch.autograd.function import once_differentiable

from infomorphic.compiled.threads import for_ranges
from infomorphic.errors import ConfigurationError
from infomorphic.layers.activations import PROBABILITY_MARGIN, Activation, Gain
from infomorphic.layers.sampling import draw_seed, sample_outputs

# Layers with up to this many sources use the same compiled code.
_USUAL_SOURCES = 4


def firing_probability(activation: Activation, currents: Sequence[Float[Tensor, "batch neurons"]]) -> Float[Tensor, "batch neurons"]:
    """θ = σ(A), clipped to [1e-6, 1 − 1e-6]. Where it is clipped, it has no gradient."""
    if (compiled := _compiled(activation, currents)) is not None:
        return _fire_compiled(*compiled, None)[0]
    return torch.sigmoid(activation(*currents)).clamp(PROBABILITY_MARGIN, 1 - PROBABILITY_MARGIN)


def firing_and_outputs(
    activation: Activation,
    currents: Sequence[Float[Tensor, "batch neurons"]],
    generator: torch.Generator | None = None,
    first_neuron: int = 0,
) -> tuple[Float[Tensor, "batch neurons"], Float[Tensor, "batch neurons"]]:
    """θ as in `firing_probability`, and outputs as in `sample_outputs`: +1 with probability θ, else −1. Only θ has a gradient."""
    if (compiled := _compiled(activation, currents)) is not None:
        return _fire_compiled(*compiled, draw_seed(generator, first_neuron))  # type: ignore[return-value]
    firing_prob = firing_probability(activation, currents)
    return firing_prob, sample_outputs(firing_prob, generator, first_neuron)


def check_currents(activation: Activation, currents: Sequence[Tensor]) -> None:
    """Check that an activation supports these currents.

    Raises:
        ConfigurationError: if the activation does not support this number of currents, or the currents differ in shape.
    """
    activation.check(len(currents))
    # Without this check torch would broadcast a single row, and a kernel would read beyond the end of an array.
    if any(current.shape != currents[0].shape for current in currents):
        shapes = ", ".join(str(tuple(current.shape)) for current in currents)
        raise ConfigurationError(f"the inputs of all sources must have the same number of samples; got currents of the shapes {shapes}.")


def _compiled(activation: Activation, currents: Sequence[Tensor]) -> tuple[Gain, Sequence[Tensor]] | None:
    """The gain and the currents that it needs, if compiled kernels support them, else None.

    Raises:
        ConfigurationError: if the activation does not support this number of currents, or the currents differ in shape.
    """
    check_currents(activation, currents)
    driving = currents[0]
    gain = activation.gain(len(currents))
    usable = driving.is_cpu and driving.dtype in (torch.float32, torch.float64) and all(c.dtype == driving.dtype for c in currents)
    # Torch cannot trace kernels: when it compiles or exports, use the formula.
    if gain is None or not usable or torch.compiler.is_compiling():
        return None
    # A gain without modulation needs only the driving current.
    return gain, currents if gain.alpha else [driving]


def _fire_compiled(gain: Gain, currents: Sequence[Tensor], seed: int | None) -> tuple[Tensor, Tensor | None]:
    """θ and, with a seed, sampled outputs. If autograd is on, θ has a graph to the currents. Tensors are (batch, neurons)."""
    if torch.is_grad_enabled():
        return _Firing.apply(gain, seed, *currents)  # type: ignore[return-value]
    driving, *others = (c.T for c in currents)
    # A withheld source has the same current for all samples. The kernels take one number per neuron instead.
    return _run(gain, seed, [driving.contiguous(), *((c[:, :1] if c.stride(1) == 0 else c).contiguous() for c in others)])


def _run(gain: Gain, seed: int | None, currents: Sequence[Tensor]) -> tuple[Tensor, Tensor | None]:
    """θ and outputs, computed by the kernels.

    Currents are contiguous, (neurons, batch). A modulating current may be (neurons, 1) if it is the same for all samples. The results are
    (batch, neurons), transposes of contiguous arrays.
    """
    from infomorphic.layers import firing_kernel

    firing_prob = torch.empty_like(currents[0])
    outputs = None if seed is None else torch.empty_like(firing_prob)
    drawn = (0, firing_prob.numpy(), False) if seed is None or outputs is None else (seed, outputs.numpy(), True)
    arguments = (*_arguments(gain, currents, firing_prob), *drawn)
    for_ranges(firing_kernel.fire, firing_kernel.fire_in_parallel, arguments, *firing_prob.shape)
    return firing_prob.T, None if outputs is None else outputs.T


class _Firing(torch.autograd.Function):
    """θ of a `Gain` and, with a seed, sampled outputs, by the compiled kernels. Tensors are (batch, neurons)."""

    @staticmethod
    def forward(ctx: Any, gain: Gain, seed: int | None, *currents: Tensor) -> tuple[Tensor, Tensor | None]:
        # Transposed here: in the caller, autograd would record it.
        by_neuron = tuple(c.T.contiguous() for c in currents)
        firing_prob, outputs = _run(gain, seed, by_neuron)
        ctx.save_for_backward(firing_prob, *by_neuron)
        ctx.gain = gain
        # Outputs have no gradient: do not allocate zeros for it.
        ctx.set_materialize_grads(False)
        if outputs is not None:
            ctx.mark_non_differentiable(outputs)
        return firing_prob, outputs

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, *outer: Any) -> Any:  # pyright: ignore[reportIncompatibleMethodOverride]
        from infomorphic.layers import firing_kernel

        if outer[0] is None:
            return (None,) * len(ctx.needs_input_grad)
        firing_prob, *currents = ctx.saved_tensors
        gradients = tuple(torch.empty_like(c) for c in currents)
        arguments = (
            *_arguments(ctx.gain, currents, firing_prob.T),
            outer[0].T.contiguous().numpy(),
            _padded([g.numpy() for g in gradients], _USUAL_SOURCES),
        )
        for_ranges(firing_kernel.current_gradients, firing_kernel.current_gradients_in_parallel, arguments, *gradients[0].shape)
        return None, None, *(g.T for g in gradients)


def _arguments(gain: Gain, currents: Sequence[Tensor], firing_prob: Tensor) -> tuple[Any, ...]:
    """The first arguments of every kernel. Call with autograd off: only then do tensors that require gradients convert to arrays."""
    driving, *others = (c.numpy() for c in currents)
    return (*_numbers(gain, firing_prob.dtype), driving, _padded(others or [driving], _USUAL_SOURCES - 1), len(others), firing_prob.numpy())


def _padded(arrays: list[np.ndarray], length: int) -> tuple[np.ndarray, ...]:
    """The arrays as a tuple of at least this length: the kernels are compiled once per length, which takes seconds."""
    return (*arrays, *arrays[:1] * (length - len(arrays)))


@cache
def _numbers(gain: Gain, dtype: torch.dtype) -> tuple[Any, ...]:
    """The parameters in the dtype of the currents: a float64 among float32 would widen every operation of the kernel."""
    real = torch.empty(0, dtype=dtype).numpy().dtype.type
    return tuple(real(x) for x in gain)
