"""Recall, its score, and the capacity of a scan."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from infomorphic.errors import ConfigurationError
from infomorphic.tasks.memory import Couplings, capacity, flipped, random_patterns, recall, score
from infomorphic.tasks.memory.baselines import hebb

SWAP = Couplings(torch.tensor([[0.0, 1.0], [1.0, 0.0]]))


def test_two_neurons_that_copy_each_other_hold_equal_states_and_swap_others():
    found = recall(SWAP, torch.tensor([[1.0, 1.0], [1.0, -1.0]]))
    assert found.period.tolist() == [1, 2]
    assert found.steps.tolist() == [0, 0]
    assert found.states.tolist() == [[1, 1], [1, -1]]
    assert found.trajectory is None


def test_the_trajectory_has_the_cue_and_every_update():
    trajectory = recall(SWAP, torch.tensor([[1.0, -1.0]]), keep_trajectory=True).trajectory
    assert trajectory is not None
    assert trajectory[:, 0].tolist() == [[1, -1], [-1, 1], [1, -1]]


def test_a_ring_that_passes_states_on_is_neither_fixed_nor_a_2_cycle():
    ring = Couplings(torch.eye(5).roll(1, 0))
    found = recall(ring, torch.tensor([[1.0, -1.0, -1.0, -1.0, -1.0]]))
    assert (found.period.item(), found.steps.item()) == (0, 5)
    assert found.states.tolist() == [[1, -1, -1, -1, -1]]  # once round
    assert recall(ring, torch.tensor([[1.0, -1.0, -1.0, -1.0, -1.0]]), 2).states.tolist() == [[-1, -1, 1, -1, -1]]


def test_a_neuron_without_a_field_keeps_its_state():
    cues = torch.tensor([[1.0, -1.0, 1.0]])
    found = recall(Couplings(torch.zeros(3, 3)), cues)
    assert torch.equal(found.states, cues)
    assert found.period.item() == 1


def test_a_bias_is_part_of_the_field():
    found = recall(Couplings(torch.zeros(2, 2), torch.tensor([1.0, -1.0])), torch.tensor([[-1.0, -1.0]]))
    assert found.states.tolist() == [[1, -1]]
    assert found.steps.item() == 1


def test_a_single_hebbian_pattern_is_reached_in_one_step_from_a_third_of_its_bits_flipped():
    pattern = random_patterns(1, 60, torch.Generator().manual_seed(1))
    found = recall(hebb(pattern), flipped(pattern, 1 / 3, torch.Generator().manual_seed(2)))
    assert torch.equal(found.states, pattern)
    assert (found.period.item(), found.steps.item()) == (1, 1)


@given(seed=st.integers(0, 2**31), count=st.integers(1, 12))
def test_symmetric_couplings_always_end_in_a_fixed_point_or_a_2_cycle(seed, count):
    # Goles and Olivos 1981: parallel dynamics of a symmetric matrix have period one or two.
    generator = torch.Generator().manual_seed(seed)
    weight = torch.randn(12, 12, generator=generator, dtype=torch.float64)
    couplings = Couplings((weight + weight.T).fill_diagonal_(0))
    cues = random_patterns(count, 12, generator)
    found = recall(couplings, cues, 10_000)
    assert (found.period > 0).all()
    again = recall(couplings, found.states)
    assert torch.equal(again.states, found.states)
    assert torch.equal(again.period, found.period)
    assert (again.steps == 0).all()


@given(seed=st.integers(0, 2**31))
def test_a_cue_is_recalled_alike_whatever_is_recalled_beside_it(seed):
    generator = torch.Generator().manual_seed(seed)
    couplings = Couplings(torch.randn(15, 15, generator=generator).fill_diagonal_(0))
    cues = random_patterns(8, 15, generator)
    together = recall(couplings, cues)
    alone = [recall(couplings, cue[None]) for cue in cues]
    assert torch.equal(together.states, torch.cat([r.states for r in alone]))
    assert torch.equal(together.period, torch.cat([r.period for r in alone]))
    assert torch.equal(together.steps, torch.cat([r.steps for r in alone]))


def test_recall_checks_its_arguments():
    with pytest.raises(ConfigurationError, match="one bit for each of the 2 neurons; got 3"):
        recall(SWAP, torch.ones(1, 3))
    with pytest.raises(ConfigurationError, match="`max_steps` must not be negative"):
        recall(SWAP, torch.ones(1, 2), -1)


def test_without_steps_the_cue_comes_back():
    found = recall(SWAP, torch.tensor([[1.0, -1.0]]), 0)
    assert found.states.tolist() == [[1, -1]]
    assert (found.period.item(), found.steps.item()) == (0, 0)


def test_the_score_is_the_mean_overlap():
    patterns = torch.ones(2, 4)
    states = torch.tensor([[1.0, 1.0, 1.0, -1.0], [1.0, 1.0, 1.0, 1.0]])
    assert score(states, patterns) == pytest.approx(0.75)
    assert score(-patterns, patterns) == pytest.approx(-1)


def test_capacity_is_the_largest_load_whose_mean_score_suffices():
    loads = [0.1, 0.1, 0.2, 0.2, 0.3, 0.3]
    assert capacity(loads, [1.0, 1.0, 1.0, 0.9, 1.0, 0.8]) == 0.2  # 0.95 is enough
    assert capacity(loads, [0.9] * 6) is None
    assert capacity([], []) is None


def test_a_smaller_load_that_falls_short_does_not_count_against_a_larger_one():
    assert capacity([0.1, 0.2, 0.3], [0.5, 0.99, 0.5]) == 0.2
