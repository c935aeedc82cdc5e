"""What the registry's page shows: the README with links into the repository, and the repository's address.

Links of README.md are relative, which is right in a clone and dead on the registry's page. With the repository's address in the
environment variable INFOMORPHIC_REPOSITORY, as the release workflow sets it, they lead to the files of the release.
"""

import os
import re
from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface

_RELATIVE = re.compile(r"(?P<image>!?)\[(?P<text>(?:[^\[\]]|\[[^\]]*\])*)\]\((?P<path>(?![a-z]+:|#)[^)\s]+)\)")


def with_absolute_links(text: str, repository: str, version: str) -> str:
    """The text with every relative link and picture at the tag of this version."""

    def absolute(link: re.Match[str]) -> str:
        kind = "raw" if link["image"] else "blob"
        return f"{link['image']}[{link['text']}]({repository}/{kind}/v{version}/{link['path']})"

    return _RELATIVE.sub(absolute, text)


class Metadata(MetadataHookInterface):
    """Sets the README and the addresses of a distribution."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Change the metadata in place."""
        text = (Path(self.root) / "README.md").read_text(encoding="utf-8")
        repository = os.environ.get("INFOMORPHIC_REPOSITORY", "").rstrip("/")
        if repository:
            version = metadata["version"]
            text = with_absolute_links(text, repository, version)
            metadata["urls"] = {
                "Source": repository,
                "Changelog": f"{repository}/blob/v{version}/CHANGELOG.md",
                "Issues": f"{repository}/issues",
            }
        metadata["readme"] = {"content-type": "text/markdown", "text": text}
