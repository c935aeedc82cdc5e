"""Fig. 4: self-cosine distance of receptive fields over epochs, dense and sparse."""

from infomorphic.studies.reproductions import Stage


def stages(quick: bool) -> list[Stage]:
    """All sizes with ten seeds; quick: two sizes, one seed, digits."""
    if quick:
        small = ("dataset=digits", "sizes=10,40", "seeds=0", "epochs=30", "training.batch_size=128", "models=setup-1")
        return [Stage("dynamics", "dynamics", small)]
    return [Stage("dynamics", "dynamics", ())]
