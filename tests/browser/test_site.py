"""The built documentation in a real browser: nothing is cut, figures can be enlarged, colors can be chosen. Needs the extra `docs`."""

from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import urlsplit

import pytest

from driving import click, needs_browser, show, wait

pytestmark = [*needs_browser, pytest.mark.slow]
# Elements that end beyond their column by more than the padding of code at the end of a line; what is inside a block that scrolls is left out.
WIDER = """
const scrolls = (node) => node.closest('pre, .md-typeset__scrollwrap');
const column = document.querySelector('article').getBoundingClientRect().right + 8;
const right = innerWidth < 600 ? innerWidth : column;  // on a phone, code is as wide as the screen
return [...document.querySelectorAll('article *')]
    .filter((node) => node.getBoundingClientRect().right > right && !scrolls(node) && node.checkVisibility())
    .map((node) => node.tagName + ' ' + node.textContent.trim().slice(0, 40))
"""
# Code that scrolls sideways.
CUT = """
return [...document.querySelectorAll('.language-bash pre > code, .language-python pre > code, .doc-signature pre > code')]
    .filter((code) => code.scrollWidth > code.clientWidth + 1).map((code) => code.textContent.slice(0, 60))
"""


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def pages(site, browser):
    """The addresses of all pages of the theme, by their path, on a server of this machine. The theme needs one for its scripts."""
    browser.execute_cdp_cmd("Network.disable", {})  # and with it the emulated loss of the network
    found = {str(path.parent.relative_to(site)): path for path in sorted(site.rglob("index.html"))}
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=site)) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}"
        yield {name: f"{address}/{name}/" for name, path in found.items() if 'class="md-header' in path.read_text(encoding="utf-8")}
        server.shutdown()


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_nothing_is_wider_than_its_column(browser, pages, scheme, width):
    wide, loaded = {}, set()
    for name, address in pages.items():
        show(browser, address, scheme, width)
        # The theme lets tables scroll by a script.
        wait(browser, "[...document.querySelectorAll('article table:not([class])')].every((t) => t.closest('.md-typeset__scrollwrap'))")
        wide[name] = browser.execute_script(WIDER) + (browser.execute_script(CUT) if width > 1000 else [])
        loaded |= set(browser.execute_script("return performance.getEntriesByType('resource').map((entry) => new URL(entry.name).host)"))
    assert {name: found for name, found in wide.items() if found} == {}
    assert loaded == {urlsplit(pages["results"]).netloc}, "no page may need another server"


def test_a_figure_can_be_enlarged(browser, pages):
    show(browser, pages["tutorials/recording"])
    small = browser.execute_script("return document.querySelector('article img').clientWidth")
    click(browser, "article a.glightbox")
    wait(browser, "document.querySelector('.gslide.loaded img')?.naturalWidth")
    assert browser.execute_script("return document.querySelector('.gslide.loaded img').clientWidth") > 1.2 * small


def test_colors_follow_the_system_or_a_choice(browser, pages):
    scheme = "document.body.getAttribute('data-md-color-scheme')"
    for system, name in (("light", "default"), ("dark", "slate")):
        show(browser, pages["results"], system)
        assert wait(browser, scheme) == name
    # From the colors of the system to light, then to dark.
    for name in ("default", "slate"):
        click(browser, "[data-md-component=palette] label:not([hidden])")
        wait(browser, f"{scheme} == '{name}'")


def test_a_goal_of_the_gallery_opens_in_the_playground(browser, pages):
    show(browser, pages["gallery/goals"])
    name = "lateral/heuristic"
    link = browser.execute_script(
        "return [...document.querySelectorAll('article a[href*=playground]')].find((a) => a.href.includes(encodeURIComponent(arguments[0])) && a.href.includes('bars'))",
        name,
    )
    browser.execute_script("arguments[0].click()", link)
    wait(browser, "document.querySelector('#steps')?.textContent === '200 steps'")
    assert browser.execute_script("return document.querySelector('[aria-label=\"goal of the gallery\"]').value") == name
    assert browser.execute_script("return document.querySelector('.score').textContent") == "8 of 8 bars"
