"""`infomorphic report`: where the page goes, and what is refused."""

import pytest

from infomorphic.cli import main
from infomorphic.training import TrainConfig, fit


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    path = tmp_path_factory.mktemp("runs") / "r"
    fit(TrainConfig.make({"preset": "context"}, ["network.hidden=4", "training.epochs=1"]), path)
    return path


def test_the_path_of_the_page_is_printed(run, capsys):
    assert main(["report", str(run)]) == 0
    assert capsys.readouterr().out.split() == [str(run / "report.html")]
    assert (run / "report.html").stat().st_size > 1e6


def test_a_file_of_ones_own_and_the_browser(run, tmp_path, capsys, monkeypatch):
    opened = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    assert main(["report", str(run), "--out", str(tmp_path / "page.html"), "--open"]) == 0
    assert opened == [(tmp_path / "page.html").as_uri()]


def test_several_runs_need_compare(run, tmp_path, capsys):
    assert main(["report", str(run), str(run)]) == 2
    assert "add --compare" in capsys.readouterr().err
    assert main(["report", "--compare", str(run), str(run), "--out", str(tmp_path / "c.html")]) == 0
    assert (tmp_path / "c.html").is_file()


def test_an_animation_is_written_instead_of_a_page(run, tmp_path, capsys):
    assert main(["report", str(run), "--gif", str(tmp_path / "a.gif"), "--neuron", "3"]) == 0
    assert capsys.readouterr().out.split() == [str(tmp_path / "a.gif")]
    assert (tmp_path / "a.gif").read_bytes().startswith(b"GIF89a")
    for arguments, message in (
        (("--neuron", "3"), "add --gif FILE.gif"),
        (("--gif", "a.gif", "--open"), "leave out --open"),
        ((str(run), "--gif", "a.gif"), "an animation shows one run"),
    ):
        assert main(["report", str(run), *arguments]) == 2
        assert message in " ".join(capsys.readouterr().err.replace("│", " ").split())
    assert main(["report", str(run), "--gif", str(tmp_path / "a.png")]) == 1
    assert "--gif must name a file that ends in .gif" in capsys.readouterr().err


def test_progress_is_on_stderr_and_only_on_a_terminal_or_now_and_then(run, capsys, monkeypatch):
    assert main(["report", str(run)]) == 0
    assert capsys.readouterr().err == ""  # a pipe: a line at most every ten seconds
    monkeypatch.setattr("infomorphic.cli.progress._SECONDS_BETWEEN_LINES", 0.0)
    assert main(["report", str(run)]) == 0
    out, err = capsys.readouterr()
    assert out.split() == [str(run / "report.html")]
    assert "removing each neuron in turn  4/4" in err.splitlines()
    monkeypatch.setenv("TTY_COMPATIBLE", "1")
    assert main(["report", str(run)]) == 0
    out, err = capsys.readouterr()
    assert out.split() == [str(run / "report.html")]
    assert "writing the page" in err


@pytest.mark.parametrize("command", [["evaluate"], ["report"], ["report", "--compare"]])
def test_small_networks_are_measured_on_one_thread_unless_told_otherwise(run, command, monkeypatch, tmp_path):
    import torch

    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    monkeypatch.chdir(tmp_path)
    chosen = []
    monkeypatch.setattr(torch, "set_num_threads", chosen.append)
    assert main([*command, str(run)]) == 0
    assert main([*command, str(run), "--threads", "2"]) == 0
    assert chosen == [1, 2]


def test_no_run(tmp_path, capsys):
    assert main(["report", str(tmp_path / "none")]) == 1
    assert "there is no run directory" in capsys.readouterr().err
    assert main(["report", str(tmp_path), "--out", str(tmp_path / "no" / "folder.html")]) == 1
