"""300 configurations, made from those of every preset by rules and a fixed seed: each is trained or refused in a sentence."""

import shutil
from pathlib import Path
from random import Random
from typing import Any

import yaml

from fuzz.command_line import CommandLine
from fuzz.judgement import fault
from fuzz.values import changed, drawn
from infomorphic.training import TrainConfig
from infomorphic.training.config import setting_names
from infomorphic.training.preset import presets

CASES = 300
_SMALL = {
    "network.hidden": 3,
    "network.neurons": 4,
    "network.lateral_connections": 1,
    "network.readout_bins": 4,
    "network.bins": 4,
    "network.recurrent_bins": 4,
    "data.dataset": "npz:data.npz",
    "data.size": 2,
    "data.images": 40,
    "data.load": 0.5,
    "training.epochs": 1,
    "training.epochs_a_record": 1,
    "training.batch_size": 16,
}
_OPTIONS = {
    "--hidden": 3,
    "--neurons": 4,
    "--load": 0.5,
    "--goal": "{F}{C}",
    "--epochs": 1,
    "--seed": 0,
    "--threads": 1,
    "--dataset": "npz:data.npz",
    "--track": "x",
}


def test_every_configuration_is_trained_or_refused_in_a_sentence(command_line: CommandLine, workplace: Path):
    random = Random(20241)
    faults = []
    for number in range(CASES):
        shutil.rmtree(workplace / "run", ignore_errors=True)
        arguments = random.choice([_other_values, _other_values, _other_text, _overridden])(random, workplace)
        answer = command_line("train", *arguments, "--run", "run", "--json")
        if (wrong := fault(answer)) is not None:
            faults.append((number, [a[:200] for a in arguments], (workplace / "c.yaml").read_text(errors="replace")[:1500], wrong))
    assert not faults, f"{len(faults)} faults, such as {faults[:3]}"


def _small(random: Random) -> dict[str, Any]:
    name = random.choice(sorted(presets()))
    known = setting_names(name)
    return TrainConfig.make({"preset": name}, given={path: v for path, v in _SMALL.items() if path in known}).model_dump(mode="json")


def _other_values(random: Random, folder: Path) -> list[str]:
    """A file in which one or two settings, or whole sections, have other values."""
    values = _small(random)
    for _ in range(random.choice([1, 1, 2])):
        place = values
        while True:
            key = random.choice(list(place))
            if not (isinstance(place[key], dict) and place[key] and random.random() < 0.95):
                break
            place = place[key]
        place[key] = drawn(random, place[key])
    (folder / "c.yaml").write_text(yaml.safe_dump(values), encoding="utf-8")
    return ["c.yaml"]


def _other_text(random: Random, folder: Path) -> list[str]:
    """A file that was damaged as text: bytes, lines and pieces of it."""
    content = yaml.safe_dump(_small(random), sort_keys=False).encode()
    for _ in range(random.choice([1, 1, 3])):
        lines = content.splitlines(keepends=True) or [b""]
        start = random.randrange(len(content) + 1)
        line = random.randrange(len(lines))
        content = random.choice(
            [
                lambda c=content, s=start: c[:s],
                lambda c=content, s=start: c[:s] + bytes([random.randrange(256)]) + c[s + 1 :],
                lambda c=content, s=start: (
                    c[:s] + random.choice([b"&a ", b"*a", b"!!binary ", b"<<: ", b"\0", b": ", b"- ", b"[[", b"'"]) + c[s:]
                ),
                lambda ls=lines, n=line: b"".join([*ls[:n], ls[n], *ls[n:]]),
                lambda ls=lines, n=line: b"".join([*ls[n:], *ls[:n]]),
                lambda ls=lines, n=line: b"".join([*ls[:n], b"  " + ls[n], *ls[n + 1 :]]),
                lambda c=content: c + b"---\n" + c,
                lambda c=content: b"\xef\xbb\xbf" + c,
            ]
        )()
    (folder / "c.yaml").write_bytes(content)
    # What was lost must not stand for a long training.
    return ["c.yaml", "--epochs", "1"]


def _overridden(random: Random, folder: Path) -> list[str]:
    """A preset with settings and options on the command line."""
    (folder / "c.yaml").write_text(yaml.safe_dump(_small(random)), encoding="utf-8")
    name = yaml.safe_load((folder / "c.yaml").read_text())["preset"]
    arguments = ["c.yaml"]
    for _ in range(random.choice([0, 1, 2])):
        path = random.choice([*setting_names(name), "preset", "x", "lr"])
        arguments += ["--set", f"{path}={_as_typed(drawn(random, _SMALL.get(path)))}"]
    for _ in range(random.choice([0, 1])):
        option = random.choice(list(_OPTIONS))
        value = drawn(random, _OPTIONS[option]) if random.random() < 0.7 else changed(random, _OPTIONS[option])
        arguments += [option, _as_typed(value)]
    return arguments


def _as_typed(value: Any) -> str:
    return (value if isinstance(value, str) else str(value)).replace("\0", "")
