"""Scans: one row per trial."""

import pytest
import torch

from infomorphic.errors import ConfigurationError, UnknownGoalError
from infomorphic.tasks.memory import Settings, basin_trial, capacity_trial, information_trial, recall, scan, score, store

SMALL = Settings(neurons=20)
EPOCHS = 50


def test_a_scan_has_every_combination_and_methods_store_the_same_patterns():
    memories = list(scan(["hebb", "memory/redundancy"], [0.1, 0.2], [0, 1], SMALL, EPOCHS))
    assert [(m.method, m.load, m.seed) for m in memories] == [
        (method, load, seed) for method in ("hebb", "memory/redundancy") for load in (0.1, 0.2) for seed in (0, 1)
    ]
    for one, other in zip(memories[:4], memories[4:], strict=True):
        assert torch.equal(one.patterns, other.patterns)
    assert [len(m.patterns) for m in memories[:4]] == [2, 2, 4, 4]
    assert torch.equal(memories[0].patterns, memories[2].patterns[:2])


def test_a_trial_is_the_same_alone_and_in_a_scan():
    in_scan = list(scan(["{F}{C}"], [0.1, 0.3], [0, 1], SMALL, EPOCHS))[-1]
    assert torch.equal(in_scan.couplings.weight, store("{F}{C}", 0.3, 1, SMALL, EPOCHS).couplings.weight)


def test_the_goal_is_that_of_the_method_and_other_settings_are_kept():
    by_name, by_expression = (store(m, 0.5, 0, SMALL, EPOCHS).couplings.weight for m in ("memory/redundancy", "{F}{C}"))
    assert torch.equal(by_name, by_expression)
    assert not torch.equal(by_name, store("memory/optimized-1", 0.5, 0, SMALL, EPOCHS).couplings.weight)


def test_a_capacity_trial_is_recall_from_the_patterns():
    memory = store("hebb", 0.5, 0, SMALL, EPOCHS)
    trial = capacity_trial(memory)
    found = recall(memory.couplings, memory.patterns)
    assert trial[:4] == ("hebb", 20, 0.5, 0)
    assert trial.score == score(found.states, memory.patterns)
    assert trial.fixed_points == sum(torch.equal(s, p) for s, p in zip(found.states, memory.patterns, strict=True)) / 10
    assert 0 < trial.fixed_points < 1


def test_a_2_cycle_that_starts_at_the_pattern_is_no_fixed_point():
    from infomorphic.tasks.memory import Couplings, Memory

    swapping = Couplings(torch.tensor([[0.0, 1.0], [1.0, 0.0]]))
    trial = capacity_trial(Memory("made up", 0.5, 0, torch.tensor([[1.0, -1.0]]), swapping, 0.0))
    assert (trial.score, trial.fixed_points) == (pytest.approx(1), 0)


def test_the_basin_of_one_hebbian_pattern_ends_where_its_negative_begins():
    # Of 20 bits, 9 wrong leave an overlap of 2, of which a neuron whose own bit is right sees 1; 10 wrong leave none.
    assert basin_trial(store("hebb", 0.05, 0, SMALL, EPOCHS), step=0.05).basin == pytest.approx(0.45)


def test_a_memory_that_does_not_hold_its_patterns_has_no_basin():
    assert basin_trial(store("hebb", 3.0, 0, SMALL, EPOCHS)).basin is None


def test_information_of_baselines_does_not_depend_on_the_scale_of_their_couplings():
    memory = store("hebb", 0.3, 0, SMALL, EPOCHS)
    larger = memory._replace(couplings=memory.couplings._replace(weight=memory.couplings.weight * 100))
    assert information_trial(memory)[4:] == pytest.approx(information_trial(larger)[4:], abs=1e-6)
    assert information_trial(memory).redundancy > 0.5


def test_methods_and_loads_are_checked():
    with pytest.raises(UnknownGoalError, match=r"`method` must be one of hebb, .* or a goal; .*'hebbian'"):
        store("hebbian", 0.1, 0, SMALL, EPOCHS)
    with pytest.raises(ConfigurationError, match=r"at least one pattern in 20 neurons; got 0\.01"):
        store("hebb", 0.01, 0, SMALL, EPOCHS)
