"""Turn a function in a user's file that builds a classifier into a preset."""

import inspect
from collections.abc import Callable
from typing import Annotated, Any, get_type_hints

import torch
from pydantic import Field

from infomorphic.errors import ConfigurationError
from infomorphic.layers import Inputs
from infomorphic.layers.connections import num_inputs
from infomorphic.networks.network import Classifier, InfomorphicNetwork
from infomorphic.networks.settings import ClassifierSettings, NetworkSettings, Optimizer
from infomorphic.plugins import first_line, running
from infomorphic.tasks.classification.task import Task
from infomorphic.training.task import Preset

_FORM = (
    "build(num_inputs, num_classes, generator), with `settings` before them if there are any, and `input_shape` in place of `num_inputs`"
)


class OwnSettings(ClassifierSettings):
    """Settings for a network without its own: how its layers are trained. Defaults are those of setup 1."""

    hidden_optimizer: Optimizer = Optimizer(learning_rate=2e-3, weight_decay=3.5e-4)
    """Optimizer of every trained layer except the readout."""
    readout: Annotated[str, Field(min_length=1)] = "readout"
    """The name of the layer with one neuron per class."""

    def optimizers_of(self, layers: torch.nn.ModuleDict) -> dict[str, Optimizer]:
        trained = [name for name, layer in layers.items() if any(p.requires_grad for p in layer.parameters())]
        return {name: self.readout_optimizer if name == self.readout else self.hidden_optimizer for name in trained}


def preset_of(name: str, build: Callable[..., Any]) -> Preset:
    """Make the preset of a function `build(num_inputs, num_classes, generator)`, or with `settings` first, annotated with its class.

    If its parameter is called `input_shape`, it gets the shape of an image, such as (8, 8), in place of the number of its values.

    It returns an `InfomorphicNetwork` with inputs named `input` and `label` and one readout neuron per class, or a `Classifier`.

    Raises:
        ConfigurationError: if the function has other parameters.
    """
    parameters = list(inspect.signature(build).parameters)
    settings: type[NetworkSettings] = OwnSettings
    takes_settings = parameters[:1] == ["settings"]
    if takes_settings:
        settings = get_type_hints(build).get("settings", OwnSettings)
        if not (isinstance(settings, type) and issubclass(settings, NetworkSettings)):
            raise ConfigurationError(f"`settings` of {name} must be annotated with a subclass of NetworkSettings; got {settings!r}.")
    if len(parameters) != 3 + takes_settings:
        raise ConfigurationError(f"{name} must have the form {_FORM}; it takes {', '.join(parameters) or 'nothing'}.")

    def built(chosen: NetworkSettings, inputs: Inputs, num_classes: int, generator: torch.Generator) -> Classifier:
        # Whoever asks for a shape gets one; a number is enough for most.
        shape = (inputs,) if isinstance(inputs, int) else inputs
        first = shape if parameters[takes_settings] == "input_shape" else num_inputs(inputs)
        arguments = (first, num_classes, generator)
        with running(name):
            network = build(chosen, *arguments) if takes_settings else build(*arguments)
        return _classifier(name, network, num_classes, getattr(chosen, "readout", "readout"))

    return Preset(name, first_line(build) or f"the network of {name}", Task, settings, built)


def _classifier(name: str, network: Any, num_classes: int, readout: str) -> Classifier:
    if isinstance(network, Classifier):
        return network
    if not isinstance(network, InfomorphicNetwork):
        raise ConfigurationError(f"{name} must return an InfomorphicNetwork or a Classifier; got a {type(network).__name__}.")
    if readout not in network.layers:
        raise ConfigurationError(
            f"{name} must have a layer {readout!r}, one neuron per class; it has {', '.join(network.layers)}. "
            "Rename the last one, or set `network.readout`."
        )
    if (size := network.layer(readout).layer.num_neurons) != num_classes:
        raise ConfigurationError(f"the readout {readout!r} of {name} must have one neuron per class, {num_classes}; it has {size}.")
    return Classifier(network, num_classes, readout)
