"""Torch models whose linear layers become local layers."""

import copy

import pytest
import torch
from torch import nn

from infomorphic.errors import ConfigurationError, InfomorphicWarning
from infomorphic.estimation import FixedRange
from infomorphic.goals import Goal
from infomorphic.layers import AllOthers, AllToAll, InfomorphicLayer
from infomorphic.networks import InfomorphicNetwork, Wiring, convert


def model():
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(6, 8), nn.ReLU(), nn.Linear(8, 3))


def batch():
    generator = torch.Generator().manual_seed(1)
    return torch.randn(64, 6, generator=generator), torch.randint(3, (64,), generator=generator)


def test_the_model_keeps_its_weights_and_is_not_changed():
    before = model()
    local = convert(before, classes=3)
    assert [type(m) for m in before] == [nn.Linear, nn.ReLU, nn.Linear]
    assert list(local.local_layers) == ["0"]
    driving = local.local_layers["0"].layer.connection("F")
    assert torch.equal(driving.dense_weight(), before[0].weight)
    assert torch.equal(driving.bias, before[0].bias)
    assert torch.equal(local.model[2].weight, before[2].weight)


@pytest.mark.parametrize(
    ("goal", "sources"), [("{F}{C} - {F}{L}", "FCL"), ("context/heuristic", "FC"), (Goal.parse("{F}", sources="FL"), "FL")]
)
def test_each_neuron_ascends_its_goal_as_in_a_network(goal, sources):
    images, labels = batch()
    torch.manual_seed(2)
    local = convert(model(), goal=goal, classes=3 if "C" in sources else None)
    layer = local.local_layers["0"].layer
    connectivity = {"F": AllToAll(6), "C": AllToAll(3), "L": AllOthers()}
    origins = {"F": "input", "C": "label", "L": "hidden"}
    same = InfomorphicLayer(8, {s: connectivity[s] for s in sources})
    same.load_state_dict(layer.state_dict())
    wiring = Wiring({s: origins[s] for s in sources}, Goal.resolve(goal), FixedRange())
    network = InfomorphicNetwork({"hidden": same}, {"hidden": wiring}, presentations=2 if "L" in sources else 1)
    torch.manual_seed(3)
    network.learn({"input": images, "label": nn.functional.one_hot(labels, 3).float()})
    torch.manual_seed(3)
    local(images, labels=labels)
    (-local.goal()).backward()
    for name, parameter in layer.named_parameters():
        torch.testing.assert_close(parameter.grad, same.get_parameter(name).grad, rtol=1e-4, atol=1e-7)


def test_no_gradient_passes_through_a_local_layer():
    images, labels = batch()
    images.requires_grad_()
    local = convert(model(), classes=3)
    nn.functional.cross_entropy(local(images, labels=labels), labels).backward()
    assert images.grad is None
    assert local.model[2].weight.grad is not None
    assert all(p.grad is None for p in local.local_layers["0"].parameters())
    local.goal().backward()
    assert all(p.grad is not None for p in local.local_layers["0"].parameters())
    assert images.grad is None


def test_in_evaluation_the_label_is_withheld_and_nothing_is_random():
    images, labels = batch()
    local = convert(model(), classes=3).eval()
    assert torch.equal(local(images), local(images))
    assert torch.equal(local(images, labels=labels), local(images))
    with torch.no_grad():
        output = local.local_layers["0"](images)
    assert ((output > -1) & (output < 1)).all()
    local.train()
    assert set(local.local_layers["0"].network.present({"input": images})["neurons"].output.unique().tolist()) == {-1.0, 1.0}


def test_the_loop_of_the_guide_learns():
    torch.manual_seed(0)
    labels = torch.arange(300) % 3
    images = torch.randn(3, 6)[labels] + 0.5 * torch.randn(300, 6)
    local = convert(model(), classes=3)
    optimizer = torch.optim.Adam(local.parameters(), lr=1e-2)
    for _ in range(60):
        loss = nn.functional.cross_entropy(local(images, labels=labels), labels) - local.goal()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    terms = local.local_layers["0"].terms()
    assert local.goal().item() == pytest.approx((terms["{F}{C}"] - terms["{F}{L}"]).sum().item(), rel=1e-4, abs=1e-5)
    assert (local.eval()(images).argmax(1) == labels).float().mean() > 0.9


def test_a_model_can_be_copied_and_saved_after_a_batch(tmp_path):
    images, labels = batch()
    local = convert(model(), classes=3)
    local(images, labels=labels)
    twin = copy.deepcopy(local).eval()
    torch.save(local.state_dict(), tmp_path / "weights.pt")
    again = convert(model(), classes=3)
    again.load_state_dict(torch.load(tmp_path / "weights.pt"))
    assert torch.equal(again.eval()(images), twin(images))


def test_several_layers_inside_a_module():
    class Own(nn.Module):
        def __init__(self):
            super().__init__()
            self.body = nn.Sequential(nn.Linear(6, 5), nn.Tanh(), nn.Linear(5, 4))
            self.head = nn.Linear(4, 3)

        def forward(self, x):
            return self.head(self.body(x))

    images, labels = batch()
    local = convert(Own(), ["body.0", "body.2"], classes=3)
    assert list(local.local_layers) == ["body.0", "body.2"]
    assert local(images, labels=labels).shape == (64, 3)
    assert torch.isfinite(local.goal())


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"layers": ["1"]}, r"`layers` must name linear layers of the model \(0, 2\); got '1'"),
        ({"layers": []}, "at least one linear layer of the model; got none"),
        ({}, "`classes` must be the number of classes, at least 2, because the goal has the source C; got None"),
        ({"goal": "{C}", "classes": 3}, "`goal` must have the source F and no others than F, C and L; its sources are C"),
    ],
)
def test_what_does_not_fit_is_refused(options, message):
    with pytest.raises(ConfigurationError, match=message):
        convert(model(), **options)


def test_a_model_of_one_layer_has_none_to_convert():
    with pytest.raises(ConfigurationError, match="all but the last become local, and there are fewer than two"):
        convert(nn.Linear(3, 2), classes=2)


def test_layers_that_would_not_be_trained_are_named():
    deep = nn.Sequential(nn.Linear(6, 5), nn.ReLU(), nn.Linear(5, 4), nn.ReLU(), nn.Linear(4, 3))
    with pytest.warns(InfomorphicWarning, match="no gradient passes through a local layer, so 0 will not be trained"):
        convert(deep, ["2"], classes=3)


def test_training_needs_labels_and_the_goal_a_batch():
    local = convert(model(), classes=3)
    with pytest.raises(ConfigurationError, match="the goal is that of a batch"):
        local.goal()
    with pytest.raises(ConfigurationError, match="`labels` must be given in training mode"):
        local(batch()[0])


def test_inputs_of_another_shape_are_refused():
    with pytest.raises(ConfigurationError, match=r"must have shape \(batch, features\); got \(2, 5, 6\)"):
        convert(model(), classes=3)(torch.zeros(2, 5, 6), labels=torch.tensor([0, 1]))
