"""The pages in a real browser, from the disk: no errors, and all that can be clicked does what it says."""

import base64
import re
import shutil
from xml.etree import ElementTree

import pytest

from driving import click, needs_browser, show, texts, wait
from infomorphic.reports import write_comparison, write_report
from infomorphic.training import TrainConfig, fit

pytestmark = needs_browser


@pytest.fixture(scope="module")
def placed(tmp_path_factory):
    """Puts one page after the other at the same address: Chromium compiles Plotly, the slowest step, once per address."""
    place = tmp_path_factory.mktemp("pages") / "report.html"

    def put(page):
        shutil.copyfile(page, place)
        return place.as_uri()

    return put


@pytest.fixture(scope="module")
def report(run, tmp_path_factory):
    return write_report(run.path, tmp_path_factory.mktemp("report") / "report.html")


@pytest.fixture(scope="module")
def letters(tmp_path_factory):
    """A memory of letters, shortly trained."""
    settings = ["data.patterns=letters", "training.epochs=10", "training.epochs_a_record=10"]
    path = tmp_path_factory.mktemp("memory") / "letters"
    fit(TrainConfig.make({"preset": "memory"}, settings), path)
    return path


@pytest.fixture
def page(placed, report):
    return placed(report)


@pytest.fixture(params=["light desktop"])
def shown(browser, page, request):
    """The page, freshly loaded; fails the test that leaves an error in the console."""
    show(browser, page, *LOOKS[request.param])
    yield browser
    no_errors(browser)


LOOKS = {"light desktop": ("light", 1280), "dark phone": ("dark", 390)}
in_both_looks = pytest.mark.parametrize("shown", LOOKS, indirect=True)


def no_errors(browser):
    assert [entry for entry in browser.get_log("browser") if entry["level"] in ("SEVERE", "WARNING")] == []


def draw_everything(browser):
    """Scroll to one chart after the other, until each is drawn, as a reader would."""
    undrawn = "[...document.querySelectorAll('.chart')].filter((n) => n.checkVisibility() && !n.dataset.drawn)"
    wait(browser, f"(() => {{ const left = {undrawn}; left[0]?.scrollIntoView(); return left.length === 0; }})()")


@in_both_looks
def test_every_chart_is_drawn_and_nothing_is_wider_than_the_page(shown):
    draw_everything(shown)
    # A chart that failed has no axes or no marks.
    assert shown.execute_script("return [...document.querySelectorAll('.chart')].filter((n) => n.checkVisibility()).length") >= 7
    assert (
        shown.execute_script(
            "return [...document.querySelectorAll('.chart')].filter((n) => n.checkVisibility() && !n.querySelector('.barlayer path, .scatterlayer path, .heatmaplayer image')).length"
        )
        == 0
    )
    assert shown.execute_script("return document.documentElement.scrollWidth <= innerWidth")
    for heading in ("Results", "Goal", "Information", "Neurons", "Layer", "How it was made"):
        assert heading in texts(shown, "h2")


def test_every_figure_has_a_text_and_is_saved_as_svg(browser, page):
    show(browser, page)
    draw_everything(browser)
    texts_of_figures = browser.execute_script("return [...document.querySelectorAll('.chart, svg.diagram')].map((n) => n.ariaLabel)")
    assert any(re.match(r"Learning curves\..* test, expected outputs: 0\.\d{3} at 1, 0\.\d{3} at 40;", text) for text in texts_of_figures)
    assert any(re.match(r"Information in bits.*Largest values: H_res \d\.\d{3}, \{", text) for text in texts_of_figures)
    assert all(len(text) > 20 for text in texts_of_figures)
    assert len(texts(browser, "#sections .card .save")) == len(texts_of_figures)
    script = "const done = arguments[0]; (async () => done([await chartAsSvg(document.querySelector('.chart')), diagramAsSvg(document.querySelector('svg.diagram'))]))()"
    for text in browser.execute_async_script(script):
        assert ElementTree.fromstring(text).tag == "{http://www.w3.org/2000/svg}svg"


