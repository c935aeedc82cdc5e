"""The gallery of goals has a card for each goal, with a picture whose command trains this goal, and a link into the playground."""

import csv
import re
import shlex
from html import unescape
from urllib.parse import parse_qs

import numpy as np
import pytest
from PIL import Image

from infomorphic.goals import Goal, gallery_goals
from infomorphic.goals.gallery import GALLERY_PAGE
from infomorphic.goals.saved import find_goal
from infomorphic.playground.pages import tasks_of
from loading import ROOT, load_script

PICTURES = ROOT / "docs" / "images" / "goals"


@pytest.fixture(scope="module")
def tool():
    return load_script("tools/goals.py")


@pytest.fixture(scope="module")
def cards(tool):
    """The text of each card, by the anchor of its heading."""
    page = tool.on_page_markdown((ROOT / GALLERY_PAGE).read_text(encoding="utf-8"))
    assert tool.PLACE not in page
    return dict(re.findall(r"^### [^\n]* \{ #(\S+) \}\n(.*?)(?=^##|\Z)", page, re.MULTILINE | re.DOTALL))


def test_there_is_a_card_for_each_goal(cards):
    assert sorted(f"{GALLERY_PAGE}#{anchor}" for anchor in cards) == sorted(entry.page for entry in gallery_goals())


@pytest.mark.parametrize("entry", gallery_goals(), ids=lambda entry: entry.name)
def test_a_card_has_words_results_a_picture_and_a_link(cards, tool, entry):
    card = cards[tool.anchor(entry)]
    assert entry.goal.describe() in card
    assert f"- Sources: {', '.join(entry.goal.sources)}." in card
    for result in (entry.published, entry.measured):
        assert result is None or entry.shown(result) in card
    assert entry.published is None or entry.published.source in card
    assert entry.measured is None or all(text in card for text in (entry.measured.file, entry.measured.command, entry.measured.commit))
    names = [tool.picture_name(entry, task) for task in tasks_of(entry)]
    assert re.findall(r"!\[[^]]{40,}\]\(\.\./images/goals/(\S+)\)\{ \.fields \}", card) == names
    links = [parse_qs(unescape(link)) for link in re.findall(r'<a href="\.\./\.\./playground/goals\.html#([^"]+)">', card)]
    assert [(link["task"], link["goal"], link["seed"]) for link in links] == [
        ([t], [entry.name], [str(tool.SEED)]) for t in tasks_of(entry)
    ]


def test_the_command_of_every_picture_trains_its_goal(tool):
    with tool.TABLE.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [(row["goal"], row["task"]) for row in rows] == [(entry.name, task) for entry in gallery_goals() for task in tasks_of(entry)]
    goals = {entry.name: entry.goal for entry in gallery_goals()}
    for row in rows:
        words = shlex.split(row["command"])
        options = dict(zip(words[3::2], words[4::2], strict=True))
        goal, sources = goals[row["goal"]], "FC" if row["task"] == "bars" else goals[row["goal"]].sources
        trained = find_goal(options["--goal"], sources)
        assert list(trained.weights.values()) == list(Goal(goal.weights, goal.residual_entropy, goal.sources).weights.values())
        assert trained.residual_entropy == goal.residual_entropy
        assert row["seed"] == options["--seed"]
        assert re.fullmatch("[0-9a-f]{7,}", row["commit"])


def test_every_picture_shows_eight_neurons_and_is_small(tool):
    names = {tool.picture_name(entry, task) for entry in gallery_goals() for task in tasks_of(entry)}
    assert {path.name for path in PICTURES.iterdir()} == names
    for path in PICTURES.iterdir():
        assert path.stat().st_size < 10_000
        with Image.open(path) as image:
            assert image.size == (8 * 48 + 7 * 6, 48)


def test_a_picture_is_drawn_from_a_training(tool, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(tool, "EPOCHS", {"bars": 3})
    tool.draw(tmp_path / "pictures", tmp_path / "table.csv", ["memory/redundancy"])
    capsys.readouterr()
    with (tmp_path / "table.csv").open(encoding="utf-8") as file:
        (row,) = csv.DictReader(file)
    assert (row["goal"], row["task"], row["seed"]) == ("memory/redundancy", "bars", "0")
    assert "--epochs 3 " in row["command"]
    assert 0.5 <= float(row["right"]) <= 1
    with Image.open(tmp_path / "pictures" / "memory-redundancy.png") as image:
        assert image.size == (426, 48)


def test_blue_is_positive_and_gaps_are_transparent(tool):
    field = np.zeros((2, 64))
    field[0, 0], field[1, 63] = 2.0, -1.0
    pixels = np.asarray(tool.picture(field).convert("RGBA"))
    red, blue = pixels[0, 0, 0], pixels[0, 0, 2]
    assert blue > red
    assert pixels[-1, -1, 0] > pixels[-1, -1, 2]
    assert (pixels[:, 48:54, 3] == 0).all()
    assert pixels[24, 24, :3].min() > 235
