"""The page of settings has every setting of every preset and kind of study, each with a meaning."""

import re

import pytest

from infomorphic.studies.engine.kind import kinds
from infomorphic.training.described import describe_preset, describe_settings
from infomorphic.training.preset import presets
from loading import ROOT, load_script


@pytest.fixture(scope="module")
def page():
    hooks = load_script("tools/settings.py")
    page = hooks.on_page_markdown((ROOT / "docs" / "reference" / "settings.md").read_text(encoding="utf-8"))
    assert hooks.PLACE not in page
    assert hooks.PLACE_OF_STUDIES not in page
    return page


@pytest.mark.parametrize("name", sorted(presets()))
def test_every_setting_of_a_preset_has_a_meaning_and_a_place(name, page):
    for one in describe_preset(name):
        assert one.meaning.endswith("."), one.name
        assert one.allowed, one.name
        sections = re.findall(rf"^### `{re.escape(one.name)}` .*?(?=^##|\Z)", page, re.MULTILINE | re.DOTALL)
        assert any(one.meaning in section for section in sections), one.name


@pytest.mark.parametrize("name", sorted(kinds()))
def test_every_setting_of_a_study_has_a_meaning_and_a_place(name, page):
    section = re.search(rf"^### `{name}`\n.*?(?=^##|\Z)", page, re.MULTILINE | re.DOTALL)
    for one in describe_settings(kinds()[name].Settings):
        assert one.meaning.endswith("."), one.name
        assert one.name == "overrides" or f"- `{one.name}`: {one.meaning}" in section[0]


def test_headings_have_identifiers_of_their_own(page):
    identifiers = re.findall(r"^### .* \{ #(\S+) \}$", page, re.MULTILINE)
    assert len(identifiers) == len(set(identifiers))


def test_what_people_look_for_is_named_in_their_words(page):
    for words in ("learning rate (lr)", "batch size", "GPU, CUDA", "threads"):
        assert words in page
