"""Names that are imported on first use."""

import pytest

from infomorphic.lazy import lazily


def test_a_name_is_found_in_its_module():
    from infomorphic.pid.gates import parity

    assert lazily("infomorphic.pid", {"parity": "gates"})("parity") is parity


def test_other_names_do_not_exist():
    with pytest.raises(AttributeError, match=r"module 'infomorphic\.pid' has no attribute 'party'"):
        lazily("infomorphic.pid", {"parity": "gates"})("party")
