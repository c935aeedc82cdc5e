"""Connectivity: how the inputs of a source class are aggregated to one current per neuron.

A connectivity is a frozen description; `build` creates the torch module with the weights. Currents have shape
(batch, neurons) and are neuron-major in memory, because all later steps work on one neuron at a time.
"""

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, Literal

import torch
from jaxtyping import Float, Int64
from torch import Tensor, nn

from infomorphic.compiled.threads import for_ranges
from infomorphic.errors import ConfigurationError

Bias = Literal[True, False, "zero"]
"""True: a bias drawn like the weights. "zero": a bias that starts at zero, with the same weights. False: no bias."""


Inputs = int | tuple[int, ...]
"""How many inputs a source has, or their shape; in a batch they are one axis all the same, in the order of `Tensor.flatten`."""


def num_inputs(inputs: Inputs) -> int:
    """How many inputs there are."""
    return inputs if isinstance(inputs, int) else math.prod(inputs)


@dataclass(frozen=True)
class Connectivity(ABC):
    """Which inputs of a source class each neuron receives."""

    @abstractmethod
    def build(self, num_neurons: int, generator: torch.Generator | None = None) -> nn.Module:
        """Build a module that maps inputs (batch, inputs) to currents (batch, neurons), with weights drawn from `generator`."""


class Connection(nn.Module, ABC):
    """The weights of a source, built by a `Connectivity`. Reports, lesions and export read weights through this class."""

    bias: nn.Parameter | None
    """The current of a withheld source; None if it is zero."""
    input_shape: tuple[int, ...] = ()
    """The shape of an input if it has more than one axis, in which a receptive field is drawn; else empty."""

    @abstractmethod
    def dense_weight(self) -> Float[Tensor, "neurons inputs"]:
        """The weights as a matrix W in current = W x + bias, with zeros where there is no connection."""

    @property
    def is_learned(self) -> bool:
        """Whether the weights are trained; False for a fixed number."""
        return True

    def weights_from(self, source: int) -> tuple[Int64[Tensor, " receivers"], Int64[Tensor, " receivers"]] | None:
        """The positions in `weight` of the weights from an input: rows (the receivers) and columns. None if `weight` is not such a table."""
        return None

    def keep(self, neurons: slice) -> None:
        """Keep only the weights of some neighboring neurons. Inputs stay those of the whole layer.

        Raises:
            ConfigurationError: if this kind of connection cannot be divided.
        """
        raise ConfigurationError(f"connections of the kind {type(self).__name__} cannot be divided among processes.")

    def as_dense(self) -> "Connection":
        """An equivalent connection computed as one matrix product, which torch can trace."""
        weight = self.dense_weight().detach()
        dense = Dense(weight.shape[1], weight.shape[0], bias=False, scale=1.0, without_self=False, generator=None)
        dense.weight = nn.Parameter(weight.clone(), requires_grad=False)
        dense.bias = self.bias
        dense.input_shape = self.input_shape
        return dense


@dataclass(frozen=True)
class AllToAll(Connectivity):
    """Every neuron receives every input. Weights are initialized as in `torch.nn.Linear`, times `scale`."""

    inputs: Inputs
    """Number of inputs, or their shape, such as (height, width) of an image."""
    bias: Bias = True
    scale: float = 1.0

    def build(self, num_neurons: int, generator: torch.Generator | None = None) -> nn.Module:
        return Dense(self.inputs, num_neurons, bias=self.bias, scale=self.scale, without_self=False, generator=generator)


@dataclass(frozen=True)
class AllOthers(Connectivity):
    """Every neuron receives all other neurons of its layer, but not itself."""

    bias: Bias = True
    scale: float = 1.0

    def build(self, num_neurons: int, generator: torch.Generator | None = None) -> nn.Module:
        return Dense(num_neurons, num_neurons, bias=self.bias, scale=self.scale, without_self=True, generator=generator)


@dataclass(frozen=True)
class RandomOthers(Connectivity):
    """Each neuron receives at most `at_most` other neurons of its layer, drawn at random; all others if there are fewer."""

    at_most: int = 100
    bias: Bias = True
    scale: float = 1.0

    def build(self, num_neurons: int, generator: torch.Generator | None = None) -> nn.Module:
        if self.at_most < 1:
            raise ConfigurationError(f"`at_most` must be at least 1; got {self.at_most}.")
        if self.at_most >= num_neurons - 1:
            return AllOthers(self.bias, self.scale).build(num_neurons, generator)
        index = _draw_others(num_neurons, self.at_most, generator)
        return Sparse(index, num_neurons, bias=self.bias, scale=self.scale, generator=generator)