def test_paper_has_every_chart_even_folded_ones(browser, page):
    show(browser, page, "dark")
    wait(browser, "[...document.querySelectorAll('.chart')].every((n) => n.dataset.drawn || !n.checkVisibility())")
    assert browser.execute_script("return [...document.querySelectorAll('details .chart')].every((n) => !n.dataset.drawn)")
    paper = base64.b64decode(browser.execute_cdp_cmd("Page.printToPDF", {"printBackground": True})["data"])
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) > 2
    assert browser.execute_script("return [...document.querySelectorAll('.chart')].every((n) => n.dataset.drawn)")
    assert browser.execute_script("return document.querySelector('details').open") is False


def moved_to(browser, slider, position):
    browser.execute_script(f"const s = document.querySelector({slider!r}); s.value = {position}; s.dispatchEvent(new Event('input'))")


def press(browser, key, selector="body"):
    """Press a key where the focus is, which is set first."""
    browser.execute_script(f"document.querySelector({selector!r}).focus()")
    for kind in ("keyDown", "keyUp"):
        code = {"ArrowLeft": 37, "ArrowUp": 38, "ArrowRight": 39, "ArrowDown": 40, "Enter": 13}[key]
        text = {"text": "\r"} if key == "Enter" and kind == "keyDown" else {}
        browser.execute_cdp_cmd("Input.dispatchKeyEvent", {"type": kind, "key": key, "code": key, "windowsVirtualKeyCode": code, **text})


def test_the_layer_goes_through_training_by_slider_keys_and_play(shown):
    value = "document.querySelector('#information [data-value=\"{F}{C}{L}\"]').textContent"
    fill = "getComputedStyle(document.querySelector('#information [data-atom=\"{F}{C}{L}\"]')).fill"
    last, color = shown.execute_script(f"return [{value}, {fill}]")
    draw_everything(shown)
    moved_to(shown, "#slider-hidden", 0)
    first = shown.execute_script(f"return {value}")
    recorded, goal = shown.execute_script("return [content.layers[0].atoms['{F}{C}{L}'], content.layers[0].goal_value]")
    assert (first, last) == (f"{recorded[0]:.3f}", f"{recorded[-1]:.3f}")
    assert first != last
    assert shown.execute_script(f"return {fill}") != color
    assert texts(shown, "#information output") == ["epoch 1"]
    # The curves have a mark at the epoch.
    wait(shown, "document.querySelector('#information .card:last-child .chart').layout.shapes[0].x0 === 1")
    press(shown, "ArrowRight", "#slider-hidden")
    assert texts(shown, "#information output") == ["epoch 2"]
    in_words = shown.execute_script("return document.querySelector('#slider-hidden').getAttribute('aria-valuetext')")
    assert in_words == f"epoch 2: goal {goal[1]:.3f} bits".replace("-", "\u2212")
    moved_to(shown, "#slider-hidden", 38)
    click(shown, "#information .play")
    assert texts(shown, "#information .play") == ["⏸ Pause"]
    wait(shown, "document.querySelector('#information .play').textContent === '▶ Play'")
    assert texts(shown, "#information output") == ["epoch 40"]
    assert shown.execute_script(f"return {value}") == last


