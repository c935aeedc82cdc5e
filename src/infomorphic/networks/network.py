"""Networks of infomorphic layers: order the layers, present an input repeatedly, and detach outputs between layers.

A network is a sequence of layers, with a wiring that names the origin of each layer's sources. A connection from an earlier layer
carries that layer's current output. A connection from a later layer, or from the layer itself, carries the output of the previous
presentation. So lateral connections, feedback and deep stacks need no special code. In a time series, the outputs of one step
are passed to the next as its `state`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, NamedTuple, cast

import torch
from jaxtyping import Bool, Float, Int64
from torch import Tensor, nn

from infomorphic.errors import ConfigurationError, did_you_mean
from infomorphic.goals import Goal
from infomorphic.layers import InfomorphicLayer, Presented, Response
from infomorphic.layers.response import Firing, fire
from infomorphic.networks.exchange import Exchange
from infomorphic.objective import Binnings, LocalGoal, descend
from infomorphic.pid import RedundancyMeasure

Inference = Literal["sampled", "expected"]
"""Outputs of neurons in evaluation: one sampled output (as published), or its expectation (deterministic)."""


# Signs are calibrated on all training data, in blocks: their currents need not be in memory at the same time.
_SAMPLES_AT_ONCE = 2048


@dataclass(frozen=True)
class Wiring:
    """The origin of a layer's sources and the goal of its neurons."""

    sources: Mapping[str, str]
    """For each source of the layer, the name of an input of the network (such as `input` or `label`) or of a layer."""
    goal: Goal | None = None
    """The goal that each neuron maximizes; None for a layer that is not trained."""
    binning: Binnings | None = None
    """How the currents are binned for the goal: one binning for all sources, or one per source."""
    measure: str | RedundancyMeasure = "sx"
    """The measure of redundancy that defines the atoms of the goal: a name, `FILE.py:NAME`, or an instance."""
    output: Literal["sample", "mode", "rectify"] = "sample"
    """Whether outputs are drawn, are the most probable value, which for binary neurons is the sign of A, or are max(A, 0)."""


@dataclass(frozen=True)
class Placed:
    """A layer and its place in a network."""

    name: str
    layer: InfomorphicLayer
    wiring: Wiring
    goal: LocalGoal | None
    """What its neurons maximize; None for a layer that is not trained."""

    def firing_prob(self, presented: Presented) -> Float[Tensor, "batch neurons"]:
        """The probability of the largest output of each neuron for each sample: 0 or 1 for the most probable value, σ(A) for max(A, 0)."""
        if self.wiring.output == "mode":
            return (presented.output == self.layer.alphabet.values[-1]).to(presented.output.dtype)
        return presented.firing_prob


class _Arrow(NamedTuple):
    """The last input of one source of a layer, and its current."""

    carried: Tensor | None
    current: Tensor


@dataclass
class _Pass:
    """The state between the presentations of one batch."""

    like: Tensor
    """Any input; it sets batch size, dtype and device of the currents of withheld sources."""
    outputs: dict[str, Tensor]
    arrows: dict[tuple[str, str], _Arrow] = field(default_factory=dict)


