"""Photograph the parts of a report for docs/images, with Chromium.

infomorphic train setup-1 --dataset mnist --epochs 20 --run runs/reported
infomorphic train backprop --dataset mnist --epochs 20 --run runs/backprop
infomorphic report runs/reported
python tools/report_screenshots.py runs/reported/report.html --out docs/images
"""

import argparse
import base64
import shutil
import time
from pathlib import Path

from selenium import webdriver

FLAGS = "--headless --no-sandbox --disable-gpu --disable-dev-shm-usage"
# The first and the last element of each picture, and its largest height.
PARTS = {
    "results": ("h1", "#results .columns", 1400),
    "information": ("#information", "#information", 1000),
    "neurons": ("#neurons", "#neurons", 680),
    "layer": ("#layer", "#layer .columns", 1400),
}


def browser() -> webdriver.Chrome:
    """A browser without a window."""
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or ""
    for flag in FLAGS.split():
        options.add_argument(flag)
    return webdriver.Chrome(options=options, service=webdriver.ChromeService(shutil.which("chromedriver")))


def show(driver: webdriver.Chrome, address: str, scheme: str, width: int) -> None:
    """Open a page and scroll through it until every chart is drawn."""
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]})
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    driver.get("about:blank")
    driver.get(address)
    left = "[...document.querySelectorAll('.chart')].filter((n) => n.checkVisibility() && !n.dataset.drawn)"
    while driver.execute_script(f"const left = {left}; left[0]?.scrollIntoView(); return left.length"):
        time.sleep(0.1)
    driver.execute_script("document.querySelector('nav.bar').style.position = 'static'; scrollTo(0, 0)")
    # Everything in view, so that nothing moves while it is photographed.
    driver.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride", size | {"height": driver.execute_script("return document.body.scrollHeight")}
    )
    time.sleep(2)


def photograph(driver: webdriver.Chrome, first: str, last: str, height: float, path: Path) -> None:
    """Write a picture that begins at one element and ends with another."""
    top, bottom, width = driver.execute_script(
        "const [a, b] = [...arguments].map((s) => document.querySelector(s).getBoundingClientRect());"
        "return [a.top + scrollY, b.bottom + scrollY, innerWidth]",
        first,
        last,
    )
    clip = {"x": 0, "y": max(0, top - 16), "width": width, "height": min(height, bottom - top + 32), "scale": 1}
    shot = driver.execute_cdp_cmd("Page.captureScreenshot", {"clip": clip})
    path.write_bytes(base64.b64decode(shot["data"]))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("report", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--neuron", type=int, default=3)
    parser.add_argument("--width", type=int, default=944)
    parser.add_argument("--scheme", choices=["light", "dark"], default="light")
    given = parser.parse_args()
    driver = browser()
    try:
        address = given.report.resolve().as_uri()
        show(driver, address, given.scheme, given.width)
        for name, (first, last, height) in PARTS.items():
            photograph(driver, first, last, height, given.out / f"report-{name}.png")
        show(driver, f"{address}#neuron-{given.neuron}", given.scheme, given.width)
        photograph(driver, ".neuron-head", "#why", 1800, given.out / "report-neuron.png")
        photograph(driver, "#developed", "#developed", 1400, given.out / "report-development.png")
    finally:
        driver.quit()
