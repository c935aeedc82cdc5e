"""Hooks of the documentation's build that concern every page: the version in the footer, and shapes as people read them."""

import re

import infomorphic

# jaxtyping needs a space before the name of a single axis, which linters would otherwise take for the name of a variable.
_SINGLE_AXIS = re.compile(r'(?<=<span class="s2">)("|&quot;) (?=\w)')


def on_config(config):
    """Show the version in the footer of every page, and a link to its source if the repository is known."""
    config.copyright = f"infomorphic {infomorphic.__version__}, MIT license"
    if config.repo_url:
        config.edit_uri = "edit/main/docs/"
    return config


def on_post_page(output, **_):
    """Leave out the space in signatures such as `Float[Tensor, " classes"]`."""
    return _SINGLE_AXIS.sub(r"\1", output)
