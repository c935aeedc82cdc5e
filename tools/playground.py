"""MkDocs loads this file as a hook: the pages of the playground become part of the built documentation."""

from pathlib import Path

from infomorphic.playground import write_playground


def on_post_build(config):
    """Write the pages beside the page that links to them."""
    write_playground(Path(config["site_dir"]) / "playground")
