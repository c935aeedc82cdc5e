"""Fig. 2B: error of the trivariate networks against the size of the hidden layer."""

from infomorphic.studies.reproductions import Stage


def stages(quick: bool) -> list[Stage]:
    """All sizes with ten seeds; quick: three sizes, two seeds, digits."""
    models = "models=setup-1,setup-2,setup-3,backprop,random-projection"
    if quick:
        return [
            Stage(
                "trivariate-size",
                "layer-size",
                (models, "dataset=digits", "sizes=5,20,50", "seeds=0,1", "epochs=30", "training.batch_size=128"),
            )
        ]
    return [Stage("trivariate-size", "layer-size", (models,))]
