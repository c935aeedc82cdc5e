"""The packages of each extra, and sentences about those that are not installed."""

import re
import tomllib
from pathlib import Path

import pytest

from infomorphic.extras import PACKAGES, install_line, missing

_PROJECT = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text())["project"]
_NAMES = {"yaml": "pyyaml", "sklearn": "scikit-learn", "PIL": "pillow", "mlflow": "mlflow-skinny"}
"""Distributions whose name is not that of their package."""


@pytest.mark.parametrize("extra", PACKAGES)
def test_an_extra_installs_what_messages_say(extra):
    required = {re.split(r"[\[<>=]", r)[0] for r in _PROJECT["optional-dependencies"][extra]} - {"infomorphic"}
    named = {_NAMES.get(package, package) for package in PACKAGES[extra]}
    # An extra may also hold what only its packages need.
    assert named <= required
    assert extra == "mlflow" or named == required


def test_all_holds_what_is_not_for_another_program():
    assert _PROJECT["optional-dependencies"]["all"] == ["infomorphic[networks,studies,reports,measures,tables]"]


def test_a_package_is_installed_by_its_extra():
    assert install_line("torch") == "pip install 'infomorphic[networks]'"
    assert install_line("torch", "networks,reports") == "pip install 'infomorphic[networks,reports]'"
    assert install_line("not_there") == "pip install not_there"


def test_missing_packages():
    assert missing("this", "numpy", "pandas") is None
    assert missing("this", "numpy", "not_there", "nor_this") == (
        "this needs the package not_there, which is not installed. Install it: pip install not_there"
    )
