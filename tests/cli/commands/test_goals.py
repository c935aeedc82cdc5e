"""`infomorphic goals`: listing, showing and deleting."""

import json

import pytest

from infomorphic.cli import main
from infomorphic.goals import Goal, gallery_goals
from infomorphic.goals.saved import save_goal


@pytest.fixture
def run(capsys, monkeypatch, tmp_path):
    monkeypatch.setenv("INFOMORPHIC_GOALS", str(tmp_path / "goals.json"))

    def call(*arguments):
        status = main(["goals", *arguments])
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return call


def test_the_list_names_every_source_once(run):
    status, out, _ = run()
    assert status == 0
    assert all(goal.name in out for goal in gallery_goals())
    assert out.count("arXiv:2412.02482") == 1
    assert "+1 {F}{C} -1 {F}{L} -1 {FC}{FL} and 1 more" in out


def test_an_entry_of_the_list_has_results_leading_terms_and_sentences(run, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    save_goal("mine", "{F}{C}", "trial 3")
    lines = run()[1].splitlines()
    assert max(map(len, lines)) <= 80
    assert [line.rstrip() for line in lines[:6]] == [
        "goal                          sources  published  measured  runs",
        "trivariate/four-atoms         F, C, L          –    94.7 %     3",
        "  +1 {F}{C} -1 {F}{L} -1 {FC}{FL} and 1 more",
        "  The goal rewards redundant information of the feedforward and context inputs,",
        "  but not of the lateral input (weight 1). It punishes redundant information of",
        "  the feedforward and lateral inputs, but not of the context input (-1). The",
    ]
    assert "readout/heuristic             F, C        91.9 %    91.7 %     3" in lines
    assert "memory/optimized-2            F, C          1.70      1.68    20" in lines
    assert "saved/mine                    F, C             –         –      " in lines


def test_the_list_as_json_has_everything(run):
    save_goal("mine", "{F}{C}", "trial 3")
    listed = json.loads(run("--json")[1])["goals"]
    assert list(listed) == [*(goal.name for goal in gallery_goals()), "saved/mine"]
    assert listed["contributed/avoid-neighbors"] == {
        "goal": "{F}{C} - {F}{L}",
        "sources": ["F", "C", "L"],
        "sentence": Goal.parse("{F}{C} - {F}{L}").describe(),
        "source": "docs/explanation/what-neurons-do.md",
        "about": "Two terms give most of what nineteen optimized weights gain.",
        "by": "the authors of infomorphic",
        "page": "docs/gallery/goals.md#contributed-avoid-neighbors",
        "preset": "setup-1",
        "quantity": "test accuracy on MNIST with 100 hidden neurons after 100 epochs, one sampled output per neuron",
        "published": None,
        "measured": {
            "value": 0.9471,
            "runs": 3,
            "file": "results/what-neurons-do/other-goals.csv",
            "command": "infomorphic train setup-1 --hidden 100 --dataset mnist --epochs 100 --seed 0 --goal '{F}{C} - {F}{L}' "
            "--set network.hidden_optimizer.weight_decay=0.00035",
            "commit": "be9ff29",
            "setting": None,
        },
    }
    assert listed["trivariate/heuristic"]["published"]["range"] == [0.9281, 0.9372]
    assert [listed["saved/mine"][key] for key in ("source", "preset", "quantity", "measured")] == ["trial 3", None, None, None]


def test_one_goal_shows_its_results(run):
    paragraph = run("memory/optimized-2")[1].split("\n\n")[2]
    assert " ".join(paragraph.split()) == (
        "Capacity of 100 neurons: the most patterns per neuron that are recalled with a mean score of at least 0.95: published 1.70 "
        "(arXiv:2511.02584: 20 sets of patterns); measured 1.68 (20 runs with bins that are soft for 1000 epochs, then sharp, "
        "results/memory-capacity.csv)."
    )
    assert "published –; measured 95.3 % (1 run, results/other-goals-mnist-100-neurons.csv)." in " ".join(
        run("trivariate/optimized-cmaes-1")[1].split()
    )


def test_goals_name_their_page_in_the_gallery(run):
    assert "try it in a browser: docs/gallery/goals.md#memory-optimized-2\n" in run("memory/optimized-2")[1]
    assert "docs/gallery" not in run("{F}{C}")[1]
    assert run()[1].splitlines()[-1].endswith("try it in a browser: docs/gallery/goals.md")


def test_one_goal_shows_its_terms_and_counts_the_others(run):
    lines = run("{F}{C} - 0.5 {F}{L} - 0.1 H_res")[1].splitlines()
    assert lines[1] == "{F}{C} - 0.5 {F}{L} - 0.1 H_res, a goal of the sources F, C, L"
    assert [line.split()[:2] for line in lines if line.startswith(("{F}{", "H_res "))][1:] == [
        ["{F}{C}", "1.000"],
        ["{F}{L}", "-0.500"],
        ["H_res", "-0.100"],
    ]
    assert lines[-1] == "and 16 terms of weight 0"
    assert run("{F}{C} + {F} + {C} - {FC}")[1].endswith("and 1 term of weight 0\n")
    assert run("0 {FC}")[1].splitlines()[-1] == "5 terms of weight 0"
    assert "but not of the lateral" in run("{F}{C} + 0 {L}")[1]
    assert "1e-08" in run("1e-8 {F}")[1]


def test_text_of_users_is_shown_as_it_is(run):
    save_goal("mine", "{F}{C}", "trial 3 of [bold]x[/bold] [/s] :smile: <b>")
    assert "saved/mine: trial 3 of [bold]x[/bold] [/s] :smile: <b>" in run()[1]
    assert run("[/s]")[::2] == (
        1,
        "error: a goal must be a published name or an expression in braces; got '[/s]'. Names look like \"trivariate/four-atoms\".\n",
    )


@pytest.mark.parametrize("content", [b'["a"]', b'{"a": {}}', b"[" * 100_000, b"\xff", b""])
def test_published_goals_are_listed_beside_a_damaged_file(run, tmp_path, content):
    (tmp_path / "goals.json").write_bytes(content)
    status, out, err = run()
    assert (status, err.count("\n"), "trivariate/heuristic" in out) == (0, 1, True)
    assert err.startswith("warning: the saved goals in ")
    assert err.endswith("Repair the file, or move it away. Only published and contributed goals are listed.\n")
    status, out, err = run("--json")
    assert (status, err.count("\n"), len(json.loads(out)["goals"])) == (0, 1, len(gallery_goals()))
    assert run("trivariate/heuristic")[::2] == (0, "")
    for arguments in (("saved/a",), ("--delete", "saved/a")):
        status, _, err = run(*arguments)
        assert (status, err.count("\n")) == (1, 1)
        assert "cannot be read" in err
        assert "bug" not in err


def test_deletion(run):
    save_goal("mine", "{F}{C}", "x")
    save_goal("other", "{F}{C}", "x")
    assert run("--delete", "saved/mine") == (0, "deleted saved/mine: {F}{C}\n", "")
    assert json.loads(run("--delete", "other", "--json")[1]) == {"deleted": "saved/other", "goal": "{F}{C}", "sources": ["F", "C"]}
    assert "saved/" not in run()[1]
    status, _, err = run("--delete", "saved/mine")
    assert (status, "no goal is saved as 'saved/mine'; no goal is saved yet" in err) == (1, True)
    assert run("--delete", "trivariate/heuristic")[0] == 1
    assert run("saved/x", "--delete", "saved/x")[0] == 2
