"""The notebooks of the gallery run, hold the outputs of their cells, are small, and become pages."""

import json
import re
from pathlib import Path
from types import SimpleNamespace

import pytest

from loading import load_script

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "docs" / "gallery").glob("*.ipynb"))


@pytest.fixture(scope="module")
def tool():
    return load_script("tools/notebooks.py")


def loaded(path):
    return json.loads(path.read_text(encoding="utf-8"))


def kinds(notebook):
    """The outputs of each code cell: their kinds, not their numbers, which may differ between processors."""
    return [[output["output_type"] for output in cell["outputs"]] for cell in notebook["cells"] if cell["cell_type"] == "code"]


def test_there_are_notebooks():
    assert len(NOTEBOOKS) == 6


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_a_notebook_runs_and_puts_out_what_it_holds(path, tool, tmp_path, monkeypatch):
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    monkeypatch.chdir(tmp_path)
    committed = loaded(path)
    found = tool.run(committed)
    assert kinds(found) == kinds(committed)
    assert sum(map(len, kinds(found))) >= 3
    assert [cell["source"] for cell in found["cells"]] == [cell["source"] for cell in committed["cells"]]
    assert [written.name for written in tmp_path.iterdir()] == ["examples"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_a_notebook_is_small_and_names_no_place_of_a_machine(path):
    assert path.stat().st_size < 300_000
    images_left_out = re.sub(r'"image/png": "[^"]*"', "", path.read_text(encoding="utf-8"))
    assert not re.search(r"(/tmp|/home|/root|/work|/Users|[A-Z]:\\\\)", images_left_out)
    assert loaded(path)["nbformat"] == 4


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_a_page_has_the_cells_and_images_of_its_notebook(path, tool):
    notebook = loaded(path)
    page, images = tool.to_markdown(notebook, path.stem)
    assert all("".join(cell["source"]).rstrip() in page for cell in notebook["cells"])
    assert sum(name in page for name in images) == len(images) > 0
    assert all(image.startswith(b"\x89PNG") for image in images.values())


def test_the_list_links_to_files_in_the_repository_and_to_pages_on_the_site(tool):
    text = (ROOT / "docs" / "gallery" / "index.md").read_text(encoding="utf-8")
    linked = re.findall(r"\]\(([^)]+\.ipynb)\)", text)
    assert sorted(linked) == [path.name for path in NOTEBOOKS]
    page = SimpleNamespace(file=SimpleNamespace(src_uri="gallery/index.md"))
    stems = [name.removesuffix(".ipynb") for name in linked]
    shown = tool.on_page_markdown(text, page)
    assert re.findall(r"\]\(([\w-]+\.md)\)", shown) == ["goals.md", *(f"{stem}.md" for stem in stems)]
    assert re.findall(r"!\[\]\(([^)]+)\)\{ \.thumbnail \}", shown) == [f"{stem}-1.png" for stem in stems]
    notebook = SimpleNamespace(file=SimpleNamespace(src_uri="gallery/your-own-goal.md"))
    assert tool.on_page_markdown("[here](your-own-goal.ipynb)", notebook) == "[here](your-own-goal.ipynb)"


def test_a_cell_that_fails_is_no_output(tool):
    cell = {"cell_type": "code", "source": ["1 / 0"], "outputs": []}
    with pytest.raises(ZeroDivisionError):
        tool.run({"cells": [cell]})


def test_the_last_value_is_shown_unless_it_ends_in_a_semicolon(tool):
    cells = [{"cell_type": "code", "source": [source]} for source in ("print('a')\n1 + 1", "2;", "x = 3", "x")]
    outputs = [cell["outputs"] for cell in tool.run({"cells": cells})["cells"]]
    assert [len(o) for o in outputs] == [2, 0, 0, 1]
    assert outputs[0][0]["text"] == ["a\n"]
    assert outputs[0][1]["data"]["text/plain"] == ["2"]
    assert outputs[3][0]["data"]["text/plain"] == ["3"]
