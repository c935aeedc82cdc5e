"""The pages of the playground: what they hold, and an engine that gives what the package gives."""

import json
import re
import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from infomorphic.errors import RunError
from infomorphic.goals import Goal, gallery_goals, published_goals
from infomorphic.goals.description import describe_terms
from infomorphic.pid import decompose, gates, redundancy_lattice
from infomorphic.pid.measures.unique_information import largest_conditional_entropy
from infomorphic.pid.names import names_of
from infomorphic.pid.words import phrase, sentence
from infomorphic.playground import write_playground
from infomorphic.playground.pages import ENGINE, PAGES, goal_address, tasks_of
from node import NODE, STATIC, answer, needs_node

HERE = Path(__file__).parent
TSC = HERE / "node_modules" / ".bin" / "tsc"
TEMPLATES = STATIC.parents[1] / "reports" / "templates"
SHARED = [TEMPLATES / "common.js", TEMPLATES / "figures.js", STATIC / "shared.js"]
SHAPES_OF_TWO = [(2, 2, 2), (2, 2, 4), (4, 3, 2), (3, 4, 3)]
MEASURES = ("sx", "mmi", "min", "pm", "broja")


def is_module(script):
    """Whether a script exports something to other programs, as engines do."""
    return "module.exports" in (STATIC / script).read_text(encoding="utf-8")


_EVALUATE = """
const found = given.map(({sizes, p, measure}) => script.decompose({sizes, p: Float64Array.from(p)}, measure));
console.log(JSON.stringify({found, labels: [1, 2, 3].map((n) => script.latticeOf(n).labels)}));
"""


# A goal in words and as an expression, and as it is read from that.
_GOAL_TEXTS = """
const labels = require(process.argv[1].replace("goal.js", "objective.js")).labelsOf;
console.log(JSON.stringify(given.map(({goal, sources, phrases}) => {
  const own = labels(sources), written = script.write(goal, own, sources);
  return {words: script.describe(goal, own, phrases), written, again: script.write(script.read(written, own), own, sources)};
})));
"""


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    return {path.name: path.read_text(encoding="utf-8") for path in write_playground(tmp_path_factory.mktemp("playground"))}


def test_every_page_is_one_small_file_that_needs_nothing_else(pages):
    assert list(pages) == [page.file for page in PAGES]
    for html in pages.values():
        assert len(html.encode()) < 500_000
        # A figure that is saved contains its field as an image, by an address of data that a script fills in.
        assert not re.findall(r"(?:src|href)=\"(?!#|\$\{canvas)(?!gates\.html|table\.html|goals\.html)", html)
        assert "http" not in re.sub(r"http://www\.w3\.org/\S+|/\*! https://github.com/leeoniya/uPlot ", "", html)


def test_sentences_are_those_of_the_package(pages):
    content = json.loads(re.search(r'<script id="content"[^>]*>(.*?)</script>', pages["gates.html"], re.S)[1])  # pyright: ignore[reportOptionalSubscript]
    names = names_of(["tone", "light", "spike"], 2)
    for label, antichain in zip(redundancy_lattice(2).labels(), redundancy_lattice(2).antichains, strict=True):
        template = content["lattices"]["2"]["sentences"][label]["positive"]
        filled = (
            template.replace("{source 1}", "tone").replace("{source 2}", "light").replace("{target}", "spike").replace("{bits}", "0.2500")
        )
        assert filled == sentence(antichain, names, 0.25)


def _goals():
    texts = [
        ("{F}", "FC"),
        ("0 {FC}", "FC"),
        ("-{F}{C} - 0.5 H_res", "FC"),
        ("{F}{C} - {F}{L}", "FCL"),
        ("0.5 {F} + 0.25 {L} - {FCL}", "FCL"),
        ("{F} + {C} - {L} + 0.1 {FC} + 0.01 {FL}", "FCL"),
    ]
    return [Goal.parse(text, sources=sources) for text, sources in texts] + [Goal.published(goal.name) for goal in published_goals()]


def _terms(goal):
    """The leading terms of a goal, with phrases that name sources as a page does."""
    names = [{"F": "the image", "C": "the label", "L": "the other neurons"}[source] for source in goal.sources]
    antichains = dict(zip(goal.weights, redundancy_lattice(len(names)).antichains, strict=True))
    return [t._replace(phrase=phrase(antichains[t.label], names)) if t.label in antichains else t for t in goal.terms()]


