"""A source that the goal cannot see triggers a warning."""

import warnings
from dataclasses import replace

import pytest
import torch

from infomorphic.errors import BlindSourceWarning
from infomorphic.estimation import LargestMagnitude
from infomorphic.networks import Classifier, InfomorphicNetwork
from infomorphic.networks.blind_sources import warn_of_blind_sources
from infomorphic.networks.stacked import Stack
from own_binnings import OwnFixed


def look(**settings):
    generator = torch.Generator().manual_seed(0)
    classifier = Stack((40,), **settings).build(30, 10, generator)
    labels = torch.arange(400) % 10
    warn_of_blind_sources(classifier, torch.randn(400, 30, generator=generator), labels, generator)


@pytest.mark.parametrize(("bins", "bin_range"), [(21, None), (19, None), (10, (0.0, 20.0)), (5, (-20.0, 25.0))])
def test_context_in_one_bin_is_warned_of(bins, bin_range):
    # Initial weights and biases of ten labels are within ±1/√10, so the context is within ±0.64.
    with pytest.warns(
        BlindSourceWarning, match=rf"{bins} bins over .* have no edge at zero.* 'hidden', a single bin holds nearly all currents of .*C"
    ) as caught:
        look(bins=bins, bin_range=bin_range)
    assert len(caught) == 1


@pytest.mark.parametrize(
    ("bins", "bin_range"),
    [
        (20, None),
        (2, None),
        (5, (-20.0, 5.0)),  # an edge at zero without symmetry
        (81, None),  # narrow enough: context reaches several bins
        (21, (-2.0, 2.0)),
        (1, None),  # leaves all sources out on purpose
    ],
)
def test_context_in_several_bins_is_not(bins, bin_range):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        look(bins=bins, bin_range=bin_range)


def test_bins_that_follow_the_batch_are_not_warned_of():
    network = Stack((20,)).build(30, 10, torch.Generator().manual_seed(0))
    layers, wiring = dict(network.network.layers.items()), dict(network.network.wiring)
    wiring["hidden"] = replace(wiring["hidden"], binning=LargestMagnitude(21))
    following = Classifier(InfomorphicNetwork(layers, wiring, presentations=2), 10)
    images = torch.randn(50, 30, generator=torch.Generator().manual_seed(1))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warn_of_blind_sources(following, images, torch.arange(50) % 10, torch.Generator().manual_seed(2))


def test_two_sources_are_looked_at_too():
    with pytest.warns(BlindSourceWarning, match="21 bins"):
        look(bins=21, lateral=None)
    # The input from 39 neighbors spreads over more than one bin.
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        look(bins=21, context=None)


def test_context_from_the_readout_and_stacks_are_looked_at():
    with pytest.warns(BlindSourceWarning, match="'hidden'"):
        look(bins=5, context="readout")
    generator = torch.Generator().manual_seed(0)
    stack = Stack((20, 20), bins=21).build(30, 10, generator)
    with pytest.warns(BlindSourceWarning) as caught:
        warn_of_blind_sources(stack, torch.randn(50, 30, generator=generator), torch.arange(50) % 10, generator)
    assert [name for name in ("hidden1", "hidden2") if any(repr(name) in str(w.message) for w in caught)] == ["hidden1", "hidden2"]


def test_bins_from_outside_say_whether_they_have_an_edge_at_zero():
    generator = torch.Generator().manual_seed(0)
    classifier = Stack((40,)).build(30, 10, generator)
    labels, images = torch.arange(400) % 10, torch.randn(400, 30, generator=generator)
    network = classifier.network
    wide = dict.fromkeys("FCL", OwnFixed(3))
    wiring = {**network.wiring, "hidden": replace(network.wiring["hidden"], binning=wide)}
    own = Classifier(InfomorphicNetwork({p.name: p.layer for p in network.placed()}, wiring), 10)
    with pytest.warns(BlindSourceWarning, match="3 bins have no edge at zero"):
        warn_of_blind_sources(own, images, labels, generator)
