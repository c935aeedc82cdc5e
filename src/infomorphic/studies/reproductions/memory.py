"""arXiv:2511.02584: how much associative memories store, how much noise they tolerate, and the information of their neurons."""

from infomorphic.studies.reproductions import Stage


def stages(quick: bool) -> list[Stage]:
    """Every rule and goal at 100 neurons, some in other sizes, and correlated patterns; 20 sets of patterns. Quick: few of each, 20 neurons."""
    if quick:
        small = ("methods=hebb,pseudo-inverse,memory/redundancy", "neurons=20", "loads=0.1,0.5,1", "seeds=0,1", "epochs=300")
        return [Stage("capacity", "capacity", small)]
    trained = "methods=memory/redundancy,logistic-regression"
    return [
        Stage("capacity", "capacity", ("seeds=0-19",)),
        Stage("capacity-sizes", "capacity", (trained, "neurons=50,200,400", "loads=1.4,1.5,1.6,1.7,1.8", "seeds=0-19")),
        # As published, the external weight is larger there.
        Stage("capacity-800", "capacity", (trained, "neurons=800", "external_weight=3", "loads=1.4,1.5,1.6,1.7", "seeds=0-19")),
        Stage("capacity-correlated", "capacity", ("correlations=0.2,0.5", "loads=0.1,0.2,0.3,0.5,0.7,0.9,1.2,1.5,1.8", "seeds=0-19")),
    ]