@dataclass(frozen=True)
class OneToOne(Connectivity):
    """Neuron j receives input j through a fixed weight."""

    weight: float = 1.0

    def build(self, num_neurons: int, generator: torch.Generator | None = None) -> nn.Module:
        return Fixed(self.weight, num_neurons)


class Dense(Connection):
    """current = W x + b. With `without_self`, the diagonal of W is zero and stays zero."""

    def __init__(
        self, inputs: Inputs, num_neurons: int, *, bias: Bias, scale: float, without_self: bool, generator: torch.Generator | None
    ):
        super().__init__()
        self.without_self = without_self
        self.first_neuron = 0
        count = num_inputs(inputs)
        self.input_shape = inputs if isinstance(inputs, tuple) and len(inputs) > 1 else ()
        fan_in = count - 1 if without_self else count
        self.weight = nn.Parameter(_uniform((num_neurons, count), fan_in, scale, generator))
        self.bias = _bias(bias, num_neurons, fan_in, scale, generator)
        if without_self:
            self.weight.data.fill_diagonal_(0)

    def forward(self, inputs: Float[Tensor, "batch inputs"]) -> Float[Tensor, "batch neurons"]:
        weight = _OffDiagonal.apply(self.weight, self.first_neuron) if self.without_self else self.weight
        if self.bias is None:
            return (weight @ inputs.T).T
        return torch.addmm(self.bias[:, None], weight, inputs.T).T

    def keep(self, neurons: slice) -> None:
        self.first_neuron += neurons.start
        _keep_rows(self, neurons)

    def dense_weight(self) -> Float[Tensor, "neurons inputs"]:
        return self.weight

    def weights_from(self, source: int) -> tuple[Int64[Tensor, " receivers"], Int64[Tensor, " receivers"]] | None:
        rows = torch.arange(len(self.weight))
        return rows, torch.full_like(rows, source)

    def as_dense(self) -> Connection:
        return self

    def extra_repr(self) -> str:
        return f"inputs={self.weight.shape[1]}, neurons={self.weight.shape[0]}, without_self={self.without_self}"


class _OffDiagonal(torch.autograd.Function):
    """The identity on the weights. The backward pass sets the diagonal's gradient to zero, so an optimizer never changes it."""

    @staticmethod
    def forward(ctx: Any, weight: Tensor, first_neuron: int) -> Tensor:
        ctx.first_neuron = first_neuron
        return weight.view_as(weight)

    @staticmethod
    def backward(ctx: Any, *gradients: Any) -> Any:
        # This gradient belongs to this function only, so it may be changed in place.
        gradients[0].diagonal(ctx.first_neuron).zero_()
        return gradients[0], None


class FewInputs(Connection):
    """Weights of neurons that receive only some of the inputs: current_j = Σ_k W_jk x_{index_jk} + b_j.

    Args:
        index: the inputs of each neuron, without repetition.
        inputs: the number of all inputs, or their shape.
        bias: the kind of bias.
        scale: scales the initial weights.
        generator: draws weights and bias.
    """

    index: Tensor

    def __init__(
        self,
        index: Int64[Tensor, "neurons connections"],
        inputs: Inputs,
        *,
        bias: Bias,
        scale: float,
        generator: torch.Generator | None,
    ):
        super().__init__()
        self.num_inputs = num_inputs(inputs)
        self.input_shape = inputs if isinstance(inputs, tuple) and len(inputs) > 1 else ()
        neurons, connections = index.shape
        self.register_buffer("index", index)
        self.weight = nn.Parameter(_uniform((neurons, connections), connections, scale, generator))
        self.bias = _bias(bias, neurons, connections, scale, generator)

    def forward(self, inputs: Float[Tensor, "batch inputs"]) -> Float[Tensor, "batch neurons"]:
        bias = self.weight.new_zeros(len(self.weight)) if self.bias is None else self.bias
        return torch.addmm(bias[:, None], self.dense_weight(), inputs.T).T

    def keep(self, neurons: slice) -> None:
        self.index = self.index[neurons].clone()
        _keep_rows(self, neurons)

    def dense_weight(self) -> Float[Tensor, "neurons inputs"]:
        return self.weight.new_zeros(len(self.weight), self.num_inputs).scatter(1, self.index, self.weight)

    def weights_from(self, source: int) -> tuple[Int64[Tensor, " receivers"], Int64[Tensor, " receivers"]] | None:
        rows, columns = (self.index == source).nonzero(as_tuple=True)
        return rows, columns

    def extra_repr(self) -> str:
        return f"inputs={self.num_inputs}, neurons={self.weight.shape[0]}, connections={self.weight.shape[1]}"


