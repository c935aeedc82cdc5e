"""Build the wheel and the source distribution, check them, and try the wheel in bare environments.

python tools/try_package.py                              # with this Python
python tools/try_package.py --python python3.12 --python python3.13 --out results/package.csv
python tools/try_package.py --python python3.13 --environment core      # where no build of torch for the CPU is at hand

Each environment begins empty: one gets the core, one everything. In both, commands run on data that are written here or come with the
packages. Exits with 1 if a file in a distribution does not belong there, or a command does something else than expected.
"""

import argparse
import csv
import json
import os
import re
import statistics
import subprocess
import sys
import tarfile
import tempfile
import time
import zipfile
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RUNS = 5
MOST_MIB = {"core": 320, "all": 2000}
"""No environment may grow past this without somebody noticing."""
XOR = "a,b,y\n" + "".join(f"{a},{b},{a ^ b}\n" for a in (0, 1) for b in (0, 1)) * 25
PID = ("pid", "xor.csv", "--target", "y", "--sources", "a,b")
TRAIN = ("train", "setup-1", "--hidden", "20", "--epochs", "20", "--run", "run")
INSTALL = "Install it: pip install 'infomorphic[{}]'"

IN_THE_WHEEL = re.compile(
    r"infomorphic/(?:[\w/]+\.py|py\.typed|goals/\w+\.json|playground/static/.+|reports/templates/.+|studies/published/\w+\.csv"
    r"|tasks/\w+/\w+\.(?:txt|json|csv))"
    r"|infomorphic-[\d.\w]+\.dist-info/(?:METADATA|WHEEL|RECORD|entry_points\.txt|licenses/LICENSE)"
)
IN_THE_SOURCE = re.compile(
    r"[^/]+/(?:src/infomorphic/.+|tools/package_metadata\.py|pyproject\.toml|README\.md|CHANGELOG\.md|CITATION\.cff|LICENSE|PKG-INFO|\.gitignore)"
)
NEEDED = ("py.typed", "goals/published.json", "playground/static/engine.js", "reports/templates/report.html.j2")


class TrialError(Exception):
    """Something is not as it must be."""


def run(command: list[str], cwd: Path, status: int = 0) -> str:
    """What a command that must end with this status prints: its output, or its message if it fails as expected."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))}
    done = subprocess.run(command, cwd=cwd, env=environment | {"OMP_NUM_THREADS": "1"}, capture_output=True, text=True)
    if done.returncode != status:
        raise TrialError(
            f"{' '.join(command)} exited with {done.returncode} instead of {status}:\n{done.stdout[-2000:]}{done.stderr[-2000:]}"
        )
    return done.stderr if status else done.stdout


def build(python: str, folder: Path) -> tuple[Path, Path]:
    """The wheel and the source distribution, checked."""
    run([python, "-m", "venv", "builder"], folder)
    run(["builder/bin/python", "-m", "pip", "install", "--quiet", "build", "twine"], folder)
    run(["builder/bin/python", "-m", "build", "--outdir", str(folder), str(ROOT)], folder)
    (wheel,), (source,) = folder.glob("*.whl"), folder.glob("*.tar.gz")
    run(["builder/bin/twine", "check", "--strict", str(wheel), str(source)], folder)
    names = zipfile.ZipFile(wheel).namelist()
    if wrong := [name for name in names if not IN_THE_WHEEL.fullmatch(name)]:
        raise TrialError(f"the wheel holds what does not belong there: {', '.join(wrong[:10])}")
    if absent := [name for name in NEEDED if f"infomorphic/{name}" not in names]:
        raise TrialError(f"the wheel lacks {', '.join(absent)}")
    with tarfile.open(source) as archive:
        if wrong := [m.name for m in archive.getmembers() if m.isfile() and not IN_THE_SOURCE.fullmatch(m.name)]:
            raise TrialError(f"the source distribution holds what does not belong there: {', '.join(wrong[:10])}")
    return wheel, source


def environment(python: str, folder: Path, requirement: str, constraints: Path | None) -> Path:
    """The command of infomorphic in a new environment that holds only this requirement."""
    run([python, "-m", "venv", "--without-pip", str(folder)], folder.parent)
    limits = ["-c", str(constraints)] if constraints else []
    installed = folder / "bin" / "python"
    run([python, "-m", "pip", "--python", str(installed), "install", "--quiet", *limits, requirement], folder.parent)
    return folder / "bin" / "infomorphic"


def mebibytes(folder: Path) -> float:
    """The size of all files, compiled Python files included."""
    return sum(path.lstat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink()) / 2**20


def seconds(command: list[str], cwd: Path) -> float:
    """The median time of a command over `RUNS` runs, after one that is not counted."""
    times = []
    for _ in range(RUNS + 1):
        started = time.perf_counter()
        run(command, cwd)
        times.append(time.perf_counter() - started)
    return statistics.median(times[1:])


def try_core(command: str, cwd: Path) -> None:
    """What the core does, and what it says about the rest."""
    found = json.loads(run([command, *PID, "--json"], cwd))
    if abs(found["mutual_information"]["{12}"] - 1) > 1e-9:
        raise TrialError(f"the sources of XOR must provide 1 bit; got {found['mutual_information']}")
    run([command, *PID, "--test", "20", "--interval", "20", "--plot", "xor.png", "--report", "xor.html"], cwd)
    run([command, "play", "--out", "pages", "--no-browser"], cwd)
    run([command, "goals"], cwd)
    for arguments, extra in ((TRAIN, "networks"), (("report", "run"), "networks,reports"), (("study", "status", "x"), "studies")):
        said = run([command, *arguments], cwd, status=1)
        if not said.rstrip().endswith(INSTALL.format(extra)):
            raise TrialError(f"`infomorphic {' '.join(arguments)}` must end with {INSTALL.format(extra)!r}; it said: {said}")


def try_all(command: str, cwd: Path) -> None:
    """A training, its report, an animation's task, a study, and a measure with a solver."""
    found = json.loads(run([command, *TRAIN, "--json"], cwd))
    if not found["test_accuracy"] > 0.5:
        raise TrialError(f"20 epochs on digits must reach 50 %; got {found['test_accuracy']:.1%}")
    run([command, "report", "run"], cwd)
    run([command, *PID, "--measure", "broja"], cwd)
    run([command, "study", "new", "sizes", "--kind", "layer-size", "--set", "dataset=digits", "--set", "sizes=5", "--set", "epochs=1"], cwd)


