"""Networks: order, presentations, and that learning is local."""

import pytest
import torch

from infomorphic.errors import ConfigurationError
from infomorphic.estimation import FixedRange, LargestMagnitude, SoftRange
from infomorphic.goals import Goal
from infomorphic.layers import AllOthers, AllToAll, Binary, Bivariate, Feedforward, InfomorphicLayer, OneToOne
from infomorphic.layers.response import fire
from infomorphic.networks import InfomorphicNetwork, Wiring
from infomorphic.training.preset import preset, presets

Y = torch.arange(64) % 4
_NOISE = torch.Generator().manual_seed(5)
X = torch.randn(4, 12, generator=_NOISE)[Y] + 0.7 * torch.randn(64, 12, generator=_NOISE)


def build(name="setup-1", seed=0, **settings):
    module = preset(name)
    if "hidden" in module.settings.model_fields:
        settings.setdefault("hidden", 8)
    return module.build(module.settings(**settings), 12, 4, torch.Generator().manual_seed(seed))


def gradients(network):
    return {name: p.grad for name, p in network.named_parameters() if p.requires_grad}


@pytest.mark.parametrize("name", sorted(name for name, p in presets().items() if p.task.name == "classification"))
def test_every_preset_learns_and_predicts(name):
    network = build(name)
    firing_prob = network.learn(X, Y, torch.Generator().manual_seed(1))
    assert firing_prob.shape == (64, 4)
    trained = gradients(network)
    assert trained
    for name_, gradient in trained.items():
        assert gradient is not None, name_
        assert gradient.isfinite().all()
    assert any(g.abs().sum() > 0 for g in trained.values())
    for inference in ("sampled", "expected"):
        prob = network.predict_proba(X, torch.Generator().manual_seed(1), inference)
        assert prob.shape == (64, 4)
        assert ((prob >= 0) & (prob <= 1)).all()


@pytest.mark.parametrize("name", ["setup-1", "setup-2", "setup-3", "context", "lateral"])
def test_hidden_neurons_without_bias(name):
    parameters = dict(build(name, hidden_bias=False).named_parameters())
    assert [n for n in parameters if "bias" in n and ".readout." not in n] == []
    with_bias = dict(build(name).named_parameters())
    assert len([n for n in with_bias if "bias" in n and ".hidden." in n]) == len(
        [n for n in with_bias if "weight" in n and ".hidden." in n]
    )
    assert [n for n in parameters if ".readout." in n] == [n for n in with_bias if ".readout." in n]
    from_zero = dict(build(name, hidden_bias="zero").named_parameters())
    for n, p in with_bias.items():
        expected = torch.zeros_like(p) if ".hidden." in n and "bias" in n else p
        assert torch.equal(from_zero[n], expected), n


@pytest.mark.parametrize("name", ["setup-1", "setup-2", "setup-3", "context", "lateral", "random-projection", "readout"])
def test_the_goal_of_a_neuron_moves_its_own_weights_alone(name):
    # The gradient of one neuron's goal is exactly zero for every parameter of every other neuron and layer.
    network = build(name)
    inputs = network.inputs(X, Y)
    for layer_name, goal in network.network.goals.items():
        for neuron in (0, 3):
            network.zero_grad(set_to_none=True)
            presented = network.network.present(inputs, torch.Generator().manual_seed(1))
            goal(presented[layer_name])[neuron].backward()
            own = 0.0
            for parameter_name, parameter in network.network.named_parameters():
                if parameter.grad is None:
                    continue
                if not parameter_name.startswith(f"layers.{layer_name}."):
                    assert not parameter.grad.any(), parameter_name
                    continue
                others = torch.arange(len(parameter)) != neuron
                assert not parameter.grad[others].any(), parameter_name
                own += float(parameter.grad[neuron].abs().sum())
            assert own > 0


def test_learn_ascends_the_sum_of_all_goals():
    network = build()
    network.learn(X, Y, torch.Generator().manual_seed(1))
    from_learn = {k: g.clone() for k, g in gradients(network).items()}
    network.zero_grad()
    presented = network.network.present(network.inputs(X, Y), torch.Generator().manual_seed(1))
    (-sum(goal(presented[name]).sum() for name, goal in network.network.goals.items())).backward()
    for name, gradient in gradients(network).items():
        torch.testing.assert_close(from_learn[name], gradient, rtol=1e-4, atol=1e-6)


