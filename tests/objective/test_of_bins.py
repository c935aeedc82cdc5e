"""All methods against the dense definition, textbook values, invariances and the public boundary."""

import itertools
import subprocess
import sys

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.testing import assert_close

from infomorphic.errors import ObjectiveInputError
from infomorphic.goals import RESIDUAL_ENTROPY, Goal, default_sources
from infomorphic.objective import goal_with_gradient, information_terms
from infomorphic.pid.lattice import redundancy_lattice
from objective.dense_oracle import dense_goal_with_gradient, dense_terms
from shape_checking import wrong_on_purpose

METHODS = ("kernel", "torch", "dense")
DTYPES = (torch.float32, torch.float64)
BINS = {1: (5,), 2: (3, 4), 3: (3, 2, 4), 4: (2, 3, 2, 2)}
VALUE_TOLERANCE = {torch.float32: 1e-5, torch.float64: 1e-9}
GRADIENT_TOLERANCE = {torch.float32: 1e-4, torch.float64: 1e-9}


def random_goal(num_sources: int, seed: int) -> Goal:
    """A goal of every atom, each with another weight."""
    weights = np.random.default_rng(seed).normal(size=len(redundancy_lattice(num_sources)))
    names = default_sources(num_sources)
    return Goal.from_weights(dict(zip(redundancy_lattice(num_sources).labels(names), weights, strict=True)), 0.37, names)


def batch(case: str, num_sources: int, dtype: torch.dtype, neurons: int = 4) -> tuple[torch.Tensor, torch.Tensor]:
    """Bins (sources, batch, neurons) and θ (batch, neurons) of one kind of batch."""
    generator = torch.Generator().manual_seed(hash((num_sources, len(case))) % 2**31)
    num_bins = BINS[num_sources]
    size = {"batch of one": 1, "own cells": int(np.prod(num_bins))}.get(case, 50)
    bins = torch.stack([torch.randint(m, (size, neurons), generator=generator) for m in num_bins])
    theta = torch.rand((size, neurons), generator=generator, dtype=torch.float64) * 0.98 + 0.01
    if case == "saturated":
        theta = torch.where(torch.rand((size, neurons), generator=generator) < 0.5, 1e-6, 1 - 1e-6).double()
        theta[:, 1] = 1e-6
        theta[:, 2] = 1 - 1e-6
        theta[0, 3] = 0.5
    if case == "one cell":
        bins[:] = 1
    if case == "own cells":
        cells = torch.tensor(list(itertools.product(*(range(m) for m in num_bins))))
        bins = torch.stack([cells[torch.randperm(size, generator=generator)].T for _ in range(neurons)], dim=2)
    return bins, theta.to(dtype)


@pytest.mark.parametrize("case", ["random", "saturated", "one cell", "own cells", "batch of one"])
@pytest.mark.parametrize("num_sources", [1, 2, 3, 4])
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("method", METHODS)
def test_value_and_gradient_are_the_definition(method, dtype, num_sources, case) -> None:
    bins, theta = batch(case, num_sources, dtype)
    goal = random_goal(num_sources, seed=len(case))
    expected, expected_gradient = dense_goal_with_gradient(bins, theta, goal, BINS[num_sources])
    value, gradient = goal_with_gradient(bins, theta, goal, BINS[num_sources], method=method)
    assert value.dtype == gradient.dtype == dtype
    assert_close(value.double(), expected, atol=VALUE_TOLERANCE[dtype], rtol=0)
    scale = float(expected_gradient.abs().max())
    if method == "dense":  # autograd adds terms of the order of one, which cancel where the gradient is zero
        scale = max(scale, 1e-2)
    assert_close(gradient.double(), expected_gradient, atol=GRADIENT_TOLERANCE[dtype] * scale, rtol=0)


@pytest.mark.parametrize("num_sources", [1, 2, 3, 4])
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("method", METHODS)
def test_every_atom_is_the_definition(method, dtype, num_sources) -> None:
    for case in ("random", "saturated"):
        bins, theta = batch(case, num_sources, dtype)
        terms = information_terms(bins, theta, BINS[num_sources], method=method)
        for k in range(theta.shape[1]):
            atoms, residual = dense_terms(bins[:, :, k], theta[:, k].double(), BINS[num_sources])
            got = torch.stack([term[k] for term in terms.values()]).double()
            assert_close(got, torch.stack([*atoms, residual]), atol=VALUE_TOLERANCE[dtype], rtol=0)


