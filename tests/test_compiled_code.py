"""Code on disk is stale when what was compiled into it has changed."""

from pathlib import Path

import numba
import pytest

from infomorphic import compiled_code
from infomorphic.layers import firing_kernel
from infomorphic.objective import kernel


@pytest.mark.parametrize(
    "function", [kernel.solve, kernel.solve_in_parallel, firing_kernel.fire, firing_kernel.current_gradients_in_parallel]
)
def test_numba_has_what_is_changed_to_have_files_watched(function) -> None:
    own, *watched = function._cache._cache_file._source_stamp
    assert own
    assert watched
    assert all(len(digest) == 64 for digest in watched)


def test_a_changed_file_makes_a_new_stamp(tmp_path: Path) -> None:
    watched = tmp_path / "formula.py"

    def stamp(text: str) -> object:
        watched.write_text(text)
        function = numba.njit(cache=True)(lambda x: x + 1)
        compiled_code.watch(function, [watched])
        return function._cache._cache_file._source_stamp

    first = stamp("a = 1")
    assert stamp("a = 1") == first
    assert stamp("a = 2") != first


def test_a_file_that_is_not_there_is_no_error(tmp_path: Path) -> None:
    function = numba.njit(cache=True)(lambda x: x + 1)
    compiled_code.watch(function, [tmp_path / "none.py"])
    assert function(1) == 2
