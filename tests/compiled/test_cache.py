"""Code on disk is stale when what was compiled into it has changed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from infomorphic.compiled.cache import cached_njit, has_code
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
        function = cached_njit([watched])(lambda x: x + 1)
        return function._cache._cache_file._source_stamp

    first = stamp("a = 1")
    assert stamp("a = 1") == first
    assert stamp("a = 2") != first


def test_a_file_that_is_not_there_is_no_error(tmp_path: Path) -> None:
    function = cached_njit([tmp_path / "none.py"])(lambda x: x + 1)
    assert function(1) == 2


def test_a_function_has_code_for_the_types_that_it_was_called_with() -> None:
    function = cached_njit()(lambda x: x + 3)
    function(1)
    assert has_code(function, [2])
    assert not has_code(function, [2j])


SMALL = """
import sys, warnings
from infomorphic.compiled.cache import cached_njit
warnings.simplefilter("always")

@cached_njit(nogil=True)
def twice(x):
    return 2 * x

print(twice(21), sum(twice.stats.cache_hits.values()))
"""


def twice(script: Path, cache: Path | None) -> tuple[str, str]:
    """What a process prints that calls the function: its value, and how often code was found on disk."""
    environment = {name: value for name, value in os.environ.items() if name != "NUMBA_CACHE_DIR"}
    if cache is not None:
        environment["NUMBA_CACHE_DIR"] = str(cache)
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=True, env=environment)
    return done.stdout.strip(), done.stderr


def test_a_damaged_file_is_deleted_and_compiled_again(tmp_path: Path) -> None:
    script, cache = tmp_path / "small.py", tmp_path / "cache"
    script.write_text(SMALL)
    assert twice(script, cache) == ("42 0", "")
    assert twice(script, cache) == ("42 1", "")
    files = [path for path in cache.rglob("*") if path.suffix in (".nbi", ".nbc")]
    assert {path.suffix for path in files} == {".nbi", ".nbc"}
    for path in files:
        for damage in (
            lambda c: c[: len(c) // 2],
            lambda c: b"",
            lambda c: b"garbage" * 99,
            lambda c: c[:-9] + bytes([c[-9] ^ 1]) + c[-8:],
        ):
            path.write_bytes(damage(path.read_bytes()))
            assert twice(script, cache) == ("42 0", "")
            assert twice(script, cache) == ("42 1", ""), "it is whole again"
    files[0].unlink()
    assert twice(script, cache)[0] == "42 0"


def test_without_a_folder_functions_are_compiled_in_every_process_with_one_warning(tmp_path: Path) -> None:
    script = tmp_path / "small.py"
    # What numba finds on an installation that cannot be written to, for a user without a home.
    nowhere = "from numba.core import caching\ncaching.CompileResultCacheImpl._locator_classes = []\n"
    script.write_text(nowhere + SMALL + "print(twice(0.5))\n")
    out, err = twice(script, None)
    assert out == "42 0\n1.0"
    assert err.count("InfomorphicWarning: no folder for compiled code is writable") == 1
    assert "NUMBA_CACHE_DIR" in err


def test_a_cache_that_cannot_be_written_to_is_a_warning(tmp_path: Path) -> None:
    script, cache = tmp_path / "small.py", tmp_path / "cache"
    full = "import resource\nresource.setrlimit(resource.RLIMIT_FSIZE, (100, resource.RLIM_INFINITY))\n"
    script.write_text(SMALL.replace("print", full + "print", 1))
    out, err = twice(script, cache)
    assert out == "42 0"
    assert err.count("InfomorphicWarning: compiled code cannot be kept in") == 1
    assert "(File too large)" in err
