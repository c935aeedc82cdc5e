"""The playground in a real browser, from the disk: every question has its answer on the page."""

import re
import shlex

import pytest

from driving import click, needs_browser, show, texts, wait
from infomorphic.cli.app import main
from infomorphic.pid import decompose, gates
from infomorphic.playground import write_playground

pytestmark = needs_browser
LOOKS = [("light", 1280), ("dark", 390)]


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    return {path.stem: path.as_uri() for path in write_playground(tmp_path_factory.mktemp("playground"))}


@pytest.fixture(params=LOOKS, ids=["light desktop", "dark phone"])
def look(request, browser):
    yield request.param
    assert [entry for entry in browser.get_log("browser") if entry["level"] in ("SEVERE", "WARNING")] == []


def choose(browser, index, value):
    """Choose an option of the select element with this index."""
    script = f"const s = document.querySelectorAll('select')[{index}]; s.value = {value!r}; s.dispatchEvent(new Event('change'))"
    browser.execute_script(script)


def values(browser):
    script = "return Object.fromEntries([...document.querySelectorAll('svg.lattice [data-value]')].map((n) => [n.dataset.value, n.textContent.replace('\\u2212', '-')]))"
    return {label: float(text) for label, text in browser.execute_script(script).items()}


def test_what_is_the_synergy_of_xor(browser, pages, look):
    show(browser, pages["gates"], *look)
    assert values(browser) == {"{1}{2}": -0.585, "{1}": 0.585, "{2}": 0.585, "{12}": 0.415}
    browser.execute_script("document.querySelector('svg.lattice [data-atom=\"{12}\"]').focus()")
    assert texts(browser, "#chosen .sentence") == ["Only S1 and S2 together provide 0.4150 bits about T: synergy."]
    assert browser.execute_script("return document.documentElement.scrollWidth <= innerWidth")


def test_another_measure_redraws_both_pictures(browser, pages, look):
    show(browser, pages["gates"], *look)
    choose(browser, 2, "min")
    assert values(browser) == {"{1}{2}": 0, "{1}": 0, "{2}": 0, "{12}": 1}
    assert texts(browser, "svg.diagram:not(.lattice) [data-value='{12}']") == ["1.000"]
    choose(browser, 0, "and")
    choose(browser, 2, "broja")
    assert values(browser) == {"{1}{2}": 0.311, "{1}": 0, "{2}": 0, "{12}": 0.5}
    choose(browser, 2, "ccs")
    expected = decompose(gates.and_gate(2), measure="ccs").atoms
    assert values(browser) == {label: round(float(expected[label]), 3) for label in ("{1}{2}", "{1}", "{2}", "{12}")}
    choose(browser, 2, "broja")
    # Unique information is defined for two sources.
    choose(browser, 1, "3")
    assert "broja" not in browser.current_url
    assert "shared exclusions" in texts(browser, "#chosen .note")[0]
    assert not any("BROJA" in text for text in texts(browser, "option"))
    choose(browser, 2, "ccs")
    assert len(values(browser)) == 18
    assert "take too long here with the measure common change in surprisal" in texts(browser, "#verdict")[0]


def test_the_address_holds_the_whole_state(browser, pages, look):
    show(browser, pages["gates"], *look)
    choose(browser, 0, "and")
    choose(browser, 1, "3")
    choose(browser, 2, "pm")
    before, address = values(browser), browser.current_url
    assert len(before) == 18
    show(browser, address, *look)
    assert values(browser) == before
    assert texts(browser, "select option:checked")[:2] == ["AND", "three"]


def test_a_dragged_probability_leaves_a_distribution(browser, pages, look):
    show(browser, pages["gates"], *look)
    choose(browser, 0, "custom")
    browser.execute_script(
        "const r = document.querySelector('#probabilities input'); window.dragged = r; r.value = 0.7; r.dispatchEvent(new Event('input'))"
    )
    # It is redrawn while the slider is dragged, which stays the same element.
    assert browser.execute_script("return dragged.isConnected && dragged.value === '0.7'")
    shown = [float(text) for text in texts(browser, "#probabilities td:nth-child(4)")]
    assert shown[0] == 0.7
    assert sum(shown) == pytest.approx(1, abs=0.004)


