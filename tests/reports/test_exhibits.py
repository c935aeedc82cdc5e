"""Exhibits of a task as data of a page: pictures, films and charts."""

import base64
import io

import torch
from PIL import Image

from infomorphic.reports.exhibits import exhibit_content
from infomorphic.training.exhibits import Chart, Films, Frame, Gallery
from infomorphic.training.results import BitPicture, Field

FIELD = Field("neuron 0", "bar 1", torch.tensor([[0.0, 1.0], [-1.0, 0.5]]))
STATE = BitPicture("step 1", "1 wrong", torch.tensor([1.0, -1.0, 1.0]), torch.tensor([False, False, True]), 2)


def pixels(picture):
    content = base64.b64decode(picture["uri"].removeprefix("data:image/png;base64,"))
    return [Image.open(io.BytesIO(content)).convert("RGBA").getpixel((x, y)) for y in range(2) for x in range(2)]


def test_pictures_of_a_gallery():
    content = exhibit_content(Gallery(title="Neurons", text="What they code.", pictures=[FIELD, STATE]))
    assert (content["title"], content["text"]) == ("Neurons", "What they code.")
    field, state = content["pictures"]
    assert (field["title"], field["caption"]) == ("neuron 0", "bar 1")
    zero, strongest, negative, _ = pixels(field)
    assert min(zero[:3]) > 230
    assert strongest[2] > strongest[0]  # blue
    assert negative[0] > negative[2]  # red
    on, off, marked, absent = pixels(state)
    assert (on, off, marked) == ((0x2F, 0x3B, 0x46, 255), (0xE8, 0xEA, 0xED, 255), (0xC0, 0x39, 0x2B, 255))
    assert absent[3] == 0


def test_films_and_charts():
    film = Films(title="Recall", films={"A": [Frame("cue", [STATE]), Frame("step 1", [STATE, FIELD])]})
    content = exhibit_content(film)
    assert [frame["title"] for frame in content["films"][0]["frames"]] == ["cue", "step 1"]
    assert [len(frame["pictures"]) for frame in content["films"][0]["frames"]] == [1, 2]
    chart = exhibit_content(Chart(title="Basin", quantity="bits", values=[0, 1], lines={"recalled": [1.0, 1 / 3]}))
    assert (chart["values"], chart["lines"]) == ([0, 1], {"recalled": [1.0, 0.3333]})
