"""Decompositions as HTML for notebooks."""

import re
from xml.etree import ElementTree

import numpy as np

from infomorphic.pid import decompose, gates
from pid.strategies import random_pmf


def parsed(d):
    return ElementTree.fromstring(d._repr_html_())


def test_names_are_escaped_and_the_text_is_well_formed():
    d = decompose(gates.and_gate(), names=("<script>alert(1)</script>", "a & b", '"t"'))
    assert "<script>" not in d._repr_html_()
    text = "".join(parsed(d).itertext())
    assert "1 = <script>alert(1)</script>, 2 = a & b" in text
    assert "redundant information of <script>alert(1)</script> and a & b" in text


def test_every_atom_has_its_value_and_its_bar():
    d = decompose(gates.parity(2))
    rows = [list(row) for row in parsed(d).iter("tr")][1:]
    assert [(r[0].text, r[1].text) for r in rows] == [("{1}{2}", "-0.5850"), ("{1}", "0.5850"), ("{2}", "0.5850"), ("{12}", "0.4150")]
    widths = [float(re.search(r"width:([\d.]+)em", r[2][0].get("style"))[1]) for r in rows]
    np.testing.assert_allclose(widths, 7 * np.abs(d.atoms.array) / np.abs(d.atoms.array).max(), atol=0.01)
    colors = [re.search(r"background:(#\w+)", r[2][0].get("style"))[1] for r in rows]
    assert colors[0] not in colors[1:]


def test_no_color_of_text_or_paper_is_set():
    # Notebooks have dark and light themes.
    html = decompose(gates.parity(2))._repr_html_()
    assert set(re.findall(r"[;\"]color:([^;\"]+)", html)) == {"inherit"}
    assert set(re.findall(r"background:([^;\"]+)", html)) == {"none", "#4393c3", "#d6604d"}


def test_many_atoms_and_batches_are_short():
    html = decompose(random_pmf(2, 2, 2, 2, 2))._repr_html_()
    assert html.count("<tr") == 19
    assert "The 18 largest of 166 atoms" in html
    assert decompose(random_pmf(3, 2, 2, 2, batch=1), 2)._repr_html_().startswith("<pre>Decomposition(")


def test_nothing_to_know():
    html = decompose(np.full((2, 2, 1), 0.25))._repr_html_()
    assert "nothing can be known" in html
    assert html.count("width:0.00em") == 4
