"""By how much a classifier decides, and to first order, how the removal of each neuron of a layer would change it.

The margin of a decision is the log-odds of the class that the network chooses, minus the largest of the others. A removed neuron j outputs
its mean m_j in every presentation p, instead of y_jp. To first order in this change,

    margin without j  =  margin + Σ_p ∂margin/∂y_jp · (m_j − y_jp)

and one backward pass gives the derivatives for all neurons at once. So the few images can be found whose decision depends on some neuron.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Float, Int64
from torch import Tensor

from infomorphic.layers.response import fire
from infomorphic.networks.network import Classifier

_CERTAIN = 12.0
"""Log-odds are clipped to ± this, before firing probabilities are: then equal ones are no decision, and their margin is zero."""
_SAFE = 4.0
"""A decision is settled if its margin is this many times the largest change that any removal was found to cause."""
_AT_ONCE = 256


@dataclass(frozen=True, eq=False)
class Margins:
    """The margins of the decisions for some images, and what they would be without each neuron."""

    decided: Int64[Tensor, " images"]
    """The class that the network chooses."""
    whole: Float[Tensor, " images"]
    """The margin with all neurons."""
    unsettled: Int64[Tensor, " unsettled"]
    """The images, in order, whose margin is at most four times `largest_change`."""
    without: Float[Tensor, "unsettled neurons"]
    """Of these, the margin without each neuron, to first order."""
    largest_change: float
    """The largest change of a margin by any neuron, to first order."""

    def settled_without(self) -> Float[Tensor, " images"]:
        """A cautious estimate for any neuron: the whole margin minus the largest change found; infinite for unsettled images."""
        return (self.whole - self.largest_change).index_fill(0, self.unsettled, torch.inf)


def log_odds(scores: Float[Tensor, "images classes"]) -> Float[Tensor, "images classes"]:
    """The log-odds of class scores, clipped to ±12."""
    least = torch.sigmoid(torch.tensor(-_CERTAIN, dtype=torch.float64))
    return torch.logit(scores.double().clamp(least, 1 - least))


def margin_of(odds: Float[Tensor, "images classes"], decided: Int64[Tensor, " images"]) -> Float[Tensor, " images"]:
    """The log-odds of a class of each image, minus the largest of the others."""
    own = odds.gather(1, decided[:, None])[:, 0]
    return own - odds.scatter(1, decided[:, None], -torch.inf).amax(1)


def margins_without_each(
    network: Classifier, inputs: Float[Tensor, "images features"], layer: str, mean_output: Float[Tensor, " neurons"]
) -> Margins:
    """The margins without each neuron of a layer, to first order, for all decisions that a removal may change.

    Decisions are taken in ascending order of their margins, until the margin is four times the largest change found so far.

    Args:
        network: a classifier without parameters that require gradients, and without layers of `output="mode"`, which have no derivative.
            The label is withheld.
        inputs: what it receives.
        layer: the name of the layer.
        mean_output: of every neuron of the layer.
    """
    scores = network.predict_proba(inputs, None, "expected")
    odds, decided = log_odds(scores), scores.argmax(1)
    gaps = odds.gather(1, decided[:, None]) - odds
    gaps = gaps.scatter(1, decided[:, None], torch.inf)
    # One question each: does this class overtake the chosen one?
    order = gaps.flatten().argsort()[: int(gaps.isfinite().sum())]
    largest, images, found = 0.0, [], []
    for some in order.split(_AT_ONCE):
        image, rival = some // network.num_classes, some % network.num_classes
        before = gaps[image, rival]
        if found and float(before[0]) > _SAFE * largest:
            break
        change = _changes(network, inputs[image], layer, mean_output, decided[image], rival)
        largest = max(largest, float(change.abs().max()))
        images.append(image)
        found.append(before[:, None].to(change.dtype) + change)
    whole = gaps.amin(1).to(inputs.dtype)
    if not found:
        return Margins(decided, whole, decided.new_zeros(0), whole.new_zeros(0, len(mean_output)), 0.0)
    unsettled, place = torch.cat(images).unique(return_inverse=True)
    without = whole.new_full((len(unsettled), len(mean_output)), torch.inf)
    without.scatter_reduce_(0, place[:, None].expand(-1, len(mean_output)), torch.cat(found), "amin")
    return Margins(decided, whole, unsettled, without, largest)


def _changes(
    network: Classifier,
    inputs: Float[Tensor, "images features"],
    layer: str,
    mean_output: Float[Tensor, " neurons"],
    decided: Int64[Tensor, " images"],
    rival: Int64[Tensor, " images"],
) -> Float[Tensor, "images neurons"]:
    """By how much the log-odds of `decided` minus those of `rival` change without each neuron, to first order."""
    with torch.enable_grad():
        scores, sent = _scores(network, inputs, layer)
        odds = log_odds(scores)
        ahead = odds.gather(1, decided[:, None]) - odds.gather(1, rival[:, None])
        slopes = torch.autograd.grad(ahead.sum(), sent, allow_unused=True)
    change = torch.zeros_like(sent[0])
    for output, slope in zip(sent, slopes, strict=True):
        if slope is not None:
            change += slope * (mean_output - output.detach())
    return change.detach()


def _scores(
    network: Classifier, inputs: Float[Tensor, "images features"], layer: str
) -> tuple[Float[Tensor, "images classes"], list[Float[Tensor, "images neurons"]]]:
    """Class scores by expected outputs, with the label withheld, and what the layer sent before and in each presentation: their variables."""
    inner = network.network
    given = network.inputs(inputs, None)
    # What is withheld in the first presentation counts as zero, and without the neuron as its mean.
    sent = [inputs.new_zeros(len(inputs), inner.layer(layer).layer.num_neurons).requires_grad_()]
    outputs: dict[str, Tensor] = {layer: sent[0]}
    reading = None
    for _ in range(inner.presentations):
        for placed in inner.placed():
            currents = []
            for source, connection in placed.layer.connections.items():
                origin = placed.wiring.sources[source]
                carried = outputs.get(origin) if origin in inner.layers else given.get(origin)
                currents.append(placed.layer.withheld(source, inputs) if carried is None else connection(carried))
            firing = "expect" if placed.wiring.output == "sample" else placed.wiring.output
            fired = fire(placed.layer.activation, currents, firing, None, placed.layer.alphabet)
            outputs[placed.name] = fired.output
            if placed.name == layer:
                sent.append(fired.output.requires_grad_())
            if placed.name == network.readout:
                reading = network.reading(fired)
    assert reading is not None
    return network.sign_corrected(reading), sent