def test_neurons_are_sorted_and_filtered(shown):
    assert len(texts(shown, ".gallery a")) == 14
    click(shown, "[data-mode=table]")
    click(shown, "#table th:nth-child(5) button")
    values = [float(v.replace("\u2212", "-")) for v in texts(shown, "#table tbody td:nth-child(5)")]
    assert len(values) == 14
    assert values == sorted(values, reverse=True)
    assert shown.execute_script("return document.querySelector('#table th:nth-child(5)').getAttribute('aria-sort')") == "descending"
    click(shown, "#table th:nth-child(5) button")
    values = [float(v.replace("\u2212", "-")) for v in texts(shown, "#table tbody td:nth-child(5)")]
    assert values == sorted(values)
    shown.execute_script("const s = document.querySelector('#sort'); s.value = 'atom0'; s.dispatchEvent(new Event('change'))")
    click(shown, "[data-mode=gallery]")
    atom = shown.execute_script("return content.neurons.labels[0]")
    sparks = shown.execute_script("return [...document.querySelectorAll('.gallery .spark')].map((s) => s.ariaLabel)")
    assert len([words for words in sparks if words.startswith(f"{atom} by epoch: ")]) == 14
    click(shown, "[data-mode=table]")
    shown.execute_script("const s = document.querySelector('#cls'); s.value = '0'; s.dispatchEvent(new Event('change'))")
    expected = shown.execute_script("return content.neurons.neurons.filter((n) => n.coded.includes(0)).length")
    assert len(texts(shown, "#table tbody tr")) == expected < 14
    assert texts(shown, "#count") == [f"{expected} of 14"]


@in_both_looks
def test_each_neuron_has_a_page(shown):
    click(shown, ".gallery a:nth-child(6)")
    wait(shown, "!document.querySelector('#neuron').classList.contains('hidden')")
    assert texts(shown, "#neuron h1") == ["Neuron 5"]
    assert texts(shown, "#codes") == [shown.execute_script("return content.neurons.neurons[5].codes")]
    draw_everything(shown)
    titles = " | ".join(texts(shown, "#neuron h3"))
    for part in (
        "Firing probability by class",
        "Its information in bits",
        "over training",
        "C weights",
        "L weights",
        "drive it most",
        "Most similar",
    ):
        assert part in titles
    assert shown.execute_script("return [...document.querySelectorAll('#neuron img')].every((i) => i.complete && i.naturalWidth > 0)")
    assert len(texts(shown, "#neuron .images figure")) == 16
    atoms = shown.execute_script("return content.neurons.neurons[5].atoms[content.neurons.labels.indexOf('{F}')]")
    assert texts(shown, '#why [data-value="{F}"]') == [f"{atoms:.3f}".replace("-", "\u2212")]
    assert shown.execute_script("return document.documentElement.scrollWidth <= innerWidth")
    click(shown, "#neuron .turn a:last-child")
    wait(shown, "document.querySelector('#neuron h1').textContent === 'Neuron 6'")
    shown.back()
    wait(shown, "document.querySelector('#neuron h1').textContent === 'Neuron 5'")
    click(shown, "#neuron .turn a:nth-child(2)")
    wait(shown, "document.querySelector('#neuron').classList.contains('hidden')")


def test_what_did_a_neuron_learn_why_and_what_would_be_lost_without_it(shown):
    click(shown, ".gallery a:nth-child(8)")
    wait(shown, "document.querySelector('#neuron h1')?.textContent === 'Neuron 7'")
    n = shown.execute_script("return content.neurons.neurons[7]")
    # One sentence that answers all three.
    assert texts(shown, "#says") == [n["says"]]
    assert re.match(r"It .*; the readout .*; its goal of -?−?\d\.\d{3} bits? .*; .*without it, .*\.", n["says"])
    # What: its responses. Why: steps that add up to its goal.
    assert "Firing probability by class" in texts(shown, "#responds h3")[0]
    steps = n["waterfall"]
    assert sum(step for _, step in steps["terms"]) + steps["rest"] == steps["goal"]
    assert steps["goal"] == pytest.approx(1e4 * n["goal"], abs=5.1)
    draw_everything(shown)
    labels = shown.execute_script("return document.querySelector('#why .chart').data.map((t) => t.y).flat()")
    assert labels[0].startswith(steps["terms"][0][0])
    assert labels[-1] == f"goal {steps['goal'] / 1e4:.4f}".replace("-", "\u2212")
    # Without it: the classes that lose, in words.
    assert n["lost_says"] in texts(shown, "#without p")
    assert sum(n["lost_by_class"][0]) == n["wrong"]


