"""The tables and figures of the tutorial on a real recording: the grasshopper's auditory receptor.

python benchmarks/recording_grasshopper.py --out results/recording --figures docs/images

lags.csv      information of the sound at each lag, and of the time since the last spike, about the spike, for several bin widths
atoms.csv     decompositions with two null distributions (the spikes shifted; the sound shifted against spikes and last spike) and intervals
choices.csv   the same values for other bins, widths and parts of the recording
measures.csv  the atoms of two sources by other measures

Each has both recordings. Mutual informations in lags.csv have the Miller-Madow correction, all others the shuffle correction beside them.
"""

import argparse
import warnings
from pathlib import Path

import numpy as np
import pandas as pd

import infomorphic
from infomorphic.errors import InfomorphicWarning
from infomorphic.estimation import discretize_table
from infomorphic.pid import EqualMass, compare_measures
from infomorphic.plots.figures import new_figure, save_picture
from infomorphic.plots.palette import SERIES
from infomorphic.recordings import Recording
from infomorphic.statistics import DrawBlocks, Shift, assess, p_values

DATA = Path(__file__).parents[1] / "examples" / "recordings"
NUMBERS = (1, 2)
WIDTH, LAGS, BINS, MEMORY = 2, (3, 4), 4, 3
"""Milliseconds; time bins; values of the amplitude; past time bins in which the last spike is looked for."""
BLOCK_MS = 100
TWO = ["sound_6ms+sound_8ms", "last_spike"]
THREE = ["sound_6ms", "sound_8ms", "last_spike"]
COLORS = {1: SERIES[0], 2: SERIES[5]}
LABELS = {1: "sound up to 200 Hz", 2: "sound up to 800 Hz"}


def recording(number, width=WIDTH, bins=BINS, start=0):
    """Spikes and discretized amplitude from `start` on, in ms."""
    spikes = np.loadtxt(DATA / f"grasshopper-spikes-{number}.txt") / 1000
    amplitude = pd.read_csv(DATA / "grasshopper-amplitude.csv")[f"stimulus_{number}"]
    counts = Recording.from_spikes({"spike": spikes[spikes >= start]}, width, start=start, stop=10_000, cap=1)
    return counts.with_series("amplitude", amplitude, np.arange(10_000)).discretized({"amplitude": EqualMass(bins)})


def table(number, width=WIDTH, bins=BINS, lags=LAGS, memory=MEMORY, start=0):
    """One row per time bin: the spike, the sound at two lags, and how many bins ago the last spike was."""
    frame = recording(number, width, bins, start).design("spike", ["amplitude"], lags=lags, history=memory).frame
    past = [frame[f"spike[t-{k}]"] == 1 for k in range(1, memory + 1)]
    ago = [f"{k * width} ms" for k in range(1, memory + 1)]
    first, second = (frame[f"amplitude[t-{lag}]"] for lag in lags)
    return pd.DataFrame({"spike": frame["spike[t]"], "sound_6ms": first, "sound_8ms": second, "last_spike": np.select(past, ago, "longer")})


def with_sound_shifted(rows, shift):
    """The same spikes, with the sound of another time."""
    return rows.assign(**{name: np.roll(rows[name], shift) for name in ("sound_6ms", "sound_8ms")})


def values(rows, sources):
    """Atoms, then mutual informations."""
    return assess(discretize_table(rows, "spike", sources)).bits


