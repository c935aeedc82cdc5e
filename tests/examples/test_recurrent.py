"""The example of a recurrent network runs."""

from infomorphic.pid.lattice import redundancy_lattice


def test_memory_gathers_information_over_rows(example):
    module = example("recurrent")
    learned = module.train("memory", seed=0, epochs=25, hidden=30)
    control = module.train("no memory", seed=0, epochs=25, hidden=30)
    assert learned["test accuracy"] > max(0.4, control["test accuracy"] + 0.04)
    assert learned["goal, row 8"] > 2 * learned["goal, row 1"]
    assert learned["goal, row 8"] > control["goal, row 8"] + 0.01


def test_the_four_atoms_are_all_that_row_and_memory_tell_of_the_class(example):
    # Written as a sum of redundancies, the goal is a single one.
    coefficients = dict(zip(redundancy_lattice(3).labels("FCL"), example("recurrent").GOAL.redundancy_coefficients(), strict=True))
    assert {label: c for label, c in coefficients.items() if c} == {"{C}{FL}": 1.0}
