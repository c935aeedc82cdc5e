"""The playground in a real browser, from the disk: every question has its answer on the page."""

import pytest

from driving import click, needs_browser, show, texts, wait
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
    browser.execute_script("const r = document.querySelector('#probabilities input'); r.value = 0.7; r.dispatchEvent(new Event('change'))")
    shown = [float(text) for text in texts(browser, "#probabilities td:nth-child(4)")]
    assert shown[0] == 0.7
    assert sum(shown) == pytest.approx(1, abs=0.004)


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