@needs_node
def test_goals_are_written_and_described_as_by_the_package():
    goals = _goals()
    given = [
        {
            "goal": {"weights": dict(goal.weights), "residualEntropy": goal.residual_entropy},
            "sources": list(goal.sources),
            "phrases": {term.label: term.phrase for term in _terms(goal)},
        }
        for goal in goals
    ]
    for goal, found in zip(goals, answer(_GOAL_TEXTS, "goal.js", given), strict=True):
        leading = sorted((term for term in _terms(goal) if term.weight), key=lambda term: -abs(term.weight))
        assert found == {"words": describe_terms(leading, 4), "written": str(goal), "again": str(goal)}


def test_the_page_of_goals_has_the_words_of_the_package(pages):
    content = json.loads(re.search(r'<script id="content"[^>]*>(.*?)</script>', pages["goals.html"], re.S)[1])  # pyright: ignore[reportOptionalSubscript]
    goal = Goal.published("trivariate/optimized-tpe-1")
    phrases = list(content["lattices"]["3"]["phrases"].values())
    for name, text in {"1": "the image", "2": "the label", "3": "the other neurons"}.items():
        phrases = [p.replace(f"{{source {name}}}", text) for p in phrases]
    assert [*phrases, content["residualEntropy"]] == [term.phrase for term in _terms(goal)]
    found = content["published"]["digits"][goal.text]
    assert Goal(found["weights"], found["residualEntropy"], "FCL") == goal


def test_every_goal_of_the_gallery_has_a_task_on_the_page_of_goals(pages):
    published = json.loads(re.search(r'<script id="content"[^>]*>(.*?)</script>', pages["goals.html"], re.S)[1])["published"]  # pyright: ignore[reportOptionalSubscript]
    sources = answer("console.log(JSON.stringify(script.tasks));", "learning.js", None) if NODE else None
    for entry in gallery_goals():
        assert tasks_of(entry)
        assert sorted(task for task in published if entry.name in published[task]) == sorted(tasks_of(entry))
        for task in tasks_of(entry):
            found = published[task][entry.name]
            # Neurons that learn bars receive each other as C.
            letters = "FC" if task == "bars" else entry.goal.sources
            shown = Goal(found["weights"], found["residualEntropy"], letters)
            assert list(shown.weights.values()) == list(entry.goal.in_order(entry.goal.sources).weights.values())
            assert shown.residual_entropy == entry.goal.residual_entropy
            assert sources is None or "".join(sources[task]["sources"]) == letters
    assert tasks_of(replace(gallery_goals()[0], preset="none")) == ()
    address = goal_address(gallery_goals()[0], "digits", neurons=16, seed=2, steps=1000)
    assert address == "goals.html#task=digits&goal=trivariate%2Ffour-atoms&neurons=16&seed=2&steps=1000"


def test_a_file_is_no_folder(tmp_path):
    (tmp_path / "taken").write_text("")
    with pytest.raises(RunError, match="`out` must be a folder that can be written"):
        write_playground(tmp_path / "taken")


def _distributions():
    rng = np.random.default_rng(0)
    found = [gate(n) for gate in (gates.parity, gates.and_gate, gates.copy_gate, gates.giant_bit, gates.unique_gate) for n in (2, 3)]
    shapes = [(2, 2), (3, 4), (2, 2, 2), (4, 3, 2), (2, 2, 2, 2), (2, 3, 2, 3)]
    for i in range(100):
        p = rng.dirichlet(np.full(np.prod(shapes[i % 6]), 0.5))
        p[rng.random(len(p)) < 0.2] = 0  # a support with holes
        found.append((p / p.sum()).reshape(shapes[i % 6]))
    return found


@needs_node
def test_the_engine_gives_what_the_package_gives():
    cases = [(p, measure) for p in _distributions() for measure in MEASURES if measure != "broja" or p.ndim <= 3]
    answered = answer(_EVALUATE, "engine.js", [{"sizes": p.shape, "p": p.ravel().tolist(), "measure": measure} for p, measure in cases])
    assert answered["labels"] == [list(redundancy_lattice(n).labels()) for n in (1, 2, 3)]
    for (p, measure), found in zip(cases, answered["found"], strict=True):
        d = decompose(p, measure=measure)
        np.testing.assert_allclose(found["atoms"], d.atoms.array, atol=1e-6)
        np.testing.assert_allclose(found["redundancies"], d.redundancies.array, atol=1e-6)
        by_set = [
            float(d.mutual_information[label]) for label in ["{1}", "{2}", "{12}", "{3}", "{13}", "{23}", "{123}"][: 2 ** (p.ndim - 1) - 1]
        ]
        np.testing.assert_allclose(found["informations"], by_set, atol=1e-6)
        assert found["residualEntropy"] == pytest.approx(float(d.residual_entropy), abs=1e-6)
        if measure in ("sx", "pm"):
            np.testing.assert_allclose(found["informative"], d.informative.array, atol=1e-6)
            np.testing.assert_allclose(found["misinformative"], d.misinformative.array, atol=1e-6)