def tried(python: str, folder: Path, environments: Sequence[str]) -> list[dict[str, object]]:
    """A row for each of these environments of one Python."""
    folder.mkdir()
    wheel, source = build(python, folder)
    version = run([python, "-c", "import platform; print(platform.python_version())"], folder).strip()
    rows: list[dict[str, object]] = []
    for kind in environments:
        requirement, module = (str(wheel), "infomorphic.pid") if kind == "core" else (f"{wheel}[all]", "infomorphic.layers")
        installed = environment(python, folder / kind, requirement, ROOT / "constraints.txt" if kind == "all" else None)
        cwd = folder / f"{kind} work"
        cwd.mkdir()
        (cwd / "xor.csv").write_text(XOR)
        (try_core if kind == "core" else try_all)(str(installed), cwd)
        size = mebibytes(folder / kind)
        if size > MOST_MIB[kind]:
            raise TrialError(f"the environment with {kind} takes {size:.0f} MiB; at most {MOST_MIB[kind]} are expected")
        rows.append(
            {
                "python": version,
                "environment": kind,
                "wheel_mib": round(wheel.stat().st_size / 2**20, 2),
                "source_mib": round(source.stat().st_size / 2**20, 2),
                "environment_mib": round(size),
                "without_bytecode_mib": round(size - sum(mebibytes(p) for p in (folder / kind).rglob("__pycache__"))),
                "import": module,
                "import_seconds": round(seconds([str(folder / kind / "bin" / "python"), "-c", f"import {module}"], cwd), 3),
                "help_seconds": round(seconds([str(installed), "--help"], cwd), 3),
                "pid_seconds": round(seconds([str(installed), *PID, "--json"], cwd), 3),
            }
        )
        print(", ".join(f"{name} {value}" for name, value in rows[-1].items()), flush=True)
    return rows


def main() -> int:
    """Try every Python and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--python", action="append", help="a Python to try; may be repeated (default: this one)")
    parser.add_argument("--environment", action="append", choices=tuple(MOST_MIB), help="what to install; may be repeated (default: both)")
    parser.add_argument("--out", type=Path, help="a CSV file for the table")
    given = parser.parse_args()
    rows = []
    with tempfile.TemporaryDirectory() as scratch:
        for number, python in enumerate(given.python or [sys.executable]):
            try:
                rows += tried(python, Path(scratch) / str(number), given.environment or tuple(MOST_MIB))
            except TrialError as failure:
                print(f"{python}: {failure}", file=sys.stderr)
                return 1
    if given.out:
        commit = run(["git", "rev-parse", "--short", "HEAD"], ROOT).strip()
        said = {"command": f"python tools/try_package.py --out {given.out}", "commit": commit, "cores": os.cpu_count()}
        with given.out.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, [*rows[0], *said])
            writer.writeheader()
            writer.writerows(row | said for row in rows)
    return 0


if __name__ == "__main__":
    sys.exit(main())
