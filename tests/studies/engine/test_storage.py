"""Addresses of storages: no trial is taken twice, and no password is shown."""

import sqlite3
import threading

import pytest

from infomorphic.errors import StudyError
from infomorphic.studies import Study, embedded, open_storage
from infomorphic.studies.engine.life import Worker


def claim_all(name, url, claimed):
    study, me = Study.open(name, url), Worker.this_process()
    while (trial := study.claim(me)) is not None:
        claimed.append(trial.number)


def claims_of_threads(study, count=4):
    claimed = []
    threads = [threading.Thread(target=claim_all, args=(study.name, study.url, claimed)) for _ in range(count)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    return claimed


def test_no_two_workers_take_the_same_trial(make):
    # Connections of their own, as processes have. Without a lock on whole transactions some trials are taken twice.
    study = make("sizes=1,2,3,4,5,6,7,8,9,10")
    assert sorted(claims_of_threads(study)) == list(range(20))


def test_no_two_workers_take_the_same_trial_of_a_server(kind_of, postgresql):
    study = Study.create("claims", "test", ["sizes=1,2,3,4,5,6,7,8,9,10"], url=postgresql)
    assert sorted(claims_of_threads(study)) == list(range(20))


def test_tables_are_made_once_however_many_ask(memory_path):
    errors = []

    def ask():
        try:
            open_storage(embedded(memory_path))
        except StudyError as error:
            errors.append(error)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert errors == []


def test_a_server_that_is_not_there():
    pytest.importorskip("psycopg")
    with pytest.raises(StudyError, match=r"postgresql://ada:\*\*\*@127\.0\.0\.1:1/db cannot be reached or used") as caught:
        open_storage("postgresql://ada:secret@127.0.0.1:1/db")
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("postgresql://ada:hunter22@host:port/db", "a storage must be an address"),
        ("postgresql://ada:hunter22@[::1/db", "a storage must be an address|cannot be reached|resolve"),
        ("postgresql:/ada:hunter22@host/db", "a storage must be an address"),
        ("ada:hunter22@host/db", "a storage must be an address"),
        ("host=h user=ada password=hunter22", "a storage must be an address"),
        ("postgresql://ada:x@hunter22@host/db", "must be written as %40"),
        ("postgresql://ada:x@hunter22/y@host/db", "must be written as %40"),
        ("nosuch://ada:hunter22@host/db", "is not installed"),
        ("postgresql://127.0.0.1:1/db?user=ada&password=hunter22", "cannot be reached"),
        ("postgresql+psycopg://ada:hunter22@127.0.0.1:1/db", "cannot be reached"),
        ("grpc://ada:hunter22@host:13000", "must be written as grpc"),
        ("grpc://host:13000?token=hunter22", "must be written as grpc"),
    ],
)
def test_no_message_shows_a_password(url, message):
    pytest.importorskip("psycopg")
    with pytest.raises(StudyError, match=message) as caught:
        open_storage(url)
    assert "hunter22" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("nonsense", "a storage must be an address"),
        ("nosuch://host/db", "the driver for the storage nosuch://host/db is not installed"),
        ("grpc://", "must be written as grpc://HOST:PORT"),
        ("sqlite:////nowhere/at/all/study.db", "cannot be reached or used: unable to open database file"),
    ],
)
def test_addresses_that_lead_nowhere(url, message):
    with pytest.raises(StudyError, match=message):
        open_storage(url)


def test_a_file_that_is_no_database(tmp_path):
    (tmp_path / "study.db").write_text("This is not a database, but it is long enough to be read as one." * 20)
    with pytest.raises(StudyError, match="file is not a database"):
        open_storage(embedded(tmp_path))


def test_a_storage_of_another_version_of_optuna(make, memory_path, url):
    make()
    with sqlite3.connect(memory_path / "study.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'v9.9.9'")
    connection.close()
    with pytest.raises(StudyError, match="was made by another version of Optuna"):
        open_storage(url)


def test_the_proxy_of_optuna(make, url):
    pytest.importorskip("grpc", reason="grpcio is not installed")
    import socket
    import warnings

    import optuna

    from infomorphic.studies.engine.worker import work

    make()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        threading.Thread(
            target=optuna.storages.run_grpc_proxy_server, args=(open_storage(url),), kwargs={"host": "127.0.0.1", "port": port}, daemon=True
        ).start()
        study = Study.open("s", f"grpc://127.0.0.1:{port}")
        assert work(study) == 6
    assert study.status().complete == 6