def test_steps_raise_the_goal():
    network = build(hidden=16)
    optimizer = torch.optim.Adam([p for p in network.parameters() if p.requires_grad], lr=0.02)
    goal = network.network.goals["hidden"]

    def value():
        with torch.no_grad():
            presented = network.network.present(network.inputs(X, Y), torch.Generator().manual_seed(9))
            return float(goal(presented["hidden"]).mean())

    before = value()
    for step in range(150):
        optimizer.zero_grad()
        network.learn(X, Y, torch.Generator().manual_seed(step))
        optimizer.step()
    assert value() > before + 0.05


def test_lateral_input_is_the_output_of_the_presentation_before():
    network = build().network
    seen = []
    network.layers["hidden"].connections["L"].register_forward_hook(lambda module, arguments, out: seen.append(arguments[0]))
    outputs = []
    network.layers["readout"].connections["F"].register_forward_hook(lambda module, arguments, out: outputs.append(arguments[0]))
    network.present({"input": X, "label": None}, torch.Generator().manual_seed(1))
    # The first presentation has no lateral input, and its readout feeds nobody: neither is computed.
    assert len(seen) == len(outputs) == 1
    assert set(seen[0].unique().tolist()) == {-1.0, 1.0}
    assert not torch.equal(seen[0], outputs[0])
    # The feedforward current is the same in both presentations and is computed once.
    counted = []
    network.layers["hidden"].connections["F"].register_forward_hook(lambda *_: counted.append(1))
    network.present({"input": X}, torch.Generator().manual_seed(1))
    assert len(counted) == 1


def test_feedback_is_the_readout_of_the_presentation_before():
    network = build("setup-3").network
    seen = []
    network.layers["hidden"].connections["C"].register_forward_hook(lambda module, arguments, out: seen.append(arguments[0]))
    network.present({"input": X}, torch.Generator().manual_seed(1))
    assert [s.shape for s in seen] == [(64, 4)]
    assert set(seen[0].unique().tolist()) == {-1.0, 1.0}


def test_silence_is_passed_on_as_minus_one_or_as_nothing():
    for silence, outputs in ((-1, {-1.0, 1.0}), (0, {0.0, 1.0})):
        network = build("backprop", silence=silence).network
        seen = []
        network.layers["readout"].connections["F"].register_forward_hook(
            lambda module, arguments, out, seen=seen: seen.append(arguments[0])
        )
        sampled = network({"input": X}, torch.Generator().manual_seed(1))["hidden"]
        assert set(seen[-1].unique().tolist()) == outputs
        assert sampled.output is seen[-1]
        expected = network({"input": X}, None, "expected")["hidden"]
        torch.testing.assert_close(expected.output, silence + (1 - silence) * expected.firing_prob)
    assert build("setup-1").network.layers["hidden"].alphabet == Binary(-1)


def test_more_presentations():
    network = build(presentations=4).network
    seen = []
    network.layers["hidden"].connections["L"].register_forward_hook(lambda *_: seen.append(1))
    network.present({"input": X}, torch.Generator().manual_seed(1))
    assert len(seen) == 3


def recurrent(presentations=1):
    generator = torch.Generator().manual_seed(0)
    layers = {
        "below": InfomorphicLayer(6, {"F": AllToAll(12), "C": AllToAll(4)}, Bivariate(), generator=generator),
        "above": InfomorphicLayer(4, {"F": AllToAll(6), "L": AllOthers()}, Bivariate(), generator=generator),
    }
    goal = Goal.parse("{F}{C}")
    wiring = {
        "below": Wiring({"F": "input", "C": "above"}, goal, LargestMagnitude()),
        "above": Wiring({"F": "below", "L": "above"}, Goal.parse("{F}{L}"), LargestMagnitude()),
    }
    return InfomorphicNetwork(layers, wiring, presentations)


def outputs(presented):
    return {name: p.output for name, p in presented.items()}