class Sparse(FewInputs):
    """A few inputs per neuron, computed on the CPU by the compiled products of `sparse_kernel`."""

    def forward(self, inputs: Float[Tensor, "batch inputs"]) -> Float[Tensor, "batch neurons"]:
        # The compiled product has no gradient for its inputs. That gradient is needed only if a loss is backpropagated.
        if inputs.device.type == "cpu" and not inputs.requires_grad:
            bias = self.weight.new_zeros(len(self.weight)) if self.bias is None else self.bias
            currents: Tensor = _WeightedSums.apply(inputs.T, self.weight, bias, self.index)  # type: ignore[assignment]
            return currents.T
        return super().forward(inputs)


class _WeightedSums(torch.autograd.Function):
    """Sparse currents (neurons, batch) on the CPU, by the compiled products of `sparse_kernel`."""

    @staticmethod
    def forward(ctx: Any, inputs: Tensor, weight: Tensor, bias: Tensor, index: Tensor) -> Tensor:
        from infomorphic.layers import sparse_kernel

        inputs = _in_bytes(inputs.to(weight.dtype).contiguous())
        currents = weight.new_empty(len(weight), inputs.shape[1])
        arrays = [t.detach().numpy() for t in (inputs, weight, index, bias, currents)]
        for_ranges(
            sparse_kernel.weighted_sums, sparse_kernel.weighted_sums_in_parallel, arrays, len(weight), inputs.shape[1] * weight.shape[1]
        )
        ctx.save_for_backward(inputs, index)
        return currents

    @staticmethod
    def backward(ctx: Any, *gradients: Any) -> Any:
        from infomorphic.layers import sparse_kernel

        inputs, index = ctx.saved_tensors
        gradient = gradients[0].contiguous()
        weight_gradient = gradient.new_empty(index.shape)
        arrays = [t.numpy() for t in (inputs, gradient, index, weight_gradient)]
        for_ranges(
            sparse_kernel.weight_gradients,
            sparse_kernel.weight_gradients_in_parallel,
            arrays,
            len(gradient),
            inputs.shape[1] * index.shape[1],
        )
        return None, weight_gradient, gradient.sum(1), None


def _in_bytes(inputs: Tensor) -> Tensor:
    """The inputs as integers of one byte, which the compiled products read faster, if they have these values; otherwise as they are."""
    small = inputs.to(torch.int8)
    return small if torch.equal(small.to(inputs.dtype), inputs) else inputs


class Fixed(Connection):
    """current_j = weight · x_j, never trained."""

    weight: Tensor

    def __init__(self, weight: float, num_neurons: int):
        super().__init__()
        self.num_neurons = num_neurons
        self.bias = None
        self.register_buffer("weight", torch.tensor(float(weight)))

    def forward(self, inputs: Float[Tensor, "batch neurons"]) -> Float[Tensor, "batch neurons"]:
        return inputs * self.weight

    def dense_weight(self) -> Float[Tensor, "neurons inputs"]:
        return self.weight * torch.eye(self.num_neurons, dtype=self.weight.dtype, device=self.weight.device)

    @property
    def is_learned(self) -> bool:
        return False

    def as_dense(self) -> Connection:
        return self

    def extra_repr(self) -> str:
        return f"weight={float(self.weight):g}"


def _keep_rows(connection: Dense | FewInputs, neurons: slice) -> None:
    """Keep these rows of weights and bias. The parameters stay the same objects, which an optimizer has."""
    for parameter in (connection.weight, connection.bias):
        if parameter is not None:
            parameter.data = parameter.data[neurons].clone()


def _uniform(shape: tuple[int, ...], fan_in: int, scale: float, generator: torch.Generator | None) -> Tensor:
    """Uniform in ±1/√fan_in, the default of `torch.nn.Linear`, times `scale`."""
    bound = scale / math.sqrt(max(fan_in, 1))
    return (torch.rand(shape, generator=generator) * 2 - 1) * bound


def _bias(kind: Bias, num_neurons: int, fan_in: int, scale: float, generator: torch.Generator | None) -> nn.Parameter | None:
    if not kind:
        return None
    # Drawn even if unused, so that later draws are the same.
    drawn = _uniform((num_neurons,), fan_in, scale, generator)
    return nn.Parameter(torch.zeros_like(drawn) if kind == "zero" else drawn)


def _draw_others(num_neurons: int, num_connections: int, generator: torch.Generator | None) -> Int64[Tensor, "neurons connections"]:
    """For each neuron, distinct other neurons, drawn uniformly and sorted."""
    rows = []
    for neuron in range(num_neurons):
        others = torch.randperm(num_neurons - 1, generator=generator)[:num_connections]
        rows.append((others + (others >= neuron)).sort().values)
    return torch.stack(rows)
