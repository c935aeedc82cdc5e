"""A clear error for weights that are no longer finite."""

from collections.abc import Iterator
from contextlib import contextmanager

from torch import nn

from infomorphic.errors import NonFiniteWeightsError, ObjectiveInputError


@contextmanager
def finite_weights(network: nn.Module, epoch: int) -> Iterator[None]:
    """Raise `NonFiniteWeightsError` if a weight is not finite when the block ends or fails."""

    def check() -> None:
        if not all(bool(p.isfinite().all()) for p in network.parameters()):
            raise NonFiniteWeightsError(f"weights became NaN or infinite in epoch {epoch}. Try a smaller learning rate.")

    try:
        yield
    except ObjectiveInputError:
        check()  # NaN has no bin; the message should name the cause instead
        raise
    check()
