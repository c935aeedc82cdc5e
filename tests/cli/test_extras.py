"""Commands where an optional package is not installed: what needs none works, and the others say what to install."""

import subprocess
import sys

import pytest

from infomorphic.cli.extras import missing_package
from infomorphic.extras import PACKAGES

_WITHOUT = """
import sys
{hidden}
from infomorphic.cli import main
sys.exit(main(sys.argv[1:]))
"""


def run_without(packages, *arguments, cwd):
    """Run a command in a Python in which these packages cannot be imported."""
    hidden = "\n".join(f"sys.modules[{name!r}] = None" for name in packages)
    return subprocess.run(
        [sys.executable, "-c", _WITHOUT.format(hidden=hidden), *arguments], capture_output=True, text=True, cwd=cwd, timeout=120
    )


OPTIONAL = sorted({package for packages in PACKAGES.values() for package in packages} - {"PIL", "pydantic"})
"""Pillow comes with Matplotlib, and recent versions of Typer import Pydantic."""


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "xor.csv"
    path.write_text("a,b,y\n" + "".join(f"{a},{b},{a ^ b}\n" for a in (0, 1) for b in (0, 1)) * 25)
    return path


@pytest.mark.parametrize(
    "arguments",
    [
        ("pid", "xor.csv", "-t", "y", "-s", "a,b", "--test", "20", "--interval", "20", "--plot", "xor.png", "--report", "xor.html"),
        ("pid", "xor.csv", "-t", "y", "-s", "a,b", "--measure", "all"),
        ("pairs", "xor.csv", "--targets", "y", "--sources", "a,b", "--out", "pairs.csv"),
        ("goals",),
        ("goals", "{F}{C} - {F}{L}"),
        ("play", "--out", "pages", "--no-browser"),
    ],
    ids=lambda a: " ".join(a[:1]),
)
def test_the_core_needs_no_extra(table, arguments):
    done = run_without(OPTIONAL, *arguments, cwd=table.parent)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (
            ("train", "bars"),
            "infomorphic train needs the package torch, which is not installed. Install it: pip install 'infomorphic[networks]'",
        ),
        (("study", "status", "x"), "pip install 'infomorphic[studies]'"),
        (("report", "x"), "pip install 'infomorphic[networks,reports]'"),
        (("pid", "xor.csv", "-t", "y", "-s", "a,b", "--measure", "broja"), "pip install 'infomorphic[measures]'"),
        (("pairs", "xor.csv", "--targets", "y", "--sources", "a,b", "--out", "p.parquet"), "pip install 'infomorphic[tables]'"),
    ],
    ids=lambda a: a[0] if isinstance(a, tuple) else "",
)
def test_a_command_says_the_line_that_installs_its_extra(table, arguments, line):
    done = run_without(OPTIONAL, *arguments, cwd=table.parent)
    assert done.returncode == 1
    assert done.stderr.startswith("error: ")
    assert done.stderr.rstrip().endswith(line)


def test_a_missing_package_of_somebody_else_is_not_explained():
    assert missing_package(ModuleNotFoundError("No module named 'x'", name="x"), ["train", "x.py:build"]) is None