def test_a_neuron_develops_under_one_player(shown):
    shown.execute_script("location.hash = '#neuron-7'")
    wait(shown, "document.querySelector('#developed canvas')?.width === 8")
    draw_everything(shown)
    titles = [
        "Receptive field",
        "Firing probability by class, over the epochs",
        "Its information in bits, over the epochs",
        "Its atoms over training",
    ]
    assert texts(shown, "#developed h3") == titles
    assert len(texts(shown, "#developed .save")) == 4
    state = """
        const at = document.querySelector('#developed');
        return [at.querySelector('canvas').toDataURL(), at.querySelector('svg.diagram').textContent, at.querySelector('output').textContent,
            at.querySelector('canvas').ariaLabel, at.querySelector('input').getAttribute('aria-valuetext')]
    """
    last = shown.execute_script(state)
    assert re.match(r"Receptive field\. Epoch 40: 8 × 8 pixels, the largest weight in row \d, column \d, the smallest", last[3])
    assert re.fullmatch(r"epoch 40: goal [−\d.]+ bits, fires most for \d \(\d\.\d\d\)", last[4])
    moved_to(shown, "#developed input", 0)
    first = shown.execute_script(state)
    assert all(a != b for a, b in zip(first, last, strict=True))
    curves = "document.querySelectorAll('#developed .chart')[1]"
    wait(shown, f"{curves}.layout.shapes[0].x0 === 1")
    # Curves differ without color.
    patterns = shown.execute_script(f"return {curves}.data.map((t) => t.line.dash)")
    assert len(set(patterns)) == len(patterns) > 3
    field = shown.execute_script("return fieldAsSvg(document.querySelector('#developed canvas'))")
    assert ElementTree.fromstring(field)[0].tag == "{http://www.w3.org/2000/svg}image"
    moved_to(shown, "#developed input", 14)
    click(shown, "#developed .play")
    wait(shown, f"document.querySelector('#developed output').textContent === {last[2]!r}")
    assert shown.execute_script(state) == last


def test_a_run_without_a_record_of_development_says_so(browser, placed, copied):
    for name in ("neurons.safetensors", "development.safetensors"):
        (copied / name).unlink()
    show(browser, placed(write_report(copied)) + "#neuron-3")
    (sentence,) = texts(browser, "#developed p")
    assert sentence.startswith("This run has no record of how its neurons developed, so there is nothing to show here.")
    assert browser.execute_script("return document.querySelector('#developed .slider') === null")
    no_errors(browser)


@in_both_looks
def test_two_neurons_are_compared_and_the_address_says_which(shown):
    shown.execute_script("location.hash = '#neuron-7'")
    wait(shown, "document.querySelector('#compare')")
    shown.execute_script("const s = document.querySelector('#compare'); s.value = 3; s.dispatchEvent(new Event('change'))")
    wait(shown, "document.querySelector('#neuron h1')?.textContent === 'Neurons 7 and 3'")
    assert shown.execute_script("return location.hash") == "#neuron-7-with-3"
    draw_everything(shown)
    assert [t.split()[-1] for t in texts(shown, ".one-of-two h2")] == ["7", "3"]
    of_both = ["Its goal: weight × bits of every term neuron 7", "Its goal: weight × bits of every term neuron 3"]
    assert [t for t in texts(shown, "#neuron h3") if t.startswith("Its goal")] == of_both
    assert shown.execute_script("return document.documentElement.scrollWidth <= innerWidth")


