"""Connectivities: weights, masks, and the shape of inputs."""

from functools import partial

import pytest
import torch

from infomorphic.errors import ConfigurationError
from infomorphic.layers import AllOthers, AllToAll, Connection, InfomorphicLayer, OneToOne, RandomOthers, connections
from infomorphic.layers.connections import Dense, Sparse


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


def test_all_to_all_is_a_linear_layer_with_its_initialization():
    module = AllToAll(50).build(30, seeded())
    x = torch.randn(7, 50, generator=seeded(1))
    torch.testing.assert_close(module(x), torch.nn.functional.linear(x, module.weight, module.bias))
    bound = 50**-0.5
    assert module.weight.abs().max() <= bound
    assert module.weight.std().item() == pytest.approx(bound / 3**0.5, rel=0.05)
    assert (AllToAll(50, scale=0.1).build(30, seeded()).weight * 10 - module.weight).abs().max() < 1e-6


def test_currents_lie_neuron_by_neuron_in_memory():
    for connectivity in (AllToAll(9), AllOthers(), RandomOthers(3)):
        assert connectivity.build(9, seeded())(torch.randn(5, 9)).T.is_contiguous()


def test_bias_may_be_left_out():
    assert AllToAll(3, bias=False).build(2, seeded())(torch.zeros(4, 3)).abs().sum() == 0
    assert RandomOthers(1, bias=False).build(3, seeded())(torch.zeros(4, 3)).abs().sum() == 0


@pytest.mark.parametrize("connectivity", [partial(AllToAll, 5), AllOthers, partial(RandomOthers, 2)])
def test_bias_may_start_at_zero_with_the_same_weights(connectivity):
    drawing, drawing_zero = seeded(), seeded()
    drawn, zero = connectivity(bias=True).build(5, drawing), connectivity(bias="zero").build(5, drawing_zero)
    assert torch.equal(drawn.weight, zero.weight)
    assert drawn.bias.abs().min() > 0
    assert torch.equal(zero.bias, torch.zeros(5))
    assert zero.bias.requires_grad
    assert torch.equal(torch.rand(3, generator=drawing), torch.rand(3, generator=drawing_zero)), "what is drawn next is the same"


def test_all_others_has_no_self_connection_and_never_learns_one():
    module = AllOthers().build(6, seeded())
    optimizer = torch.optim.Adam(module.parameters(), lr=0.1, weight_decay=0.01)
    for _ in range(3):
        optimizer.zero_grad()
        module(torch.randn(5, 6)).pow(2).sum().backward()
        optimizer.step()
    assert module.weight.diagonal().abs().max() == 0
    assert module.weight.abs().sum() > 0


def test_random_others_draws_distinct_others():
    module = RandomOthers(4).build(20, seeded())
    assert isinstance(module, Sparse)
    for neuron, inputs in enumerate(module.index.tolist()):
        assert len(set(inputs)) == 4
        assert neuron not in inputs
        assert min(inputs) >= 0
        assert max(inputs) < 20
    assert torch.equal(module.index, RandomOthers(4).build(20, seeded()).index)
    # Every other neuron is drawn by someone: the draw is not of the first few.
    assert len(set(module.index.flatten().tolist())) == 20


@pytest.mark.parametrize("at_most", [5, 6, 100])
def test_with_too_few_neurons_all_others_are_used(at_most):
    module = RandomOthers(at_most).build(6, seeded())
    assert isinstance(module, Dense)
    assert module.without_self


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("batch", [1, 7, 128, 300])
def test_sparse_products_equal_dense_ones(dtype, batch):
    module = RandomOthers(3).build(10, seeded()).to(dtype)
    x = torch.randn(batch, 10, dtype=dtype, generator=seeded(1))
    outer = torch.randn(batch, 10, dtype=dtype, generator=seeded(2))
    sparse = torch.autograd.grad(module(x), [module.weight, module.bias], outer)
    dense = torch.autograd.grad(x @ module.dense_weight().T + module.bias, [module.weight, module.bias], outer)
    torch.testing.assert_close(module(x), x @ module.dense_weight().T + module.bias)
    for a, b in zip(sparse, dense, strict=True):
        torch.testing.assert_close(a, b, rtol=1e-4, atol=1e-4)


