"""Sources that a goal cannot see, because all their currents fall into one bin in untrained neurons."""

import warnings

import torch
from jaxtyping import Float, Int64
from torch import Tensor

from infomorphic.errors import BlindSourceWarning
from infomorphic.estimation.binning import Binning
from infomorphic.networks.network import Classifier

# The same threshold as for crowded bins in a report's health of estimates.
_MOST_IN_ONE_BIN = 0.95


def warn_of_blind_sources(
    classifier: Classifier, images: Float[Tensor, "batch features"], labels: Int64[Tensor, " batch"], generator: torch.Generator
) -> None:
    """Warn if bins of a fixed range have no edge at zero and are so wide that in most neurons a source falls into one bin.

    With initial weights, context and lateral currents are near zero. If they share one bin, they carry no information for the goal: all
    atoms with them vanish, and so do the gradients. The images are presented only if there are such bins; nothing is learned from them.

    Warns:
        BlindSourceWarning: for each layer in which, for more than half of the neurons, one bin holds at least 95 % of a source's currents.
    """
    network = classifier.network
    if not any(_has_no_edge_at_zero(binning) for goal in network.goals.values() for binning in goal.binnings):
        return
    presented = classifier.present(images, labels, generator)
    for name, goal in network.goals.items():
        of_each_source = zip(goal.goal.sources, goal.currents(presented[name]), goal.binnings, strict=True)
        blind = [(s, b) for s, current, b in of_each_source if _has_no_edge_at_zero(b) and _share_of_blind_neurons(current, b) > 0.5]
        if blind:
            warnings.warn(
                f"{blind[0][1].description} have no edge at zero, where untrained currents are concentrated: in most "
                f"neurons of layer {name!r}, a single bin holds nearly all currents of {' and '.join(s for s, _ in blind)}. The goal cannot see them "
                "there, and little or nothing may be learned. Choose bins with an edge at zero, such as an even number over a symmetric range.",
                BlindSourceWarning,
                stacklevel=2,
            )


def _has_no_edge_at_zero(binning: Binning) -> bool:
    # A single bin leaves a source out on purpose.
    return binning.num_bins > 1 and not binning.has_edge_at_zero


def _share_of_blind_neurons(current: Float[Tensor, "batch neurons"], binning: Binning) -> float:
    index = binning(current)
    in_commonest = (index == index.mode(dim=0).values).double().mean(0)
    return float((in_commonest >= _MOST_IN_ONE_BIN).double().mean())
