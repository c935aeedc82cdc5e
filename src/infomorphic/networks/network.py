"""Networks of infomorphic layers: the one place that orders layers, presents an input more than once, and detaches.

A network is a sequence of layers with, for each, where its sources come from. An arrow from an earlier layer carries what
that layer has just put out; an arrow from a later layer, or from the layer itself, carries the output of the presentation
before. So lateral and feedback connections need nothing special, and nor do deeper stacks. Over time, the outputs of one step are handed
to the next as its `state`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, NamedTuple

import torch
from jaxtyping import Bool, Float, Int64
from torch import Tensor, nn

from infomorphic.errors import ConfigurationError, did_you_mean
from infomorphic.goals import Goal
from infomorphic.layers import InfomorphicLayer, Presented, Response
from infomorphic.layers.response import Firing, fire
from infomorphic.objective import Binnings, LocalGoal
from infomorphic.pid import RedundancyMeasure

Inference = Literal["sampled", "expected"]
"""What neurons pass on at evaluation: one sampled output (as published), or its expectation (deterministic)."""


# Signs are settled on all training data; their currents need not be in memory at the same time.
_SAMPLES_AT_ONCE = 2048


@dataclass(frozen=True)
class Wiring:
    """Where a layer's sources come from and what its neurons aim for."""

    sources: Mapping[str, str]
    """For each source of the layer, the name of an input of the network (such as `input` or `label`) or of a layer."""
    goal: Goal | None = None
    """What each neuron ascends; None for a layer that is not trained."""
    binning: Binnings | None = None
    """How the currents are binned for the goal: one binning for all sources, or one by source."""
    measure: str | RedundancyMeasure = "sx"
    """The measure of redundancy that the atoms of the goal are made of: the name of a built-in one, or one of your own."""
    output: Literal["sample", "mode"] = "sample"
    """Outputs are drawn, or are the most probable value: of binary neurons the sign of A."""


class _Arrow(NamedTuple):
    """What one source of a layer last carried, and the current that it brought."""

    carried: Tensor | None
    current: Tensor


@dataclass
class _Pass:
    """What is remembered between the presentations of one batch."""

    like: Tensor
    """Any input; gives batch size, dtype and device to the currents of withheld sources."""
    outputs: dict[str, Tensor]
    arrows: dict[tuple[str, str], _Arrow] = field(default_factory=dict)


