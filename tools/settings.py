"""MkDocs loads this file as a hook: the page about settings is generated from the models of the settings."""

from collections.abc import Mapping

from infomorphic.studies.engine.kind import kinds
from infomorphic.training.described import SettingDescription, describe_preset, describe_settings, written
from infomorphic.training.preset import default_preset, presets

PLACE = "<!-- settings -->"
PLACE_OF_STUDIES = "<!-- settings of studies -->"
# More values are shown by the first two and the last one.
_MOST_VALUES = 12


def settings() -> str:
    """Every setting of every preset, in Markdown: those of all presets first, then those of each task."""
    found: dict[str, dict[str, SettingDescription]] = {}
    for name in presets():
        for one in describe_preset(name):
            found.setdefault(one.name, {})[name] = one
    # The task of the default preset comes first.
    tasks = dict.fromkeys(preset.task.name for preset in (default_preset(), *presets().values()))
    shared = {name: by_preset for name, by_preset in found.items() if len(by_preset) == len(presets())}
    parts = ["## All presets", *(_setting(by_preset, list(presets()), "") for by_preset in shared.values())]
    for task in tasks:
        names = [name for name, preset in presets().items() if preset.task.name == task]
        parts.append(f"## Task {task}: {', '.join(f'`{name}`' for name in names)}")
        for by_preset in (found[name] for name in found if name not in shared):
            own = {name: one for name, one in by_preset.items() if name in names}
            if own:
                parts.append(_setting(own, names, f"{task}-"))
    return "\n\n".join(parts)


def settings_of_studies() -> str:
    """Every setting of every kind of study, in Markdown."""
    parts = []
    for name, kind in kinds().items():
        lines = [
            f"- `{one.name}`: {one.meaning} Default: {_value(_with_commas(one.default))}. Allowed: {one.allowed}."
            for one in describe_settings(kind.Settings)
            if one.name != "overrides"  # written as `section.field=value`
        ]
        parts.append("\n".join([f"### `{name}`", "", f"{kind.summary}", "", *lines]))
    return "\n\n".join(parts)


def _setting(by_preset: Mapping[str, SettingDescription], all_presets: list[str], group: str) -> str:
    """One setting of the presets that have it."""
    one = next(iter(by_preset.values()))
    facts = [
        ("Default", _differing({name: _value(written(each.default)) for name, each in by_preset.items()})),
        ("Unit", one.unit),
        ("Allowed", _differing({name: each.allowed for name, each in by_preset.items()})),
        ("Published", _differing({name: _published(each) for name, each in by_preset.items()})),
        ("Presets", "" if len(by_preset) == len(all_presets) else ", ".join(f"`{name}`" for name in by_preset)),
    ]
    meaning = _differing({name: each.meaning for name, each in by_preset.items()})
    listed = "\n".join(f"- {what}: {text}" for what, text in facts if text)
    return f"### `{one.name}` {{ #{group}{one.name.replace('.', '-')} }}\n\n{meaning}\n\n{listed}"


def _published(one: SettingDescription) -> str:
    return _value(one.published) if one.published == written(one.default) else one.published


def _differing(texts: Mapping[str, str]) -> str:
    """The text if all presets have the same one; otherwise each text with its presets."""
    presets_of: dict[str, list[str]] = {}
    for name, text in texts.items():
        presets_of.setdefault(text, []).append(f"`{name}`")
    if len(presets_of) == 1:
        return next(iter(presets_of))
    return "; ".join(f"{text} ({', '.join(names)})" for text, names in presets_of.items() if text)


def _with_commas(default: object) -> str:
    """A default of a study as it is typed; a long list is cut in the middle."""
    if not isinstance(default, list):
        return written(default)
    values = [written(value) for value in default]
    return ",".join(values if len(values) <= _MOST_VALUES else [*values[:2], "…", values[-1]])


def _value(text: str) -> str:
    return f"`{text}`" if text else "empty"


def on_page_markdown(markdown: str, **_: object) -> str:
    """Insert the settings at the placeholders of a page."""
    for place, text in ((PLACE, settings), (PLACE_OF_STUDIES, settings_of_studies)):
        if place in markdown:
            markdown = markdown.replace(place, text())
    return markdown
