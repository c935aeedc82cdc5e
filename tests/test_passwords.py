"""Whatever form an address has, its password is in nothing that is made of it."""

import pytest

from infomorphic.passwords import hide_password, hide_passwords, hide_passwords_of, host_and_port, without_passwords

SECRET = "hunter22secret"
ADDRESSES = [
    f"postgresql://ada:{SECRET}@host/db",
    f"postgresql://ada:{SECRET}@host:5432/db",
    f"postgresql://ada:{SECRET}@host:port/db",
    f"postgresql://:{SECRET}@host/db",
    f"postgresql://ada:a@{SECRET}@host/db",
    f"postgresql://ada:{SECRET}@b@host/db",
    f"postgresql://ada:a/{SECRET}/b@host/db",
    f"postgresql://ada:a:{SECRET}:b@host/db",
    f"postgresql://ada:a?{SECRET}@host/db",
    f"postgresql://ada:a#{SECRET}@host/db",
    f"postgresql://ada:%40%2F{SECRET}%3A@host/db",
    f"postgresql://ada:{SECRET}@[::1]:5432/db",
    f"postgresql://ada:{SECRET}@[::1/db",
    f"postgresql+psycopg://ada:{SECRET}@host/db",
    f"postgresql+psycopg2://ada:{SECRET}@host/db?sslmode=require",
    f"POSTGRESQL://ada:{SECRET}@host/db",
    f"mysql://ada:{SECRET}@host/db",
    f"mysql+pymysql://ada:{SECRET}@host/db?charset=utf8",
    f"mssql+pyodbc:///?odbc_connect=DRIVER%3Dx%3BUID%3Dada%3BPWD%3D{SECRET}",
    f"postgresql://host/db?user=ada&password={SECRET}",
    f"postgresql://host/db?user=ada&PASSWORD={SECRET}&sslmode=require",
    f"postgresql://host/db?pass%77ord={SECRET}",
    f"postgresql:///db?host=/run&sslpassword={SECRET}",
    f"mysql://host/db?passwd={SECRET}",
    f"grpc://ada:{SECRET}@host:13000",
    f"grpc://host:13000?token={SECRET}",
    f"http://ada:{SECRET}@host:5000",
    f"https://{SECRET}@host/mlflow",
    f"postgresql:/ada:{SECRET}@host/db",
    f"postgresql:ada:{SECRET}@host/db",
    f"nosuch://ada:{SECRET}@host",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_password_is_left(address):
    shown = hide_password(address)
    assert SECRET not in shown
    assert "***" in shown
    assert "host" in shown or "odbc_connect" in shown or "db" in shown
    for text in (f"the storage {address} is down", f"got '{address}'.", f'("{address}")', f"mlflow:{address}", f"--storage={address}"):
        assert SECRET not in hide_passwords(text)
    for words in (["--storage", address], [f"--storage={address}"], ["--track", f"mlflow:{address}"], [address]):
        assert SECRET not in " ".join(without_passwords(words))
    quoted = f"no host {SECRET!r}"
    assert SECRET not in hide_passwords_of([address], quoted) or "odbc" in address


@pytest.mark.parametrize(
    "address",
    [f"ada:{SECRET}@host/db", f"ada:{SECRET} more@host/db", f"host=h user=ada password={SECRET}", f"password='a {SECRET}' host=h"],
)
def test_what_is_no_address_is_hidden_where_one_is_expected(address):
    assert SECRET not in hide_password(address)
    assert SECRET not in " ".join(without_passwords(["--storage", address]))


def test_a_password_with_a_space_in_a_word_of_its_own():
    assert without_passwords(["work", "--storage", "postgresql://ada:a b@host/db"])[-1] == "postgresql://ada:***@host/db"


@pytest.mark.parametrize(
    "text",
    [
        "sqlite:////home/ada:b@c/study.db",
        "postgresql://ada@host:5432/db?sslmode=require",
        "grpc://host:13000",
        "folder:/pictures/12:30@home",
        "--set training.seed=3",
        "C:/data",
        "the passwords of 3 users",
        "author=ada",
    ],
)
def test_what_is_no_password_stays(text):
    assert hide_passwords(text) == text
    assert without_passwords([text]) == [text]


def test_user_host_and_database_stay():
    assert hide_password("postgresql://ada:secret@host:5432/db?sslmode=require") == "postgresql://ada:***@host:5432/db?sslmode=require"
    assert hide_password("mysql://host/db?user=ada&passwd=x&charset=utf8") == "mysql://host/db?user=ada&passwd=***&charset=utf8"


def test_parts_and_decoded_forms_that_a_driver_quotes():
    address = "postgresql://ada:first%40second@host/db"
    assert hide_passwords_of([address], "bad: first@second, first%40second") == "bad: ***, ***"
    assert hide_passwords_of(["postgresql://u:left@right@h/d"], "cannot resolve host 'right@h'") == "cannot resolve host '***@h'"


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("grpc://host:1", ("host", 1)),
        ("grpc://host", ("host", 13000)),
        ("grpc://[::1]:5/", ("[::1]", 5)),
        ("grpc://", None),
        ("grpc://host:port", None),
        ("grpc://host:99999", None),
        ("grpc://ada:secret@host:1", None),
        ("grpc://[::1", None),
    ],
)
def test_hosts_and_ports(address, expected):
    assert host_and_port(address, 13000) == expected
