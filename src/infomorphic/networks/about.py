"""What a list of settings shows about one setting beyond its type and its description."""

from dataclasses import dataclass
from typing import Final

DEFAULT: Final = "the default"
"""Says that the default of a setting is its published value."""
NOT_STATED: Final = "not stated"
"""Says that a publication does not state the value."""


@dataclass(frozen=True)
class About:
    """Metadata of the type of a setting, as in `Annotated[int, About(unit="epochs")]`. Later metadata override earlier ones."""

    unit: str = ""
    allowed: str = ""
    """Which values are allowed, if the type and its bounds do not say it."""
    published: str = ""
    """The published value: `DEFAULT`, `NOT_STATED` or text; empty for what holds for all settings of the class."""