@pytest.mark.parametrize("num_sources", [3, 4])
def test_the_gradient_of_every_atom(num_sources) -> None:
    # One goal an atom exercises every antichain's own sum; 166 of them against the dense oracle would take minutes.
    bins, theta = batch("random", num_sources, torch.float64, neurons=1)
    names = default_sources(num_sources)
    for label in [*redundancy_lattice(num_sources).labels(names)][:: 1 if num_sources == 3 else 12]:
        goal = Goal.from_weights({label: 1.0}, sources=names)
        _, expected = dense_goal_with_gradient(bins, theta, goal, BINS[num_sources])
        for method in METHODS:
            _, gradient = goal_with_gradient(bins, theta, goal, BINS[num_sources], method=method)
            assert_close(gradient, expected, atol=1e-9 * float(expected.abs().max() + 1e-3), rtol=0, msg=f"{label} {method}")


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("num_sources", [2, 3, 4])
def test_methods_agree_at_working_size(method, num_sources) -> None:
    # 20 bins, 600 samples: large tables, many cells, several chunks, more cells than a vector.
    generator = torch.Generator().manual_seed(5)
    bins = (torch.randn((num_sources, 600, 7), generator=generator) * 3 + 10).clamp(0, 19).to(torch.int16)
    # Rounded to float32 for both: near 1 - 1e-6 the rounding of θ itself moves 1 - θ by a percent.
    theta = torch.sigmoid(4 * torch.randn((600, 7), generator=generator)).clamp(1e-6, 1 - 1e-6).double()
    goal = random_goal(num_sources, seed=1)
    exact, exact_gradient = goal_with_gradient(bins, theta, goal, method="torch")
    for dtype in DTYPES:
        value, gradient = goal_with_gradient(bins, theta.to(dtype), goal, method=method)
        assert_close(value.double(), exact, atol=VALUE_TOLERANCE[dtype], rtol=0)
        assert_close(gradient.double(), exact_gradient, atol=GRADIENT_TOLERANCE[dtype] * float(exact_gradient.abs().max()), rtol=0)


@pytest.mark.parametrize("method", METHODS)
def test_exclusive_or(method) -> None:
    # Makkeh, Gutknecht and Wibral 2021, table 1: the shared part of XOR is misinformative.
    first = torch.tensor([0, 0, 1, 1])
    second = torch.tensor([0, 1, 0, 1])
    theta = torch.tensor([0.0, 1.0, 1.0, 0.0], dtype=torch.float64)[:, None]
    terms = information_terms(torch.stack([first, second])[:, :, None], theta, 2, method=method)
    assert_close(terms["{F}{C}"][0], torch.tensor(2 / 3).double().log2())
    assert_close(terms["{F}"][0], torch.tensor(3 / 2).double().log2())
    assert_close(terms["{1}"][0], terms["{2}"][0])
    assert_close(terms["{CF}"][0], torch.tensor(4 / 3).double().log2())
    assert_close(terms[RESIDUAL_ENTROPY][0], torch.zeros(()).double())


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("dtype", DTYPES)
def test_certain_outputs_are_exact_with_a_finite_gradient(method, dtype) -> None:
    bins = torch.tensor([0, 0, 1, 1])[None, :, None].expand(1, 4, 3)
    theta = torch.tensor([[0, 0, 1, 1], [1, 1, 1, 1], [0, 0, 0, 0]], dtype=dtype).T
    value, gradient = goal_with_gradient(bins, theta, Goal.parse("{F}"), 2, method=method)
    assert_close(value, torch.tensor([1.0, 0.0, 0.0], dtype=dtype), atol=1e-6, rtol=0)
    assert torch.isfinite(gradient).all()
    assert (gradient[:, 0] * torch.tensor([-1, -1, 1, 1]) > 0).all()  # uphill is to stay certain


@st.composite
def small_batches(draw: st.DrawFn) -> tuple[int, torch.Tensor, torch.Tensor]:
    num_sources = draw(st.integers(1, 4))
    size = draw(st.integers(1, 40))
    seed = draw(st.integers(0, 2**31))
    generator = torch.Generator().manual_seed(seed)
    bins = torch.stack([torch.randint(m, (size, 3), generator=generator) for m in BINS[num_sources]])
    scale = draw(st.sampled_from([0.1, 3.0, 20.0]))
    theta = torch.sigmoid(scale * torch.randn((size, 3), generator=generator, dtype=torch.float64)).clamp(1e-6, 1 - 1e-6)
    return num_sources, bins, theta