def test_sparse_currents_can_be_differentiated_by_their_inputs():
    module = RandomOthers(3).build(6, seeded()).double()
    x = torch.randn(4, 6, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(module, x)


def test_sparse_products_do_not_depend_on_the_number_of_threads():
    module, x = RandomOthers(5).build(40, seeded()), torch.randn(300, 40, generator=seeded(1))
    threads = torch.get_num_threads()
    results = []
    try:
        for count in (1, 2, 3):
            torch.set_num_threads(count)
            currents = module(x)
            results.append((currents, *torch.autograd.grad(currents.sum(), [module.weight])))
    finally:
        torch.set_num_threads(threads)
    for other in results[1:]:
        for a, b in zip(results[0], other, strict=True):
            assert torch.equal(a, b)


@pytest.mark.parametrize("batch", [1, 300, 9000])  # fewer samples than are added up at once; more than one block
def test_outputs_in_bytes_give_the_same_bits_as_real_numbers(monkeypatch, batch):
    module = RandomOthers(6).build(130, seeded())
    outputs = 2.0 * torch.randint(2, (batch, 130), generator=seeded(1)) - 1
    outer = torch.randn(batch, 130, generator=seeded(2))

    def computed():
        module.zero_grad()
        currents = module(outputs)
        currents.backward(outer)
        return currents.detach(), module.weight.grad.clone()

    in_bytes = computed()
    monkeypatch.setattr(connections, "_in_bytes", lambda inputs: inputs)
    for given, real in zip(in_bytes, computed(), strict=True):
        assert torch.equal(given, real)


@pytest.mark.parametrize("value", [0.5, 200.0, float("nan")])
def test_other_values_are_not_read_as_bytes(value):
    inputs = torch.ones(3, 4)
    assert connections._in_bytes(inputs).dtype == torch.int8
    inputs[1, 2] = value
    assert connections._in_bytes(inputs) is inputs


def test_one_to_one_has_a_fixed_weight():
    module = OneToOne(2.3).build(4)
    x = torch.randn(3, 4)
    torch.testing.assert_close(module(x), 2.3 * x)
    assert not list(module.parameters())
    assert "weight" in module.state_dict()


def test_at_most_must_be_positive():
    with pytest.raises(ConfigurationError, match="at least 1; got 0"):
        RandomOthers(0).build(5)


@pytest.mark.parametrize(
    "connectivity", [AllToAll(6), AllOthers(), RandomOthers(3), RandomOthers(3, bias=False), OneToOne(2.5)], ids=lambda c: type(c).__name__
)
def test_every_connectivity_gives_its_dense_weight(connectivity) -> None:
    module = connectivity.build(6, torch.Generator().manual_seed(0)).double()
    x = torch.randn(9, 6, dtype=torch.float64)
    bias = 0 if module.bias is None else module.bias
    assert isinstance(module, Connection)
    assert module.is_learned == any(p.requires_grad for p in module.parameters())
    torch.testing.assert_close(module(x), x @ module.dense_weight().T + bias)
    torch.testing.assert_close(module.as_dense()(x), module(x))


def test_a_connection_of_ones_own_needs_its_dense_weight_alone() -> None:
    class Doubled(Connection):
        def __init__(self):
            super().__init__()
            self.root, self.bias = torch.nn.Parameter(torch.randn(3, 4)), None

        def forward(self, inputs):
            return inputs @ self.dense_weight().T

        def dense_weight(self):
            return 2 * self.root

    module, x = Doubled(), torch.randn(5, 4)
    assert module.weights_from(0) is None
    torch.testing.assert_close(module.as_dense()(x), module(x))


@pytest.mark.parametrize("shape", [(3, 4), (2, 3, 2), 12, (12,)])
def test_the_shape_of_inputs_is_kept_and_changes_no_weight(shape):
    expected = AllToAll(12).build(5, torch.Generator().manual_seed(0))
    connection = AllToAll(shape).build(5, torch.Generator().manual_seed(0))
    assert torch.equal(connection.weight, expected.weight)
    assert connection.input_shape == (shape if isinstance(shape, tuple) and len(shape) > 1 else ())
    assert connection.as_dense().input_shape == connection.input_shape
    inputs = torch.randn(7, 12)
    assert torch.equal(connection(inputs), expected(inputs))


def test_lateral_connections_have_no_shape():
    layer = InfomorphicLayer(6, {"F": AllToAll((2, 2)), "L": AllOthers()}, generator=torch.Generator().manual_seed(0))
    assert layer.connections["F"].input_shape == (2, 2)
    assert layer.connections["L"].input_shape == ()
