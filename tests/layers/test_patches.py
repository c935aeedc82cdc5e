"""Local receptive fields: patches of an image."""

import pytest
import torch

from infomorphic.errors import ConfigurationError
from infomorphic.layers import Patches


def built(shape=(5, 6), side=3, neurons=200, seed=0, **options):
    return Patches(shape, side, **options).build(neurons, torch.Generator().manual_seed(seed))


@pytest.mark.parametrize("shape", [(5, 6), (5, 6, 3)])
def test_each_neuron_receives_one_square_of_the_image(shape):
    module = built(shape)
    connected = (module.dense_weight() != 0).reshape(-1, *shape)
    places = set()
    for fields in connected:
        rows, columns = (fields.flatten(2).any(-1) if fields.ndim == 3 else fields).nonzero().unbind(1)
        top, left = int(rows.min()), int(columns.min())
        expected = torch.zeros(shape, dtype=torch.bool)
        expected[top : top + 3, left : left + 3] = True
        assert torch.equal(fields, expected)
        places.add((top, left))
    assert places == {(top, left) for top in range(3) for left in range(4)}  # all that fit, among 200 neurons
    assert module.input_shape == shape


def test_currents_and_gradients_are_those_of_the_dense_weight():
    module = built(neurons=7).double()
    x = torch.randn(9, 30, dtype=torch.float64, requires_grad=True)
    torch.testing.assert_close(module(x), x @ module.dense_weight().T + module.bias)
    torch.testing.assert_close(module.as_dense()(x), module(x))
    assert module(x).T.is_contiguous()
    assert torch.autograd.gradcheck(module, x)
    module(x).sum().backward()
    assert module.weight.grad is not None
    # d/dW_jk Σ_i current_ij = Σ_i x_ik, for the connected inputs alone.
    torch.testing.assert_close(module.weight.grad, x.detach().sum(0)[module.index])


def test_weights_are_initialized_by_the_size_of_the_patch():
    module = built(neurons=400)
    assert module.weight.shape == (400, 9)
    assert module.weight.abs().max() <= 1 / 3
    assert module.weight.std().item() == pytest.approx(1 / 3 / 3**0.5, rel=0.05)
    assert built(bias=False).bias is None


def test_the_seed_decides_the_positions():
    assert torch.equal(built().index, built().index)
    assert not torch.equal(built().index, built(seed=1).index)


def test_a_patch_of_the_whole_image_is_all_to_all():
    assert torch.equal(built((4, 4), 4, 3).index, torch.arange(16).expand(3, 16))


@pytest.mark.parametrize(
    ("shape", "side", "message"),
    [
        (30, 3, "patches need images"),
        ((30,), 3, "patches need images"),
        ((5, 6), 6, "at most 5, to fit into the image; got 6"),
        ((5, 6), 0, "at least 1"),
    ],
)
def test_patches_that_do_not_exist_are_refused(shape, side, message):
    with pytest.raises(ConfigurationError, match=message):
        built(shape, side)
