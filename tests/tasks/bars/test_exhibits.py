"""What a report shows of neurons that learned bars."""

import torch

from infomorphic.tasks.bars import Bars, Unsupervised, build
from infomorphic.tasks.bars.exhibits import exhibits
from infomorphic.tasks.bars.preset import LAYER
from infomorphic.training.development import Development, Snapshot


def test_images_neurons_and_fields_over_the_epochs():
    data, generator = Bars(size=3), torch.Generator().manual_seed(0)
    network = build(Unsupervised(neurons=4), data.num_pixels, generator)
    development = Development()
    for epoch in (1, 2):
        development = development.with_record(epoch, {LAYER: Snapshot(torch.randn(4, 9, generator=generator))})
    images, neurons, films = exhibits(data, 0, network, development, [{"epoch": 1, "bits_correct": 0.75}])
    assert {tuple(picture.weights.shape) for picture in images.pictures} == {(3, 3)}
    assert len(neurons.pictures) == 4
    assert [picture.caption for picture in neurons.pictures].count("no bar") == 1
    (frames,) = films.films.values()
    assert [frame.title for frame in frames] == ["epoch 1: 75.00 % of the bits right", "epoch 2"]
    assert [picture.title for picture in frames[0].pictures] == list("0123")
    weights = frames[1].pictures[2].weights
    assert float(weights.abs().max()) == 127  # 8 bits, relative to the strongest weight


def test_a_run_without_development_has_no_film():
    network = build(Unsupervised(neurons=3), 9, torch.Generator().manual_seed(0))
    assert [exhibit.title for exhibit in exhibits(Bars(size=3), 0, network, Development(), [])] == ["Images", "Neurons"]
