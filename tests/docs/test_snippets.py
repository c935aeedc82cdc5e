"""Every Python snippet and every `infomorphic` command in the README and the documentation runs.

The snippets of a page run in order and share their names. A fence marked `bash no-run`
(README) or ` { .bash }` (pages: what their renderer understands) is shown only.
"""

import re
import shlex
from pathlib import Path

import matplotlib.pyplot as plt
import pytest

from infomorphic.cli import main

ROOT = Path(__file__).parents[2]
PAGES = [p for p in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))] if "```" in p.read_text(encoding="utf-8")]
FENCE = re.compile(r"^```(\w+)([^\n]*)\n(.*?)^```", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_snippets_run(page, monkeypatch, tmp_path, capsys, request):
    # Snippets may write files; the examples that they read are found by the same names as from the root.
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("INFOMORPHIC_GOALS", str(tmp_path / "goals.json"))
    names: dict = {}
    # Snippets need not close their figures.
    request.addfinalizer(lambda: plt.close("all"))
    for language, options, code in FENCE.findall(page.read_text(encoding="utf-8")):
        if "no-run" in options:
            continue
        if language == "python":
            exec(compile(code, f"{page.name} (snippet)", "exec"), names)
        elif language == "bash":
            for line in code.replace("\\\n", " ").splitlines():
                words = shlex.split(line, comments=True)
                if words[:1] == ["infomorphic"]:
                    assert main(words[1:]) == 0, f"{line}\n{capsys.readouterr().err}"
