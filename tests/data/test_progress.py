"""The bar of a download."""

import pytest

from infomorphic.data.progress import ProgressBar


def _use(bar: ProgressBar) -> None:
    """As pooch's downloader does."""
    with bar:
        bar.total = 10
        bar.update(7)
        bar.update(7)
        bar.reset()
        bar.update(10)
        bar.close()


@pytest.mark.parametrize(("terminal", "shown"), [(True, True), (True, False), (False, True)])
def test_a_bar_is_shown_on_a_terminal_where_it_is_wanted(monkeypatch, capsys, terminal, shown):
    for variable in ("FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE", "TERM", "NO_COLOR"):
        monkeypatch.delenv(variable, raising=False)
    if terminal:
        monkeypatch.setenv("FORCE_COLOR", "1")
    _use(ProgressBar("Reading something", shown, of_bytes=True))
    printed = capsys.readouterr()
    assert printed.out == ""
    assert ("Reading something" in printed.err) == (terminal and shown)
