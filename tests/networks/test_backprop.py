"""The backpropagation benchmark, against its gradients written out."""

from typing import Literal

import pytest
import torch

from infomorphic.errors import ConfigurationError
from infomorphic.layers.sampling import sample_outputs
from infomorphic.networks.backprop import LossOf, by_backpropagation
from infomorphic.networks.stacked import Stack
from infomorphic.tasks.classification.presets import backprop
from infomorphic.training import preset
from infomorphic.training.config import TrainConfig

X = torch.randn(64, 6, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
LABELS = torch.arange(64) % 3


def made(loss_of: LossOf = "outputs", sources: Literal["FCL", "F"] = "FCL", silence: Literal[-1, 0] = -1):
    settings = backprop.Settings(hidden=5, loss_of=loss_of, sources=sources, silence=silence)
    return backprop.build(settings, 6, 3, torch.Generator().manual_seed(1)).double()


def fired(activation, silence, draw):
    """Outputs that have the gradient of their expectation."""
    theta = torch.sigmoid(activation)
    fires = sample_outputs(theta.detach(), draw) > 0
    return torch.where(fires, 1.0, silence) + (1 - silence) * (theta - theta.detach())


@pytest.mark.parametrize("silence", [0, -1])
@pytest.mark.parametrize("sources", ["FCL", "F"])
@pytest.mark.parametrize("loss_of", ["outputs", "currents"])
def test_gradients_are_those_of_the_formula(loss_of: LossOf, sources: Literal["FCL", "F"], silence: Literal[-1, 0]):
    model = made(loss_of, sources, silence)
    probabilities = model.learn(X, LABELS, torch.Generator().manual_seed(2))
    hidden, readout = (model.network.layers[name].connections for name in ("hidden", "readout"))

    draw = torch.Generator().manual_seed(2)
    f = X @ hidden["F"].weight.T + hidden["F"].bias
    if sources == "F":
        outputs = fired(f, silence, draw)
    else:
        c = torch.eye(3, dtype=torch.float64)[LABELS] @ hidden["C"].weight.T + hidden["C"].bias
        weight, lateral = hidden["L"].weight * (1 - torch.eye(5)), hidden["L"].bias
        for _ in range(2):
            outputs = fired(f * (0.8 + 0.1 * torch.sigmoid(2 * f * c) + 0.1 * torch.sigmoid(2 * f * lateral)), silence, draw)
            lateral = outputs @ weight.T + hidden["L"].bias
    z = outputs @ readout["F"].weight.T + readout["F"].bias
    torch.testing.assert_close(probabilities, torch.softmax(z, -1))
    if loss_of == "outputs":
        z = torch.sigmoid(z)
    loss = -(z.gather(1, LABELS[:, None]).squeeze(1) - z.exp().sum(1).log()).mean()
    parameters = [p for layer in (hidden, readout) for connection in layer.values() for p in (connection.weight, connection.bias)]
    assert len(parameters) == 2 * len(sources) + 2 == len(list(model.parameters()))
    taken = model.take_mean_loss()
    assert taken is not None
    assert abs(taken - float(loss.detach())) < 1e-9
    for p, expected in zip(parameters, torch.autograd.grad(loss, parameters), strict=True):
        torch.testing.assert_close(p.grad, expected)
        assert expected.abs().max() > 1e-5  # there to be missed


def test_the_architecture_is_that_of_setup_1():
    theirs = preset("setup-1").build(preset("setup-1").settings(hidden=5), 6, 3, torch.Generator().manual_seed(1)).network
    ours = made().network
    assert ours.presentations == theirs.presentations
    assert ours.wiring["hidden"].sources == theirs.wiring["hidden"].sources
    assert ours.layers["hidden"].activation == theirs.layers["hidden"].activation
    assert {k: p.shape for k, p in ours.named_parameters()} == {k: p.shape for k, p in theirs.named_parameters()}


def test_predictions_stay_apart_where_outputs_saturate():
    """Two outputs that are both one in float64 are two different currents."""
    model = made()
    readout = model.network.layers["readout"].connections["F"]
    with torch.no_grad():
        readout.weight.zero_()
        readout.bias.copy_(torch.tensor([40.0, 50.0, 0.0]))
    assert torch.sigmoid(readout.bias)[0] == torch.sigmoid(readout.bias)[1]
    assert model.predict_proba(X, torch.Generator().manual_seed(0)).argmax(1).eq(1).all()


def test_the_loss_is_a_setting():
    assert TrainConfig.make({"preset": "backprop"}).network.loss_of == "outputs"
    assert TrainConfig.make({"preset": "backprop", "network": {"loss_of": "currents"}}).network.loss_of == "currents"
    with pytest.raises(ConfigurationError, match="loss_of"):
        TrainConfig.make({"preset": "backprop", "network": {"loss_of": "nothing"}})


def test_the_mean_loss_is_that_since_it_was_last_taken():
    model, draw = made(), torch.Generator().manual_seed(0)
    assert model.take_mean_loss() is None
    losses = []
    for size in (16, 48):
        model.learn(X[:size], LABELS[:size], draw)
        losses.append(model.take_mean_loss())
    draw.manual_seed(0)
    for size in (16, 48):
        model.learn(X[:size], LABELS[:size], draw)
    assert model.take_mean_loss() == pytest.approx((16 * losses[0] + 48 * losses[1]) / 64)
    assert model.take_mean_loss() is None


def test_any_network_can_be_trained_by_backpropagation_with_the_gradients_of_the_benchmark():
    """Setup 1 is the benchmark's network, so the same weights and draws give the same gradients."""
    chosen = preset("setup-1")
    network = chosen.build(chosen.settings(hidden=5), 6, 3, torch.Generator().manual_seed(1)).double()
    ours, theirs = by_backpropagation(network), made("currents", silence=-1)
    theirs.network.load_state_dict(ours.network.state_dict(), strict=False)
    found = [m.learn(X, LABELS, torch.Generator().manual_seed(2)) for m in (ours, theirs)]
    assert torch.equal(*found)
    wanted = dict(theirs.network.named_parameters())
    for name, parameter in ours.network.named_parameters():
        assert torch.equal(parameter.grad, wanted[name].grad), name
        assert parameter.grad.abs().max() > 1e-5
    assert ours.take_mean_loss() == theirs.take_mean_loss()
    assert list(ours.network.goals) == ["hidden", "readout"]  # still measured


def test_the_loss_reaches_every_layer_of_a_stack_and_leaves_fixed_layers_alone():
    stack = by_backpropagation(Stack((5, 4, 3), lateral=2).build(6, 3, torch.Generator().manual_seed(0)))
    stack.learn(X.float(), LABELS, torch.Generator().manual_seed(0))
    for name, parameter in stack.network.named_parameters():
        assert parameter.grad is not None, name
        assert parameter.grad.abs().max() > 0, name
    chosen = preset("random-projection")
    fixed = by_backpropagation(chosen.build(chosen.settings(hidden=5), 6, 3, torch.Generator().manual_seed(0)))
    fixed.learn(X.float(), LABELS, torch.Generator().manual_seed(0))
    assert {name.split(".")[1] for name, parameter in fixed.network.named_parameters() if parameter.grad is not None} == {"readout"}


def test_relu_is_the_ordinary_network():
    chosen = preset("relu")
    ours = chosen.build(chosen.settings(hidden=5), 6, 3, torch.Generator().manual_seed(0)).double()
    theirs = torch.nn.Sequential(torch.nn.Linear(6, 5), torch.nn.ReLU(), torch.nn.Linear(5, 3)).double()
    with torch.no_grad():
        for mine, other in zip(ours.parameters(), theirs.parameters(), strict=True):
            other.copy_(mine)
    ours.learn(X, LABELS)
    torch.nn.functional.cross_entropy(theirs(X), LABELS).backward()
    for mine, other in zip(ours.parameters(), theirs.parameters(), strict=True):
        torch.testing.assert_close(mine.grad, other.grad)
        assert mine.grad.abs().max() > 1e-4
    torch.testing.assert_close(ours.predict_proba(X), theirs(X).softmax(-1).detach())
