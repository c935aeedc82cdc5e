"""The published networks with local goals, as variations of one record, like the publication's table.

Source: arXiv:2412.02482, A.3 and Fig. 8.
"""

from dataclasses import replace
from typing import Any, ClassVar

import torch
from pydantic import create_model

from infomorphic.goals import Goal
from infomorphic.layers import Inputs
from infomorphic.networks.network import Classifier
from infomorphic.networks.settings import HiddenLayer, Neurons, Presentations, goal_of
from infomorphic.networks.stacked import Stack
from infomorphic.tasks.classification.task import Task
from infomorphic.training.task import Preset

SETUP_1 = Stack(context="label", lateral="all")
SETUP_2 = replace(SETUP_1, lateral=100)
SETUP_3 = replace(SETUP_2, context="readout")
CONTEXT = replace(SETUP_1, lateral=None)
LATERAL = replace(SETUP_1, context=None)


class StackSettings(HiddenLayer):
    """Settings of one hidden layer and a readout; a preset fixes where context and lateral input come from."""

    publication: ClassVar[str] = "arXiv:2412.02482"
    stack: ClassVar[Stack]

    goal: Goal
    """Goal of the hidden neurons."""

    def lateral_connections_each(self) -> int:
        if self.stack.lateral is None:
            return 0
        return getattr(self, "lateral_connections", self.hidden)

    def network(self) -> Stack:
        """The network description with these settings."""
        return replace(
            self.stack,
            hidden_layer_sizes=(self.hidden,),
            lateral=getattr(self, "lateral_connections", self.stack.lateral),
            goal=self.goal,
            readout_goal=self.readout_goal,
            bins=self.bins,
            bin_range=self.bin_range,
            readout_bins=self.readout_bins,
            presentations=self.presentations,
            hidden_bias=self.hidden_bias,
            patch=self.patch,
            measure=self.measure,
        )


class SparseStackSettings(StackSettings):
    """Settings of a stack with a limited number of lateral connections."""

    lateral_connections: Neurons
    """Lateral connections per hidden neuron; all if there are fewer neurons."""


def stack_preset(name: str, summary: str, stack: Stack, *, is_default: bool = False) -> Preset:
    """Make the preset of a stack with one hidden layer: settings with the published defaults, and the network."""
    fields: dict[str, Any] = {
        "goal": (goal_of(stack.sources), stack.published_goal),
        "presentations": (Presentations, stack.needed_presentations),
    }
    base = StackSettings
    if isinstance(stack.lateral, int):
        base = SparseStackSettings
        fields["lateral_connections"] = (Neurons, stack.lateral)
    settings: type[StackSettings] = create_model("Settings", __base__=base, __module__=__name__, **fields)
    settings.stack, settings.goal_sources = stack, stack.sources

    def build(chosen: StackSettings, inputs: Inputs, num_classes: int, generator: torch.Generator) -> Classifier:
        return chosen.network().build(inputs, num_classes, generator)

    return Preset(name, summary, Task, settings, build, is_default)


STACKS = (
    stack_preset("setup-1", "trivariate neurons: image, label and neighbors", SETUP_1, is_default=True),
    stack_preset("setup-2", "trivariate neurons with few lateral connections", SETUP_2),
    stack_preset("setup-3", "trivariate neurons whose context is the readout's output", SETUP_3),
    stack_preset("context", "bivariate neurons: image and label", CONTEXT),
    stack_preset("lateral", "bivariate neurons: image and neighbors", LATERAL),
)