def test_noise_is_drawn_while_its_slider_is_dragged(browser, pages, look):
    show(browser, pages["gates"], *look)
    drag = "window.dragged = document.querySelector(arguments[0]); dragged.value = arguments[1]; dragged.dispatchEvent(new Event('input'))"
    browser.execute_script(drag, "[aria-label=noise]", 1)
    assert set(values(browser).values()) == {0}
    assert browser.execute_script("return dragged.isConnected && dragged.nextSibling.textContent") == "100 %"
    browser.execute_script(drag, "#samples input", 3)
    wait(browser, "document.querySelector('#samples .slider span').textContent === '1000 samples'")
    assert browser.execute_script("return dragged.isConnected")


def test_a_small_sample_of_noise_is_chance(browser, pages, look):
    show(browser, pages["gates"] + "#noise=1&samples=30", *look)
    assert "cannot tell it from chance" in texts(browser, "#verdict")[0]
    show(browser, pages["gates"] + "#samples=300", *look)
    assert "p = 0.010" in texts(browser, "#verdict")[0]


def test_it_is_copied_as_python_and_as_a_command(browser, pages, look):
    show(browser, pages["gates"], *look)
    for button in browser.find_elements("css selector", ".controls button"):
        button.click()
    python, command = texts(browser, "pre.copied")
    scope = {}
    exec(python, {"print": lambda frame: scope.update(frame=frame)})
    assert scope["frame"].bits.round(3).tolist() == [-0.585, 0.585, 0.585, 0.415]
    assert "infomorphic pid gate.csv --target T --sources S1,S2 --probability p" in command


