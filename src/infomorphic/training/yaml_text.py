"""Reading and writing configurations as YAML: plain data only, unique keys, bounded size and depth.

The schema is the core schema of YAML 1.2: `on`, `yes`, `012` and `2024-01-31` are text, and `1e5` is a number. PyYAML follows YAML 1.1, where
they are true, true, 10, a date and text.
"""

import re
from typing import Any

import yaml

from infomorphic.errors import ConfigurationError
from infomorphic.quoting import quoted, shortened

MOST_BYTES = 2**18
_MOST_NODES = 10_000
_MOST_LEVELS = 20
_CORE = "tag:yaml.org,2002:"
_PLAIN_TAGS = {_CORE + name for name in ("null", "bool", "int", "float", "str", "seq", "map", "merge")}
_FLOAT = re.compile(r"[-+]?(?:(?:\.[0-9]+|[0-9]+\.[0-9]*)(?:[eE][-+]?[0-9]+)?|[0-9]+[eE][-+]?[0-9]+|\.(?:inf|Inf|INF))|\.(?:nan|NaN|NAN)")


class _Loader(yaml.SafeLoader):
    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012  (as PyYAML declares it)

    def compose_node(self, parent: Any, index: Any) -> Any:
        self._depth = getattr(self, "_depth", 0) + 1
        self._nodes = getattr(self, "_nodes", 0) + 1
        if self._nodes > _MOST_NODES:
            raise yaml.YAMLError(f"it has more than {_MOST_NODES:,} values")
        if self._depth > _MOST_LEVELS:
            raise yaml.YAMLError(f"it is nested more than {_MOST_LEVELS} levels deep")
        node = super().compose_node(parent, index)
        self._depth -= 1
        return node


class _Dumper(yaml.SafeDumper):
    """Quotes text that either version of YAML would not read as text."""


for _tag, _pattern, _first in (
    ("null", re.compile(r"~|null|Null|NULL|"), [*"~nN", ""]),
    ("bool", re.compile(r"true|True|TRUE|false|False|FALSE"), "tTfF"),
    ("int", re.compile(r"[-+]?(?:0|[1-9][0-9]*)"), "-+0123456789"),
    ("float", _FLOAT, "-+.0123456789"),
    ("merge", re.compile("<<"), "<"),
):
    # A dollar sign would also match before a line break.
    _Loader.add_implicit_resolver(_CORE + _tag, re.compile(rf"(?:{_pattern.pattern})\Z"), list(_first))
_Dumper.add_implicit_resolver(_CORE + "float", re.compile(rf"(?:{_FLOAT.pattern})\Z"), list("-+.0123456789"))


def read_yaml(content: str | bytes, name: str) -> Any:
    """Parse YAML.

    Args:
        content: the text, or its bytes in UTF-8.
        name: the name used in messages.

    Raises:
        ConfigurationError: if it is not one document of plain data, a key occurs twice or is not text, or it is too large.
    """
    if len(content) > MOST_BYTES:
        raise ConfigurationError(f"{name} must have at most {MOST_BYTES:,} bytes; it has more, which no configuration needs.")
    try:
        text = content.decode("utf-8-sig") if isinstance(content, bytes) else content.removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"{name} cannot be read: it must be text in UTF-8; byte {error.start} is invalid.") from error
    try:
        loader = _Loader(text)
        try:
            node = loader.get_single_node()
            if node is None:
                return None
            _check(node, {})
            return loader.construct_document(node)
        finally:
            loader.dispose()
    except (yaml.YAMLError, ValueError, TypeError, OverflowError, RecursionError) as error:
        said = shortened(" ".join(str(error).replace('in "<unicode string>", ', "in ").split()))
        raise ConfigurationError(f"{name} is not valid YAML: {said.removesuffix('.')}.") from error


def write_yaml(data: Any) -> str:
    """The data as YAML that `read_yaml` reads back."""
    return yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True)


def _check(node: yaml.Node, known: dict[int, int | None]) -> int:
    """The number of nodes. A node with several references counts once per reference.

    Raises:
        YAMLError: if there are too many, one contains itself, or one is not plain data.
    """
    if id(node) in known:
        size = known[id(node)]
        if size is None:
            raise yaml.YAMLError(f"a value contains itself{_place(node)}")
        return size
    known[id(node)] = None
    if node.tag not in _PLAIN_TAGS:
        tag = node.tag.replace(_CORE, "!!")
        raise yaml.YAMLError(f"the tag {quoted(tag)} is not a tag of plain data{_place(node)}")
    if isinstance(node, yaml.MappingNode):
        _check_keys(node)
    children = [child for pair in node.value for child in pair] if isinstance(node, yaml.MappingNode) else node.value
    size = 1 + (sum(_check(child, known) for child in children) if isinstance(node, yaml.CollectionNode) else 0)
    if size > _MOST_NODES:
        raise yaml.YAMLError(f"it has more than {_MOST_NODES:,} values")
    known[id(node)] = size
    return size


def _check_keys(node: yaml.MappingNode) -> None:
    seen = set()
    for key, _ in node.value:
        if not isinstance(key, yaml.ScalarNode) or key.tag not in (_CORE + "str", _CORE + "merge"):
            written = quoted(key.value) if isinstance(key, yaml.ScalarNode) else "a collection"
            raise yaml.YAMLError(f"a key must be text; got {written}{_place(key)}")
        if key.value in seen:
            raise yaml.YAMLError(f"the key {quoted(key.value)} occurs twice in one mapping{_place(key)}")
        seen.add(key.value)


def _place(node: yaml.Node) -> str:
    mark: Any = node.start_mark
    return f" (line {mark.line + 1})"
