"""Annotations of the whole package are checked while the tests run."""

import importlib
import pkgutil
import sys

import numpy as np
import pytest

import infomorphic
from shape_checking import Mismatch, wrong_on_purpose

PACKAGES = [module.name for module in pkgutil.iter_modules(infomorphic.__path__, "infomorphic.") if not module.name.endswith("__main__")]


@pytest.mark.parametrize("name", PACKAGES)
def test_every_module_is_loaded_with_checks(name):
    module = importlib.import_module(name)
    loaded = [m for n, m in sys.modules.items() if n == name or n.startswith(f"{name}.")]
    assert module in loaded
    assert {type(m.__spec__.loader).__module__ for m in loaded} == {"shape_checking"}


def test_a_wrong_shape_at_the_bottom_is_an_error():
    from infomorphic.pid.marginals import occupied_marginals

    cells, mass = np.zeros((3, 2), dtype=np.int64), np.full(2, 0.5)
    with pytest.raises(TypeError, match="mass"):
        occupied_marginals(cells, mass)


def test_a_wrong_shape_at_the_top_is_an_error():
    from infomorphic.reports.pictures import field_picture

    with pytest.raises(TypeError, match="weights"):
        field_picture(np.zeros((2, 2)), (2, 2))


def test_a_wrong_type_is_an_error():
    from infomorphic.cli.output import printable

    with pytest.raises(Mismatch, match="text"):
        printable(3)


@pytest.mark.parametrize("number", [2, np.float32(2), np.int64(2)])
def test_numbers_of_numpy_are_numbers(number):
    from infomorphic.cli.output import signed_bar

    signed_bar(number, 4.0)


@wrong_on_purpose
def test_a_test_may_pass_what_is_wrong():
    from infomorphic.cli.output import printable

    with pytest.raises(TypeError, match="not iterable"):
        printable(3)
