"""Turn layers of an ordinary torch model into local layers, each neuron with its own goal."""

import copy
import warnings
from collections.abc import Mapping, Sequence
from typing import Any

import torch
from jaxtyping import Float, Int64
from torch import Tensor, nn

from infomorphic.errors import ConfigurationError, InfomorphicWarning, did_you_mean
from infomorphic.estimation import FixedRange
from infomorphic.estimation.binning import Binning
from infomorphic.goals import AtomMapping, Goal
from infomorphic.layers import AllOthers, AllToAll, Connectivity, InfomorphicLayer
from infomorphic.networks.network import InfomorphicNetwork, Wiring

_ORIGINS = {"F": "input", "C": "label", "L": "neurons"}
_NEURONS = "neurons"


class LocalLinear(nn.Module):
    """The neurons of a linear layer. Each maximizes a goal. F is the layer's input, C the label, L the other neurons.

    In training mode outputs are ±1, drawn twice per batch if there is a source L: the first draw is the lateral input of the second.
    In evaluation mode the label is withheld, and outputs are expectations, 2θ − 1. Neither the input nor the output carries a gradient.

    Args:
        linear: the layer whose size and weights are taken over, as those of F.
        goal: what each neuron maximizes; its sources are F and, if it names them, C and L.
        classes: the number of classes, if the goal has the source C.
        binning: how currents are binned for the goal.
    """

    def __init__(self, linear: nn.Linear, goal: Goal, classes: int | None, binning: Binning):
        super().__init__()
        connectivities: dict[str, Connectivity] = {"F": AllToAll(linear.in_features)}
        if "C" in goal.sources:
            connectivities["C"] = AllToAll(classes or 0)
        if "L" in goal.sources:
            connectivities["L"] = AllOthers()
        layer = InfomorphicLayer(linear.out_features, {name: connectivities[name] for name in goal.sources})
        driving: Any = layer.connection("F")
        with torch.no_grad():
            driving.weight.copy_(linear.weight)
            driving.bias.copy_(torch.zeros_like(driving.bias) if linear.bias is None else linear.bias)
        wiring = Wiring({name: _ORIGINS[name] for name in goal.sources}, goal, binning)
        self.network = InfomorphicNetwork({_NEURONS: layer}, {_NEURONS: wiring}, presentations=2 if "L" in goal.sources else 1)
        self.to(linear.weight)
        self.label: Float[Tensor, "batch classes"] | None = None
        """The labels of the present batch as one-hot vectors, set by `LocalModel`."""
        self._presented: Any = None

    @property
    def layer(self) -> InfomorphicLayer:
        """The neurons: their weights by source."""
        return self.network.layer(_NEURONS).layer

    def forward(self, inputs: Tensor) -> Tensor:
        """The outputs, (batch, neurons), for inputs (batch, features).

        Raises:
            ConfigurationError: if inputs have another shape.
        """
        if inputs.ndim != 2:
            raise ConfigurationError(f"the input of a local layer must have shape (batch, features); got {tuple(inputs.shape)}.")
        given = {"input": inputs.detach(), "label": self.label}
        if self.training:
            self._presented = self.network.present(given)[_NEURONS]
            return self._presented.output
        return self.network(given, inference="expected")[_NEURONS].output

    def goal(self) -> Float[Tensor, " neurons"]:
        """The goal of each neuron in bits, for the last batch in training mode; differentiable with respect to its own weights.

        Raises:
            ConfigurationError: if no batch was presented in training mode.
        """
        return self.network.goals[_NEURONS](self._last())

    def terms(self) -> AtomMapping[Float[Tensor, " neurons"]]:
        """Every atom of each neuron and its residual entropy in bits, for the last batch in training mode, without a gradient."""
        return self.network.goals[_NEURONS].terms(self._last())

    def _last(self) -> Any:
        if self._presented is None:
            raise ConfigurationError(
                "the goal is that of a batch; present one in training mode first: model.train(), then model(x, labels=y)."
            )
        return self._presented

    def __getstate__(self) -> dict[str, Any]:
        # The last batch belongs to a graph, which can be neither copied nor saved.
        return self.__dict__ | {"_presented": None, "label": None}


