"""The example of neurons with four sources runs."""


def test_neurons_that_never_see_a_label_learn_from_guess_and_reward(example):
    module = example("four_sources")
    assert module.GOAL.sources == "FBLR"
    assert len(module.GOAL.weights) == 166
    learned = module.train("reward", seed=0, epochs=60, hidden=40)
    untrained = module.train("reward", seed=0, epochs=1, hidden=40)
    assert learned["test accuracy"] > 0.6 > 0.3 > untrained["test accuracy"]
    assert learned["{F}{B}"] > untrained["{F}{B}"] + 0.05