@pytest.mark.parametrize("method", METHODS)
@settings(deadline=None, max_examples=40)
@given(data=small_batches(), seed=st.integers(0, 1000))
def test_order_of_samples_does_not_matter(method, data, seed) -> None:
    num_sources, bins, theta = data
    goal = random_goal(num_sources, seed)
    order = torch.randperm(theta.shape[0], generator=torch.Generator().manual_seed(seed))
    value, gradient = goal_with_gradient(bins, theta, goal, BINS[num_sources], method=method)
    moved_value, moved_gradient = goal_with_gradient(bins[:, order], theta[order], goal, BINS[num_sources], method=method)
    assert_close(moved_value, value, atol=1e-11, rtol=1e-11)
    assert_close(moved_gradient, gradient[order], atol=1e-11, rtol=1e-9)


@pytest.mark.parametrize("method", METHODS)
@settings(deadline=None, max_examples=40)
@given(data=small_batches(), seed=st.integers(0, 1000))
def test_names_of_bins_do_not_matter(method, data, seed) -> None:
    num_sources, bins, theta = data
    goal = random_goal(num_sources, seed)
    generator = torch.Generator().manual_seed(seed)
    renamed = torch.stack([torch.randperm(m + 3, generator=generator)[row] for m, row in zip(BINS[num_sources], bins, strict=True)])
    value, gradient = goal_with_gradient(bins, theta, goal, BINS[num_sources], method=method)
    same_value, same_gradient = goal_with_gradient(renamed, theta, goal, [m + 3 for m in BINS[num_sources]], method=method)
    assert_close(same_value, value, atol=1e-11, rtol=1e-11)
    assert_close(same_gradient, gradient, atol=1e-11, rtol=1e-9)


@pytest.mark.parametrize("method", METHODS)
@settings(deadline=None, max_examples=40)
@given(data=small_batches())
def test_terms_sum_to_the_entropy(method, data) -> None:
    num_sources, bins, theta = data
    p = theta.mean(dim=0)
    entropy = -(torch.xlogy(p, p) + torch.xlogy(1 - p, 1 - p)) / np.log(2)
    terms = information_terms(bins, theta, BINS[num_sources], method=method)
    assert_close(torch.stack(list(terms.values())).sum(dim=0), entropy, atol=1e-10, rtol=0)


@pytest.mark.parametrize("method", METHODS)
@settings(deadline=None, max_examples=20)
@given(data=small_batches(), seed=st.integers(0, 1000))
def test_neurons_do_not_affect_each_other(method, data, seed) -> None:
    num_sources, bins, theta = data
    goal = random_goal(num_sources, seed)
    value, gradient = goal_with_gradient(bins, theta, goal, BINS[num_sources], method=method)
    for k in range(theta.shape[1]):
        alone, alone_gradient = goal_with_gradient(bins[:, :, k : k + 1], theta[:, k : k + 1], goal, BINS[num_sources], method=method)
        assert_close(alone[0], value[k], atol=1e-12, rtol=0)
        assert torch.equal(alone_gradient[:, 0], gradient[:, k])


@pytest.mark.parametrize("method", METHODS)
@settings(deadline=None, max_examples=20)
@given(data=small_batches(), seed=st.integers(0, 1000))
def test_gradient_is_the_slope_of_the_value(method, data, seed) -> None:
    num_sources, bins, theta = data
    theta = theta.clamp(0.01, 0.99)
    goal = random_goal(num_sources, seed)
    direction = torch.randn(theta.shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)
    step = 1e-5
    _, gradient = goal_with_gradient(bins, theta, goal, BINS[num_sources], method=method)
    above, _ = goal_with_gradient(bins, theta + step * direction, goal, BINS[num_sources], method=method)
    below, _ = goal_with_gradient(bins, theta - step * direction, goal, BINS[num_sources], method=method)
    assert_close((above - below) / (2 * step), (gradient * direction).sum(dim=0), atol=1e-4, rtol=1e-5)


