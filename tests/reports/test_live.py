"""The page of a training that runs: what it is told, and who may ask."""

import base64
import json
import threading
import urllib.error
import urllib.request

import numpy as np
import pytest

from infomorphic.errors import ConfigurationError, RunError
from infomorphic.reports import LiveServer
from infomorphic.reports.live import live_content
from infomorphic.training import Run, TrainConfig, fit

SMALL = ["network.hidden=4", "training.epochs=3"]


@pytest.fixture
def served(tmp_path):
    """A server for a run that does not exist yet, and a function that asks it."""
    with LiveServer(tmp_path / "run") as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()

        def ask(path, **headers):
            with urllib.request.urlopen(urllib.request.Request(server.address + path, headers=headers)) as answer:
                return answer.status, answer.read()

        yield server, ask
        server.shutdown()
        thread.join()


def test_a_training_is_followed_from_before_it_begins_to_its_end(served):
    server, ask = served
    before = json.loads(ask("record")[1])
    assert (before["state"], before["path"]) == ("waiting", str(server.run))
    assert ask(f"record?version={before['version']}") == (204, b"")

    seen = []

    def look(progress):
        if progress.metrics and progress.done == progress.epoch:
            seen.append(json.loads(ask("record")[1]))

    fit(TrainConfig.make({"preset": "context"}, SMALL), server.run, on_progress=look)
    assert [(answer["state"], answer["epoch"]) for answer in seen] == [("running", 1), ("running", 2), ("running", 3)]
    assert len({answer["version"] for answer in seen}) == 3
    last = seen[-1]
    assert (last["epochs"], last["seconds_left"]) == (3, 0)
    hidden = last["layers"][0]
    assert (hidden["name"], hidden["sources"], hidden["epochs"]) == ("hidden", "FC", [1, 2, 3])
    assert last["curves"]["results"]["validation"] == [row["validation_accuracy"] for row in metrics(server.run)]

    after = json.loads(ask("record")[1])
    assert (after["state"], after["epoch"], after["problems"]) == ("finished", 3, [])
    recorded = Run.open(server.run).load_development().of_layer("hidden")[0]
    assert recorded is not None
    field = after["fields"]["hidden"]
    assert (field["epoch"], field["shape"], field["neurons"], field["shown"]) == (3, [8, 8], 4, 4)
    shown = np.frombuffer(base64.b64decode(field["bytes"]), dtype=np.uint8).reshape(4, 64)
    assert (shown == recorded[-1].numpy()).all()


def metrics(run):
    return [{name: round(value, 5) for name, value in row.items()} for row in Run.open(run).load_checkpoint().metrics]


def test_an_interrupted_and_a_damaged_run(tmp_path):
    def stop(progress):
        if progress.epoch == 1:
            raise KeyboardInterrupt

    run = tmp_path / "r"
    with pytest.raises(KeyboardInterrupt):
        fit(TrainConfig.make({"preset": "context"}, SMALL), run, on_progress=stop)
    content = live_content(run)
    assert (content["state"], content["epoch"], content["epochs"]) == ("interrupted", 1, 3)
    assert content["resume"] == f"infomorphic resume {run}"
    assert content["seconds_left"] is None  # after a single record, no pace is known
    (run / "config.yaml").write_text("preset: [")
    (run / "development.safetensors").write_bytes(b"nothing")
    content = live_content(run)
    assert (content["state"], content["epoch"], content["epochs"]) == ("interrupted", 1, None)
    assert any("config.yaml" in problem for problem in content["problems"])


def test_the_page_needs_nothing_else_and_pages_of_other_sites_are_refused(served):
    _, ask = served
    status, page = ask("")
    assert status == 200
    assert b"linesOf" in page
    assert b'id="plotly"' in page
    for path, headers, refused in (("record", {"Host": "elsewhere.example:80"}, 403), ("other", {}, 404)):
        with pytest.raises(urllib.error.HTTPError) as error:
            ask(path, **headers)
        assert error.value.code == refused
        error.value.close()


def test_a_file_and_a_port_in_use_are_refused(served, tmp_path):
    server, _ = served
    (tmp_path / "file").write_text("")
    with pytest.raises(RunError, match="is a file; a run is a directory"):
        LiveServer(tmp_path / "file")
    with pytest.raises(ConfigurationError, match=f"`port` must be a free port of this machine; got {server.server_port}"):
        LiveServer(tmp_path / "run", server.server_port)
