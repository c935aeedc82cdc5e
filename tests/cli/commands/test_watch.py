"""`infomorphic watch`: serves the page of a run until it is stopped."""

import json
import os
import signal
import threading
import urllib.request

import pytest

from infomorphic.cli import main


def test_the_page_is_served_until_ctrl_c(tmp_path, monkeypatch, capsys):
    answers = []

    def ask(address):
        with urllib.request.urlopen(f"{address}record") as answer:
            answers.append((address, json.load(answer)))
        os.kill(os.getpid(), signal.SIGINT)

    threads = []

    def opened(address):
        threads.append(threading.Thread(target=ask, args=(address,)))
        threads[0].start()

    monkeypatch.setattr("webbrowser.open", opened)
    assert main(["watch", str(tmp_path / "none")]) == 130
    threads[0].join()
    out, err = capsys.readouterr()
    [(address, answer)] = answers
    assert out.split() == [address]
    assert address.startswith("http://127.0.0.1:")
    assert answer["state"] == "waiting"
    assert err == "stopped: the page is no longer served; a training goes on.\n"
    assert not (tmp_path / "none").exists()


def test_nothing_is_opened_if_not_wanted_and_a_file_is_refused(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("webbrowser.open", lambda address: pytest.fail(address))
    monkeypatch.setattr("infomorphic.reports.live.LiveServer.serve_forever", lambda server: None)
    assert main(["watch", str(tmp_path), "--no-browser"]) == 0
    (tmp_path / "file").write_text("")
    assert main(["watch", str(tmp_path / "file")]) == 1
    assert "is a file; a run is a directory" in capsys.readouterr().err
