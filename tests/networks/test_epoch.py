"""One epoch: batches, signs, and generators."""

import torch

from infomorphic.networks.epoch import batches, suitable_batch_size, train_epoch
from infomorphic.networks.optimizer import adam
from infomorphic.seeding import generator_for
from infomorphic.training.preset import preset


def test_a_last_batch_of_one_joins_the_one_before():
    assert [len(b) for b in batches(torch.arange(9), 4)] == [4, 5]
    assert [len(b) for b in batches(torch.arange(10), 4)] == [4, 4, 2]
    assert [len(b) for b in batches(torch.arange(3), 4)] == [3]
    assert [len(b) for b in batches(torch.arange(1), 4)] == [1]


def test_every_sample_is_presented_once_in_the_order_given():
    settings = preset("setup-1").settings(hidden=4)
    network = preset("setup-1").build(settings, 3, 2, generator_for(0, "weights"))
    images = torch.arange(30.0).reshape(10, 3)
    seen = []
    learn = network.learn
    network.learn = lambda x, y, g: (seen.append((x, y)), learn(x, y, g))[1]
    order = torch.tensor([3, 1, 4, 0, 5, 9, 2, 6, 8, 7])
    labels = torch.arange(10) % 2
    parts: list[float] = []
    optimizer = adam(network.network.layers, settings.optimizers())
    accuracy = train_epoch(network, optimizer, images, labels, order, 4, generator_for(0, "outputs"), parts.append)
    assert parts == [0.4, 0.8, 1.0]
    assert torch.equal(torch.cat([x for x, _ in seen]), images[order])
    assert torch.equal(torch.cat([y for _, y in seen]), labels[order])
    assert [len(x) for x, _ in seen] == [4, 4, 2]
    assert 0 <= accuracy <= 1


def test_the_batch_size_where_none_is_set():
    # 80 % of digits, of MNIST and of CIFAR-10; then the smallest set for the published size, and the smallest possible one.
    assert [suitable_batch_size(n) for n in (1150, 48_000, 40_000, 16_384, 16_383, 1024, 500, 20)] == [
        64,
        1024,
        1024,
        1024,
        512,
        64,
        32,
        32,
    ]
    assert len(batches(torch.arange(1150), suitable_batch_size(1150))) == 18
