"""The page of a training that runs, in a real browser: it redraws as the run writes its record."""

import threading

from driving import needs_browser, show, wait
from infomorphic.reports import LiveServer
from infomorphic.training import TrainConfig, fit

pytestmark = needs_browser

_STATE = "document.getElementById('state').textContent"
_DRAWN = "[...document.querySelectorAll('.chart')].filter((n) => n.dataset.drawn && n.querySelector('.scatterlayer path')).length"


def test_the_page_follows_a_training(browser, tmp_path):
    browser.execute_cdp_cmd(
        "Network.emulateNetworkConditions", {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
    )
    seen = []

    def look(progress):
        """Wait until the page shows the present epoch."""
        if progress.metrics and progress.done == progress.epoch:
            seen.append(progress.epoch)
            wait(browser, f"{_STATE}.startsWith('Running: epoch {progress.epoch} of 3')")
            assert browser.execute_script("return document.querySelectorAll('.gallery canvas').length") == 4

    with LiveServer(tmp_path / "run") as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        show(browser, server.address)
        wait(browser, f"{_STATE}.startsWith('Waiting for a training to begin')")
        fit(TrainConfig.make({"preset": "context"}, ["network.hidden=4", "training.epochs=3"]), server.run, on_progress=look)
        assert seen == [1, 2, 3]
        wait(browser, f"{_STATE} === 'Finished: epoch 3 of 3.'")
        assert browser.title == "3/3 finished – run"
        wait(browser, f"{_DRAWN} >= 2")
        assert browser.execute_script("return document.getElementById('progress').value") == 3
        last = browser.execute_script("return record.layers[0].atoms['{F}{C}'].at(-1)")
        assert (
            browser.execute_script("return document.querySelector('[data-value=\"{F}{C}\"]').textContent.replace('−', '-')")
            == f"{last:.3f}"
        )
        assert "at 3" in browser.execute_script("return document.querySelector('.chart').ariaLabel")
        server.shutdown()
        thread.join()
    wait(browser, f"{_STATE}.startsWith('The command that serves this page does not answer')")
    assert [entry for entry in browser.get_log("browser") if entry["level"] == "SEVERE" and "Failed to load" not in entry["message"]] == []
