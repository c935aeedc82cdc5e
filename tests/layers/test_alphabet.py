"""Output alphabets: what holds for every one of them, and the closed forms of the binary ones against the general ones."""

import pytest
import torch

from infomorphic.data import load_dataset, split
from infomorphic.errors import ConfigurationError
from infomorphic.estimation import FixedRange
from infomorphic.goals import Goal
from infomorphic.layers import AllToAll, Alphabet, Binary, Bivariate, InfomorphicLayer, Modulated, Sum, Ternary, sample_outputs
from infomorphic.layers.firing import firing_probability
from infomorphic.layers.response import fire
from infomorphic.networks import Classifier, InfomorphicNetwork, Wiring
from infomorphic.networks.optimizer import adam
from infomorphic.networks.readout import readout_layer, readout_wiring
from infomorphic.networks.settings import HiddenLayer

ALPHABETS = [Binary(), Binary(0), Ternary(), Ternary(0.0)]
each_alphabet = pytest.mark.parametrize("alphabet", ALPHABETS, ids=str)


def currents(batch: int = 60, neurons: int = 4) -> list[torch.Tensor]:
    generator = torch.Generator().manual_seed(2)
    return [torch.randn(neurons, batch, generator=generator, dtype=torch.float64).mul_(2).T for _ in range(2)]


@each_alphabet
def test_probabilities_sum_to_one_and_expectation_and_mode_are_those_of_the_probabilities(alphabet: Alphabet) -> None:
    distribution = alphabet.of_currents(Modulated(), currents())
    probabilities, values = alphabet.probabilities(distribution), torch.tensor(alphabet.values, dtype=torch.float64)
    assert probabilities.shape == (60, 4, len(values))
    torch.testing.assert_close(probabilities.sum(-1), torch.ones(60, 4, dtype=torch.float64))
    torch.testing.assert_close(alphabet.expectation(distribution), probabilities @ values)
    assert torch.equal(alphabet.mode(distribution), values[probabilities.argmax(-1)])
    torch.testing.assert_close(alphabet.firing_prob(distribution), probabilities[..., -1])
    assert list(alphabet.values) == sorted(alphabet.values)


@each_alphabet
def test_samples_have_the_frequencies_of_the_probabilities(alphabet: Alphabet) -> None:
    argument = torch.tensor([[-2.0, 0.0, 0.7]]).expand(40_000, 3)
    distribution = alphabet.distribution(argument)
    drawn = alphabet.sample(distribution, torch.Generator().manual_seed(0))
    assert drawn.shape == (40_000, 3)
    assert drawn.dtype == distribution.dtype
    for k, value in enumerate(alphabet.values):
        torch.testing.assert_close((drawn == value).float().mean(0), alphabet.probabilities(distribution)[0, :, k], atol=0.01, rtol=0)


@each_alphabet
def test_the_distribution_is_differentiable_and_samples_are_not(alphabet: Alphabet) -> None:
    given = [c.requires_grad_() for c in currents(5, 2)]
    assert torch.autograd.gradcheck(lambda *c: alphabet.of_currents(Sum(), c), given)
    assert not alphabet.sample(alphabet.of_currents(Sum(), given), torch.Generator()).requires_grad
    through = fire(Sum(), given, "straight-through", torch.Generator().manual_seed(1), alphabet)
    assert set(through.output.unique().tolist()) <= set(alphabet.values)
    (of_output,) = torch.autograd.grad(through.output.sum(), given[0])
    (of_expectation,) = torch.autograd.grad(alphabet.expectation(alphabet.of_currents(Sum(), given)).sum(), given[0])
    torch.testing.assert_close(of_output, of_expectation)


@each_alphabet
@pytest.mark.parametrize("firing", ["sample", "expect", "mode", "straight-through"])
def test_each_way_of_firing_outputs_values_of_the_alphabet_or_their_mean(alphabet: Alphabet, firing) -> None:
    fired = fire(Modulated(), currents(), firing, torch.Generator().manual_seed(1), alphabet)
    low, high = alphabet.values[0], alphabet.values[-1]
    assert fired.output.shape == (60, 4)
    assert low <= fired.output.min() < fired.output.max() <= high
    if firing != "expect":
        assert set(fired.output.unique().tolist()) <= set(alphabet.values)
    assert torch.equal(fired.probabilities, alphabet.probabilities(fired.distribution))


