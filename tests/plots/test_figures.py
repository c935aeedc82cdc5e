"""Figures and their files."""

import numpy as np

from infomorphic.plots.figures import new_figure, save_figure


def test_files(tmp_path):
    written = []
    for folder in (tmp_path / "a", tmp_path / "b"):
        folder.mkdir()
        figure, axes = new_figure(2, 1)
        assert len(axes) == 2
        axes[0].plot(np.arange(3))
        written.append([p.read_bytes() for p in save_figure(figure, folder, "f")])
    assert written[0] == written[1]
    assert sorted(p.name for p in (tmp_path / "a").iterdir()) == ["f.png", "f.svg"]
