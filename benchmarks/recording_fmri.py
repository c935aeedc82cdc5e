"""The tables and figures of the tutorial on a real recording: all triplets of 31 fMRI series.

python benchmarks/recording_fmri.py --out results/recording --figures docs/images

Each of 31 series is the target of each pair of the others: 13,485 triplets of variables with three values of equal mass, 250 samples each.
Three null distributions:

permuted    the rows of the target are permuted, 200 times: wrong for series with a memory, to show how wrong
shifted     the target is shifted in time, by each of the 249 shifts there are; all triplets share the shifts
correlated  200 surrogates of all series together: random phases, the same for all series, which keep every auto- and cross-correlation
            and destroy everything else (Prichard and Theiler 1994, Phys. Rev. Lett. 73, 951)

A triplet has p, and p over all triplets by the largest standardized value of each shift or surrogate (Westfall and Young 1993).

fmri-counts.csv   how many triplets each criterion leaves, by label
fmri-largest.csv  the triplets with the largest synergy
"""

import argparse
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd

import infomorphic
from infomorphic.pid import EqualMass, decompose
from infomorphic.plots.figures import new_figure, save_picture
from infomorphic.plots.palette import DIVERGING, SERIES, value_scale
from infomorphic.recordings import Recording
from infomorphic.statistics import holm

DATA = Path(__file__).parents[1] / "examples" / "recordings" / "fmri.csv"
BINS, LEVEL = 3, 0.05
LABELS = ("{1}{2}", "{12}", "I{12}")
NOT_REGIONS = ("WM", "Vent", "Brain")


class Triplets:
    """All triplets of some series, by their numbers."""

    def __init__(self, series):
        pairs = np.array(list(combinations(range(series), 2)))
        target, pair = np.meshgrid(np.arange(series), np.arange(len(pairs)), indexing="ij")
        apart = (pairs[pair] != target[..., None]).all(axis=-1)
        self.pairs, self.apart, self.series = pairs, apart, series
        self.target, self.sources = target[apart], pairs[pair[apart]]

    def values(self, codes, rows=None):
        """The values of `LABELS` for each triplet, with the rows of the target in another order."""
        one_hot = (codes[:, :, None] == np.arange(BINS)).astype(np.float32)
        first, second = self.pairs.T
        joint = (one_hot[:, first, :, None] * one_hot[:, second, None, :]).reshape(len(codes), -1)
        # Every table of counts by one product of matrices.
        counts = (one_hot if rows is None else one_hot[rows]).reshape(len(codes), -1).T @ joint
        counts = counts.reshape(self.series, BINS, len(self.pairs), BINS, BINS).transpose(0, 2, 3, 4, 1)[self.apart]
        d = decompose(counts.astype(float) / len(codes), num_sources=2)
        return np.stack([d.mutual_information["{12}"] if label == "I{12}" else d.atoms[label] for label in LABELS])


def discretized(frame):
    """Codes 0, 1, 2 of each series, with equal mass."""
    return Recording.from_frame(frame).discretized(EqualMass(BINS)).frame.to_numpy(dtype=int)


def surrogate(values, rng):
    """Series with the auto- and cross-correlations of the given ones, and random phases."""
    spectrum = np.fft.rfft(values - values.mean(axis=0), axis=0)
    phases = np.exp(2j * np.pi * rng.random(len(spectrum)))
    phases[0] = 1
    if len(values) % 2 == 0:
        phases[-1] = rng.choice([-1, 1])
    return np.fft.irfft(spectrum * phases[:, None], n=len(values), axis=0)


def judged(observed, null):
    """For each triplet: p (one-sided), p over all triplets by the largest standardized value, the null mean."""
    mean, spread = null.mean(axis=0), null.std(axis=0)
    p = (1 + (null >= observed - 1e-10).sum(axis=0)) / (1 + len(null))
    z, largest = (observed - mean) / spread, ((null - mean) / spread).max(axis=1)
    over_all = (1 + (largest[:, None] >= z).sum(axis=0)) / (1 + len(null))
    return pd.DataFrame({"p": p, "p_over_all": over_all, "z": z, "null_mean": mean})


def benjamini_hochberg(p):
    """Adjusted p: selecting those of at most q keeps the expected share of false findings at most q (Benjamini and Hochberg 1995)."""
    order = np.argsort(p)
    scaled = p[order] * len(p) / np.arange(1, len(p) + 1)
    adjusted = np.empty_like(p)
    adjusted[order] = np.minimum.accumulate(scaled[::-1])[::-1]
    return adjusted


def studied(frame, surrogates, seed):
    """A table for each label: the value of each triplet, and how it compares with both null distributions."""
    triplets, codes = Triplets(frame.shape[1]), discretized(frame)
    observed = triplets.values(codes)
    shifts = range(1, len(frame))
    rng = np.random.default_rng(seed)
    values = frame.to_numpy(dtype=float)
    order = np.arange(len(frame))
    nulls = {
        "shifted": np.stack([triplets.values(codes, np.roll(order, shift)) for shift in shifts]),
        "correlated": np.stack([triplets.values(discretized(pd.DataFrame(surrogate(values, rng)))) for _ in range(surrogates)]),
        "permuted": np.stack([triplets.values(codes, rng.permutation(order)) for _ in range(surrogates)]),
    }
    names = np.array([str(name) for name in frame.columns])
    found = {}
    for i, label in enumerate(LABELS):
        of_label = pd.DataFrame({"target": names[triplets.target], "source_1": names[triplets.sources[:, 0]]})
        of_label = of_label.assign(source_2=names[triplets.sources[:, 1]], bits=observed[i])
        for name, null in nulls.items():
            of_label = of_label.join(judged(observed[i], null[:, i]).add_prefix(f"{name}_"))
        # Shifted targets have nothing to do with the sources; a valid test would call 5 % of them findings.
        limit = np.quantile(nulls["permuted"][:, i], 1 - LEVEL, axis=0)
        of_label["permuted_false"] = (nulls["shifted"][:, i] > limit).mean(axis=0)
        found[label] = of_label
    return found


