"""A divided network learns, answers and is saved to the same bits as the whole one. Here its parts are in threads of one process."""

import threading
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any

import pytest
import torch

from infomorphic.errors import ConfigurationError
from infomorphic.layers import AllToAll, InfomorphicLayer, Ternary
from infomorphic.networks.network import Classifier, InfomorphicNetwork, Wiring
from infomorphic.networks.optimizer import adam
from infomorphic.networks.stacked import Stack
from infomorphic.parallel import Processes, divide
from infomorphic.training import TrainConfig
from infomorphic.training.optimizer import state_tensors
from infomorphic.training.recording import information_of_layers, receptive_fields, self_cosine_distance, snapshots

INPUTS, CLASSES, BATCH = 30, 3, 27
STACK = Stack(hidden_layer_sizes=(101,), lateral=10)


@dataclass(frozen=True)
class InThread(Processes):
    """The processes of a training as threads of one."""

    table: Any = None

    def collected(self, values, lengths):
        places, barrier = self.table
        assert len(values) == lengths[self.rank]
        places[self.rank] = values.clone()
        barrier.wait(60)
        found = list(places)
        barrier.wait(60)
        return found

    def collected_by_first(self, values, lengths):
        found = self.collected(values, lengths)
        return found if self.rank == 0 else []


@pytest.fixture(autouse=True)
def one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def seeded():
    return torch.Generator().manual_seed(3)


def tensors(classifier, optimizer):
    return {f"network.{name}": t for name, t in classifier.state_dict().items()} | {
        f"optimizer.{name}": t for name, t in state_tensors(optimizer).items()
    }


def learned(classifier, optimizer, steps=3):
    """What a training returns, records and saves."""
    images, labels, outputs = torch.randn(BATCH, INPUTS, generator=seeded()), torch.arange(BATCH) % CLASSES, seeded()
    before, seen = receptive_fields(classifier.network), []
    for _ in range(steps):
        optimizer.zero_grad()
        seen.append(classifier.learn(images, labels, outputs))
        optimizer.step()
    fields = receptive_fields(classifier.network)
    classifier.settle_signs_by_label(images, labels)
    seen += [classifier.predict_proba(images, outputs), classifier.predict_proba(images, inference="expected")]
    turned = self_cosine_distance(before, fields, classifier.network.exchange)
    shown = {name: s.fields for name, s in snapshots(classifier.network, fields, {}).items()}
    terms = information_of_layers(classifier.network, classifier.present(images, labels, outputs))
    exchange = classifier.network.exchange
    saved = tensors(classifier, optimizer)
    return seen, turned, shown, terms, exchange.whole(saved) if hasattr(exchange, "whole") else saved


def learned_in_parts(classifier, optimizer, size):
    """What process 0 of a divided training has."""
    table = [None] * size, threading.Barrier(size)
    # Together, since they share parameters.
    copies = [deepcopy((classifier, optimizer)) for _ in range(size)]
    found, errors = {}, []

    def train(rank):
        own, its_optimizer = copies[rank]
        try:
            divide(own, its_optimizer, InThread(rank, size, None, table))
            found[rank] = learned(own, its_optimizer)
        except BaseException as error:
            table[1].abort()
            errors.append(error)

    threads = [threading.Thread(target=train, args=(rank,)) for rank in range(size)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for error in errors:
        raise error
    for other in range(1, size):
        assert_same(found[0][:4], found[other][:4])
        assert found[other][4] == {}
    return found[0]


def assert_same(one, other):
    assert type(one) is type(other)
    if isinstance(one, torch.Tensor):
        assert torch.equal(one, other)
    elif isinstance(one, dict):
        assert list(one) == list(other)
        assert_same(list(one.values()), list(other.values()))
    elif isinstance(one, list | tuple):
        assert len(one) == len(other)
        for a, b in zip(one, other, strict=True):
            assert_same(a, b)
    else:
        assert one == other


def built(stack):
    classifier = stack.build(INPUTS, CLASSES, seeded())
    return classifier, adam(classifier.network.layers, stack.optimizers())


@pytest.mark.parametrize(
    ("stack", "size"),
    [
        (STACK, 2),
        (STACK, 3),
        (replace(STACK, lateral="all"), 3),
        (replace(STACK, context="readout"), 2),
        (replace(STACK, context=None), 2),
        (replace(STACK, hidden_layer_sizes=(40, 33), hidden_bias=False), 2),
    ],
    ids=["two", "three", "all lateral connections", "feedback", "no context", "two layers"],
)
def test_parts_learn_what_the_whole_learns(stack, size):
    classifier, optimizer = built(stack)
    learned(classifier, optimizer, 1)  # so that a state of the optimizer is divided too
    whole = deepcopy((classifier, optimizer))
    assert_same(learned(*whole), learned_in_parts(classifier, optimizer, size))


def refused(classifier, size=2):
    with pytest.raises(ConfigurationError) as error:
        divide(classifier, torch.optim.Adam(classifier.parameters()), Processes(0, size))
    return str(error.value)


def test_more_processes_than_blocks_of_neurons_are_refused():
    assert refused(built(STACK)[0], 7) == (
        "`processes` must be at most 6, since each needs at least 16 of the 101 neurons of layer 'hidden'; got 7."
    )


def test_outputs_that_are_not_binary_are_refused():
    hidden = InfomorphicLayer(64, {"F": AllToAll(INPUTS)}, alphabet=Ternary())
    readout = InfomorphicLayer(CLASSES, {"F": AllToAll(64)})
    network = InfomorphicNetwork(
        {"hidden": hidden, "readout": readout}, {"hidden": Wiring({"F": "input"}), "readout": Wiring({"F": "hidden"})}
    )
    assert "the outputs of layer 'hidden' are not binary" in refused(Classifier(network, CLASSES))


@pytest.mark.parametrize(
    ("preset", "why"),
    [
        ("backprop", "a network of the kind Backpropagated needs more of the other neurons than their outputs"),
        ("readout", "the network has no hidden layer, whose neurons could be divided"),
        ("bars", "networks of the task 'bars' cannot be divided among processes"),
    ],
)
def test_what_cannot_be_divided_says_why(preset, why):
    config = TrainConfig.make({"preset": preset})
    task = config.task(config.sections, None)
    with pytest.raises(ConfigurationError, match=f"`processes` must be 1: {why}"):
        task.divide(Processes(0, 2))


def test_another_device_is_refused():
    classifier, _ = built(STACK)
    assert "`training.device` must be cpu" in refused(classifier.to("meta"))


def test_connections_of_another_kind_are_refused():
    from infomorphic.layers import OneToOne

    hidden = InfomorphicLayer(32, {"F": OneToOne()})
    network = InfomorphicNetwork(
        {"hidden": hidden, "readout": InfomorphicLayer(CLASSES, {"F": AllToAll(32)})},
        {"hidden": Wiring({"F": "input"}), "readout": Wiring({"F": "hidden"})},
    )
    assert refused(Classifier(network, CLASSES)) == "connections of the kind Fixed cannot be divided among processes."
