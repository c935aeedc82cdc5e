"""Networks that a user builds in a function."""

import pytest
import torch

from infomorphic.errors import ConfigurationError
from infomorphic.networks.settings import ClassifierSettings
from infomorphic.networks.stacked import Stack
from infomorphic.tasks.classification.own import OwnSettings, preset_of


def stack(inputs, num_classes, generator):
    return Stack((3,)).build(inputs, num_classes, generator)


def made(build, inputs=(2, 3), num_classes=4, **settings):
    preset = preset_of("own.py:build", build)
    return preset.build(preset.settings(**settings), inputs, num_classes, torch.Generator().manual_seed(0))


def test_a_function_that_asks_for_a_shape_gets_it_and_any_other_a_number():
    seen = []

    def of_shape(input_shape, num_classes, generator):
        seen.append(input_shape)
        return stack(input_shape, num_classes, generator)

    def of_number(num_inputs, num_classes, generator):
        seen.append(num_inputs)
        return stack(num_inputs, num_classes, generator)

    shaped, counted = made(of_shape), made(of_number)
    made(of_shape, inputs=6)
    assert seen == [(2, 3), 6, (6,)]
    assert shaped.network.layers["hidden"].connections["F"].input_shape == (2, 3)
    assert counted.network.layers["hidden"].connections["F"].input_shape == ()
    for one, other in zip(shaped.parameters(), counted.parameters(), strict=True):
        assert torch.equal(one, other)


def test_settings_are_those_that_the_function_names():
    class Mine(ClassifierSettings):
        size: int = 2

    def build(settings: Mine, num_inputs, num_classes, generator):
        return Stack((settings.size,)).build(num_inputs, num_classes, generator)

    preset = preset_of("own.py:build", build)
    assert preset.settings is Mine
    assert made(build, size=5).network.layers["hidden"].num_neurons == 5
    assert preset_of("own.py:stack", stack).settings is OwnSettings


def test_every_trained_layer_has_an_optimizer():
    network = made(stack)
    assert list(OwnSettings().optimizers_of(network.network.layers)) == ["hidden", "readout"]


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda num_inputs: None, r"own\.py:build must have the form build\(num_inputs, num_classes, generator\).*; it takes num_inputs"),
        (lambda settings, a, b: None, "it takes settings, a, b"),
        (lambda a, b, c: 3, "must return an InfomorphicNetwork or a Classifier; got a int"),
        (lambda a, b, c: stack(a, b + 1, c).network, "must have one neuron per class, 4; it has 5"),
    ],
)
def test_other_functions_are_refused(build, message):
    with pytest.raises(ConfigurationError, match=message):
        made(build)


def test_a_network_without_the_readout_names_its_layers():
    def build(a, b, c):
        return stack(a, b, c).network

    with pytest.raises(ConfigurationError, match="must have a layer 'top', one neuron per class; it has hidden, readout"):
        made(build, readout="top")
