"""Driving a headless Chromium: what the tests of pages share."""

import shutil

import pytest

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
needs_browser = [
    pytest.mark.skipif(not (CHROMIUM and DRIVER), reason="chromium and chromedriver are not installed"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --disable-dev-shm-usage"
)


def show(browser, address, scheme="light", width=1280):
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]})
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    browser.get("about:blank")
    browser.get(address)
    # The driver returns early if the page before was still drawing.
    wait(browser, "location.protocol !== 'about:' && document.readyState === 'complete'")


def wait(browser, condition, seconds=90):
    from selenium.webdriver.support.ui import WebDriverWait

    return WebDriverWait(browser, seconds, poll_frequency=0.05).until(lambda b: b.execute_script(f"return {condition}"))


def texts(browser, selector):
    return browser.execute_script(f"return [...document.querySelectorAll({selector!r})].map((n) => n.textContent)")


def click(browser, selector):
    browser.execute_script(f"document.querySelector({selector!r}).click()")
