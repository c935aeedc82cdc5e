"""Estimate the time of a training on one core, to say what a study needs before it has run.

Fitted to runs of 100 epochs on MNIST whose times are in `results/`: 35 s for the readout alone, 74 s for backpropagation and 67 s for
setup 1 with 100 neurons, 1930 s for setup 2 with 2000. It is accurate within a factor of about two; a study corrects it by its finished trials.
"""

from infomorphic.training import TrainConfig

_TRAINING_IMAGES = {"digits": 1150, "mnist": 48_000, "fashion-mnist": 48_000, "cifar10": 40_000}
_PIXELS = {"digits": 64, "mnist": 784, "fashion-mnist": 784, "cifar10": 3072}
# Seconds for reading data and compiling or loading kernels.
_START = 3.0
_READOUT, _NEURON, _LATERAL = 30.0, 0.4, 1e-4


def estimated_seconds(config: TrainConfig) -> float:
    """Estimated seconds of one training on one core."""
    images = _TRAINING_IMAGES.get(config.data.dataset, 10_000)
    pixels = _PIXELS.get(config.data.dataset, 784)
    hidden = getattr(config.network, "hidden", 0)
    stack = getattr(config.network, "stack", None)  # only presets whose neurons may have lateral connections
    most = stack.lateral if stack is not None else None
    lateral = hidden if most == "all" else min(hidden, getattr(config.network, "lateral_connections", 0))
    whole = _READOUT + hidden * (_NEURON * (0.5 + 0.5 * pixels / 784) + _LATERAL * 5 * lateral)
    return _START + config.training.epochs / 100 * images / 48_000 * whole