def test_presentations_are_steps_that_hand_on_their_state():
    # Two presentations are one presentation, and another one that starts from its outputs.
    whole = recurrent(presentations=2).present({"input": X}, torch.Generator().manual_seed(1))
    network, generator = recurrent(), torch.Generator().manual_seed(1)
    first = network.present({"input": X}, generator)
    second = network.present({"input": X}, generator, state=outputs(first))
    for name, presented in whole.items():
        assert torch.equal(presented.output, second[name].output)
        assert torch.equal(presented.firing_prob, second[name].firing_prob)
    assert not torch.equal(first["below"].firing_prob, second["below"].firing_prob)


def test_state_is_lateral_and_feedback_input():
    network = recurrent()
    state = {"below": -torch.ones(64, 6), "above": torch.ones(64, 4)}
    seen = {}
    for layer in ("below", "above"):
        for source, connection in network.layers[layer].connections.items():
            connection.register_forward_hook(lambda _, arguments, out, key=(layer, source): seen.update({key: arguments[0]}))
    presented = network({"input": X}, torch.Generator().manual_seed(1), state=state)
    assert seen["below", "C"] is state["above"]
    assert seen["above", "L"] is state["above"]
    # A feedforward arrow carries the current output of the layer below.
    assert seen["above", "F"] is presented["below"].output


def test_learning_over_time_moves_each_neuron_in_its_own_step_alone():
    network = recurrent()
    before = network.learn({"input": X}, torch.Generator().manual_seed(1))
    assert not any(p.output.requires_grad for p in before.values())
    network.zero_grad()
    network.learn({"input": X}, torch.Generator().manual_seed(2), outputs(before))
    lateral = network.layers["above"].connections["L"].weight.grad
    assert lateral.abs().sum() > 0


def test_a_network_can_run_on_from_its_state_alone():
    presented = recurrent()({}, torch.Generator().manual_seed(1), state={"above": torch.ones(3, 4)})
    assert presented["above"].output.shape == (3, 4)


@pytest.mark.parametrize(
    ("inputs", "state", "message"),
    [
        ({"input": None}, None, "at least one input or the `state` of a layer"),
        ({"input": X}, {"abov": torch.ones(64, 4)}, "got 'abov'. Did you mean 'above'"),
        ({"input": X}, {"above": torch.ones(64, 6)}, r"for layer 'above' of shape \(64, 4\); got \(64, 6\)"),
        ({"input": X}, {"above": torch.ones(32, 4)}, r"for layer 'above' of shape \(64, 4\); got \(32, 4\)"),
    ],
)
def test_states_that_do_not_fit(inputs, state, message):
    with pytest.raises(ConfigurationError, match=message):
        recurrent().present(inputs, state=state)


def test_expected_inference_is_deterministic_and_the_mean_of_samples_comes_close_to_it():
    network = build(hidden=64)
    expected = network.predict_proba(X, inference="expected")
    assert torch.equal(expected, network.predict_proba(X, inference="expected"))
    many = network.predict_proba(X, torch.Generator().manual_seed(0), samples=200)
    assert (many - expected).abs().mean() < 0.05


def test_a_prediction_does_not_depend_on_the_rest_of_the_batch():
    network = build()
    network.settle_signs(torch.tensor([0.9, 0.1, 0.6, 0.2]))
    assert network.inverted.tolist() == [True, False, True, False]
    whole = network.predict_proba(X, inference="expected")
    single = torch.cat([network.predict_proba(x[None], inference="expected") for x in X])
    torch.testing.assert_close(whole, single)


def test_inverted_neurons_are_turned_round():
    network = build()
    before = network.predict_proba(X, inference="expected")
    network.settle_signs(torch.tensor([0.9, 0.1, 0.1, 0.1]))
    after = network.predict_proba(X, inference="expected")
    torch.testing.assert_close(after[:, 0], 1 - before[:, 0])
    torch.testing.assert_close(after[:, 1:], before[:, 1:])


def test_the_label_is_withheld_at_prediction():
    network = build()
    seen = []
    network.network.layers["hidden"].connections["C"].register_forward_hook(lambda *_: seen.append(1))
    network.predict_proba(X)
    assert not seen


