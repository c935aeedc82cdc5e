"""The registry's page has links that lead somewhere (tools/package_metadata.py)."""

import re
from pathlib import Path

import pytest

from loading import load_script

ROOT = Path(__file__).resolve().parents[2]
REPOSITORY = "https://example.org/team/infomorphic"


@pytest.fixture(scope="module")
def tool():
    return load_script("tools/package_metadata.py")


def metadata(tool, monkeypatch, repository):
    monkeypatch.setenv("INFOMORPHIC_REPOSITORY", repository)
    found = {"version": "1.2.3"}
    tool.Metadata(str(ROOT), {}).update(found)
    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[a](docs/b.md#c)", f"[a]({REPOSITORY}/blob/v1.2.3/docs/b.md#c)"),
        ("![a](docs/b.png)", f"![a]({REPOSITORY}/raw/v1.2.3/docs/b.png)"),
        ("[a [b]](c.md)", f"[a [b]]({REPOSITORY}/blob/v1.2.3/c.md)"),
        ("[a](https://b.org/c)", "[a](https://b.org/c)"),
        ("[a](#b)", "[a](#b)"),
    ],
)
def test_relative_links_lead_to_the_release(tool, text, expected):
    assert tool.with_absolute_links(text, REPOSITORY, "1.2.3") == expected


def test_with_a_repository_no_link_of_the_readme_is_relative(tool, monkeypatch):
    found = metadata(tool, monkeypatch, REPOSITORY + "/")
    targets = re.findall(r"\]\(([^)\s]+)\)", found["readme"]["text"])
    assert len(targets) > 20
    assert [target for target in targets if not target.startswith(("https://", "#"))] == []
    assert found["urls"]["Source"] == REPOSITORY
    for target in targets:
        if target.startswith(REPOSITORY):
            path = target.removeprefix(REPOSITORY).split("/", 3)[3].split("#")[0]
            assert (ROOT / path).exists(), target


def test_without_a_repository_the_readme_is_as_it_is(tool, monkeypatch):
    found = metadata(tool, monkeypatch, "")
    assert found["readme"]["text"] == (ROOT / "README.md").read_text(encoding="utf-8")
    assert "urls" not in found