def test_an_address_leads_straight_to_a_neuron_or_says_that_there_is_none(browser, page):
    show(browser, f"{page}#neuron-13")
    assert texts(browser, "#neuron h1") == ["Neuron 13"]
    assert browser.title == "Neuron 13 – setup-1 – infomorphic report"
    has = "The layer hidden has 14 neurons, numbered from 0."
    for address, problem, back in (
        ("#neuron-9999", f"{has} There is no neuron 9999.", "#neurons"),
        ("#neuron-7-with-9999", f"{has} There is no neuron 9999 to compare neuron 7 with.", "#neuron-7"),
        ("#neuron-3-0", "The network has one hidden layer; the address asks for number 3, counted from 0.", "#neurons"),
    ):
        browser.execute_script(f"location.hash = {address!r}")
        wait(browser, f"document.querySelector('#neuron p').textContent === {problem!r}")
        assert browser.title.startswith("No such neuron – ")
        assert browser.execute_script("return document.querySelector('#neuron a').getAttribute('href')") == back
        click(browser, "#neuron a")
        wait(browser, f"location.hash === {back!r} && document.title.startsWith('No such') === false")
    assert browser.execute_script("return document.querySelector('#neuron').classList.contains('hidden')")
    assert browser.title == "setup-1 – infomorphic report"
    no_errors(browser)


def test_without_a_mouse_one_goes_from_neuron_to_neuron(shown):
    focused = "return document.activeElement.textContent"
    press(shown, "ArrowRight", ".gallery a")
    press(shown, "ArrowDown", ".gallery a:nth-child(2)")
    per_row = shown.execute_script("return getComputedStyle(document.querySelector('.gallery')).gridTemplateColumns.split(' ').length")
    assert shown.execute_script("return document.activeElement.getAttribute('href')") == f"#neuron-{1 + per_row}"
    shown.execute_script("document.activeElement.click()")
    wait(shown, f"document.title === 'Neuron {1 + per_row} – setup-1 – infomorphic report'")
    assert shown.execute_script(focused) == f"Neuron {1 + per_row}"
    press(shown, "ArrowRight", "#neuron h1")
    wait(shown, f"document.title.startsWith('Neuron {2 + per_row} ')")
    assert shown.execute_script(focused) == f"Neuron {2 + per_row}"
    # In a slider the keys have their own meaning.
    press(shown, "ArrowLeft", "#developed input")
    assert texts(shown, "#developed output") == ["epoch 35"]
    assert shown.title.startswith(f"Neuron {2 + per_row} ")
    press(shown, "ArrowLeft", "#neuron h1")
    wait(shown, f"document.title.startsWith('Neuron {1 + per_row} ')")
    shown.execute_script("location.hash = '#neuron-0'")
    wait(shown, "document.title.startsWith('Neuron 0 ')")
    press(shown, "ArrowLeft", "#neuron h1")
    wait(shown, "document.title.startsWith('Neuron 13 ')")
    click(shown, "#neuron .turn a:nth-child(2)")
    wait(shown, "document.title === 'setup-1 – infomorphic report'")
    assert shown.execute_script("return document.activeElement.getAttribute('href')") == "#neuron-13"


def test_every_picture_has_a_text_of_its_own(shown):
    fields = shown.execute_script("return [...document.querySelectorAll('.gallery img')].map((i) => i.alt)")
    assert fields == [f"receptive field of neuron {j}" for j in range(14)]
    curves = shown.execute_script("return [...document.querySelectorAll('.gallery .spark')].map((s) => s.ariaLabel)")
    goals = shown.execute_script("return content.neurons.history.millibits.goal.map((v) => [v[0], v.at(-1)])")
    in_bits = [f"goal by epoch: {first / 1000:.3f} bits at 1, {last / 1000:.3f} bits at 40" for first, last in goals]
    assert curves == [words.replace("-", "\u2212") for words in in_bits]
    for address in ("#neuron-7", "#neuron-7-with-3"):
        shown.execute_script(f"location.hash = {address!r}")
        wait(shown, "document.title.startsWith('Neuron')")
        draw_everything(shown)
        texts_of_figures = shown.execute_script(
            "return [...document.querySelectorAll('#neuron :is(.chart, svg.diagram, canvas)')].map((n) => n.ariaLabel).concat([...document.querySelectorAll('#neuron img')].map((i) => i.alt))"
        )
        assert len(texts_of_figures) > 6
        assert not [text for text in texts_of_figures if len(text) < 15 or re.search("NaN|undefined|null", text)]
        steps = [text for text in texts_of_figures if "Its goal: weight × bits of every term. {" in text]
        assert len(steps) == (2 if "with" in address else 1)
        assert all(re.search(r"goal −?\d\.\d{4} bits$", text) for text in steps)


