"""A storage that is asked again when it does not answer: networks come back, and a result that took an hour is worth waiting for."""

import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from optuna.exceptions import StorageInternalError

from infomorphic.errors import StudyError

if TYPE_CHECKING:
    from optuna.storages import BaseStorage

SECONDS = 300.0
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 30.0


class PatientStorage:
    """Every method of a storage, called again for some minutes where the storage does not answer.

    A call whose answer was lost is then made twice. That does no harm: a trial that is queued twice is done once, one that was taken without
    the taker's knowing is given up as silent, and a result that is already there stays.
    """

    def __init__(self, storage: "BaseStorage"):
        self._storage = storage

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._storage, name)
        return _patient(found) if callable(found) else found


def patient(storage: "BaseStorage") -> "BaseStorage":
    """The storage, asked patiently."""
    return cast("BaseStorage", PatientStorage(storage))


def _patient(call: Callable[..., Any]) -> Callable[..., Any]:
    def ask(*arguments: Any, **named: Any) -> Any:
        start, pause = time.monotonic(), _FIRST_PAUSE
        while True:
            try:
                return call(*arguments, **named)
            except _no_answer() as error:
                if time.monotonic() - start > SECONDS:
                    raise StudyError(f"the storage has not answered for {SECONDS:.0f} seconds: {error.__cause__ or error}") from error
                time.sleep(pause)
                pause = min(_LONGEST_PAUSE, 2 * pause)

    return ask


def _no_answer() -> tuple[type[Exception], ...]:
    # Optuna passes on what its proxy's client raises; the package is there only if the proxy is used.
    grpc = sys.modules.get("grpc")
    return (StorageInternalError,) if grpc is None else (StorageInternalError, grpc.RpcError)
