"""Checks every annotated shape and type while the tests run; users do not pay for it (see addopts in pyproject.toml)."""

from beartype import BeartypeConf, beartype

check = beartype(conf=BeartypeConf(is_pep484_tower=True))  # an int is welcome where a float is