def counts(found, groups):
    """How many triplets each criterion leaves."""
    for label, frame in found.items():
        for group, kept in groups.items():
            rows = frame[kept(frame)]
            row = {"label": label, "series": group, "triplets": len(rows), "mean_bits": rows.bits.mean()}
            row["permuted_false"] = rows.permuted_false.mean()
            for null in ("shifted", "correlated", "permuted"):
                p = rows[f"{null}_p"].to_numpy()
                row |= {
                    f"{null}_mean": rows[f"{null}_null_mean"].mean(),
                    f"{null}_p_below_5%": int((p <= LEVEL).sum()),
                    f"{null}_holm": int((holm(p) <= LEVEL).sum()),
                    f"{null}_fdr": int((benjamini_hochberg(p) <= LEVEL).sum()),
                    f"{null}_over_all": int((rows[f"{null}_p_over_all"] <= LEVEL).sum()),
                }
            yield row


def matrix(frame, column, names):
    """The mean over triplets with this target and this source."""
    both = [frame[["target", source, column]].set_axis(["target", "source", "value"], axis=1) for source in ("source_1", "source_2")]
    return pd.concat(both).pivot_table(index="target", columns="source", values="value").reindex(index=names, columns=names)


def draw(found, names, path):
    """Mean synergy of target and source: observed, and beyond what linear correlations bring about."""
    figure, axes = new_figure(2, width=6.4, height=5.6)
    synergy = found["{12}"].assign(beyond=lambda f: f.bits - f.correlated_null_mean, above=lambda f: f.bits - f.shifted_null_mean)
    titles = {"above": "synergy above the mean of shifted targets", "beyond": "synergy above the mean of correlated surrogates"}
    shown = {column: matrix(synergy, column, names) for column in titles}
    scale = value_scale(np.concatenate([m.to_numpy()[np.isfinite(m.to_numpy())] for m in shown.values()]))
    for ax, (column, values) in zip(axes, shown.items(), strict=True):
        ax.imshow(np.ma.masked_invalid(values.to_numpy()), cmap=DIVERGING, vmin=-scale.limit, vmax=scale.limit, interpolation="nearest")
        ax.set_xticks(range(len(names)), names, rotation=90, fontsize=7)
        ax.set_yticks(range(len(names)), names, fontsize=7)
        ax.set(xlabel="source", title=titles[column])
    axes[0].set_ylabel("target")
    figure.colorbar(scale.mappable(), ax=axes, label="{12} (bits), mean over the other source", shrink=0.8)
    save_picture(figure, path, dpi=130)


def draw_distributions(found, path):
    """The values of all triplets, and what both null distributions have on average."""
    figure, axes = new_figure(3, width=4.2, height=3.2)
    for ax, (label, frame) in zip(axes, found.items(), strict=True):
        edges = np.linspace(frame.bits.min(), np.quantile(frame.bits, 0.995), 60)
        for values, name, color in (
            (frame.bits, "observed", SERIES[0]),
            (frame.shifted_null_mean, "targets shifted", SERIES[7]),
            (frame.correlated_null_mean, "correlated surrogates", SERIES[5]),
        ):
            ax.hist(values, edges, histtype="step", lw=1.6, color=color, label=name)
        ax.set(xlabel=f"{label} (bits)", yscale="log", title={"{1}{2}": "redundancy", "{12}": "synergy", "I{12}": "both sources"}[label])
    axes[0].set_ylabel("triplets")
    axes[1].legend(frameon=False, fontsize=9)
    save_picture(figure, path, dpi=150)


def main():
    """Write tables and figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--figures", type=Path)
    parser.add_argument("--surrogates", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--series", type=int, help="Only the first series, for a trial.")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    frame = pd.read_csv(DATA).iloc[:, : options.series]
    found = studied(frame, options.surrogates, options.seed)
    columns = ["target", "source_1", "source_2"]
    groups = {
        "all": lambda f: np.ones(len(f), dtype=bool),
        "regions alone": lambda f: ~f[columns].isin(NOT_REGIONS).any(axis=1),
    }
    version = infomorphic.__version__
    pd.DataFrame(counts(found, groups)).round(5).assign(infomorphic=version).to_csv(options.out / "fmri-counts.csv", index=False)
    largest = found["{12}"].nlargest(20, "bits").round(5)
    largest.assign(infomorphic=version).to_csv(options.out / "fmri-largest.csv", index=False)
    if options.figures:
        draw(found, list(frame.columns), options.figures / "recording-fmri.png")
        draw_distributions(found, options.figures / "recording-fmri-distributions.png")


if __name__ == "__main__":
    main()
