"""Where studies are kept: an SQLite file by default, or the address of any storage that Optuna supports.

Of the two kinds of file that Optuna offers, SQLite survives a kill at any moment: uncommitted changes are undone and locks end
with their process. In a journal, one truncated line makes the whole file unreadable.
"""

import importlib.util
import itertools
import re
import time
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

from infomorphic.errors import StudyError
from infomorphic.extras import install_line
from infomorphic.passwords import hide_password, hide_passwords_of, host_and_port
from infomorphic.quoting import quoted
from infomorphic.studies.engine.patience import NoAnswerError, Patience, patient

if TYPE_CHECKING:
    from optuna.storages import BaseStorage, RDBStorage

FILE = "study.db"
_PORT_OF_PROXY = 13000
_SECONDS_TO_CONNECT = 10
# Transactions take milliseconds. Waiting this long for a lock means that something is broken, which is reported.
_SECONDS_FOR_A_LOCK = 10
# Known permanent errors of servers and files; all other errors may be temporary.
_LASTING = (
    "authentication failed|no password supplied|does not exist|pg_hba|access denied|unknown database|not known|"
    "not a database|unable to open database file|readonly|invalid"
)
_TRIES = 5


def embedded(directory: Path) -> str:
    """The address of the file that is the storage of the study in `directory`."""
    return f"sqlite:///{directory / FILE}"


def open_storage(url: str, *, make_folder: bool = False, patience: float | None = None) -> "BaseStorage":
    """Open the storage at an address; an SQLite file is created if missing.

    Args:
        url: `sqlite:///PATH`, `postgresql://…`, `mysql://…`, or `grpc://HOST:PORT` for Optuna's proxy.
        make_folder: whether to create the folder of an SQLite file if missing.
        patience: seconds to wait for a storage that does not answer. By default a storage that cannot be reached is an error at
            once, and for a storage that stops answering later the wait is that of workers.

    Raises:
        StudyError: if it cannot be reached, another version of Optuna created it, or its driver is not installed.
    """
    import optuna

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    waiting = Patience(url, patience or 0.0)
    if url.startswith("grpc://"):
        storage = waiting.ask(lambda: _grpc_proxy(url))
    else:
        storage = optuna.storages.get_storage(waiting.ask(lambda: _relational(url, make_folder)))
    return patient(storage, Patience(url) if patience is None else waiting)


def _relational(url: str, make_folder: bool) -> "RDBStorage":
    import optuna
    from sqlalchemy import exc
    from sqlalchemy.engine import make_url
    from sqlalchemy.pool import NullPool

    shown = hide_password(url)
    try:
        parsed = make_url(url)
    except (exc.ArgumentError, ValueError):
        # Not `from error`: the original message may quote the password.
        raise StudyError(f"a storage must be an address such as postgresql://user@host/database; got {quoted(shown)}.") from None
    if parsed.password is not None and "@" in f"{parsed.host}{parsed.database}":
        raise StudyError(f"the sign @ in a password must be written as %40; got {quoted(shown)}.")
    family = parsed.drivername.partition("+")[0]
    if family == "sqlite":
        options = {"timeout": _SECONDS_FOR_A_LOCK}
        if make_folder and parsed.database:
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    else:
        options = {"connect_timeout": _SECONDS_TO_CONNECT}
    if parsed.drivername in ("postgresql", "postgres"):
        driver = "psycopg2" if importlib.util.find_spec("psycopg") is None and importlib.util.find_spec("psycopg2") else "psycopg"
        parsed = parsed.set(drivername=f"postgresql+{driver}")
    # Optuna formats the address as a template, so braces are doubled.
    address = parsed.render_as_string(hide_password=False).replace("{", "{{").replace("}", "}}")
    # One connection per transaction: hundreds of training workers then hold none, and idle ones cannot be dropped.
    engine: dict[str, Any] = {"poolclass": NullPool, "connect_args": options}
    started = time.monotonic()
    for attempt in itertools.count(1):
        try:
            storage = optuna.storages.RDBStorage(address, engine_kwargs=engine)
            if family == "sqlite":
                _lock_whole_transactions(storage)
            return storage
        except (ImportError, exc.NoSuchModuleError) as error:
            hint = f" Install it: {install_line('psycopg')}" if family in ("postgresql", "postgres") else ""
            raise StudyError(
                f"the driver for the storage {shown} is not installed ({hide_passwords_of([url], str(error))}).{hint}"
            ) from error
        except RuntimeError as error:  # raised by the check of the schema version
            raise StudyError(
                f"the storage {shown} was made by another version of Optuna: {hide_passwords_of([url], str(error))}"
            ) from error
        except (exc.SQLAlchemyError, optuna.exceptions.StorageInternalError) as error:
            # Two processes created the tables at once, and the other one was faster.
            if attempt < _TRIES and time.monotonic() - started < _SECONDS_FOR_A_LOCK and _made_meanwhile(error):
                time.sleep(0.2 * attempt)
                continue
            cause = hide_passwords_of([url], _cause(error))
            kind = NoAnswerError if _may_pass(error, cause) else StudyError
            raise kind(f"the storage {shown} cannot be reached or used: {cause}") from error
    raise AssertionError


def _lock_whole_transactions(storage: "RDBStorage") -> None:
    """Make every transaction lock an SQLite file from its first statement.

    By default the lock is taken at the first change, so two workers could both read that a trial is waiting and both take it.
    """
    from sqlalchemy import event

    @event.listens_for(storage.engine, "connect")
    def _leave_transactions_alone(connection: Any, _record: Any) -> None:
        connection.isolation_level = None

    @event.listens_for(storage.engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _made_meanwhile(error: BaseException) -> bool:
    text = f"{error} {error.__cause__}".lower()
    return any(sign in text for sign in ("already exists", "unique", "duplicate", "locked"))


def _may_pass(error: BaseException, cause: str) -> bool:
    """Whether the error may be temporary, unlike that of a wrong address."""
    from sqlalchemy import exc

    found = error if isinstance(error, exc.SQLAlchemyError) else error.__cause__
    return isinstance(found, exc.OperationalError | exc.InterfaceError) and not re.search(_LASTING, cause, re.IGNORECASE)


def _cause(error: BaseException) -> str:
    """The database's own message, without SQLAlchemy's."""
    origin = getattr(error, "orig", None) or getattr(error.__cause__, "orig", None) or error
    return " ".join(str(origin).split())


def _grpc_proxy(url: str) -> "BaseStorage":
    import optuna

    place = host_and_port(url, _PORT_OF_PROXY)
    if place is None:
        raise StudyError(f"Optuna's proxy must be written as grpc://HOST:PORT; got {quoted(hide_password(url))}.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
            proxy = optuna.storages.GrpcStorageProxy(host=place[0], port=place[1])
            proxy.wait_server_ready(timeout=_SECONDS_TO_CONNECT)
    except ImportError as error:
        raise StudyError("Optuna's proxy needs the packages grpcio and protobuf. Install them with: pip install grpcio protobuf") from error
    except ConnectionError as error:
        raise NoAnswerError(f"the storage {url} cannot be reached within {_SECONDS_TO_CONNECT} seconds ({error}).") from error
    return proxy
