"""Fig. 9: sensitivity to the weights of the goal."""

from infomorphic.studies.reproductions import Stage


def stages(quick: bool) -> list[Stage]:
    """Every weight changed by ±10 % and ±0.1 with ten seeds; quick: one seed, digits, few neurons."""
    small = ("dataset=digits", "hidden=10", "seeds=0", "epochs=10", "training.batch_size=128", "changes=+10%,-0.1") if quick else ()
    return [Stage("sensitivity", "sensitivity", small)]
