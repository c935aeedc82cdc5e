"""Run the notebooks of the gallery, and show them in the documentation. Needs no Jupyter: a notebook is JSON, its code is Python.

python tools/notebooks.py docs/gallery/*.ipynb      runs them and stores their output and figures in the files

MkDocs loads this file as a hook, which turns each notebook of the gallery, with its stored outputs, into a page.
"""

import argparse
import ast
import base64
import contextlib
import io
import json
import re
import sys
from pathlib import Path


def run(notebook):
    """Run the code cells in a fresh namespace and return the notebook with new outputs; a failing cell raises."""
    import matplotlib as mpl

    mpl.use("Agg")
    names, count, cells = {"__name__": "__main__"}, 0, []
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            count += 1
            cell = {**cell, "execution_count": count, "outputs": _outputs("".join(cell["source"]), names, count)}
        cells.append(cell)
    return {**notebook, "cells": cells}


def _outputs(source, names, count):
    """The output of a cell: printed text, the value of its last line unless it ends in a semicolon, and figures."""
    import matplotlib.pyplot as plt

    tree = ast.parse(source)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(tree, f"<cell {count}>", "exec"), names)
        value = eval(compile(ast.Expression(last.value), f"<cell {count}>", "eval"), names) if last else None
    outputs = []
    if printed.getvalue():
        outputs.append({"output_type": "stream", "name": "stdout", "text": _lines(printed.getvalue())})
    if value is not None and not source.rstrip().endswith(";"):
        data = {"text/plain": _lines(repr(value))}
        outputs.append({"output_type": "execute_result", "execution_count": count, "metadata": {}, "data": data})
    for number in plt.get_fignums():
        data = {"image/png": base64.b64encode(_png(plt.figure(number))).decode(), "text/plain": ["<Figure>"]}
        outputs.append({"output_type": "display_data", "metadata": {}, "data": data})
    plt.close("all")
    return outputs


def _png(figure):
    """A PNG with 128 colors, a third of the full size."""
    from PIL import Image

    drawn, small = io.BytesIO(), io.BytesIO()
    figure.savefig(drawn, dpi=80, bbox_inches="tight")
    Image.open(drawn).convert("RGB").quantize(128).save(small, "png", optimize=True)
    return small.getvalue()


def _lines(text):
    return text.splitlines(keepends=True)


def write(notebook, path):
    """Write the notebook in Jupyter's format."""
    path.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def to_markdown(notebook, name):
    """The page of a notebook, and its images by file name."""
    parts, images = [], {}
    for cell in notebook["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            parts.append(source)
            continue
        parts.append(_fenced(source, "python"))
        for output in cell["outputs"]:
            data = output.get("data", {})
            if "image/png" in data:
                file = f"{name}-{len(images) + 1}.png"
                images[file] = base64.b64decode(data["image/png"])
                parts.append(f"![Figure {len(images)}]({file})")
            else:
                parts.append(_fenced("".join(output.get("text", data.get("text/plain", []))), "text"))
    parts.append(f"[This page as a notebook]({name}.ipynb)")
    return "\n\n".join(parts) + "\n", images


def _fenced(text, language):
    return f"```{language}\n{text.rstrip()}\n```"


def on_files(files, config):
    """Add a page for every notebook, and its images; the notebook itself can be downloaded."""
    from mkdocs.structure.files import File

    for found in [file for file in files if file.src_uri.endswith(".ipynb")]:
        path = Path(found.src_uri)
        page, images = to_markdown(json.loads(found.content_string), path.stem)
        for name, content in {f"{path.stem}.md": page, **images}.items():
            files.append(File.generated(config, str(path.with_name(name).as_posix()), content=content))
    return files


def on_page_markdown(markdown, page, **_):
    """Link the list of notebooks to their pages, with their first figures; in the repository it links to the files."""
    if page.file.src_uri != "gallery/index.md":
        return markdown
    return re.sub(r"\[([^\]]+)\]\(([\w-]+)\.ipynb\)", r"[\1 ![](\2-1.png){ .thumbnail }](\2.md)", markdown)


def main():
    """Run the given notebooks."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("notebooks", nargs="+", type=Path)
    for path in parser.parse_args().notebooks:
        write(run(json.loads(path.read_text(encoding="utf-8"))), path)
        print(f"{path}: {path.stat().st_size // 1000} kB", file=sys.stderr)


if __name__ == "__main__":
    main()
