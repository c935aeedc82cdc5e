"""The processes that train one network together, on torch.distributed with its back end gloo."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, distributed

from infomorphic.errors import ProcessLostError, RunError

# The longest time between two exchanges: an evaluation, or a checkpoint on a slow disk.
_TIMEOUT = timedelta(minutes=10)
_FAILURE = "infomorphic failure"


@dataclass(frozen=True)
class Processes:
    """The processes that train one network; by default, this one alone. Process 0 writes the run."""

    rank: int = 0
    """The number of this process."""
    size: int = 1
    """The number of processes."""
    store: Any = None
    """The store of torch.distributed, through which a process says why it ends."""

    def collected(self, values: Tensor, lengths: Sequence[int]) -> list[Tensor]:
        """The rows of every process, in order, in every process.

        Args:
            values: the rows of this process.
            lengths: the number of rows of each process.
        """
        received = self._buffers(values, lengths)
        with self._noticing_loss():
            distributed.all_gather(received, _padded(values, max(lengths)))
        return [rows[:length] for rows, length in zip(received, lengths, strict=True)]

    def collected_by_first(self, values: Tensor, lengths: Sequence[int]) -> list[Tensor]:
        """The rows of every process, in order, in process 0; nothing in the others."""
        received = self._buffers(values, lengths) if self.rank == 0 else None
        with self._noticing_loss():
            distributed.gather(_padded(values, max(lengths)), received, dst=0)
        return [] if received is None else [rows[:length] for rows, length in zip(received, lengths, strict=True)]

    def from_first(self, content: bytes | None = None) -> bytes:
        """The bytes that process 0 gives, in every process."""
        length = torch.tensor(len(content or b""))
        with self._noticing_loss():
            distributed.broadcast(length, src=0)
            values = torch.empty(int(length), dtype=torch.uint8)
            if content:
                values.copy_(torch.frombuffer(bytearray(content), dtype=torch.uint8))
            if len(values):
                distributed.broadcast(values, src=0)
        return values.numpy().tobytes()

    def fail(self, message: str) -> None:
        """Say to the other processes why this one ends."""
        try:
            self.store.set(_FAILURE, message)
        except RuntimeError:  # process 0, which keeps the store, has ended
            return

    @staticmethod
    def _buffers(values: Tensor, lengths: Sequence[int]) -> list[Tensor]:
        # Gloo exchanges arrays of one size.
        return list(values.new_empty(len(lengths), max(lengths), *values.shape[1:]))

    @contextmanager
    def _noticing_loss(self) -> Iterator[None]:
        try:
            yield
        except RuntimeError as error:
            if (reason := self._failure()) is not None:
                raise RunError(reason) from error
            raise ProcessLostError(f"one of the {self.size} processes was lost.") from error

    def _failure(self) -> str | None:
        """Why another process ended, if it said so."""
        try:
            return self.store.get(_FAILURE).decode() if self.store.check([_FAILURE]) else None
        except RuntimeError:  # process 0, which keeps the store, has ended
            return None


ALONE = Processes()
"""This process, which trains the whole network."""


@contextmanager
def joined(rank: int, size: int, meeting: Path | None = None) -> Iterator[Processes]:
    """This process as one of several. Within, an exception ends the training of all; the others report it.

    Example:
        >>> with joined(rank, size) as processes:  # started by torchrun, with RANK and WORLD_SIZE as rank and size
        ...     if processes.rank == 0:
        ...         fit(config, Path("runs/divided"), processes=processes)
        ...     else:
        ...         follow(processes)

    Args:
        rank: the number of this process.
        size: the number of processes.
        meeting: a file of this machine through which the processes find each other; None for the address that torchrun gives.

    Raises:
        ProcessLostError: if the others cannot be reached.
    """
    try:
        if meeting is not None:
            store = distributed.FileStore(str(meeting), size)  # pyright: ignore[reportPrivateImportUsage]
        else:
            meeting_point = distributed.rendezvous("env://", rank, size, timeout=_TIMEOUT)  # pyright: ignore[reportPrivateImportUsage]
            store, rank, size = next(meeting_point)
        distributed.init_process_group("gloo", store=store, rank=rank, world_size=size, timeout=_TIMEOUT)
    except RuntimeError as error:
        raise ProcessLostError(f"the {size} processes cannot reach each other: {str(error).splitlines()[0]}") from error
    processes = Processes(rank, size, store)
    try:
        yield processes
    except ProcessLostError:
        raise
    except Exception as error:
        processes.fail(str(error) or type(error).__name__)
        raise
    finally:
        distributed.destroy_process_group()


def _padded(values: Tensor, length: int) -> Tensor:
    values = values.contiguous()
    if len(values) == length:
        return values
    padded = values.new_zeros(length, *values.shape[1:])
    padded[: len(values)] = values
    return padded
