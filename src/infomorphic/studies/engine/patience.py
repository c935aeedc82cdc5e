"""Retry calls to a storage that does not answer: networks recover, and a result that took an hour is worth waiting for."""

import logging
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

from optuna.exceptions import StorageInternalError

from infomorphic.errors import StudyError
from infomorphic.passwords import hide_password, hide_passwords_of

if TYPE_CHECKING:
    from optuna.storages import BaseStorage

# Goes to stderr unless the application configures logging.
_LOG = logging.getLogger(__name__)

SECONDS = 300.0
"""Seconds that workers wait for a storage that does not answer."""
SECONDS_TO_LOOK = 15.0
"""Seconds that read-only commands wait."""
_LONGEST_CALL = 60.0
_SECONDS_TO_STOP = 3.0
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 30.0
_SILENCE = 5.0


class NoAnswerError(StudyError):
    """A storage cannot be reached now, but perhaps later."""


class DeletedError(StudyError, KeyError):
    """A study or trial is no longer in its storage."""

    # KeyError prints the repr of its argument; print the sentence instead.
    __str__ = Exception.__str__


class Patience:
    """Retries calls to a storage until it answers, and reports on stderr when waiting begins and ends.

    Args:
        url: the address of the storage.
        seconds: how long to retry. A single call gets at least a minute, because its answer may be long.
    """

    def __init__(self, url: str, seconds: float = SECONDS):
        self.url, self.seconds, self.longest_call = url, seconds, max(seconds, _LONGEST_CALL)
        self._lock = threading.Lock()
        self._silent_since: float | None = None

    def ask(self, call: Callable[[], Any]) -> Any:
        """Return the answer of `call`, retrying if necessary.

        Raises:
            StudyError: if there is none in time.
        """
        start, pause = time.monotonic(), _FIRST_PAUSE
        while True:
            try:
                answer = self._answer(call)
            except _no_answer() as error:
                waited = time.monotonic() - start
                if waited > self.seconds or self.seconds == 0:
                    if isinstance(error, NoAnswerError):
                        raise
                    raise self._given_up(self.seconds, _cause(error)) from error
                self._report(_cause(error), self.seconds)
                # Sleep no longer than until the end, then try a last time.
                time.sleep(min(pause, max(self.seconds - waited, _FIRST_PAUSE)))
                pause = min(_LONGEST_PAUSE, 2 * pause)
            except StudyError:
                raise
            except KeyError as error:
                raise DeletedError(f"the study or trial is no longer in {hide_password(self.url)}: it was deleted.") from error
            else:
                self._report_end()
                return answer

    def _answer(self, call: Callable[[], Any]) -> Any:
        """Run a call so that signals are handled during it: drivers wait for locks and networks where Python handles none."""
        if threading.current_thread() is not threading.main_thread():
            return call()
        outcome: list[Any] = []
        done = threading.Event()

        def run() -> None:
            try:
                outcome.append((call(), None))
            except BaseException as error:
                outcome.append((None, error))
            done.set()

        threading.Thread(target=run, daemon=True).start()
        if not done.wait(min(_SILENCE, self.longest_call)):
            self._report("no answer yet", self.longest_call)
            if not done.wait(max(0.0, self.longest_call - _SILENCE)):
                raise self._given_up(self.longest_call, "no answer at all")
        answer, error = outcome[0]
        if error is not None:
            raise error
        return answer

    def _given_up(self, waited: float, cause: str) -> StudyError:
        return StudyError(
            f"the storage {hide_password(self.url)} has not answered for {waited:.0f} seconds: {self._clean(cause)}. "
            "Recorded results are safe. Try again when the storage can be reached."
        )

    def _report(self, cause: str, seconds: float) -> None:
        with self._lock:
            if self._silent_since is not None:
                return
            self._silent_since = time.monotonic()
        _LOG.warning(
            "warning: the storage %s does not answer (%s); waiting for it, for up to %.0f seconds. Ctrl-C stops.",
            hide_password(self.url),
            self._clean(cause),
            seconds,
        )

    def _report_end(self) -> None:
        with self._lock:
            since, self._silent_since = self._silent_since, None
        if since is not None:
            _LOG.warning("The storage answers again, after %.0f seconds.", time.monotonic() - since)

    def _clean(self, text: str) -> str:
        return hide_passwords_of([self.url], " ".join(text.split()))


class PatientStorage:
    """A storage whose methods are retried for some minutes if it does not answer.

    A call whose answer was lost is then repeated. That is harmless: a trial that is queued twice is run once, a trial whose claim was never
    acknowledged times out, and an existing result stays.
    """

    def __init__(self, storage: "BaseStorage", patience: Patience):
        self._storage, self.patience = storage, patience

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._storage, name)
        if not callable(found):
            return found
        return lambda *arguments, **named: self.patience.ask(lambda: found(*arguments, **named))


def patient(storage: "BaseStorage", patience: Patience) -> "BaseStorage":
    """Wrap the storage so that calls are retried."""
    return cast("BaseStorage", PatientStorage(storage, patience))


@contextmanager
def hurried(storage: "BaseStorage") -> Iterator[None]:
    """In this block, wait for the storage only a few seconds, because the process was asked to end."""
    if not isinstance(storage, PatientStorage):
        yield
        return
    patience = storage.patience
    before = patience.seconds, patience.longest_call
    patience.seconds, patience.longest_call = min(patience.seconds, _SECONDS_TO_STOP), _SECONDS_TO_STOP
    try:
        yield
    finally:
        patience.seconds, patience.longest_call = before


def _cause(error: BaseException) -> str:
    """The database's own message, without those of SQLAlchemy and Optuna."""
    found = error.__cause__ or error
    return str(getattr(found, "orig", None) or found)


def _no_answer() -> tuple[type[Exception], ...]:
    # Optuna raises the errors of its proxy's client; that package is installed only if the proxy is used.
    grpc = sys.modules.get("grpc")
    return (StorageInternalError, NoAnswerError) if grpc is None else (StorageInternalError, NoAnswerError, grpc.RpcError)