def test_a_random_projection_never_learns():
    network = build("random-projection")
    network.learn(X, Y, torch.Generator().manual_seed(1))
    assert all(p.grad is None and not p.requires_grad for p in network.network.layers["hidden"].parameters())


def test_the_same_seed_gives_the_same_network():
    a, b = build(seed=3).state_dict(), build(seed=3).state_dict()
    assert all(torch.equal(a[k], b[k]) for k in a)
    assert any(not torch.equal(a[k], v) for k, v in build(seed=4).state_dict().items())


LAYERS = {
    "hidden": InfomorphicLayer(4, {"F": AllToAll(12), "L": AllOthers()}, Bivariate()),
    "readout": InfomorphicLayer(4, {"F": AllToAll(4), "C": OneToOne()}, Bivariate(k1=1.0)),
}
GOAL = Goal.parse("{F}{C}")


@pytest.mark.parametrize(
    ("wiring", "message"),
    [
        ({"hidden": Wiring({"F": "input", "L": "hidden"})}, "same names in the same order"),
        ({"hidden": Wiring({"F": "input"}), "readout": Wiring({"F": "hidden", "C": "label"})}, "sources of layer 'hidden' are F, L"),
        ({"hidden": Wiring({"F": "input", "L": "hidden"}), "readout": Wiring({"F": "hidden", "C": "label"}, GOAL)}, "needs a `binning`"),
    ],
)
def test_wirings_that_do_not_fit(wiring, message):
    with pytest.raises(ConfigurationError, match=message):
        InfomorphicNetwork(LAYERS, wiring)


def test_goals_and_layers_that_do_not_fit():
    with pytest.raises(ConfigurationError, match="at least 1; got 0"):
        InfomorphicNetwork(LAYERS, {}, presentations=0)
    for goal in ("{F}{C}{L}", "{F}{C}", "{F}"):
        wiring = Wiring({"F": "input", "L": "hidden"}, Goal.parse(goal), FixedRange())
        with pytest.raises(ConfigurationError, match=r"the goal has the sources F.*; layer 'hidden' has F, L\. .* sources='FL'\)"):
            InfomorphicNetwork({"hidden": LAYERS["hidden"]}, {"hidden": wiring})


def test_layers_and_goals_may_name_their_sources_in_different_orders():
    # The network that learns is the same, whichever order the goal and the wiring have.
    def learned(sources, wiring):
        layer = InfomorphicLayer(4, {"C": AllToAll(4), "F": AllToAll(12)}, Bivariate(), generator=torch.Generator().manual_seed(0))
        goal = Goal.parse("{F} - 0.2 {FC}", sources)
        network = InfomorphicNetwork({"hidden": layer}, {"hidden": Wiring(wiring, goal, FixedRange(20, -5, 5))})
        network.learn({"input": X, "label": torch.nn.functional.one_hot(Y, 4).float()}, torch.Generator().manual_seed(0))
        return layer.connections["F"].weight.grad

    expected = learned("CF", {"C": "label", "F": "input"})
    torch.testing.assert_close(learned("FC", {"F": "input", "C": "label"}), expected)
    assert expected.abs().max() > 0


def test_one_infomorphic_layer_between_ordinary_ones():
    # The local objective in any torch training loop: ordinary layers by a loss, the layer between by its goal.
    from infomorphic.objective import LocalGoal

    torch.manual_seed(0)
    first, last = torch.nn.Linear(12, 10), torch.nn.Linear(6, 4)
    layer = InfomorphicLayer(6, {"F": AllToAll(10), "C": AllToAll(4)}, Bivariate())
    goal = LocalGoal(Goal.parse("{F}{C}"), LargestMagnitude())
    optimizer = torch.optim.Adam([*first.parameters(), *layer.parameters(), *last.parameters()], lr=1e-2)
    losses = []
    for _ in range(80):
        optimizer.zero_grad()
        features = first(X).relu()
        out = layer(F=features, C=torch.nn.functional.one_hot(Y, 4).float())
        loss = torch.nn.functional.cross_entropy(last(2 * out.firing_prob - 1), Y) - goal(out).mean()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < losses[0] - 0.3


