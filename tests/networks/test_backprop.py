"""The backpropagation benchmark, against its gradients written out."""

import pytest
import torch

from infomorphic.errors import ConfigurationError
from infomorphic.layers.sampling import sample_outputs
from infomorphic.networks.backprop import LossOf
from infomorphic.networks.presets import backprop
from infomorphic.training.config import TrainConfig

X = torch.randn(64, 6, generator=torch.Generator().manual_seed(0))
LABELS = torch.arange(64) % 3


def made(loss_of: LossOf):
    return backprop.build(backprop.Settings(hidden=5, loss_of=loss_of), 6, 3, torch.Generator().manual_seed(1))


@pytest.mark.parametrize("loss_of", ["outputs", "currents"])
def test_gradients_are_those_of_the_formula(loss_of: LossOf):
    model = made(loss_of)
    probabilities = model.learn(X, LABELS, torch.Generator().manual_seed(2))
    hidden, readout = (model.network.layers[name].connections["F"] for name in ("hidden", "readout"))

    theta = torch.sigmoid(X @ hidden.weight.T + hidden.bias)
    outputs = sample_outputs(theta.detach(), torch.Generator().manual_seed(2))
    z = (outputs + 2 * (theta - theta.detach())) @ readout.weight.T + readout.bias
    torch.testing.assert_close(probabilities, torch.softmax(z, -1))
    if loss_of == "outputs":
        z = torch.sigmoid(z)
    loss = -(z.gather(1, LABELS[:, None]).squeeze(1) - z.exp().sum(1).log()).mean()
    parameters = [hidden.weight, hidden.bias, readout.weight, readout.bias]
    for p, expected in zip(parameters, torch.autograd.grad(loss, parameters), strict=True):
        torch.testing.assert_close(p.grad, expected)
        assert expected.abs().max() > 1e-4  # there to be missed


def test_predictions_stay_apart_where_outputs_saturate():
    """Two outputs that are both one in float32 are two different currents."""
    model = made("outputs")
    readout = model.network.layers["readout"].connections["F"]
    with torch.no_grad():
        readout.weight.zero_()
        readout.bias.copy_(torch.tensor([20.0, 30.0, 0.0]))
    assert torch.sigmoid(readout.bias)[0] == torch.sigmoid(readout.bias)[1]
    assert model.predict_proba(X, torch.Generator().manual_seed(0)).argmax(1).eq(1).all()


def test_the_loss_is_a_setting():
    assert TrainConfig.make({"preset": "backprop"}).network.loss_of == "outputs"
    assert TrainConfig.make({"preset": "backprop", "network": {"loss_of": "currents"}}).network.loss_of == "currents"
    with pytest.raises(ConfigurationError, match="loss_of"):
        TrainConfig.make({"preset": "backprop", "network": {"loss_of": "nothing"}})
