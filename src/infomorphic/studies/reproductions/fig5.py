"""Fig. 5: which terms of the goal matter, and transfer of goals to another data set."""

from infomorphic.studies.reproductions import Stage
from infomorphic.studies.reproductions.table3 import stages as ablation


def stages(quick: bool) -> list[Stage]:
    """Panels B and C, the ablations, and panel D, goals on CIFAR-10; ten seeds."""
    small = ("datasets=digits", "hidden=10", "seeds=0", "epochs=20", "training.batch_size=128") if quick else ()
    return [*ablation(quick), Stage("goal-transfer", "goal-transfer", small)]