class InfomorphicNetwork(nn.Module):
    """Layers that learn from repeated presentations of an input, each neuron by its own goal.

    Args:
        layers: the layers by name, in the order of computation.
        wiring: for each layer, the origin of its sources.
        presentations: number of presentations per batch. The outputs of one presentation are lateral and feedback input of
            the next; layers learn in the last.

    Example:
        >>> network = InfomorphicNetwork(
        ...     {"hidden": InfomorphicLayer(100, {"F": AllToAll(784), "C": AllToAll(10), "L": AllOthers()})},
        ...     {"hidden": Wiring({"F": "input", "C": "label", "L": "hidden"}, Goal.parse("{F}{C} - {F}{L}", "FCL"), FixedRange())},
        ... )
        >>> network.learn({"input": images, "label": one_hot}, generator)   # fills .grad of all parameters

    To learn a sequence, write a loop in which each step starts from the outputs of the previous step (with `presentations=1` if a
    presentation is a time step). No gradient flows back in time or between layers:
        >>> state = None
        >>> for step in sequence:
        ...     presented = network.learn({"input": step, "label": one_hot}, generator, state)
        ...     state = {name: p.output for name, p in presented.items()}

    Source: arXiv:2412.02482, algorithm 1.
    """

    def __init__(self, layers: Mapping[str, InfomorphicLayer], wiring: Mapping[str, Wiring], presentations: int = 2):
        super().__init__()
        if presentations < 1:
            raise ConfigurationError(f"`presentations` must be at least 1; got {presentations}.")
        if list(layers) != list(wiring):
            raise ConfigurationError(
                f"`layers` and `wiring` must have the same names in the same order; got {list(layers)} and {list(wiring)}."
            )
        for name, wires in wiring.items():
            if set(wires.sources) != set(layers[name].sources):
                raise ConfigurationError(
                    f"the sources of layer {name!r} are {', '.join(layers[name].sources)}; its wiring has {', '.join(wires.sources)}."
                )
        self.layers = nn.ModuleDict(layers)
        self.wiring = dict(wiring)
        self.presentations = presentations
        self.exchange = Exchange()
        self.goals = {
            name: LocalGoal(w.goal, w.binning, measure=w.measure)
            for name, w in wiring.items()
            if w.goal is not None and w.binning is not None
        }
        missing = [name for name, w in wiring.items() if w.goal is not None and w.binning is None]
        if missing:
            raise ConfigurationError(f"layer {missing[0]!r} has a goal and therefore needs a `binning` of its currents.")
        for name, goal in self.goals.items():
            goal.check_sources(layers[name].sources, f"layer {name!r}")
        for name, layer in layers.items():
            layer.requires_grad_(name in self.goals)
        self._needed_before_last = self._needed_in_earlier_presentations()

    def layer(self, name: str) -> Placed:
        """A layer by its name, with its wiring and goal.

        Raises:
            ConfigurationError: if no layer has this name.
        """
        if name not in self.layers:
            raise ConfigurationError(
                f"`name` must be one of the layers {', '.join(self.layers)}; got {name!r}.{did_you_mean(name, self.layers)}"
            )
        return Placed(name, cast(InfomorphicLayer, self.layers[name]), self.wiring[name], self.goals.get(name))

    def placed(self) -> Iterator[Placed]:
        """All layers, in the order of computation."""
        return (self.layer(name) for name in self.layers)

    def learn(
        self, inputs: Mapping[str, Tensor | None], generator: torch.Generator | None = None, state: Mapping[str, Tensor] | None = None
    ) -> dict[str, Presented]:
        """Present a batch, and add to `.grad` of every trained layer the gradient of *minus* the sum of its neurons' goals.

        Each neuron's goal is differentiated only with respect to the neuron's own weights. A torch optimizer can then take the step.
        """
        presented = self.present(inputs, generator, "sample", state)
        if self.goals:
            # One call for all layers saves time. Outputs are detached, so no layer contributes to the gradient of another.
            descend(goal.descent(presented[name]) for name, goal in self.goals.items())
        return {name: _detached(p) for name, p in presented.items()}

    @torch.no_grad()
    def forward(
        self,
        inputs: Mapping[str, Tensor | None],
        generator: torch.Generator | None = None,
        inference: Inference = "sampled",
        state: Mapping[str, Tensor] | None = None,
    ) -> dict[str, Presented]:
        """Present a batch and return the response of each layer in the last presentation."""
        presented = self.present(inputs, generator, "sample" if inference == "sampled" else "expect", state)
        # The current of a withheld source is a view of the bias, which may require gradients even here.
        return {name: _detached(p) for name, p in presented.items()}

    def present(
        self,
        inputs: Mapping[str, Tensor | None],
        generator: torch.Generator | None = None,
        firing: Firing = "sample",
        state: Mapping[str, Tensor] | None = None,
    ) -> dict[str, Presented]:
        """Run all presentations of a batch. Currents stay differentiable with respect to their own layer's weights.

        Args:
            inputs: the inputs by their names in the wiring, each (batch, features). An input that is None or left out is withheld.
            generator: random generator for the outputs.
            firing: how layers compute outputs; ignored by layers with `output="mode"` or `"rectify"`.
            state: previous outputs of layers by name, (batch, neurons): lateral and feedback input of the first presentation. A layer
                that is left out is withheld.

        Raises:
            ConfigurationError: if all inputs are withheld, or `state` does not match the outputs of the layers for this batch.
        """
        memory = self._begin(inputs, state or {})
        presented: dict[str, Presented] = {}
        for presentation in range(self.presentations):
            last = presentation == self.presentations - 1
            for name in self.layers:
                if not last and name not in self._needed_before_last:
                    continue
                layer = self.layer(name).layer
                currents = tuple(self._currents(name, layer, inputs, memory))
                # Layers learn in the last presentation. Only backpropagation needs the graph of earlier ones.
                with torch.set_grad_enabled(torch.is_grad_enabled() and (last or firing == "straight-through")):
                    output = self.wiring[name].output
                    passing = firing if output == "sample" else output
                    fired = fire(layer.activation, currents, passing, generator, layer.alphabet)
                # The only place that keeps gradients within a layer. With backpropagation, outputs keep their gradients.
                outputs = fired.output if firing == "straight-through" else fired.output.detach()
                memory.outputs[name] = self.exchange.outputs(name, outputs, is_drawn=passing in ("sample", "mode"))
                if last:
                    presented[name] = replace(fired, output=outputs, sources=layer.sources)
        return presented

    def _begin(self, inputs: Mapping[str, Tensor | None], state: Mapping[str, Tensor]) -> _Pass:
        """The state of a pass before its first presentation."""
        given = [x for x in (*inputs.values(), *state.values()) if x is not None]
        if not given:
            raise ConfigurationError("a network needs at least one input or the `state` of a layer; all are withheld.")
        for name, output in state.items():
            if name not in self.layers:
                raise ConfigurationError(
                    f"`state` must hold outputs of the layers {', '.join(self.layers)}; got {name!r}.{did_you_mean(name, self.layers)}"
                )
            expected = (len(given[0]), self.layer(name).layer.num_neurons)
            if output.shape != expected:
                raise ConfigurationError(
                    f"`state` must hold one output per sample and neuron, for layer {name!r} of shape {expected}; got {tuple(output.shape)}."
                )
        return _Pass(given[0], dict(state))

    def _currents(self, name: str, layer: InfomorphicLayer, inputs: Mapping[str, Tensor | None], memory: _Pass) -> Iterator[Tensor]:
        """The current of each source. A current is reused if its input is the same as in the previous presentation."""
        for source, connection in layer.connections.items():
            origin = self.wiring[name].sources[source]
            carried = inputs.get(origin) if origin not in self.layers else memory.outputs.get(origin)
            arrow = memory.arrows.get((name, source))
            if arrow is None or carried is not arrow.carried:
                current = layer.withheld(source, memory.like) if carried is None else connection(carried)
                arrow = memory.arrows[name, source] = _Arrow(carried, current)
            yield arrow.current

    def _needed_in_earlier_presentations(self) -> set[str]:
        """Layers whose output some layer receives one presentation later, and all layers that these depend on."""
        order = list(self.layers)
        needed = {
            origin
            for position, name in enumerate(order)
            for origin in self.wiring[name].sources.values()
            if origin in order and order.index(origin) >= position
        }
        for name in reversed(order):
            if name in needed:
                needed |= {o for o in self.wiring[name].sources.values() if o in order}
        return needed


