"""A page from a template: its content as JSON, its styles and its scripts."""

import base64
import gzip
import json
from functools import cache
from importlib import resources
from typing import Any

from infomorphic.plots.palette import DIVERGING, SERIES


def render(template: tuple[str, str, str], content: dict[str, Any], **values: Any) -> str:
    """A page from a template, with its content as JSON and the colors of the plots.

    Args:
        template: the package, the folder in it, and the file of a Jinja template.
        content: what the scripts of the page find in the element `content`.
        values: what else the template uses.
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined

    package, folder, name = template
    # The diverging colors of the plots, and a dark variant in which zero is as dark as the page.
    content["colors"] = {"diverging": [_hex(DIVERGING(i / 32)) for i in range(33)], "series": list(SERIES)}
    environment = Environment(loader=PackageLoader(package, folder), autoescape=True, undefined=StrictUndefined)
    return environment.get_template(name).render(content=content, json=_json(content), **values)


def _json(content: dict[str, Any]) -> str:
    """JSON that is safe in a script element: it contains no `<`."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False).replace("<", "\\u003c")


def asset(name: str) -> str:
    """The text of a style or script of the reports."""
    return resources.files("infomorphic.reports").joinpath("templates", name).read_text(encoding="utf-8")


@cache
def plotly() -> str:
    """Plotly's library, compressed: 2 MB instead of 5; browsers unpack it."""
    from plotly.offline import get_plotlyjs

    return base64.b64encode(gzip.compress(get_plotlyjs().encode(), mtime=0)).decode()


def _hex(color: tuple[float, ...]) -> str:
    return "#" + "".join(f"{round(255 * c):02x}" for c in color[:3])