def test_colors_follow_the_system(browser, page):
    show(browser, page, "light")
    region = "getComputedStyle(document.querySelector('#goal [data-atom=\"{FC}{FL}{CL}\"]')).fill.match(/\\d+/g).map(Number)"
    assert min(browser.execute_script(f"return {region}")) > 200
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": "dark"}]})
    # The page is notified of the change with a delay.
    wait(browser, f"Math.max(...{region}) < 80")
    assert max(browser.execute_script("return getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)")) < 60


def test_pages_of_other_tasks_say_what_is_true_of_them_and_draw_a_single_record(browser, placed, letters, tmp_path):
    fit(TrainConfig.make({"preset": "bars"}, ["training.epochs=1", "data.images=2000"]), tmp_path / "bars")
    found = []
    for run in (tmp_path / "bars", letters):
        show(browser, placed(write_report(run, tmp_path / "r.html")))
        found.append(" ".join(texts(browser, "p.soft")))
    for text, source in zip(found, ("a batch of training images. Atoms", "the stored patterns. Atoms"), strict=True):
        assert "Each neuron maximizes this sum" in text
        assert source in text
        assert "with their labels" not in text
    show(browser, placed(write_comparison([tmp_path / "bars", letters], tmp_path / "c.html")))
    draw_everything(browser)
    # Only bars has a single record, which is a point: a memory records its first epochs too.
    assert browser.execute_script("return document.querySelectorAll('.scatterlayer .point').length") == 1
    no_errors(browser)