@pytest.mark.parametrize("method", METHODS)
def test_integer_types_and_layouts_give_the_same_bits(method) -> None:
    bins, theta = batch("random", 3, torch.float32)
    goal = random_goal(3, 0)
    value, gradient = goal_with_gradient(bins, theta, goal, BINS[3], method=method)
    for dtype in (torch.uint8, torch.int8, torch.int16, torch.int32, torch.uint16):
        other, other_gradient = goal_with_gradient(bins.to(dtype), theta, goal, BINS[3], method=method)
        assert torch.equal(other, value)
        assert torch.equal(other_gradient, gradient)
    neuron_major = bins.transpose(1, 2).contiguous().transpose(1, 2), theta.T.contiguous().T
    other, other_gradient = goal_with_gradient(*neuron_major, goal, BINS[3], method=method)
    assert torch.equal(other, value)
    assert torch.equal(other_gradient, gradient)
    assert other_gradient.T.is_contiguous()


@pytest.mark.parametrize("method", METHODS)
def test_number_of_threads_does_not_matter(method) -> None:
    bins = torch.randint(20, (3, 200, 37))
    theta = torch.rand(200, 37)
    goal = Goal.published("trivariate/optimized-tpe-1")
    threads = torch.get_num_threads()
    results = []
    try:
        for count in (1, 2, 3, 64):
            torch.set_num_threads(count)
            results.append(goal_with_gradient(bins, theta, goal, method=method))
    finally:
        torch.set_num_threads(threads)
    for value, gradient in results[1:]:
        assert_close(value, results[0][0], atol=1e-6, rtol=0)
        if method == "kernel":
            assert torch.equal(gradient, results[0][1])


def test_gradient_carries_no_graph_and_inputs_may() -> None:
    bins, theta = batch("random", 2, torch.float32)
    value, gradient = goal_with_gradient(bins, theta.requires_grad_(), Goal.parse("{F}{C}"), BINS[2])
    assert not value.requires_grad
    assert not gradient.requires_grad


@pytest.mark.parametrize("method", METHODS)
def test_no_neurons(method) -> None:
    value, gradient = goal_with_gradient(torch.zeros(1, 5, 0, dtype=torch.long), torch.zeros(5, 0), Goal.parse("{F}"), method=method)
    assert value.shape == (0,)
    assert gradient.shape == (5, 0)


@pytest.mark.parametrize("method", METHODS)
def test_a_goal_of_nothing(method) -> None:
    bins, theta = batch("random", 3, torch.float64)
    value, gradient = goal_with_gradient(bins, theta, Goal.parse("0 {FCL}"), BINS[3], method=method)
    assert (value == 0).all()
    assert (gradient == 0).all()
    # Without atoms, the residual entropy alone is the entropy of the outputs minus the information of all sources.
    value, _ = goal_with_gradient(bins, theta, Goal.parse("0 {FCL} + H_res"), BINS[3], method=method)
    assert_close(value, information_terms(bins, theta, BINS[3])[RESIDUAL_ENTROPY])


def test_many_bins_go_to_torch() -> None:
    bins = torch.randint(5000, (3, 60, 2))
    theta = torch.rand(60, 2, dtype=torch.float64)
    goal = random_goal(3, 0)
    value, _ = goal_with_gradient(bins, theta, goal, num_bins=5000)
    few = torch.stack([torch.stack([bins[j, :, k].unique(return_inverse=True)[1] for k in range(2)], dim=1) for j in range(3)])
    assert_close(value, goal_with_gradient(few, theta, goal, num_bins=60, method="kernel")[0])
    with pytest.raises(ObjectiveInputError, match='must have a product of at most 4194304 for method="kernel"'):
        goal_with_gradient(bins, theta, goal, num_bins=5000, method="kernel")


def test_more_cells_than_a_short_counter_holds() -> None:
    bins = torch.randint(300, (2, 100_000, 1))
    theta = torch.rand(100_000, 1, dtype=torch.float64)
    goal = random_goal(2, 0)
    kernel, gradient = goal_with_gradient(bins, theta, goal, num_bins=300, method="kernel")
    by_torch, torch_gradient = goal_with_gradient(bins, theta, goal, num_bins=300, method="torch")
    assert_close(kernel, by_torch, atol=1e-9, rtol=0)
    assert_close(gradient, torch_gradient, atol=1e-14, rtol=1e-9)


