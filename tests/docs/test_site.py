"""The built documentation: search, shapes, thumbnails, links. Needs the extra `docs`."""

import json

import pytest

from loading import ROOT

pytestmark = pytest.mark.slow


def test_search_finds_what_people_type(site):
    index = json.loads((site / "search" / "search_index.json").read_text(encoding="utf-8"))["docs"]

    def found(words):
        return {entry["location"] for entry in index if all(w in f"{entry['title']} {entry['text']}".lower() for w in words.split())}

    assert "reference/settings/#training-device" in found("cuda")
    assert "reference/settings/#classification-network-hidden_optimizer-learning_rate" in found("learning rate")
    assert "reference/settings/#classification-training-batch_size" in found("batch")
    assert "reference/settings/#settings" in found("threads")


def test_shapes_have_no_stray_spaces(site):
    for path in (site / "reference").rglob("index.html"):
        page = path.read_text(encoding="utf-8")
        assert '<span class="s2">" ' not in page, path
        assert '<span class="s2">&quot; ' not in page, path


def test_the_gallery_has_a_thumbnail_for_each_notebook(site):
    page = (site / "gallery" / "index.html").read_text(encoding="utf-8")
    assert page.count('class="thumbnail"') == len(list((ROOT / "docs" / "gallery").glob("*.ipynb")))


def test_pages_link_to_the_next_and_the_one_before(site):
    page = (site / "tutorials" / "recording" / "index.html").read_text(encoding="utf-8")
    assert 'rel="next"' in page
    assert 'rel="prev"' in page
