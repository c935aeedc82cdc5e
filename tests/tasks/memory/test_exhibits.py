"""What a report shows of a memory."""

import torch

from infomorphic.tasks.memory import letters
from infomorphic.tasks.memory.baselines import hebb, pseudo_inverse
from infomorphic.tasks.memory.exhibits import exhibits
from infomorphic.tasks.memory.patterns import Stored


def stored(chosen):
    return Stored(letters(chosen), tuple(chosen), 5)


def test_a_memory_that_recalls():
    gallery, recall, basin = exhibits(pseudo_inverse(letters("AHX")), stored("AHX"))
    assert [(p.title, p.caption, p.width) for p in gallery.pictures] == [(name, "recalled", 5) for name in "AHX"]
    assert next(iter(recall.films)) == "A"
    first, *_, last = recall.films["A"]
    assert (first.title, first.pictures[0].caption) == ("cue", "2 wrong")
    assert torch.equal(last.pictures[0].bits, letters("A")[0])
    assert torch.equal(first.pictures[1].bits, letters("A")[0])
    assert "In each cue 2 of 35 bits are flipped." in recall.text
    assert basin.values[0] == 0
    assert basin.lines["patterns recalled without an error"][0] == 1
    assert basin.values[-1] == 10


def test_a_memory_that_does_not():
    gallery, recall, basin = exhibits(hebb(letters()), stored("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    assert all(picture.caption.endswith("wrong") for picture in gallery.pictures)
    assert all(bool(picture.marked.any()) for picture in gallery.pictures)
    assert "0 of these 26 patterns are recalled" in recall.text
    assert list(recall.films)[3] == "D (not recalled)"
    assert basin.lines["patterns recalled without an error"][0] == 0


def test_a_large_memory_shows_its_first_patterns():
    patterns = torch.where(torch.rand(60, 8, generator=torch.Generator().manual_seed(0)) < 0.5, 1.0, -1.0)
    gallery, recall, _ = exhibits(hebb(patterns), Stored(patterns, [str(n) for n in range(60)], 3))
    assert (len(gallery.pictures), len(recall.films)) == (48, 48)
    assert gallery.text.startswith("The first 48 of 60 patterns.")