def give(browser, tmp_path, text, name="mine.csv"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    browser.find_element("css selector", "#file").send_keys(str(path))


def test_a_table_of_your_own(browser, pages, look, tmp_path):
    show(browser, pages["table"], *look)
    give(browser, tmp_path, "tone;light;spike\n" + "\n".join(f"{i % 2};{i // 2 % 2};{i % 2 ^ i // 2 % 2}" for i in range(80)))
    wait(browser, "document.querySelector('#verdict')")
    assert texts(browser, "#verdict") == ["tone, light provide 1.0000 of the 1.0000 bits of spike; p = 0.005."]
    assert texts(browser, "#chosen .sentence")[0].startswith("Negative: what tone and light provide about spike redundantly")
    assert browser.execute_script("return document.documentElement.scrollWidth <= innerWidth")
    click(browser, ".source")
    assert texts(browser, "#verdict")[0].startswith("light provides 0.0000 of the 1.0000 bits of spike; p = 1.000.")
    assert "cannot be told from chance" in texts(browser, "#verdict")[0]


@pytest.mark.parametrize(
    ("text", "message"), [("a,b\n1,2,3\n", "row 1 has 3 fields"), ("", "needs a line of names"), ('a,b\n"1,2', "quotation mark")]
)
def test_a_damaged_table_is_answered_in_a_sentence(browser, pages, look, tmp_path, text, message):
    show(browser, pages["table"], *look)
    give(browser, tmp_path, text)
    wait(browser, "document.querySelector('[role=alert]').textContent")
    assert message in texts(browser, "[role=alert]")[0]
    click(browser, ".drop button")
    assert "of spike" in texts(browser, "#verdict")[0]


ANSWERED = "document.querySelector('.found').textContent && !document.querySelector('.found').textContent.startsWith('Training')"


def press(browser, atom, column=0):
    """Click a region of the diagram of a goal."""
    script = "document.querySelectorAll('.goal svg')[arguments[1]].querySelector(`[data-atom='${arguments[0]}']`).dispatchEvent(new Event('click'))"
    browser.execute_script(script, atom, column)


def goal(browser, column=0):
    """The expression and the words of a goal."""
    expressions = browser.execute_script("return [...document.querySelectorAll('.expression')].map((n) => n.value)")
    return expressions[column], texts(browser, ".words-of-goal")[column]


def steps(browser):
    return int(texts(browser, "#steps")[0].split()[0])


def test_clicks_reward_and_punish(browser, pages, look):
    show(browser, pages["goals"], *look)
    assert goal(browser) == ("{F} + 0 {C}", "The goal rewards unique information of the image.")
    press(browser, "{FC}")
    assert goal(browser)[0] == "{F} + {FC}"
    press(browser, "{FC}")
    assert goal(browser)[0] == "{F} - {FC}"
    assert goal(browser)[1] == "The goal rewards unique information of the image. It punishes synergy of the image and the other neurons."
    press(browser, "{FC}")
    press(browser, "{F}")
    press(browser, "{F}")
    press(browser, "H_res")
    assert goal(browser) == ("0 {FC} + H_res", "The goal rewards the part of the output's entropy that no input explains.")
    assert browser.execute_script("return document.documentElement.scrollWidth <= innerWidth")


def test_a_goal_is_written_by_keyboard(browser, pages):
    from selenium.webdriver.common.keys import Keys

    show(browser, pages["goals"])
    browser.execute_script("document.querySelector('.goal [data-atom=\"{C}\"]').focus()")
    assert texts(browser, ".atom b") == ["{C}"]
    browser.switch_to.active_element.send_keys(Keys.ENTER)
    assert goal(browser)[0] == "{F} + {C}"
    browser.find_element("css selector", ".atom [type=range]").send_keys(Keys.ARROW_LEFT)
    assert goal(browser)[0] == "{F} + 0.95 {C}"
    expression = browser.find_element("css selector", ".expression")
    expression.clear()
    expression.send_keys("{C}{F} - 0.5{F}", Keys.ENTER)
    assert goal(browser)[0] == "{F}{C} - 0.5 {F}"
    expression.clear()
    expression.send_keys("{L}", Keys.ENTER)
    assert "A goal is a sum such as {F}" in texts(browser, ".goal [role=alert]")[0]


def test_play_pause_step_and_reset(browser, pages):
    show(browser, pages["goals"])
    click(browser, "#one")
    assert steps(browser) == 1
    click(browser, "#play")
    wait(browser, "parseInt(document.querySelector('#steps').textContent) > 20")
    click(browser, "#play")
    paused = steps(browser)
    browser.execute_async_script("requestAnimationFrame(() => requestAnimationFrame(arguments[0]))")
    assert steps(browser) == paused
    click(browser, "#reset")
    assert steps(browser) == 0


def test_two_goals_learn_side_by_side_and_a_neuron_is_looked_into(browser, pages, look):
    show(browser, pages["goals"], *look)
    click(browser, "#compare")
    press(browser, "{F}", column=1)
    press(browser, "{F}{C}", column=1)
    assert [goal(browser, column)[0] for column in (0, 1)] == ["{F} + 0 {C}", "{F}{C} - {F}"]
    for _ in range(3):
        click(browser, "#one")
    click(browser, "[data-neuron='2']")
    assert texts(browser, ".inside h3") == ["What neuron 3 carries, in bits"] * 2
    assert all("the output of neuron 3" in text and "Its goal has the value" in text for text in texts(browser, ".inside .sentence"))
    address = browser.current_url
    show(browser, address, *look)
    assert [goal(browser, column)[0] for column in (0, 1)] == ["{F} + 0 {C}", "{F}{C} - {F}"]
    assert texts(browser, ".inside h3") == ["What neuron 3 carries, in bits"] * 2


def test_a_published_goal_is_chosen(browser, pages):
    show(browser, pages["goals"] + "#task=digits&neurons=5&seed=3")
    name = "trivariate/optimized-tpe-1"
    browser.execute_script(
        "const s = document.querySelector('[aria-label=\"goal of the gallery\"]'); s.value = arguments[0]; s.dispatchEvent(new Event('change'))",
        name,
    )
    assert goal(browser)[1].startswith(
        "The goal rewards redundant information of the image and the label, but not of the other neurons (weight 0.98)"
    )
    show(browser, browser.current_url)
    assert texts(browser, "[aria-label='goal of the gallery'] option:checked") == [name]
    assert browser.execute_script("return [document.querySelector('#neurons').value, document.querySelector('#seed').value]") == ["5", "3"]
    assert len(texts(browser, ".neurons button")) == 5


LEARNED = """
const pictures = [...document.querySelectorAll('.neurons button')].map((b) => [b.getAttribute('aria-label'), b.querySelector('.field').toDataURL()]);
return [pictures, ...['.score', '.inside .sentence', '.lines .u-legend'].map((s) => [...document.querySelectorAll(s)].map((n) => n.textContent))];
"""


def trained(browser, count):
    """What the neurons learned, as soon as the training has caught up with the address."""
    wait(browser, f"document.querySelector('#steps').textContent === '{count} steps'")
    return browser.execute_script(LEARNED)


def test_a_link_reopens_what_was_seen(browser, pages, look):
    begun = pages["goals"] + "#task=lateral&goal=lateral/heuristic&neurons=4&seed=2"
    show(browser, begun, *look)
    before = trained(browser, 0)
    show(browser, begun + "&steps=60", *look)
    trained(browser, 60)
    click(browser, "#one")
    seen = trained(browser, 61)
    assert seen != before
    assert "steps=61" in browser.current_url
    show(browser, browser.current_url, *look)
    assert trained(browser, 61) == seen
    assert texts(browser, ".words-of-goal") == ["The goal rewards unique information of the image."]
    click(browser, "#reset")
    assert trained(browser, 0) == before
    assert "steps" not in browser.current_url


def test_two_goals_are_reopened_with_the_steps_of_each(browser, pages):
    show(browser, pages["goals"] + "#goal=lateral/optimized-2&second={FC}&neurons=3&steps=30&secondSteps=10")
    seen = trained(browser, 30)
    show(browser, browser.current_url)
    assert trained(browser, 30) == seen
    press(browser, "{F}", column=1)
    assert "steps=30&secondSteps=0" in browser.current_url
    # L of the goal is C here.
    assert goal(browser)[1].startswith("The goal rewards unique information of the image (weight 0.81)")
    assert "redundant information of the image and the other neurons (0.54)" in goal(browser)[1]


def test_which_goal_makes_neurons_divide_the_bars(browser, pages, look):
    show(browser, pages["goals"], *look)
    (question,) = [b for b in browser.find_elements("css selector", ".questions button") if "divide the bars" in b.text]
    question.click()
    assert texts(browser, ".found") == ["Before training, 0 of 8 bars have a neuron of their own."]
    click(browser, "#next")
    wait(browser, ANSWERED)
    assert texts(browser, ".score") == ["8 of 8 bars"]
    click(browser, "#next")
    wait(browser, ANSWERED)
    assert (
        "0 of 8 bars. Second goal, unique information: 8 of 8 bars. So the answer is {F}, unique information" in texts(browser, ".found")[0]
    )
    click(browser, "#leave")
    assert "tour" not in browser.current_url


@pytest.mark.parametrize(
    ("tour", "step", "answer"),
    [
        ("label", 2, "What image and label provide redundantly is what the readout needs."),
        ("synergy", 0, "unique information: 8 of 8 bars"),
        ("synergy", 2, "almost nothing"),
    ],
)
def test_tours_find_what_they_say(browser, pages, tour, step, answer):
    show(browser, pages["goals"])
    click(browser, f"[data-tour={tour}]")
    for _ in range(step):
        click(browser, "#next")
    wait(browser, ANSWERED)
    assert answer in texts(browser, ".found")[0]


@pytest.mark.parametrize(("task", "neurons"), [("bars", 8), ("digits", 16)])
def test_at_least_twenty_steps_a_second(browser, pages, task, neurons):
    show(browser, pages["goals"] + f"#task={task}&neurons={neurons}")
    click(browser, "#play")
    wait(browser, "parseInt(document.querySelector('#steps').textContent) > 10")
    measure = "const count = () => parseInt(document.querySelector('#steps').textContent), from = count(), begin = performance.now();"
    measure += "setTimeout(() => arguments[0](1000 * (count() - from) / (performance.now() - begin)), 1500)"
    assert browser.execute_async_script(measure) >= 20


def test_goals_are_copied_as_python_and_as_a_command(browser, pages, monkeypatch, tmp_path, capsys):
    for task, chosen in [
        ("bars", "neurons=3&second=lateral/optimized-1"),
        ("digits", "neurons=3&goal=trivariate/heuristic"),
        ("lateral", "neurons=3"),
    ]:
        (tmp_path / task).mkdir()
        monkeypatch.chdir(tmp_path / task)
        show(browser, pages["goals"] + f"#task={task}&{chosen}")
        click(browser, "#one")
        for button in browser.find_elements("css selector", "button"):
            if button.text.startswith("copy as"):
                browser.execute_script("arguments[0].click()", button)
        python, command = texts(browser, "pre.copied")
        exec(python, {})
        assert [line.rsplit(" ", 1)[0] for line in capsys.readouterr().out.splitlines()] == re.findall(r"--goal '(.*?)'", command)
        for line in command.splitlines():
            assert main([*shlex.split(line)[1:], "--run", f"run-{len(line)}"]) == 0
        capsys.readouterr()