def lags():
    """The information of single variables, in bits per bin and per second."""
    for number in NUMBERS:
        for width in (1, 2, 3, 4, 5):
            found = recording(number, width)
            for lag in range(16 // width + 1):
                yield _information(found, number, width, "amplitude", lag, found.design("spike", ["amplitude"], lags=[lag]))
            for memory in range(1, 12 // width + 1):
                rows = found.design("spike", [], history=memory).frame
                past = [rows[f"spike[t-{k}]"] == 1 for k in range(1, memory + 1)]
                last = np.select(past, range(1, memory + 1), 0)
                frame = pd.DataFrame({"spike": rows["spike[t]"], "last_spike": last})
                yield _information(found, number, width, "last_spike", memory, (frame, "spike", ["last_spike"]))


def _information(found, number, width, source, lag, design):
    value = assess(discretize_table(*design), correct="miller-madow").corrected[-1]
    seconds = width / 1000
    return {
        "recording": number,
        "width_ms": width,
        "source": source,
        "lag_bins": lag,
        "lag_ms": lag * width,
        "bins": found.num_bins,
        "spikes": int(found.frame["spike"].sum()),
        "bits": round(value, 6),
        "bits_per_second": round(value / seconds, 3),
    }


def atoms(permutations):
    """The decompositions of the tutorial, with everything about their errors."""
    block = BLOCK_MS // WIDTH
    for number in NUMBERS:
        rows = table(number)
        for sources in (TWO, THREE):
            found = assess(
                discretize_table(rows, "spike", sources),
                test=permutations,
                null=Shift(),
                adjust=True,
                interval=permutations,
                over=DrawBlocks(block),
                correct="shuffle",
            )
            rng = np.random.default_rng(0)
            shifts = rng.integers(1, len(rows), permutations)
            null = np.array([values(with_sound_shifted(rows, s), sources) for s in shifts])
            low, high = np.quantile(null, [0.025, 0.975], axis=0)
            is_atom = np.array([not label.startswith("I") for label in found.labels])
            frame = found.to_frame().assign(sound_null_mean=null.mean(0), sound_null_low=low, sound_null_high=high)
            frame["sound_p"] = p_values(found.bits, null, is_atom)
            frame.insert(0, "recording", number)
            frame.insert(1, "sources", len(sources))
            yield frame.reset_index().round(6)


def choices():
    """Two and three sources with other bins, widths, lags and parts of the recording."""
    for number in NUMBERS:
        cases = [("bins", {"bins": bins}) for bins in (2, 3, 4, 5, 6, 8)]
        cases += [("width", {"width": 1, "lags": (6, 8), "memory": 6}), ("width", {}), ("width", {"width": 3, "lags": (2, 3), "memory": 2})]
        cases += [("memory", {"memory": memory}) for memory in (1, 2, 3, 4, 6)]
        cases += [("start", {"start": start}) for start in (0, 1000, 2000, 5000)]
        for varied, case in cases:
            rows = table(number, **case)
            for sources in (TWO, THREE):
                found = assess(discretize_table(rows, "spike", sources), test=200, null=Shift(), correct="shuffle")
                settings = {"width": WIDTH, "bins": BINS, "memory": MEMORY, "start": 0} | {k: v for k, v in case.items() if k != "lags"}
                cells = len(rows.groupby(["spike", *THREE], observed=True))
                for label, bits, corrected in zip(found.labels, found.bits, found.corrected, strict=True):
                    yield {
                        "recording": number,
                        "varied": varied,
                        **settings,
                        "rows": len(rows),
                        "per_cell": round(len(rows) / cells, 1),
                        "sources": len(sources),
                        "label": label,
                        "bits": round(bits, 5),
                        "corrected": round(corrected, 5),
                    }


def measures():
    """The four atoms of two sources by every measure."""
    for number in NUMBERS:
        rows = discretize_table(table(number), "spike", TWO)
        for name, d in compare_measures(rows.decompose()).items():
            yield {"recording": number, "measure": name, **{label: round(float(v), 5) for label, v in d.atoms.items()}}


def draw_lags(frame, path):
    """Where the sound acts, and how long the last spike does."""
    figure, axes = new_figure(2, width=5.4, height=3.4)
    for ax, source, label in zip(
        axes, ("amplitude", "last_spike"), ("lag of the sound (ms)", "last spike looked for up to (ms)"), strict=True
    ):
        for number in NUMBERS:
            for width, style in ((2, "-"), (3, ":")):
                rows = frame[(frame.recording == number) & (frame.width_ms == width) & (frame.source == source)]
                ax.plot(
                    rows.lag_ms, rows.bits_per_second, style, marker="o", ms=4, color=COLORS[number], label=f"{LABELS[number]}, {width} ms"
                )
        ax.set(xlabel=label, ylabel="information about the spike (bits per s)", ylim=(0, None))
    axes[0].legend(frameon=False, title="bins of")
    axes[0].set_title("sound")
    axes[1].set_title("the neuron's own last spike")
    save_picture(figure, path, dpi=150)


def draw_atoms(frame, path):
    """Bars with intervals and both null distributions, two recordings side by side."""
    figure, axes = new_figure(2, width=5.8, height=5.4)
    for ax, number_of_sources, title in zip(axes, (2, 3), ("two sources", "three sources"), strict=True):
        of_all = frame[frame.sources == number_of_sources]
        labels = list(dict.fromkeys(of_all.label))
        for k, number in enumerate(NUMBERS):
            rows = of_all[of_all.recording == number]
            at = np.arange(len(labels)) + (k - 0.5) * 0.38
            ax.barh(at, rows.bits, 0.34, color=COLORS[number], label=LABELS[number])
            ax.hlines(at, rows.low, rows.high, color="black", lw=1.4, label=None if k else "95 % interval")
            ax.barh(
                at,
                rows.sound_null_high - rows.sound_null_low,
                0.34,
                rows.sound_null_low,
                color="none",
                edgecolor="#444444",
                lw=0.9,
                hatch="////",
                label=None if k else "95 % with an irrelevant sound",
            )
        ax.axvline(0, color="#444444", lw=0.8)
        ax.set_yticks(range(len(labels)), labels)
        ax.invert_yaxis()
        ax.set(xlabel="bits per bin of 2 ms", title=title)
    axes[0].legend(frameon=False, loc="upper right", fontsize=9)
    save_picture(figure, path, dpi=150)


def draw_choices(frame, path):
    """How values depend on the number of bins of the amplitude."""
    figure, axes = new_figure(2, width=5.4, height=3.8, share_y=True)
    shown = {"I{12}": "all sources", "I{1}": "sound", "I{2}": "last spike", "{1}{2}": "{1}{2}", "{1}": "{1}", "{2}": "{2}", "{12}": "{12}"}
    for ax, number in zip(axes, NUMBERS, strict=True):
        rows = frame[(frame.recording == number) & (frame.varied == "bins") & (frame.sources == 2)]
        for (label, name), color in zip(shown.items(), (*SERIES[:6], SERIES[7]), strict=True):
            values = rows[rows.label == label]
            ax.plot(values.bins, values.corrected, "--" if label.startswith("I") else "-", marker="o", ms=4, color=color, label=name)
        ax.axhline(0, color="#444444", lw=0.8)
        ax.set(xlabel="values of the amplitude at each lag", title=LABELS[number])
    axes[0].set_ylabel("bits per bin of 2 ms, corrected")
    axes[1].legend(frameon=False, loc="center left", bbox_to_anchor=(1, 0.5))
    save_picture(figure, path, dpi=150)


def main():
    """Write tables and figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--figures", type=Path)
    parser.add_argument("--permutations", type=int, default=1000)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    warnings.simplefilter("ignore", InfomorphicWarning)
    tables = {
        "lags": pd.DataFrame(lags()),
        "atoms": pd.concat(atoms(options.permutations)),
        "choices": pd.DataFrame(choices()),
        "measures": pd.DataFrame(measures()),
    }
    for name, frame in tables.items():
        frame.assign(infomorphic=infomorphic.__version__).to_csv(options.out / f"{name}.csv", index=False)
    if options.figures:
        draw_lags(tables["lags"], options.figures / "recording-lags.png")
        draw_atoms(tables["atoms"], options.figures / "recording-atoms.png")
        draw_choices(tables["choices"], options.figures / "recording-choices.png")


if __name__ == "__main__":
    main()
