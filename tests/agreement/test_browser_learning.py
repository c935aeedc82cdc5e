"""The learning of the playground, in JavaScript, gives what the package gives: steps, networks and settings."""

import numpy as np
import pytest
import torch

from infomorphic.data import load_dataset, split
from infomorphic.estimation import FixedRange, LargestMagnitude
from infomorphic.goals import Goal, published_goals
from infomorphic.layers import AllOthers, AllToAll, Bivariate, InfomorphicLayer, Modulated, OneToOne
from infomorphic.networks.evaluation import evaluate
from infomorphic.objective import LocalGoal
from infomorphic.playground.digits import packed_digits
from infomorphic.seeding import generator_for
from infomorphic.tasks import bars
from infomorphic.tasks.bars.network import firing_prob
from infomorphic.training.preset import preset
from node import answer, needs_node

pytestmark = needs_node
NEURONS, BATCH, STEPS = 4, 200, 2
SCALE = 4.0  # of inputs: currents then fill many bins of ±20, and some firing probabilities are clipped
GOALS = [goal.name for goal in published_goals()]

# One layer and its inputs: the values of its goals, its gradients and its weights after each step, and its atoms at the end.
_STEPS = """
const {termsOf, evaluatorOf, weightsOf, informationOf} = require(process.argv[1].replace("layer.js", "objective.js"));
const reals = (values) => values && Float64Array.from(values.flat());
const found = given.map(({goal, sources, layer, settings, batches}) => {
  layer.connections = layer.connections.map(({weight, bias, ...other}) => ({...other, weight: reals(weight), bias: reals(bias)}));
  const size = batches[0][0].length, pass = script.newPass(layer, size), numBins = sources.map(() => layer.binning.count);
  const optimizer = script.adam(layer, settings), evaluate = evaluatorOf(termsOf(goal, sources), numBins, size);
  const steps = batches.map((batch) => {
    pass.size = size;
    const inputs = batch.map(reals);
    inputs.forEach((input, source) => script.receive(layer, pass, source, input));
    script.fire(layer, pass);
    script.learn(layer, pass, inputs, evaluate, optimizer);
    const {atoms, residualEntropy} = informationOf(script.batchOf(layer, pass), numBins), weights = weightsOf(goal, sources);
    const values = atoms.map((own, j) => own.reduce((sum, atom, i) => sum + weights[i] * atom, goal.residualEntropy * residualEntropy[j]));
    const [gradients, parameters] = [optimizer.gradients, optimizer.parameters].map((arrays) => arrays.map((array) => [...array]));
    return {values, atoms, residualEntropy, gradients, parameters};
  });
  return steps;
});
console.log(JSON.stringify(found));
"""


def layer_and_binning(name, generator):
    """A layer as neurons of this goal have in a preset, with the bins of its currents."""
    model, goal = name.split("/")[0], Goal.published(name)
    inputs = {"F": AllToAll(12), "C": AllToAll(5), "L": AllOthers()}
    if model == "readout":
        return (
            goal,
            InfomorphicLayer(NEURONS, {"F": inputs["F"], "C": OneToOne(1.0)}, Bivariate(1.0), generator=generator),
            LargestMagnitude(),
        )
    activation = Modulated() if goal.sources == "FCL" else Bivariate()
    layer = InfomorphicLayer(NEURONS, {source: inputs[source] for source in goal.sources}, activation, generator=generator)
    return goal, layer, LargestMagnitude(5) if model == "memory" else FixedRange()


def described(goal, layer, binning, settings, batches):
    """A layer as the scripts describe it."""
    gain = layer.activation.gain(len(layer.sources))
    connections = []
    for connection in layer.connections.values():
        weight, bias = (p.tolist() if isinstance(p, torch.nn.Parameter) else None for p in (connection.weight, connection.bias))
        inputs = len(weight[0]) if weight else NEURONS
        connections.append({"inputs": inputs, "weight": weight, "bias": bias, "withoutSelf": getattr(connection, "without_self", False)})
    edges = [binning.low, binning.high] if isinstance(binning, FixedRange) else None
    return {
        "goal": {"weights": dict(goal.weights), "residualEntropy": goal.residual_entropy},
        "sources": list(goal.sources),
        "layer": {
            "neurons": NEURONS,
            "connections": connections,
            "gain": dict(zip(("base", "alpha", "beta"), gain, strict=True)),
            "binning": {"count": binning.num_bins, "range": edges},
        },
        "settings": settings,
        "batches": [[x.tolist() for x in batch.values()] for batch in batches],
    }


def test_steps_of_every_published_goal():
    generator, given, expected = torch.Generator().manual_seed(0), [], []
    for name in GOALS:
        goal, layer, binning = layer_and_binning(name, generator)
        layer = layer.double()
        settings = {"learningRate": 0.01, "weightDecay": 0.02}
        outputs = {"C": NEURONS if name.startswith("readout/") else 5, "F": 12, "L": NEURONS}
        batches = [
            {
                source: torch.randn(BATCH, 12, generator=generator, dtype=torch.float64) * SCALE
                if source == "F"
                else torch.randint(2, (BATCH, outputs[source]), generator=generator).double() * 2 - 1
                for source in goal.sources
            }
            for _ in range(STEPS)
        ]
        given.append(described(goal, layer, binning, settings, batches))
        parameters = [p for p in layer.parameters() if p.requires_grad]
        optimizer = torch.optim.Adam(parameters, lr=settings["learningRate"], weight_decay=settings["weightDecay"])
        local, steps = LocalGoal(goal, binning), []
        for batch in batches:
            optimizer.zero_grad()
            response = layer(**batch)
            local.ascend(response)
            optimizer.step()
            terms = local.terms(response)
            steps.append(
                {
                    "values": local(response).detach(),
                    "atoms": torch.stack([terms[label] for label in goal.weights]).T,
                    "residualEntropy": terms["H_res"],
                    "gradients": [-p.grad for p in parameters if p.grad is not None],
                    "parameters": [p.detach().clone() for p in parameters],
                }
            )
        expected.append(steps)
    found = answer(_STEPS, "layer.js", given)
    for name, theirs, ours in zip(GOALS, found, expected, strict=True):
        for step, wanted in zip(theirs, ours, strict=True):
            for key in ("values", "atoms", "residualEntropy"):
                np.testing.assert_allclose(step[key], wanted[key], atol=1e-6, err_msg=f"{key} of {name}")
            for key in ("gradients", "parameters"):
                for one, other in zip(step[key], wanted[key], strict=True):
                    np.testing.assert_allclose(one, other.ravel(), atol=1e-6, err_msg=f"{key} of {name}")


