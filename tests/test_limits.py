"""Requests that do not fit into memory."""

import pytest

from infomorphic.errors import ConfigurationError, DataError
from infomorphic.limits import check_fits_memory, memory_bytes


def test_what_cannot_fit_into_memory_is_refused():
    check_fits_memory(1, "a byte", "Nothing to do.")
    with pytest.raises(
        ConfigurationError, match=r"^a table must fit into memory; got about .* GiB, and this machine has .* GiB\. Use less\.$"
    ):
        check_fits_memory(2 * memory_bytes() + 1, "a table", "Use less.")
    with pytest.raises(DataError, match="more than a billion GiB"):
        check_fits_memory(10**40, "a table", "Use less.", DataError)
