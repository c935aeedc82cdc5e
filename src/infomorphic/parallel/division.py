"""Divide the neurons of a classifier among processes."""

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from infomorphic.errors import ConfigurationError
from infomorphic.layers.alphabet import Binary, BinaryPart
from infomorphic.networks.exchange import Exchange
from infomorphic.networks.network import Classifier, InfomorphicNetwork
from infomorphic.parallel.bits import packed, unpack
from infomorphic.parallel.parts import BLOCK, parts
from infomorphic.parallel.processes import Processes


@dataclass(frozen=True)
class _Layer:
    """A divided layer."""

    parts: list[slice]
    """The neurons of each process."""
    low: float
    """The smaller of the two outputs."""

    @property
    def lengths(self) -> list[int]:
        """The number of neurons of each process."""
        return [part.stop - part.start for part in self.parts]

    @property
    def neurons(self) -> int:
        """The number of neurons of all processes."""
        return self.parts[-1].stop


class Division(Exchange):
    """The exchange between the processes that each have a part of the neurons of a network."""

    def __init__(self, processes: Processes, layers: Mapping[str, _Layer], layer_of: Mapping[str, str]):
        self._processes, self._layers, self._layer_of = processes, layers, layer_of

    def outputs(self, layer: str, output: Float[Tensor, "batch here"], *, is_drawn: bool) -> Float[Tensor, "batch neurons"]:
        """The outputs of all neurons of a layer in a presentation. Outputs that are drawn travel as one bit each, expectations as numbers."""
        divided = self._layers.get(layer)
        if divided is None:
            return output
        here = output.T.contiguous()
        if not is_drawn:
            return self.of_all(layer, here).T
        every = here.new_empty(divided.neurons, here.shape[1])
        for rank, (part, bits) in enumerate(zip(divided.parts, self._processes.collected(packed(here), divided.lengths), strict=True)):
            if rank == self._processes.rank:
                every[part] = here
            else:
                unpack(bits, divided.low, every[part])
        return every.T

    def of_all(self, layer: str, values: Float[Tensor, "here ..."]) -> Float[Tensor, "neurons ..."]:
        """The values of all neurons of a layer, in every process."""
        divided = self._layers.get(layer)
        if divided is None:
            return values
        whole = torch.cat(self._processes.collected(values, divided.lengths))
        if values.ndim == 1 and values.stride(0) > 1:
            # As in one process: torch adds numbers in another order if they are neighbors in memory.
            return whole.new_empty(len(whole), 2)[:, 0].copy_(whole)
        return whole

    def whole(self, tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
        """The tensors of a checkpoint with the rows of all neurons, in process 0; in the others, nothing.

        Args:
            tensors: those of this process, by their names in a checkpoint.
        """
        found: dict[str, Tensor] = {}
        for name, tensor in tensors.items():
            layer = self._layer_of.get(name)
            if layer is None:
                found[name] = tensor
            elif rows := self._processes.collected_by_first(tensor, self._layers[layer].lengths):
                found[name] = torch.cat(rows)
        return found if self._processes.rank == 0 else {}


def divide(classifier: Classifier, optimizer: torch.optim.Optimizer, processes: Processes) -> Division:
    """Keep only the neurons of this process in every layer except the readout, which every process computes.

    Weights and the state of the optimizer are divided with their neurons. Every process calls this with the same network.

    Args:
        classifier: the whole network. It is changed in place.
        optimizer: the optimizer of its parameters, with or without a state.
        processes: the processes.

    Raises:
        ConfigurationError: if the network cannot be divided.
    """
    network = classifier.network
    divided = _divided_layers(classifier, processes.size)
    state = optimizer.state
    layer_of: dict[str, str] = {}
    position = {id(p): i for i, p in enumerate(p for group in optimizer.param_groups for p in group["params"])}
    for name, found in divided.items():
        layer, part = network.layer(name).layer, found.parts[processes.rank]
        for source in layer.sources:
            layer.connection(source).keep(part)
        layer.num_neurons = part.stop - part.start
        layer.alphabet = BinaryPart(layer.alphabet.low, part.start)  # type: ignore[attr-defined]
        layer_of |= {f"network.network.layers.{name}.{key}": name for key in layer.state_dict()}
        for parameter in layer.parameters():
            if id(parameter) not in position:
                continue
            for moment in ("exp_avg", "exp_avg_sq"):
                layer_of[f"optimizer.{position[id(parameter)]}.{moment}"] = name
                if parameter in state:
                    state[parameter][moment] = state[parameter][moment][part].clone()
    network.exchange = Division(processes, divided, layer_of)
    return network.exchange


def _divided_layers(classifier: Classifier, size: int) -> dict[str, _Layer]:
    """The layers to divide.

    Raises:
        ConfigurationError: if one cannot be divided.
    """
    network = classifier.network
    if type(classifier) is not Classifier or type(network) is not InfomorphicNetwork:
        raise ConfigurationError(
            f"`processes` must be 1: a network of the kind {type(classifier).__name__} needs more of the other neurons than their outputs."
        )
    device = next(network.parameters()).device
    if device.type != "cpu":
        raise ConfigurationError(f"`training.device` must be cpu to divide the neurons among processes; got {device}.")
    layers = {}
    for placed in network.placed():
        if placed.name == classifier.readout:
            continue
        alphabet, neurons = placed.layer.alphabet, placed.layer.num_neurons
        if type(alphabet) is not Binary:
            raise ConfigurationError(
                f"`processes` must be 1: the outputs of layer {placed.name!r} are not binary, so they cannot be exchanged as bits."
            )
        if not (found := parts(neurons, size)):
            most = neurons // BLOCK
            raise ConfigurationError(
                f"`processes` must be at most {max(most, 1)}, since each needs at least {BLOCK} of the {neurons} neurons of layer "
                f"{placed.name!r}; got {size}."
            )
        layers[placed.name] = _Layer(found, float(alphabet.low))
    if not layers:
        raise ConfigurationError("`processes` must be 1: the network has no hidden layer, whose neurons could be divided.")
    return layers