def test_a_film_is_stepped_through_and_played(browser, placed, letters, tmp_path):
    show(browser, placed(write_report(letters, tmp_path / "r.html")), "dark", 390)
    assert texts(browser, "#stored-patterns b") == list("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    assert texts(browser, "#recall output") == ["cue"]
    assert texts(browser, "#recall figure b") == ["state", "pattern A"]
    assert texts(browser, "#recall figcaption") == ["2 wrong"]
    slider = "document.querySelector('#recall input')"
    press(browser, "ArrowRight", "#recall input")
    assert texts(browser, "#recall output") == ["step 1"]
    browser.execute_script(f"{slider}.value = {slider}.max - 1; {slider}.dispatchEvent(new Event('input'))")
    click(browser, "#recall button")
    wait(browser, f"{slider}.value === {slider}.max && document.querySelector('#recall button').textContent === '▶ Play'")
    (moment,) = texts(browser, "#recall output")
    assert moment.startswith("step")
    (caption,) = texts(browser, "#recall figcaption")
    assert browser.execute_script(f"return {slider}.getAttribute('aria-valuetext')") == f"{moment}: state {caption}"
    browser.execute_script("const s = document.querySelector('#recall select'); s.value = 7; s.dispatchEvent(new Event('change'))")
    assert texts(browser, "#recall output") == ["cue"]
    assert texts(browser, "#recall figure b") == ["state", "pattern H"]
    assert browser.execute_script("return document.documentElement.scrollWidth <= innerWidth")
    no_errors(browser)


def test_pages_of_incomplete_runs_and_of_several_runs(browser, placed, runs, copied, tmp_path):
    (copied / "checkpoint.safetensors").unlink()
    pages = [write_report(copied), write_report(runs / "backprop", tmp_path / "b.html")]
    pages.append(write_comparison([runs / "setup-1", runs / "backprop", copied], tmp_path / "c.html"))
    for path in pages:
        show(browser, placed(path))
        draw_everything(browser)
        assert len(texts(browser, "h2")) >= 3
        assert browser.execute_script("return document.documentElement.scrollWidth <= innerWidth")
        no_errors(browser)
    assert "has no checkpoint" in " ".join(texts(browser, ".warning"))


def test_every_hidden_layer_has_its_neurons_with_its_name_in_headings_and_links(browser, placed, run_of_two_hidden_layers, tmp_path):
    show(browser, placed(write_report(run_of_two_hidden_layers.path, tmp_path / "report.html")))
    headings = texts(browser, "#sections h2")
    assert [h for h in headings if h.startswith(("Neurons", "The layer"))] == [
        "Neurons of hidden1",
        "The layer hidden1",
        "Neurons of hidden2",
        "The layer hidden2",
    ]
    assert [len(browser.execute_script(f"return document.querySelectorAll('{place} .gallery a')")) for place in ("#list", "#list-1")] == [
        12,
        8,
    ]
    browser.execute_script("document.querySelectorAll('#list-1 .gallery a')[3].click()")
    wait(browser, "document.querySelector('#neuron h1')?.textContent === 'Neuron 3 of hidden2'")
    assert "Its largest F weights: the most influential neurons of hidden1" in " | ".join(texts(browser, "#neuron h3"))
    draw_everything(browser)
    browser.execute_script("location.hash = '#neuron-6'")
    wait(browser, "document.querySelector('#neuron h1')?.textContent === 'Neuron 6 of hidden1'")
    no_errors(browser)


def test_a_link_opens_what_was_seen_and_tables_are_sorted_by_keyboard(browser, page):
    show(browser, page)
    click(browser, "[data-mode=table]")
    browser.execute_script("document.querySelector('#table [data-sort=label]').focus()")
    press(browser, "Enter", "#table [data-sort=label]")
    press(browser, "Enter", "#table [data-sort=label]")
    assert browser.execute_script("return document.activeElement.closest('th').ariaSort") == "ascending"
    moved_to(browser, "#slider-hidden", 4)
    wait(browser, "location.hash === '#information?epoch-hidden=5&sort=label&mode=table'")
    rows = texts(browser, "#table tbody a")
    click(browser, "#nav a[href='#neurons']")
    wait(browser, "location.hash === '#neurons?epoch-hidden=5&sort=label&mode=table'")
    show(browser, browser.current_url)
    assert texts(browser, "#table tbody a") == rows
    assert texts(browser, "#information output") == ["epoch 5"]
    assert browser.execute_script("return document.querySelector('#neurons').getBoundingClientRect().top < innerHeight && scrollY > 0")
    browser.execute_script("const f = document.querySelector('#find'); f.value = '7'; f.dispatchEvent(new Event('input'))")
    assert texts(browser, "#table tbody a") == ["7"]
    # A choice that the page does not have is none.
    show(browser, f"{page}#neurons?sort=nothing&mode=table&kind=redundant")
    assert browser.execute_script("return [document.querySelector('#sort').value, document.querySelector('#kind').value]") == [
        "number",
        "redundant",
    ]


def test_terms_lead_to_their_meaning(browser, page):
    show(browser, page)
    links = browser.execute_script("return [...document.querySelectorAll('a.term-link')].map((a) => a.getAttribute('href'))")
    assert len(links) > 40
    assert browser.execute_script("return arguments[0].every((a) => document.getElementById(a.slice(1)))", links)
    click(browser, "#goal .formula a")
    meaning = "redundant information of the feedforward and lateral inputs, but not of the context input"
    wait(browser, "document.querySelector('#notation :target td') !== null")
    assert texts(browser, "#notation :target td") == [meaning]
