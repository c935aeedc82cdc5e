"""Tests mirror the source under the rule in CONTRIBUTING.md."""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2]
TESTS, SOURCE = ROOT / "tests", ROOT / "src" / "infomorphic"
KINDS = {
    "agreement": "with other programs",
    "browser": "pages in a real browser",
    "docs": "the code and commands of pages",
    "examples": "the scripts in examples/",
    "fuzz": "random and damaged inputs",
    "recovery": "after a kill, a full disk or a lost storage",
    "repository": "the source tree itself",
    "theorems": "mathematical laws and exact values",
}
"""Folders of tests that do not belong to one module. CONTRIBUTING.md lists them in the same words."""
FILES = [path.relative_to(TESTS) for path in sorted(TESTS.rglob("*.py"))]


def names_a_module_or_package(file):
    module = SOURCE / file.parent / file.name.removeprefix("test_")
    return module.is_file() or (module.with_suffix("") / "__init__.py").is_file()


def test_every_test_is_named_after_a_module_or_package():
    assert [str(f) for f in FILES if f.name.startswith("test_") and f.parts[0] not in KINDS and not names_a_module_or_package(f)] == []


def test_every_file_begins_with_a_docstring():
    texts = {str(f): (TESTS / f).read_text(encoding="utf-8") for f in FILES}
    assert [f for f, text in texts.items() if not (text.startswith('"""') and ast.get_docstring(ast.parse(text)))] == []


def test_the_rule_lists_every_kind():
    rule = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    listed = dict(
        line.removeprefix("| `tests/").removesuffix(" |").split("` | ") for line in rule.splitlines() if line.startswith("| `tests/")
    )
    assert listed == KINDS
    assert {path.name for path in TESTS.iterdir() if path.name in KINDS} == set(KINDS)
    assert not [kind for kind in KINDS if (SOURCE / kind).exists()]