def test_learning_is_to_ascend_each_layers_goal():
    """Goals with sharp and with soft bins in one network, and a layer without a goal."""

    def network():
        draw = torch.Generator().manual_seed(3)
        layers = {
            "fixed": InfomorphicLayer(6, {"F": AllToAll(12)}, Feedforward(), generator=draw),
            "hidden": InfomorphicLayer(5, {"F": AllToAll(6), "C": AllToAll(4)}, Bivariate(), generator=draw),
            "soft": InfomorphicLayer(4, {"F": AllToAll(5), "C": AllToAll(4)}, Bivariate(), generator=draw),
        }
        goal = Goal.parse("{F}{C}", "FC")
        wiring = {
            "fixed": Wiring({"F": "input"}),
            "hidden": Wiring({"F": "fixed", "C": "label"}, goal, FixedRange()),
            "soft": Wiring({"F": "hidden", "C": "label"}, goal, SoftRange(8, -4, 4)),
        }
        return InfomorphicNetwork(layers, wiring, presentations=2)

    inputs = {"input": X, "label": torch.nn.functional.one_hot(Y, 4).float()}
    at_once, one_by_one = network(), network()
    at_once.learn(inputs, torch.Generator().manual_seed(1))
    presented = one_by_one.present(inputs, torch.Generator().manual_seed(1))
    for name, goal in one_by_one.goals.items():
        goal.ascend(presented[name])
    for (name, a), b in zip(at_once.named_parameters(), one_by_one.parameters(), strict=True):
        assert (a.grad is None) == (b.grad is None) == ("fixed" in name), name
        assert a.grad is None or torch.equal(a.grad, b.grad), name


def test_a_network_without_goals_has_nothing_to_learn():
    network = InfomorphicNetwork({"fixed": InfomorphicLayer(6, {"F": AllToAll(12)}, Feedforward())}, {"fixed": Wiring({"F": "input"})})
    assert network.learn({"input": X})["fixed"].output.shape == (64, 6)
    assert all(p.grad is None for p in network.parameters())


def test_a_loss_goes_back_through_both_presentations():
    """Against the two presentations written out, with the same draws."""
    draw = torch.Generator().manual_seed(3)
    layer = InfomorphicLayer(5, {"F": AllToAll(12), "L": AllOthers()}, Bivariate(), generator=draw)
    wiring = {"hidden": Wiring({"F": "input", "L": "hidden"}, Goal.parse("{F}{L}", "FL"), FixedRange())}
    network = InfomorphicNetwork({"hidden": layer}, wiring, presentations=2)
    network.present({"input": X}, torch.Generator().manual_seed(1), "straight-through")["hidden"].output.sum().backward()
    found = [p.grad.clone() for p in layer.parameters()]
    layer.zero_grad()
    draw.manual_seed(1)
    first = fire(layer.activation, layer.currents(F=X), "straight-through", draw).output
    fire(layer.activation, layer.currents(F=X, L=first), "straight-through", draw).output.sum().backward()
    for gradient, p in zip(found, layer.parameters(), strict=True):
        torch.testing.assert_close(gradient, p.grad)
    # What the first presentation adds is there to be missed.
    layer.zero_grad()
    draw.manual_seed(1)
    fire(layer.activation, layer.currents(F=X), "straight-through", draw)
    fire(layer.activation, layer.currents(F=X, L=first.detach()), "straight-through", draw).output.sum().backward()
    assert (found[0] - layer.connections["F"].weight.grad).abs().max() > 1e-3


def test_a_layer_comes_with_its_place_in_the_network():
    network = build("setup-1").network
    hidden, readout = network.placed()
    assert (hidden.name, hidden.layer.num_neurons, readout.name, readout.layer.num_neurons) == ("hidden", 8, "readout", 4)
    assert hidden == network.layer("hidden")
    assert hidden.wiring.sources == {"F": "input", "C": "label", "L": "hidden"}
    assert hidden.goal is network.goals["hidden"]
    assert build("backprop").network.layer("hidden").goal is None
    with pytest.raises(
        ConfigurationError, match=r"`name` must be one of the layers hidden, readout; got 'hiden'\. Did you mean 'hidden'\?"
    ):
        network.layer("hiden")
