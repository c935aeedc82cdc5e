"""`infomorphic play`: writes the pages and opens the first."""

from pathlib import Path

from infomorphic.cli import main


def test_the_first_page_is_opened(tmp_path, monkeypatch, capsys):
    opened = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    assert main(["play", "--out", str(tmp_path / "pages")]) == 0
    first = Path(capsys.readouterr().out.strip())
    assert first.name == "gates.html"
    assert opened == [first.resolve().as_uri()]


def test_nothing_is_opened_if_not_wanted(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("webbrowser.open", lambda address: (_ for _ in ()).throw(AssertionError(address)))
    assert main(["play", "--out", str(tmp_path / "pages"), "--no-browser"]) == 0
    assert sorted(p.name for p in (tmp_path / "pages").iterdir()) == ["gates.html", "goals.html", "table.html"]


def test_a_folder_that_cannot_be_written_is_answered(tmp_path, capsys):
    (tmp_path / "taken").write_text("")
    assert main(["play", "--out", str(tmp_path / "taken"), "--no-browser"]) == 1
    assert "--out must be a folder that can be written" in capsys.readouterr().err
