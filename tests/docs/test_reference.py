"""The reference covers every public name, and the page of the command line every command and option."""

import importlib.util
import pkgutil
import pydoc
import re
from pathlib import Path

import pytest

import infomorphic
from infomorphic import tasks
from infomorphic.cli.app import app
from loading import load_script

ROOT = Path(__file__).parents[2]
# Modules that serve the others, and have no page.
INTERNAL = {"compiled", "extras", "files", "interruption", "lazy", "limits", "passwords", "quoting", "seeding", "text", "units"}
TASKS = {f"tasks.{m.name}" for m in pkgutil.iter_modules(tasks.__path__) if m.ispkg}
PACKAGES = sorted({m.name for m in pkgutil.iter_modules(infomorphic.__path__) if m.ispkg} - INTERNAL - {"cli", "tasks"} | TASKS)


@pytest.mark.parametrize("package", PACKAGES)
def test_every_public_name_has_its_place(package):
    page = (ROOT / "docs" / "reference" / f"{package.rpartition('.')[2]}.md").read_text(encoding="utf-8")
    documented = re.findall(r"^::: (\S+)$", page, re.MULTILINE)
    module = importlib.import_module(f"infomorphic.{package}")
    for name in module.__all__:
        home = getattr(getattr(module, name), "__module__", None)
        if importlib.util.find_spec(f"{module.__name__}.{name}"):
            assert f"{home}.{name}" in documented, f"{name} has the name of its module, which would be shown in its place"
            continue
        # mkdocstrings reads files and not objects, so a name that a package imports lazily is found in its own module alone.
        eagerly = name in vars(module) and "_EXPORTS" not in vars(module) and module.__name__ in documented
        assert eagerly or home in documented, f"{name} of infomorphic.{package} is on no page"


@pytest.mark.parametrize("path", sorted((ROOT / "docs" / "reference").glob("*.md")), ids=lambda p: p.stem)
def test_a_page_does_not_repeat_the_docstring_below_it(path):
    page = path.read_text(encoding="utf-8")
    names = [name for name in re.findall(r"^::: (\S+)$", page, re.MULTILINE) if name.rpartition(".")[2].islower()]
    docstrings = " ".join(pydoc.locate(name).__doc__ or "" for name in names).split()
    introduction = page.partition("\n")[2].partition("\n::: ")[0]
    sentences = re.findall(r"[A-Z][^.]{15,}\.", " ".join(introduction.split()))
    assert not [sentence for sentence in sentences if sentence in " ".join(docstrings)]


def test_every_module_of_the_package_has_a_page():
    modules = {m.name for m in pkgutil.iter_modules(infomorphic.__path__) if not m.name.startswith("_")} - INTERNAL - {"cli"}
    modules |= {task.rpartition(".")[2] for task in TASKS}
    assert modules == {p.stem for p in (ROOT / "docs" / "reference").glob("*.md")} - {"index", "versions", "settings", "command-line"}


def test_command_line_page_has_every_command_and_option():
    import typer

    hooks = load_script("tools/commands.py")
    page = hooks.on_page_markdown((ROOT / "docs" / "reference" / "command-line.md").read_text(encoding="utf-8"))
    assert hooks.PLACE not in page

    def check(command, words):
        heading = re.search(rf"^#+ `{re.escape(' '.join(words))}`\n(.*?)(?=^#+ `|\Z)", page, re.MULTILINE | re.DOTALL)
        assert heading, f"{' '.join(words)} is missing"
        for parameter in command.params:
            for option in (o for o in parameter.opts if o.startswith("--")):
                assert option in heading[1], f"{' '.join(words)} {option}"
        for name, inner in getattr(command, "commands", {}).items():
            check(inner, [*words, name])

    check(typer.main.get_command(app), ["infomorphic"])
