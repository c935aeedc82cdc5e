"""A clear error where training has left the numbers."""

from collections.abc import Iterator
from contextlib import contextmanager

from torch import nn

from infomorphic.errors import NonFiniteWeightsError, ObjectiveInputError


@contextmanager
def finite_weights(network: nn.Module, epoch: int) -> Iterator[None]:
    """Raise `NonFiniteWeightsError` if a weight is not finite when the block ends, or was the reason why it failed."""

    def check() -> None:
        if not all(bool(p.isfinite().all()) for p in network.parameters()):
            raise NonFiniteWeightsError(f"weights became NaN or infinite in epoch {epoch}. Try a smaller learning rate.")

    try:
        yield
    except ObjectiveInputError:
        check()  # NaN has no bin; whoever reads the message should hear the cause
        raise
    check()