class LocalModel(nn.Module):
    """A torch model in which some linear layers are local layers; see `convert`.

    Args:
        model: the model that holds them.
        classes: the number of classes, if a layer receives the label.
    """

    def __init__(self, model: nn.Module, classes: int | None = None):
        super().__init__()
        self.model = model
        self.classes = classes

    @property
    def local_layers(self) -> Mapping[str, LocalLinear]:
        """The local layers by their names in the model."""
        return {name: module for name, module in self.model.named_modules() if isinstance(module, LocalLinear)}

    def forward(self, *inputs: Any, labels: Int64[Tensor, " batch"] | None = None, **options: Any) -> Any:
        """The model's output. In training mode, local layers that receive the label need `labels`; in evaluation mode it is withheld.

        Raises:
            ConfigurationError: if labels are missing in training mode.
        """
        layers = self.local_layers.values()
        label = None
        if self.training and self.classes is not None:
            if labels is None:
                raise ConfigurationError(
                    "`labels` must be given in training mode, because local layers receive the label as context. "
                    "Pass labels=…, or call eval() to predict."
                )
            label = nn.functional.one_hot(labels, self.classes).to(next(self.parameters()).dtype)
        for layer in layers:
            layer.label = label if "C" in layer.layer.sources else None
        try:
            return self.model(*inputs, **options)
        finally:
            for layer in layers:
                layer.label = None

    def goal(self) -> Float[Tensor, ""]:
        """The sum of the goals of all neurons in bits, for the last batch in training mode: subtract it from the loss.

        Raises:
            ConfigurationError: if no batch was presented in training mode.
        """
        return torch.stack([layer.goal().sum() for layer in self.local_layers.values()]).sum()


def convert(
    model: nn.Module,
    layers: Sequence[str] | None = None,
    *,
    goal: str | Goal = "{F}{C} - {F}{L}",
    classes: int | None = None,
    binning: Binning | None = None,
) -> LocalModel:
    """Turn linear layers of an ordinary torch model into local layers with a goal. The model itself is not changed.

    Their weights are those of the model at first. What follows a local layer, such as a ReLU and the last linear layer, stays as it is and
    is trained by the loss; no gradient passes through a local layer.

    Args:
        model: any torch model with linear layers whose inputs have the shape (batch, features).
        layers: the names of the linear layers, as `model.named_modules()` has them; by default all but the last.
        goal: what each neuron maximizes: an expression or a published name with the sources F (the layer's input) and, if wanted, C (the
            label) and L (the other neurons of the layer).
        classes: the number of classes; needed if the goal has the source C.
        binning: how currents are binned for the goal; by default the published 20 bins over (−20, 20).

    Raises:
        ConfigurationError: if a name is not that of a linear layer, the goal has another source than F, C and L or lacks F, or `classes`
            is missing.
        GoalError: if the goal cannot be read.

    Warns:
        InfomorphicWarning: if a layer with weights stands before a local layer without being local: it gets no gradient.

    Example:
        >>> model = nn.Sequential(nn.Linear(64, 100), nn.ReLU(), nn.Linear(100, 10))
        >>> local = convert(model, classes=10)
        >>> list(local.local_layers)
        ['0']

    Source: arXiv:2412.02482, algorithm 1.
    """
    linear = {name: module for name, module in model.named_modules() if isinstance(module, nn.Linear)}
    chosen = list(linear)[:-1] if layers is None else list(layers)
    if not chosen:
        raise ConfigurationError(
            "`layers` must name at least one linear layer of the model"
            + ("; by default, all but the last become local, and there are fewer than two." if layers is None else "; got none.")
        )
    for name in chosen:
        if name not in linear:
            raise ConfigurationError(
                f"`layers` must name linear layers of the model ({', '.join(linear) or 'it has none'}); got {name!r}.{did_you_mean(name, linear)}"
            )
    resolved = Goal.resolve(goal)
    if "F" not in resolved.sources or not set(resolved.sources) <= set("FCL"):
        raise ConfigurationError(
            f"`goal` must have the source F and no others than F, C and L; its sources are {', '.join(resolved.sources)}."
        )
    has_context = "C" in resolved.sources
    if has_context and (classes is None or classes < 2):
        raise ConfigurationError(f"`classes` must be the number of classes, at least 2, because the goal has the source C; got {classes}.")
    _warn_of_layers_without_gradient(model, chosen)
    converted = copy.deepcopy(model)
    for name in chosen:
        parent, _, attribute = name.rpartition(".")
        local = LocalLinear(linear[name], resolved, classes, binning or FixedRange())
        setattr(converted.get_submodule(parent), attribute, local)
    return LocalModel(converted, classes if has_context else None)


def _warn_of_layers_without_gradient(model: nn.Module, chosen: Sequence[str]) -> None:
    """Modules are compared in the order of their definition, which is that of computation in nearly all models."""
    names = [name for name, module in model.named_modules() if any(p.requires_grad for p in module.parameters(recurse=False))]
    last = max(names.index(name) for name in chosen)
    before = [name for name in names[:last] if name not in chosen]
    if before:
        warnings.warn(
            f"no gradient passes through a local layer, so {', '.join(before)} will not be trained. Convert these layers too, "
            "or keep them as a fixed, pretrained part.",
            InfomorphicWarning,
            stacklevel=3,
        )