@each_alphabet
def test_currents_of_different_numbers_of_samples_are_refused(alphabet: Alphabet) -> None:
    with pytest.raises(ConfigurationError, match="same number of samples"):
        alphabet.of_currents(Modulated(), [torch.zeros(32, 5), torch.zeros(1, 5)])


def test_binary_outputs_are_drawn_alike_whichever_value_is_the_low_one() -> None:
    given = currents()
    theta = firing_probability(Modulated(), given)
    signs = sample_outputs(theta, torch.Generator().manual_seed(5))
    for alphabet in (Binary(), Binary(0)):
        for drawn in (
            alphabet.sample(theta, torch.Generator().manual_seed(5)),
            alphabet.drawn(Modulated(), given, torch.Generator().manual_seed(5))[1],
        ):
            assert torch.equal(drawn, torch.where(signs > 0, 1.0, float(alphabet.low)).double())


def test_binary_probabilities_are_those_of_the_formula() -> None:
    given = currents()
    torch.testing.assert_close(Binary().of_currents(Modulated(), given), Binary().distribution(Modulated()(*given)))


def test_the_odds_of_ternary_outputs_are_those_of_binary_ones() -> None:
    argument = torch.linspace(-4, 4, 9, dtype=torch.float64)[:, None]
    p = Ternary(0.3).distribution(argument)
    torch.testing.assert_close(p[..., 2] / (p[..., 0] + p[..., 2]), torch.sigmoid(argument))
    # exp(A / 2) and exp(rest) are equal where 0 stops being the most probable value.
    assert Ternary(0.3).mode(Ternary(0.3).distribution(torch.tensor([[0.59, 0.61, -0.61]]))).tolist() == [[0.0, 1.0, -1.0]]


def test_a_layer_answers_with_its_alphabet() -> None:
    layer = InfomorphicLayer(3, {"F": AllToAll(4)}, alphabet=Ternary(), generator=torch.Generator().manual_seed(0))
    response = layer(F=torch.randn(7, 4))
    assert response.alphabet == Ternary()
    assert response.probabilities.shape == (7, 3, 3)
    assert response.firing_prob.shape == (7, 3)


def ternary_network(hidden: int, draw: torch.Generator) -> Classifier:
    """The `context` preset with hidden neurons that output −1, 0 or 1."""
    sources = {"F": AllToAll(64), "C": AllToAll(10)}
    layers = {
        "hidden": InfomorphicLayer(hidden, sources, Bivariate(), alphabet=Ternary(), generator=draw),
        "readout": readout_layer(hidden, 10, draw),
    }
    wiring = {
        "hidden": Wiring({"F": "input", "C": "label"}, Goal.parse("{F}{C} - 0.1 {F}", "FC"), FixedRange(10, -8, 8)),
        "readout": readout_wiring("readout/heuristic", "hidden", 20),
    }
    return Classifier(InfomorphicNetwork(layers, wiring, presentations=1), 10)


def test_ternary_neurons_learn_digits() -> None:
    draw = torch.Generator().manual_seed(0)
    data = split(load_dataset("digits"), seed=0)
    network = ternary_network(30, draw)
    optimizer = adam(network.network.layers, HiddenLayer().optimizers())
    goal = network.network.goals["hidden"]
    before = goal(network.present(data.train_images, data.train_labels, draw)["hidden"]).mean()
    for _ in range(40):
        for chosen in torch.randperm(len(data.train_labels), generator=draw).split(256):
            optimizer.zero_grad(set_to_none=True)
            network.learn(data.train_images[chosen], data.train_labels[chosen], draw)
            optimizer.step()
    presented = network.present(data.train_images, data.train_labels, draw)["hidden"]
    assert set(presented.output.unique().tolist()) == {-1.0, 0.0, 1.0}
    assert goal(presented).mean() > before + 0.1
    network.settle_signs_by_label(data.train_images, data.train_labels)
    right = network.predict_proba(data.test_images, None, "expected").argmax(1) == data.test_labels
    assert right.float().mean() > 0.7


def test_nothing_is_propagated_from_ternary_neurons() -> None:
    network = ternary_network(5, torch.Generator().manual_seed(0)).network
    inputs = {"input": torch.randn(40, 64), "label": torch.eye(10)[torch.arange(40) % 10]}
    presented = network.present(inputs, torch.Generator().manual_seed(1))
    network.goals["readout"].ascend(presented["readout"])
    assert all(p.grad is None for p in network.layers["hidden"].parameters())
