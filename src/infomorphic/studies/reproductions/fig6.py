"""Fig. 6: the goals that searches find, and how much each weight matters."""

from infomorphic.studies.reproductions import Stage


def stages(quick: bool) -> list[Stage]:
    """Three searches by TPE and three by CMA-ES on MNIST, one on CIFAR-10, and one for each bivariate network; 1000 trials each, none pruned."""
    small = ("dataset=digits", "hidden=10", "epochs=10", "training.batch_size=128") if quick else ()
    trials = 12 if quick else 1000
    repeats = 1 if quick else 3
    searches = [
        Stage(f"search-{sampler}-{i + 1}", "goal-search", (f"sampler={sampler}", f"sampler_seed={i}", *small), trials)
        for sampler in ("tpe", "cmaes")
        for i in range(repeats)
    ]
    searches += [
        Stage(f"search-{model}", "goal-search", (f"model={model}", "sampler=cmaes", *small), trials) for model in ("context", "lateral")
    ]
    return searches if quick else [*searches, Stage("search-cifar10", "goal-search", ("sampler=cmaes", "dataset=cifar10"), trials)]