def call(bins=None, theta=None, goal=None, num_bins: object = 3, **options):
    bins = torch.zeros(2, 4, 1, dtype=torch.long) if bins is None else bins
    theta = torch.full((4, 1), 0.5) if theta is None else theta
    return goal_with_gradient(bins, theta, goal or Goal.parse("{F}{C}"), num_bins, **options)


@wrong_on_purpose
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"bins": np.zeros((2, 4, 1))}, "must be torch tensors; got ndarray and Tensor"),
        ({"bins": torch.zeros(2, 4, 1)}, "`bin_index` must hold integers; got torch.float32"),
        ({"bins": torch.zeros(2, 4, dtype=torch.long)}, r"shape \(sources, batch, neurons\)"),
        ({"bins": torch.zeros(2, 1, 4, dtype=torch.long)}, r"got \(2, 1, 4\) and \(4, 1\)"),
        ({"theta": torch.full((4, 1), 0.5, dtype=torch.float16)}, "must be float32 or float64; got torch.float16"),
        ({"bins": torch.zeros(2, 0, 1, dtype=torch.long), "theta": torch.zeros(0, 1)}, "at least one sample"),
        ({"bins": torch.zeros(5, 4, 1, dtype=torch.long)}, "1 to 4 sources along its first axis; got 5"),
        ({"goal": Goal.parse("{F}{C}{L}")}, "each source of the goal, 'FCL'; got 2"),
        ({"num_bins": [3, 3, 3]}, "one for each of the 2 sources"),
        ({"num_bins": 0}, "`num_bins` must be one positive number"),
        ({"method": "fast"}, '`method` must be "kernel", "torch", "dense" or None'),
    ],
)
def test_misuse(arguments, message) -> None:
    with pytest.raises(ObjectiveInputError, match=message):
        call(**arguments)


@pytest.mark.parametrize("method", METHODS)
def test_bins_are_matched_to_the_goal_by_the_names_of_their_sources(method) -> None:
    draw = torch.Generator().manual_seed(0)
    bins = torch.stack([torch.randint(m, (50, 3), generator=draw) for m in (3, 4, 5)])
    theta, goal = torch.rand(50, 3, generator=draw), Goal.parse("{F}{C} - {L}", "FCL")
    value, gradient = goal_with_gradient(bins, theta, goal, [3, 4, 5], method=method)
    moved = bins[[2, 0, 1]]
    other, other_gradient = goal_with_gradient(moved, theta, goal, [5, 3, 4], sources="LFC", method=method)
    assert torch.equal(value, other)
    assert torch.equal(gradient, other_gradient)
    with pytest.raises(ObjectiveInputError, match="`sources` must be the sources of the goal, 'FCL', in any order; got 'FCX'"):
        goal_with_gradient(bins, theta, goal, [3, 4, 5], sources="FCX", method=method)


@wrong_on_purpose
def test_a_goal_must_be_a_goal() -> None:
    with pytest.raises(ObjectiveInputError, match="`goal` must be a Goal; got str"):
        call(goal="{F}{C}")
    with pytest.raises(ObjectiveInputError, match="`sources` must name the 2 sources"):
        information_terms(torch.zeros(2, 4, 1, dtype=torch.long), torch.full((4, 1), 0.5), sources="FCL")


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("dtype", [torch.uint8, torch.int16, torch.int32, torch.int64])
def test_values_are_checked_where_they_are_read(method, dtype) -> None:
    bins = torch.zeros(2, 4, 5, dtype=dtype)
    theta = torch.full((4, 5), 0.5)
    for bad in (3, 120) if dtype == torch.uint8 else (3, -1, 2**15 - 1):
        wrong = bins.clone()
        wrong[1, 2, 4] = bad
        with pytest.raises(ObjectiveInputError, match="`bin_index` must lie in the range 0 to 2; a sample does not"):
            call(wrong, theta, method=method)
    with pytest.raises(ObjectiveInputError, match="range 0 to 2, 0 to 3; a sample"):
        call(bins + 3, theta, num_bins=(3, 4), method=method)
    for bad in (-1e-6, 1.0001, float("nan"), float("inf")):
        wrong = theta.clone()
        wrong[3, 4] = bad
        with pytest.raises(ObjectiveInputError, match="`firing_prob` must be between 0 and 1"):
            call(bins, wrong, method=method)


def test_importing_does_not_import_numba() -> None:
    code = "import sys, infomorphic.objective; sys.exit('numba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
