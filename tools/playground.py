"""MkDocs loads this file as a hook: the pages of the playground become part of the built documentation, so that pages can link to them."""

from pathlib import Path
from tempfile import TemporaryDirectory

from mkdocs.structure.files import File

from infomorphic.playground import write_playground


def on_files(files, config):
    """Add the pages beside the page that introduces them."""
    with TemporaryDirectory() as folder:
        for path in write_playground(Path(folder)):
            files.append(File.generated(config, f"playground/{path.name}", content=path.read_text(encoding="utf-8")))
    return files
