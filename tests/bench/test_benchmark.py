"""What the timed steps compute. How long they take is for `infomorphic bench`."""

import pytest
import torch
from torch import nn

from infomorphic.bench import benchmark, limits
from infomorphic.bench.networks import PlainTorch, relu
from infomorphic.bench.start import start_seconds
from infomorphic.errors import ConfigurationError, RunError
from infomorphic.layers import InfomorphicLayer
from infomorphic.layers.sampling import sample_outputs
from infomorphic.networks.backprop import Backpropagated
from infomorphic.training import preset


@pytest.fixture(autouse=True)
def quick_limits(monkeypatch):
    monkeypatch.setattr(limits, "_SIDE", 32)
    monkeypatch.setattr(limits, "_COPIED", 2**10)


def test_the_default_preset_is_compared_with_everything():
    found = benchmark(hidden=3, batch=64, repeats=1)
    assert (found.preset, found.hidden, found.batch) == ("setup-1", 3, 64)
    times = (found.step_ms, found.goal_gradient_ms, found.relu_step_ms, found.dense_step_ms, found.backprop_step_ms)
    assert all(ms is not None and ms > 0 for ms in (*times, found.backprop_sharing_step_ms, found.feedforward_backprop_step_ms))
    assert [part.name for part in found.parts] == ["matrix products", "goal and gradient", "optimizer"]
    assert all(part.rate > 0 and part.limit > 0 for part in found.parts)
    assert found.cold_start_s is None


def test_what_a_preset_does_not_have_is_not_measured():
    found = benchmark("backprop", 3, 64, repeats=1)
    assert found.relu_step_ms
    assert (found.goal_gradient_ms, found.dense_step_ms, found.backprop_step_ms, found.occupied_cells) == (None,) * 4
    with pytest.raises(ConfigurationError, match="hidden"):
        benchmark("readout", 3)


def test_a_task_of_its_own_data_is_timed_per_step_of_its_optimizer():
    found = benchmark("bars", 4, 5000, repeats=1)  # 10,000 images
    assert (found.hidden, found.batch) == (4, 5000)
    assert found.goal_gradient_ms
    assert found.relu_step_ms


def test_an_ordinary_network_has_the_widths_of_the_layers():
    sizes = [(layer.in_features, layer.out_features) for layer in relu(7, [5, 4], 3) if isinstance(layer, nn.Linear)]
    assert sizes == [(7, 5), (5, 4), (4, 3)]


def test_a_training_that_fails_has_no_start():
    with pytest.raises(RunError, match="there is no preset 'setup-9'"):
        start_seconds(["setup-9"], repeats=1)


def test_each_warm_start_has_the_cache_of_the_cold_start_before(monkeypatch, tmp_path):
    command = tmp_path / "python"
    command.write_text(f"#!/bin/sh\necho $NUMBA_CACHE_DIR >> {tmp_path}/caches\nsleep 0.02\necho 'epoch 1/1  goal 0.1 bit' >&2\n")
    command.chmod(0o755)
    monkeypatch.setattr("sys.executable", str(command))
    found = start_seconds(["setup-1"], repeats=2)
    assert found.cold > 0
    assert found.warm > 0
    first, second, third, fourth = (tmp_path / "caches").read_text().split()
    assert first == second != third == fourth


def test_plain_torch_has_the_gradients_of_the_network_that_it_is_compared_with(monkeypatch):
    """With the same weights and draws."""
    draw = torch.Generator().manual_seed(0)
    images, labels = torch.randn(32, 784, generator=draw), torch.arange(32) % 10
    ours = Backpropagated(preset("setup-1").build(preset("setup-1").settings(hidden=6), 784, 10, draw).network, 10)
    plain = PlainTorch(784, 6, 10, 2)
    pairs = [(ours.network.layers["readout"].connections["F"], plain.layers["readout"])]
    hidden = ours.network.layers["hidden"]
    assert isinstance(hidden, InfomorphicLayer)
    pairs += [(hidden.connections[source], plain.layers["hidden"][source]) for source in "FCL"]
    for theirs, copy in pairs:
        copy.load_state_dict({"weight": theirs.weight.detach(), "bias": theirs.bias.detach()})

    ours.learn(images, labels, torch.Generator().manual_seed(1))
    monkeypatch.setattr(torch, "bernoulli", lambda p, generator: (sample_outputs(p, generator) + 1) / 2)
    currents = plain(images, nn.functional.one_hot(labels, 10).float(), torch.Generator().manual_seed(1))
    nn.functional.cross_entropy(currents.sigmoid(), labels).backward()
    for theirs, copy in pairs:
        torch.testing.assert_close(copy.weight.grad, theirs.weight.grad)
        torch.testing.assert_close(copy.bias.grad, theirs.bias.grad)
        assert copy.weight.grad.abs().max() > 1e-4  # there to be missed
