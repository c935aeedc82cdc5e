"""YAML: round trips, and what is refused."""

import pytest
import yaml

from infomorphic.errors import ConfigurationError
from infomorphic.training.yaml_text import read_yaml, write_yaml


def _bomb(levels):
    lines = ["a0: &a0 [x,x,x,x,x,x,x,x,x]"]
    lines += [f"a{i}: &a{i} [{','.join([f'*a{i - 1}'] * 9)}]" for i in range(1, levels)]
    return "\n".join([*lines, f"preset: *a{levels - 1}"])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (_bomb(12), "more than 10,000 values"),
        ("a: &a [*a]", "a value contains itself"),
        ("a: &a {b: {c: *a}}", "a value contains itself"),
        ("[" * 100_000, "nested more than 20 levels deep"),
        ("{a: " * 1000, "nested more than 20 levels deep"),
        ("a: " + "9" * 5000, "not valid YAML"),
        ("a: 1\nb: 2\na: 3", r"the key 'a' occurs twice in one mapping \(line 3\)"),
        ("x: {b: {a: 1, a: 1}}", "the key 'a' occurs twice"),
        ("- {a: 1, a: 1}", "the key 'a' occurs twice"),
        ("3: 1", "a key must be text; got '3'"),
        ("true: 1", "a key must be text; got 'true'"),
        ("? [a]\n: 1", "a key must be text; got a collection"),
        ("!!python/object/apply:os.system [x]", "the tag '!!python/object/apply:os.system' is not a tag of plain data"),
        ("a: !!binary aGVsbG8=", "the tag '!!binary' is not"),
        ("a: !!set {b}", "the tag '!!set' is not"),
        ("a: !own b", "the tag '!own' is not"),
        ("a: !!int many", "not valid YAML"),
        ("a: 1\n---\nb: 1", "expected a single document"),
        ("a: \0", "unacceptable character"),
        ("a: [1", "not valid YAML"),
        ("*" + "b" * 10_000, "undefined alias"),
        ("a: " + "x" * 300_000, "at most 262,144 bytes"),
        (b"\xff\xfea", "must be text in UTF-8; byte 0"),
        ("preset: bars".encode("utf-16"), "must be text in UTF-8"),
    ],
)
def test_what_is_no_plain_data_is_refused_in_one_bounded_sentence(text, message):
    with pytest.raises(ConfigurationError, match=message) as caught:
        read_yaml(text, "c.yaml")
    assert len(str(caught.value)) < 500
    assert str(caught.value).startswith("c.yaml ")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("on", "on"),
        ("yes", "yes"),
        ("012", "012"),
        ("2024-01-31", "2024-01-31"),
        ("1:30", "1:30"),
        ("1e5", 1e5),
        ("1.0e-05", 1e-5),
        (".5", 0.5),
        ("-3", -3),
        ("0", 0),
        ("true", True),
        ("~", None),
        ("null", None),
        ("'5'", "5"),
        ("", None),
        (b"\xef\xbb\xbfa", "a"),
    ],
)
def test_scalars_are_those_of_the_core_schema(text, value):
    found = read_yaml(text, "c.yaml")
    assert found == value
    assert type(found) is type(value)


def test_anchors_and_merge_keys_of_ordinary_size_are_read():
    text = "base: &base {learning_rate: 0.1, weight_decay: 0}\none: *base\ntwo: {<<: *base, weight_decay: 0.5}"
    found = read_yaml(text, "c.yaml")
    assert found["one"] == {"learning_rate": 0.1, "weight_decay": 0}
    assert found["two"] == {"learning_rate": 0.1, "weight_decay": 0.5}


@pytest.mark.parametrize(
    "value",
    [
        "on",
        "012",
        "1e5",
        "1:30",
        "2024-01-31",
        "~",
        "",
        " x ",
        'it\'s "x"',
        "a\\b",
        "a\tb",
        "a # b",
        "a: b",
        "ü",
        "\udc80",
        "<<",
        "0x10",
        "1_000",
        *[0, -1, 1e-5, 1e300, True, None, {"a": [1.5, "x"]}],
    ],
)
def test_what_is_written_is_read_back(value):
    text = write_yaml({"key": value})
    assert read_yaml(text, "c.yaml") == {"key": value}
    assert yaml.safe_load(text) == {"key": value}  # other programs read the same
