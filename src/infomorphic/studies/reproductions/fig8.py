"""Fig. 8: error of all networks against the size of the hidden layer."""

from infomorphic.studies.reproductions import Stage


def stages(quick: bool) -> list[Stage]:
    """All networks at all sizes with ten seeds; quick: two sizes, one seed, digits."""
    if quick:
        return [Stage("all-sizes", "layer-size", ("dataset=digits", "sizes=5,20", "seeds=0", "epochs=30", "training.batch_size=128"))]
    return [Stage("all-sizes", "layer-size", ())]