def _distributions_for_ccs():
    """Gates, and random distributions. Those of three sources have no zeros: the package's proportional fitting takes long for these."""
    rng = np.random.default_rng(2)
    shapes = [(2, 2, 2), (4, 3, 2), (2, 2, 4), (2, 2, 2, 2)]
    found = [gate(n) for gate in (gates.parity, gates.and_gate, gates.copy_gate, gates.giant_bit, gates.unique_gate) for n in (2, 3)]
    found += [p for p in _distributions() if p.ndim == 3]
    return [*found, *(rng.dirichlet(np.full(np.prod(shape), 2)).reshape(shape) for shape in shapes * 25)]


@needs_node
def test_the_common_change_in_surprisal_is_that_of_the_package():
    cases = _distributions_for_ccs()
    given = [{"sizes": p.shape, "p": p.ravel().tolist(), "measure": "ccs"} for p in cases]
    for p, found in zip(cases, answer(_EVALUATE, "engine.js", given)["found"], strict=True):
        d = decompose(p, measure="ccs")
        np.testing.assert_allclose(found["redundancies"], d.redundancies.array, atol=1e-6)
        np.testing.assert_allclose(found["atoms"], d.atoms.array, atol=1e-6)


_LARGEST = "console.log(JSON.stringify(given.map(([first, second]) => script.largestConditionalEntropy(first, second))));"


@needs_node
def test_unique_information_is_that_of_another_solver_within_its_bound():
    rng = np.random.default_rng(1)
    tables = []
    for i in range(100):
        p = rng.dirichlet(np.full(np.prod(SHAPES_OF_TWO[i % 4]), (0.1, 0.5, 2)[i % 3]))
        p[rng.random(len(p)) < 0.3 * (i % 2)] = 0
        tables.append((p / p.sum()).reshape(SHAPES_OF_TWO[i % 4]))
    tables += [gate(2) for gate in (gates.parity, gates.and_gate, gates.copy_gate, gates.giant_bit, gates.unique_gate)]
    pairs = [(p.sum(1), p.sum(0)) for p in tables]
    found = answer(_LARGEST, "unique.js", [[first.tolist(), second.tolist()] for first, second in pairs])
    for (first, second), own in zip(pairs, found, strict=True):
        # What was found is too small by at most the bound. The other solver is the less exact one, where probabilities are near 1e-10.
        assert own["gap"] <= 2e-11
        assert own["bits"] == pytest.approx(largest_conditional_entropy(first, second), abs=1e-7)


@needs_node
def test_the_scripts_pass_their_own_tests():
    done = subprocess.run([str(NODE), "--test", str(HERE)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert re.search(r"# pass [12]\d", done.stdout), done.stdout


# Each is a program of its own: engines are modules, and the scripts of a page share one scope.
PROGRAMS = {
    script: [STATIC / script] for script in sorted({script for page in PAGES for script in page.scripts} | set(ENGINE)) if is_module(script)
}
PROGRAMS |= {
    page.file: [*SHARED, *(STATIC / script for script in page.scripts if not is_module(script) and script != "uplot.min.js")]
    for page in PAGES
}


@needs_node
@pytest.mark.skipif(not TSC.exists(), reason="the TypeScript compiler is not installed (node: npm ci --prefix tests/playground)")
@pytest.mark.parametrize("program", PROGRAMS)
def test_the_compiler_of_typescript_finds_no_error(program):
    options = ["--allowJs", "--checkJs", "--noEmit", "--strict", "--target", "es2022", "--lib", "es2022,dom,dom.iterable", "--types"]
    scripts = [str(path) for path in [HERE / "globals.d.ts", *PROGRAMS[program]]]
    done = subprocess.run([str(TSC), *options, "", *scripts], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_every_script_but_libraries_is_checked():
    checked = {path.name for scripts in PROGRAMS.values() for path in scripts}
    assert checked == {path.name for path in STATIC.glob("*.js")} - {"uplot.min.js"} | {"common.js", "figures.js"}
    assert len(PROGRAMS) == 13