class InfomorphicNetwork(nn.Module):
    """Layers that learn, each neuron by its own goal, from repeated presentations of an input.

    Args:
        layers: by name, in the order in which they are computed.
        wiring: for each layer, where its sources come from.
        presentations: how often each batch is presented; outputs of one presentation are lateral and feedback input of the
            next, and layers learn in the last.

    Example:
        >>> network = InfomorphicNetwork(
        ...     {"hidden": InfomorphicLayer(100, {"F": AllToAll(784), "C": AllToAll(10), "L": AllOthers()})},
        ...     {"hidden": Wiring({"F": "input", "C": "label", "L": "hidden"}, Goal.parse("{F}{C} - {F}{L}", "FCL"), FixedRange())},
        ... )
        >>> network.learn({"input": images, "label": one_hot}, generator)   # fills .grad of all parameters

    A sequence is a loop, in which each step starts from what the layers have put out in the one before (with `presentations=1`, if a
    presentation is a step in time). Nothing is propagated back in time, as nothing is between layers:
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

    def learn(
        self, inputs: Mapping[str, Tensor | None], generator: torch.Generator | None = None, state: Mapping[str, Tensor] | None = None
    ) -> dict[str, Presented]:
        """Present a batch, and add to `.grad` of every trained layer the gradient that *descends* minus the sum of its neurons' goals.

        Each neuron's goal is differentiated with respect to its own weights alone; an ordinary torch optimiser then takes the step.
        """
        presented = self.present(inputs, generator, "sample", state)
        if self.goals:
            # All layers in one call, which saves time; what they pass on is detached, so none has a part in another's gradient.
            tensors, gradients = zip(*(goal.descent(presented[name]) for name, goal in self.goals.items()), strict=True)
            torch.autograd.backward(tensors, gradients)
        return {name: _detached(p) for name, p in presented.items()}

    @torch.no_grad()
    def forward(
        self,
        inputs: Mapping[str, Tensor | None],
        generator: torch.Generator | None = None,
        inference: Inference = "sampled",
        state: Mapping[str, Tensor] | None = None,
    ) -> dict[str, Presented]:
        """Present a batch and return what each layer did in the last presentation."""
        return self.present(inputs, generator, "sample" if inference == "sampled" else "expect", state)

    def present(
        self,
        inputs: Mapping[str, Tensor | None],
        generator: torch.Generator | None = None,
        firing: Firing = "sample",
        state: Mapping[str, Tensor] | None = None,
    ) -> dict[str, Presented]:
        """Present a batch as often as the network is told to, with currents that can be differentiated by their own layer's weights.

        Args:
            inputs: by the names that the wiring gives them, each (batch, features). One that is None or left out is withheld.
            generator: draws the outputs.
            firing: what layers pass on; those with `output="mode"` do not heed it.
            state: what layers have put out before, (batch, neurons) by name: lateral and feedback input of the first presentation. That of
                a layer which is left out is withheld.

        Raises:
            ConfigurationError: if nothing is presented, or `state` has what is no output of a layer for this batch.
        """
        memory = self._begin(inputs, state or {})
        presented: dict[str, Presented] = {}
        for presentation in range(self.presentations):
            last = presentation == self.presentations - 1
            for name, layer in self.layers.items():
                if not last and name not in self._needed_before_last:
                    continue
                assert isinstance(layer, InfomorphicLayer)
                currents = tuple(self._currents(name, layer, inputs, memory))
                # Layers learn in the last presentation; only backpropagation goes back through those before.
                with torch.set_grad_enabled(torch.is_grad_enabled() and (last or firing == "straight-through")):
                    passing = "mode" if self.wiring[name].output == "mode" else firing
                    fired = fire(layer.activation, currents, passing, generator, layer.alphabet)
                # The one place that keeps gradients within a layer: only backpropagation passes on outputs that have any.
                memory.outputs[name] = fired.output if firing == "straight-through" else fired.output.detach()
                if last:
                    presented[name] = replace(fired, output=memory.outputs[name], sources=layer.sources)
        return presented

    def _begin(self, inputs: Mapping[str, Tensor | None], state: Mapping[str, Tensor]) -> _Pass:
        """The memory of a pass before its first presentation."""
        given = [x for x in (*inputs.values(), *state.values()) if x is not None]
        if not given:
            raise ConfigurationError("a network needs at least one input or the `state` of a layer; all are withheld.")
        for name, output in state.items():
            if name not in self.layers:
                raise ConfigurationError(
                    f"`state` must hold outputs of the layers {', '.join(self.layers)}; got {name!r}.{did_you_mean(name, self.layers)}"
                )
            expected = (len(given[0]), self.layers[name].num_neurons)
            if output.shape != expected:
                raise ConfigurationError(
                    f"`state` must hold one output a sample and neuron, for layer {name!r} of shape {expected}; got {tuple(output.shape)}."
                )
        return _Pass(given[0], dict(state))

    def _currents(self, name: str, layer: InfomorphicLayer, inputs: Mapping[str, Tensor | None], memory: _Pass) -> Iterator[Tensor]:
        """The current of each source. One whose input is that of the presentation before is not computed again."""
        for source, connection in layer.connections.items():
            origin = self.wiring[name].sources[source]
            carried = inputs.get(origin) if origin not in self.layers else memory.outputs.get(origin)
            arrow = memory.arrows.get((name, source))
            if arrow is None or carried is not arrow.carried:
                current = layer.withheld(source, memory.like) if carried is None else connection(carried)
                arrow = memory.arrows[name, source] = _Arrow(carried, current)
            yield arrow.current

    def _needed_in_earlier_presentations(self) -> set[str]:
        """Layers whose output some layer receives one presentation later, and all that these are computed from."""
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
    """A network whose last layer has one neuron a class; the prediction is the neuron with the largest firing probability.

    Information is blind to the sign, so a readout neuron may learn "not my class". Whether it did is settled on training
    data, by its mean firing probability over them, and stored in `inverted`: a prediction never depends on which other
    samples share its batch.
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
        """What each layer does; with `labels`, as in training, else with the label withheld."""
        return self.network(self.inputs(images, labels), generator, inference)

    def take_mean_loss(self) -> float | None:
        """The mean loss of the samples learned from since it was last taken; None for networks that have none but goals."""
        return None

    def settle_signs(self, mean_firing_prob: Float[Tensor, " classes"]) -> None:
        """Invert the readout neurons whose mean firing probability over training data exceeds one half."""
        self.inverted.copy_(mean_firing_prob > 0.5)

    @torch.no_grad()
    def settle_signs_by_label(self, images: Float[Tensor, "samples features"], labels: Int64[Tensor, " samples"]) -> None:
        """Invert the readout neurons that are wrong more often than right on training data, with labels withheld.

        A neuron is right if it fires for a sample of its own class, or is silent for one of another. The samples of the n − 1 other classes
        count as those of one class of average size:

            neuron k is inverted where  Σ_{i in k} (θ_ik − 1/2) < Σ_{i not in k} (θ_ik − 1/2) / (n − 1)

        Of classes of equal size, two or many, this inverts the neurons that fire less for their own class than for the others. With many such
        classes it is what `settle_signs` finds; with two the mean of a neuron is one half whatever its sign, and only the label tells. Few
        samples of a rare class have little weight: a neuron that learned nothing of it stays silent, where inverted it would fire for every
        sample. Likewise the neuron of the largest class may fire for all.
        Neurons whose class has no samples here, or all, keep their sign. The inference is deterministic.
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
        """For each class, how probable its readout neuron makes it (the neuron's firing probability, or what is left of one where
        it is inverted). The label is withheld. Averaged over `samples` runs if the inference is sampled.
        """
        runs = samples if inference == "sampled" else 1
        readings = [self.reading(self.present(images, None, generator, inference)[self.readout]) for _ in range(runs)]
        return self.upright(torch.stack(readings).mean(0))

    def reading(self, readout: Response) -> Float[Tensor, "batch classes"]:
        """What a presentation says for each class, before inverted neurons are turned round: the firing probabilities."""
        return readout.firing_prob

    def upright(
        self, firing_prob: Float[Tensor, "batch classes"], inverted: Bool[Tensor, " classes"] | None = None
    ) -> Float[Tensor, "batch classes"]:
        """Firing probabilities with inverted neurons turned round."""
        return torch.where(self.inverted if inverted is None else inverted, 1 - firing_prob, firing_prob)

    def inputs(
        self, images: Float[Tensor, "batch features"], labels: Int64[Tensor, " batch"] | None
    ) -> dict[str, Float[Tensor, "batch _"] | None]:
        """The inputs of the network: the images, and the labels one-hot or withheld."""
        label = None if labels is None else images.new_zeros(len(labels), self.num_classes).scatter_(1, labels[:, None], 1.0)
        return {"input": images, "label": label}
