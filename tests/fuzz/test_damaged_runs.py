"""100 run directories, damaged by rules and a fixed seed: each is resumed, evaluated, or refused in a sentence."""

import csv
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from fuzz.command_line import CommandLine
from fuzz.judgement import fault
from fuzz.values import drawn

CASES = 100


@pytest.fixture(scope="module")
def runs(command_line: CommandLine, workplace: Path) -> list[Path]:
    """A classifier and a memory, each after two recorded epochs."""
    small = ("--epochs", "2", "--set", "training.epochs_a_record=1", "--json")
    classifier = ("setup-1", "--dataset", "npz:data.npz", "--hidden", "3", "--set", "training.batch_size=16")
    memory = ("memory", "--neurons", "4", "--load", "0.5")
    for name, arguments in (("classifier", classifier), ("memory", memory)):
        answer = command_line("train", *arguments, *small, "--run", name)
        assert answer.status == 0, answer.err
    return [workplace / "classifier", workplace / "memory"]


def test_every_damaged_run_is_used_or_refused_in_a_sentence(command_line: CommandLine, workplace: Path, runs: list[Path]):
    random = Random(20242)
    faults = []
    for number in range(CASES):
        run = workplace / "damaged"
        shutil.rmtree(run, ignore_errors=True)
        whole = random.choice(runs)
        shutil.copytree(whole, run)
        done = [_damage(random, run) for _ in range(random.choice([1, 1, 2]))]
        commands = [["resume", "--epochs", "3", "--json"], ["resume", "--json"], ["evaluate", "--json"], ["report"], ["recall", "--json"]]
        command, *options = random.choice(commands[:4] if whole.name == "classifier" else [*commands[:2], *commands[3:]])
        answer = command_line(command, str(run), *options)
        wrong = fault(answer)
        if wrong is None and command == "resume" and answer.status == 0:
            wrong = _missing_records(run, json.loads(answer.out)["epochs"])
        if wrong is not None:
            faults.append((number, whole.name, done, command, options, wrong))
    assert not faults, f"{len(faults)} faults, such as {faults[:3]}"


def _missing_records(run: Path, epochs: int) -> str | None:
    with (run / "metrics.csv").open(newline="") as file:
        recorded = [row["epoch"] for row in csv.DictReader(file)]
    expected = [str(epoch) for epoch in range(1, epochs + 1)]
    return None if recorded == expected else f"metrics.csv has the epochs {recorded} of {epochs}"


def _damage(random: Random, run: Path) -> str:
    """Damage one file of a run by one of the rules; returns what was done."""
    file = random.choice(sorted(run.iterdir()))
    rules: list[Callable[[Random, Path], str]] = [_deleted, _cut, _flipped, _emptied, _of_another]
    if file.suffix == ".safetensors":
        rules += [_other_header, _other_header, _other_header]
    if file.suffix == ".json":
        rules += [_other_field, _other_field]
    rule = random.choice(rules)
    return f"{file.name} {rule(random, file)}"


def _deleted(random: Random, file: Path) -> str:
    file.unlink()
    return "deleted"


def _cut(random: Random, file: Path) -> str:
    content = file.read_bytes()
    length = random.randrange(len(content) + 1)
    file.write_bytes(content[:length])
    return f"cut to {length} of {len(content)}"


def _flipped(random: Random, file: Path) -> str:
    content = bytearray(file.read_bytes())
    places = [random.randrange(len(content)) for _ in range(random.choice([1, 1, 8]))] if content else []
    for place in places:
        content[place] ^= 1 << random.randrange(8)
    file.write_bytes(content)
    return f"with flipped bits at {places}"


def _emptied(random: Random, file: Path) -> str:
    file.write_bytes(random.choice([b"", b"\0" * 100, b"{}", b"[]", b"null", b"[" * 100_000, b'{"a": ' * 5000]))
    return "with other content"


def _of_another(random: Random, file: Path) -> str:
    other = random.choice(sorted(file.parent.iterdir()))
    file.write_bytes(other.read_bytes())
    return f"with the content of {other.name}"


def _other_field(random: Random, file: Path) -> str:
    try:
        record = json.loads(file.read_bytes())
    except ValueError:
        return "left as it is"
    if not isinstance(record, dict) or not record:
        return "left as it is"
    key = random.choice(sorted(record))
    record[key] = drawn(random, record[key])
    file.write_text(json.dumps(record))
    return f"with another {key}: {str(record[key])[:80]}"


def _other_header(random: Random, file: Path) -> str:
    """Another value of one entry of the header of a safetensors file."""
    content = file.read_bytes()
    length = int.from_bytes(content[:8], "little")
    try:
        header: dict[str, Any] = json.loads(content[8 : 8 + length])
    except ValueError:
        return "left as it is"
    entry = random.choice([name for name in header if isinstance(header[name], dict)] or [""])
    if not entry:
        return "left as it is"
    key = random.choice(sorted(header[entry]))
    if entry == "__metadata__":
        value = drawn(random, header[entry][key])
        header[entry][key] = random.choice([value, json.dumps(value), _replaced_digit(random, header[entry][key]), "[" * 10_000])
    else:
        header[entry][key] = drawn(random, header[entry][key])
    if random.random() < 0.3:
        del header[entry][key]
    text = json.dumps(header).encode()
    file.write_bytes(len(text).to_bytes(8, "little") + text + content[8 + length :])
    return f"with another {key} of {entry}"


def _replaced_digit(random: Random, value: Any) -> Any:
    digits = [i for i, letter in enumerate(str(value)) if letter.isdigit()]
    if not digits:
        return value
    place = random.choice(digits)
    return f"{str(value)[:place]}{random.randrange(10)}{str(value)[place + 1 :]}"
