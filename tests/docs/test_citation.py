"""CITATION.cff is that of this version."""

from pathlib import Path

import yaml

import infomorphic


def test_citation_names_this_version():
    citation = yaml.safe_load((Path(__file__).parents[2] / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["version"] == infomorphic.__version__
    assert citation["license"] == "MIT"
