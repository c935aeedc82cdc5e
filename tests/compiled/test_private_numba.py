"""The private parts of numba that the package uses are still there.

If one of these tests fails with a new version of numba:

1. Release a version of infomorphic with the upper bound `numba<NEW` in pyproject.toml, so that users are not affected.
2. Cache (`compiled/cache.py`): what is gone has a successor in numba/core/caching.py. Without one, replace the body of `cached_njit` by
   `numba.njit(cache=True, **options)`: correct, but a damaged file of compiled code then crashes the process, and a change in one of the
   `files` does not make the code stale.
3. Vectors (`compiled/simd.py`): without `cgutils` or `PrimitiveModel`, set the vectors' width to one number; its docstring says what that costs.
4. Remove the bound when all tests pass.
"""

import inspect
import re
from pathlib import Path

import numba
import pytest

import infomorphic
from infomorphic.compiled.private_numba import FunctionCache, IndexDataCacheFile, NullCache, PrimitiveModel, cgutils, config

SOURCE = Path(infomorphic.__file__).parent


@pytest.fixture
def compiled(tmp_path, monkeypatch):
    """A function that numba compiles with its own cache."""
    monkeypatch.setattr(numba.config, "CACHE_DIR", str(tmp_path))
    function = numba.njit(cache=True)(lambda x: x + 1)
    assert function(1) == 2
    return function


def test_a_compiled_function_has_its_cache_and_its_target(compiled):
    assert isinstance(compiled._cache, FunctionCache)
    assert callable(compiled.targetctx.codegen)
    assert len(compiled.overloads) == 1


def test_the_cache_of_a_function(compiled):
    cache = compiled._cache
    assert isinstance(cache._cache_file, IndexDataCacheFile)
    assert isinstance(cache._impl.filename_base, str)
    assert isinstance(cache.cache_path, str)
    assert list(inspect.signature(FunctionCache.save_overload).parameters) == ["self", "sig", "data"]
    assert list(inspect.signature(NullCache.load_overload).parameters) == ["self", "sig", "target_context"]
    signature = next(iter(compiled.overloads))
    assert cache._index_key(signature, compiled.targetctx.codegen()) in cache._cache_file._load_index()


def test_the_files_of_a_cache(compiled):
    files = compiled._cache._cache_file
    assert list(inspect.signature(IndexDataCacheFile).parameters) == ["cache_path", "filename_base", "source_stamp"]
    for attribute in ("_cache_path", "_source_stamp", "_version", "_index_name", "_index_path", "_data_name_pattern"):
        assert hasattr(files, attribute), attribute
    for method in ("_load_index", "_save_index", "_load_data", "_save_data", "_data_path", "_dump", "_open_for_write"):
        assert callable(getattr(files, method)), method


def test_what_vectors_need():
    assert callable(cgutils.create_struct_proxy)
    assert list(inspect.signature(PrimitiveModel.__init__).parameters) == ["self", "dmm", "fe_type", "be_type"]


def test_the_number_of_threads():
    assert int(config.NUMBA_NUM_THREADS) >= 1


def test_only_one_module_imports_private_parts():
    users = [
        str(path.relative_to(SOURCE))
        for path in SOURCE.rglob("*.py")
        if re.search(r"^\s*(from|import) numba\.core", path.read_text(encoding="utf-8"), re.MULTILINE)
    ]
    assert users == ["compiled/private_numba.py"]
