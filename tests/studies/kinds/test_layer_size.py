"""Layer size: error over the number of neurons, for several networks."""

import pytest

from infomorphic.errors import InfomorphicError
from infomorphic.studies.kinds import layer_size
from studies.kinds.tiny import TINY


def test_a_small_study_from_its_definition_to_its_report(check_small_study):
    check_small_study(
        "layer-size", (*TINY, "models=setup-1,context,backprop,readout", "sizes=3,4", "seeds=0"), trials=7, figures={"error-by-size"}
    )


def test_the_published_size():
    # Ten networks at eleven sizes and the readout.
    assert len(layer_size.space(layer_size.Settings()).cells) == 10 * (10 * 11 + 1)


def test_models():
    settings = layer_size.Settings(models=("setup-1", "setup-1:trivariate/heuristic"))
    first, second = (layer_size.config(settings, {"model": m, "size": 7, "seed": 2}) for m in settings.models)
    assert first.network.goal.written == "trivariate/optimized-tpe-1"
    assert second.network.goal.written == "trivariate/heuristic"
    assert (first.network.hidden, first.training.seed, first.data.dataset, first.training.epochs) == (7, 2, "mnist", 100)
    for wrong in ("setup-9", "setup-1:", "setup-1:nothing", "readout:trivariate/heuristic"):
        with pytest.raises(InfomorphicError):
            layer_size.config(settings, {"model": wrong, "size": 0, "seed": 0})