def _detached(presented: Presented) -> Presented:
    return replace(presented, currents=tuple(c.detach() for c in presented.currents), distribution=presented.distribution.detach())


class Classifier(nn.Module):
    """A network whose last layer has one neuron per class. The prediction is the class of the neuron with the largest firing probability.

    Information does not depend on the sign of an output, so a readout neuron may learn "not my class". Its mean firing probability
    over the training data shows whether it did; this is stored in `inverted`. So a prediction never depends on the other samples in
    its batch.
    """

    inverted: Tensor

    def __init__(self, network: InfomorphicNetwork, num_classes: int, readout: str = "readout"):
        super().__init__()
        self.network = network
        self.num_classes = num_classes
        self.readout = readout
        self.register_buffer("inverted", torch.zeros(num_classes, dtype=torch.bool))

    def learn(
        self, images: Float[Tensor, "batch features"], labels: Int64[Tensor, " batch"], generator: torch.Generator | None = None
    ) -> Float[Tensor, "batch classes"]:
        """Fill the gradients for one batch and return the readout's firing probabilities."""
        return self.network.learn(self.inputs(images, labels), generator)[self.readout].firing_prob

    @torch.no_grad()
    def present(
        self,
        images: Float[Tensor, "batch features"],
        labels: Int64[Tensor, " batch"] | None = None,
        generator: torch.Generator | None = None,
        inference: Inference = "sampled",
    ) -> dict[str, Presented]:
        """The response of each layer: with `labels` as in training, else with the label withheld."""
        return self.network(self.inputs(images, labels), generator, inference)

    def take_mean_loss(self) -> float | None:
        """Mean loss over the training samples since the last call; None if the network has no loss."""
        return None

    def settle_signs(self, mean_firing_prob: Float[Tensor, " classes"]) -> None:
        """Mark as inverted the readout neurons whose mean firing probability over the training data exceeds one half."""
        self.inverted.copy_(mean_firing_prob > 0.5)

    @torch.no_grad()
    def settle_signs_by_label(self, images: Float[Tensor, "samples features"], labels: Int64[Tensor, " samples"]) -> None:
        """Mark as inverted the readout neurons that are wrong more often than right on training data, with labels withheld.

        A neuron is right if it fires for a sample of its own class or is silent for a sample of another class. The samples of the n − 1
        other classes are weighted as one class of average size:

            neuron k is inverted where  Σ_{i in k} (θ_ik − 1/2) < Σ_{i not in k} (θ_ik − 1/2) / (n − 1)

        If classes have equal size, this inverts the neurons that fire less for their own class than for the others. With many such
        classes `settle_signs` gives the same result. With two classes the mean of a neuron is one half for either sign, so only the label
        can decide. A rare class has little weight: a neuron that learned nothing about it stays silent; inverted, it would fire for every
        sample. Likewise, the neuron of the largest class may fire for all samples.
        Neurons keep their sign if their class has no samples here, or all samples. The inference is deterministic.
        """
        own_sum = torch.zeros(self.num_classes, dtype=torch.float64, device=images.device)
        all_sum = torch.zeros_like(own_sum)
        for some, their_labels in zip(images.split(_SAMPLES_AT_ONCE), labels.split(_SAMPLES_AT_ONCE), strict=True):
            excess = self.reading(self.present(some, None, None, "expected")[self.readout]).double() - 0.5
            own_sum += (nn.functional.one_hot(their_labels, self.num_classes) * excess).sum(0)
            all_sum += excess.sum(0)
        count = torch.bincount(labels, minlength=self.num_classes)
        others = max(1, int((count > 0).sum()) - 1)
        both_kinds = (count > 0) & (count < len(labels))
        self.inverted.copy_(torch.where(both_kinds, own_sum < (all_sum - own_sum) / others, self.inverted))

    @torch.no_grad()
    def predict_proba(
        self,
        images: Float[Tensor, "batch features"],
        generator: torch.Generator | None = None,
        inference: Inference = "sampled",
        samples: int = 1,
    ) -> Float[Tensor, "batch classes"]:
        """Class scores: the firing probability of each readout neuron, or one minus it if the neuron is inverted.

        The label is withheld. With sampled inference, scores are averaged over `samples` runs.
        """
        runs = samples if inference == "sampled" else 1
        readings = [self.reading(self.present(images, None, generator, inference)[self.readout]) for _ in range(runs)]
        return self.sign_corrected(torch.stack(readings).mean(0))

    def scores(self, presented: Mapping[str, Presented]) -> Float[Tensor, "batch classes"]:
        """The class scores of a presentation: those of `predict_proba`."""
        return self.sign_corrected(self.reading(presented[self.readout]))

    def reading(self, readout: Response) -> Float[Tensor, "batch classes"]:
        """Class scores of a presentation before sign correction: the firing probabilities."""
        return readout.firing_prob

    def sign_corrected(
        self, firing_prob: Float[Tensor, "batch classes"], inverted: Bool[Tensor, " classes"] | None = None
    ) -> Float[Tensor, "batch classes"]:
        """Sign-corrected firing probabilities: one minus θ for inverted neurons."""
        return torch.where(self.inverted if inverted is None else inverted, 1 - firing_prob, firing_prob)

    def inputs(
        self, images: Float[Tensor, "batch features"], labels: Int64[Tensor, " batch"] | None
    ) -> dict[str, Float[Tensor, "batch _"] | None]:
        """The inputs of the network: the images, and the labels as one-hot vectors or withheld."""
        label = None if labels is None else images.new_zeros(len(labels), self.num_classes).scatter_(1, labels[:, None], 1.0)
        return {"input": images, "label": label}
