"""The content of a page about a hidden layer as a whole, as plain data."""

import math
from dataclasses import asdict
from typing import Any

from jaxtyping import Float
from torch import Tensor

from infomorphic.analysis.health import EstimatorHealth, estimator_health
from infomorphic.analysis.layer import overview
from infomorphic.analysis.lesions import compare_lesions
from infomorphic.analysis.neurons import Neurons
from infomorphic.analysis.similarity import order_by_similarity
from infomorphic.analysis.trained import Trained
from infomorphic.reports.rounding import short

_MOST_IN_MATRIX = 200
_RANDOM_REMOVALS = 10
_MOST_REMOVAL_IMAGES = 10_000


def layer_content(trained: Trained, neurons: Neurons) -> dict[str, Any]:
    """Counts over the neurons, their correlations, the cost of redundant neurons, and the health of the estimates."""
    order = order_by_similarity(neurons.similarity.correlation[:_MOST_IN_MATRIX, :_MOST_IN_MATRIX])
    cells, shared = (m[order][:, order] for m in (neurons.similarity.correlation, neurons.similarity.mutual_information))
    return {
        "overview": asdict(overview(neurons)),
        "matrix": {"order": order.tolist(), "percent": _whole(100 * cells), "millibits": _whole(1000 * shared)},
        "removal": _removal(trained, neurons),
        "health": _health(estimator_health(trained)),
    }


def _whole(values: Float[Tensor, "neurons neurons"]) -> list[list[int]]:
    return values.round().int().tolist()


def _removal(trained: Trained, neurons: Neurons) -> list[dict[str, Any]] | None:
    """Test accuracy without the redundant neurons, and without as many random ones; None if no neuron is redundant or can be removed."""
    chosen = neurons.similarity.redundant
    if neurons.losses is None or not chosen:
        return None
    test = (trained.data.test_images[:_MOST_REMOVAL_IMAGES], trained.data.test_labels[:_MOST_REMOVAL_IMAGES])
    found = [compare_lesions(trained, chosen, *test, range(_RANDOM_REMOVALS), substitute=substitute) for substitute in (False, True)]
    return [
        {"before": f.accuracy, "without": f.accuracy_without, "random": list(f.accuracy_without_random), "images": len(test[1])}
        for f in found
    ]


def _health(health: EstimatorHealth | None) -> dict[str, Any] | None:
    if health is None:
        return None
    return {
        "samples": health.samples,
        "bins": list(health.num_bins),
        "sources": health.sources,
        "cells": math.prod(health.num_bins),
        "occupied": _spread(health.occupied_cells),
        "samples_a_cell": _spread(health.samples_a_cell),
        "outermost": {s: _spread(100 * v) for s, v in health.outermost.items()},
        "in_two_bins": {s: _spread(100 * v) for s, v in health.in_two_bins.items()},
        "note": health.note,
        "warnings": health.warnings(),
    }


def _spread(values: Float[Tensor, " neurons"]) -> list[float]:
    """Smallest, median and largest."""
    return [short(values.min()), short(values.median()), short(values.max())]
