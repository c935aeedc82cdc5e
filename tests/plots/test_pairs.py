"""The matrix of targets and sources."""

import numpy as np
import pandas as pd
import pytest

from infomorphic.plots import PlotValueError, plot_pairs, save_pairs

MATRIX = pd.DataFrame([[np.nan, 0.2], [-0.1, np.nan]], index=["a", "b$"], columns=["a", "b$"])


def test_names_colors_and_the_missing_diagonal():
    ax = plot_pairs(MATRIX, title="T")
    (image,) = ax.images
    assert image.get_clim() == (-0.2, 0.2)
    assert image.get_array().mask.tolist() == [[True, False], [False, True]]
    assert [t.get_text() for t in ax.get_xticklabels()] == ["a", r"b\$"]
    assert (ax.get_xlabel(), ax.get_ylabel(), ax.get_title()) == ("source", "target", "T")


def test_many_names_do_not_overlap():
    ax = plot_pairs(np.ones((3, 130)))
    assert [t.get_text() for t in ax.get_xticklabels()][:3] == ["0", "3", "6"]


def test_messages():
    with pytest.raises(PlotValueError, match="one row per target, one column per source and a finite value"):
        plot_pairs(np.full((2, 2), np.nan))
    with pytest.raises(PlotValueError, match="for 1 targets and 2 sources"):
        plot_pairs(MATRIX, targets=["a"])


def test_saved_picture(tmp_path):
    path = tmp_path / "pairs.svg"
    save_pairs(MATRIX, path, label="I{1} (bits)")
    assert path.read_text(encoding="utf-8").startswith("<?xml")
    with pytest.raises(PlotValueError, match="PNG, SVG or PDF"):
        save_pairs(MATRIX, tmp_path / "pairs.txt", label="")
