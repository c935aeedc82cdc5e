"""The definition of a study in its storage: enough for any worker on any machine to continue it, or to refuse."""

from dataclasses import asdict, dataclass, field, replace
from typing import Any

import infomorphic
from infomorphic.errors import StudyError
from infomorphic.studies.engine.source import Source, this_source
from infomorphic.training.own_files import changed_files, checksums

FORMAT = 1
"""The version of the format. A study of a newer version is refused, not misread."""

ATTRIBUTE = "infomorphic"
"""The attribute of Optuna's study that holds the definition."""


@dataclass(frozen=True)
class Definition:
    """Kind, settings and code of a study."""

    kind: str
    settings: dict[str, Any]
    trials: int
    """The planned number of trials."""
    grace: float
    """Seconds without a heartbeat after which a worker counts as dead."""
    source: Source
    """The code that created the study."""
    files: dict[str, str] = field(default_factory=dict)
    """The SHA-256 of every user file that the kind and the settings name, by path."""

    @classmethod
    def new(cls, kind: str, settings: dict[str, Any], trials: int, grace: float) -> "Definition":
        """The definition of a study created by this code."""
        return cls(kind, settings, trials, grace, this_source(), checksums([kind, settings]))

    def to_record(self) -> dict[str, Any]:
        """As JSON values."""
        return {"format": FORMAT, **asdict(self), "source": self.source._asdict()}

    @classmethod
    def from_record(cls, record: Any, name: str) -> "Definition":
        """Read what `to_record` returned.

        Raises:
            StudyError: if a newer version wrote it.
        """
        if not isinstance(record, dict) or not isinstance(record.get("format"), int):
            raise StudyError(f"the study {name!r} in this storage was not made by infomorphic. Choose another name.")
        if record["format"] > FORMAT:
            version = record.get("source", {}).get("version", "?")
            raise StudyError(
                f"the study {name!r} was made by infomorphic {version}, whose studies this version ({infomorphic.__version__}) cannot read. "
                "Update infomorphic."
            )
        fields = {k: record[k] for k in ("kind", "settings", "trials", "grace")}
        return cls(**fields, source=Source(**record["source"]), files=record.get("files", {}))

    def with_trials(self, trials: int) -> "Definition":
        """A copy with another number of trials."""
        return replace(self, trials=trials)

    def check_same(self, other: "Definition", name: str) -> None:
        """Raise `StudyError` if `other`, requested under the same name, differs from this study. A larger number of trials is allowed."""
        if other.kind != self.kind:
            raise StudyError(f"the study {name!r} exists with the kind {self.kind}, not {other.kind}. Choose another name.")
        keys = dict.fromkeys([*self.settings, *other.settings])
        different = [
            f"{key} = {_short(self.settings.get(key))} there, {_short(other.settings.get(key))} here"
            for key in keys
            if self.settings.get(key) != other.settings.get(key)
        ]
        if different:
            raise StudyError(
                f"the study {name!r} exists with other settings ({'; '.join(different)}). Their results would be mixed: choose another name."
            )

    def check_source(self, name: str) -> None:
        """Raise `StudyError` if the code of this process, including the user's files, differs from the code that created the study."""
        for file in changed_files([self.kind, self.settings], self.files):
            raise StudyError(
                f"{file} has changed since the study {name!r} was made. Results of both would mix: restore the file, make a new study, "
                "or pass `any_code=True` to mix them knowingly."
            )
        here = this_source()
        if here.checksum != self.source.checksum:
            raise StudyError(
                f"the study {name!r} was made with other code: infomorphic {_described(self.source)} there, {_described(here)} here. "
                "Their results would be mixed: use the same code, create a new study, or pass `any_code=True` to mix them knowingly."
            )


def _short(value: Any) -> str:
    text = ",".join(map(str, value)) if isinstance(value, list) else str(value)
    return text if len(text) <= 60 else f"{text[:57]}…"


def _described(source: Source) -> str:
    commit = f", commit {source.commit}" if source.commit else ""
    return f"{source.version} (checksum {source.checksum}{commit})"