# A network trained in JavaScript: what it shows, and its weights.
_TRAINED = """
const training = script.create(given);
for (let i = 0; i < given.steps; i++) training.step();
const weightsOf = ({layer}) => layer.connections.map(({weight, bias}) => weight && {weight: [...weight], bias: [...bias]});
const layers = [training.hidden, training.readout].filter((learner) => learner).map(weightsOf);
console.log(JSON.stringify({layers, inverted: training.inverted, responses: training.responses(), accuracy: training.accuracy()}));
"""


def with_weights(network, layers):
    """A network of the package, in double precision, with the weights of a network of the playground."""
    for layer, weights in zip(network.layers.values(), layers, strict=True):
        for connection, given in zip(layer.connections.values(), weights, strict=True):
            if given is not None:
                connection.weight.data = torch.tensor(given["weight"], dtype=torch.float64).view_as(connection.weight)
                connection.bias.data = torch.tensor(given["bias"], dtype=torch.float64)
    return network.double()


PRESETS = {"bars": "bars", "digits": "setup-1", "context": "context", "lateral": "lateral"}


@pytest.mark.parametrize("task", ["digits", "context", "lateral"])
def test_a_network_of_digits(task):
    trained = answer(_TRAINED, "learning.js", {"task": task, "digits": packed_digits(), "steps": 450})
    chosen = preset(PRESETS[task])
    network = chosen.build(chosen.settings.model_validate({"hidden": 16}), (8, 8), 10, generator_for(0, "weights"))
    with_weights(network.network, trained["layers"])
    network.inverted.copy_(torch.tensor(trained["inverted"]))
    data = split(load_dataset("digits"), validation_fraction=0)
    images = data.test_images.double()
    theta = network.present(images, None, None, "expected")["hidden"].firing_prob
    responses = torch.stack([theta[data.test_labels == c].mean(0) for c in range(10)], dim=1)
    torch.testing.assert_close(torch.tensor(trained["responses"]), responses.float(), atol=1e-6, rtol=0)
    assert trained["accuracy"]["value"] == pytest.approx(evaluate(network, images, data.test_labels, None, "expected").accuracy)
    assert trained["accuracy"]["value"] > 0.5


def test_a_network_of_bars():
    trained = answer(_TRAINED, "learning.js", {"task": "bars", "steps": 80})
    network = with_weights(bars.build(bars.Unsupervised(), (8, 8)), trained["layers"])
    shown = bars.Bars().every()
    theta = firing_prob(network, shown.images.double())
    # The first bar of the package changes slowest, that of the page fastest; the images of a bar are the same.
    responses = torch.stack([theta[shown.bars[:, bar]].mean(0) for bar in range(8)], dim=1)
    torch.testing.assert_close(torch.tensor(trained["responses"]), responses.float(), atol=1e-6, rtol=0)
    coding = bars.match((theta >= 0.5).double(), shown.bars)
    assert trained["accuracy"] == {"value": coding.num_coded / 8, "text": f"{coding.num_coded} of 8 bars"}
    assert 0 < coding.num_coded < 8


def test_settings_are_those_of_the_presets():
    tasks = answer("console.log(JSON.stringify(script.tasks));", "learning.js", None)
    assert {name: task["preset"] for name, task in tasks.items()} == PRESETS
    for name in PRESETS:
        chosen = bars.Unsupervised() if name == "bars" else preset(PRESETS[name]).settings.model_validate({"hidden": 16})
        inputs, classes = (8, 8), () if name == "bars" else (10,)
        network = preset(PRESETS[name]).build(chosen, inputs, *classes, generator_for(0, "weights"))
        placed = list((network if name == "bars" else network.network).placed())
        optimizers = chosen.optimizers()
        for layer, own in zip(placed, [tasks[name], tasks[name]["readout"]], strict=False):
            assert layer.goal is not None
            gain = layer.layer.activation.gain(len(layer.layer.sources))
            assert own["gain"] == pytest.approx(dict(zip(("base", "alpha", "beta"), gain, strict=True)))
            [binning] = set(layer.goal.binnings)
            assert own["binning"]["count"] == binning.num_bins
            assert own["binning"]["range"] == ([binning.low, binning.high] if isinstance(binning, FixedRange) else None)
            settings = optimizers[layer.name]
            assert own["optimizer"] == {"learningRate": settings.learning_rate, "weightDecay": settings.weight_decay}
        assert tasks[name]["neurons"] == placed[0].layer.num_neurons
        assert "".join(tasks[name]["sources"]) == placed[0].layer.sources
    assert Goal.from_weights(tasks["digits"]["readout"]["goal"]["weights"]) == Goal.published("readout/heuristic")
    assert Goal.from_weights(tasks["bars"]["goal"]["weights"], sources="FC") == bars.Unsupervised().goal
