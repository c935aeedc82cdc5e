"""How well the information terms of a layer are estimated, measured on a batch as in training."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Float, Float64
from torch import Tensor

from infomorphic.analysis.trained import Trained
from infomorphic.estimation.binning import Binning
from infomorphic.seeding import generator_for

_FEWEST_SAMPLES_A_CELL = 2.0
_MOST_OUTERMOST = 0.1
_MOST_IN_TWO_BINS = 0.95


@dataclass(frozen=True, eq=False)
class EstimatorHealth:
    """How a batch fills the bins of each neuron."""

    samples: int
    num_bins: tuple[int, ...]
    sources: str
    occupied_cells: Float64[Tensor, " neurons"]
    """Cells of the joint histogram of all sources."""
    outermost: dict[str, Float64[Tensor, " neurons"]]
    """By source, the share of samples in the first and the last bin."""
    in_two_bins: dict[str, Float64[Tensor, " neurons"]]
    """By source, the share of samples in the two fullest bins. 0 for a current with at most two values, such as a label bit."""
    in_one_bin: dict[str, Float64[Tensor, " neurons"]]
    """By source, the share of samples in the fullest bin, whether its currents vary or not."""
    fixed_range: dict[str, bool]
    """By source, whether samples can lie outside the binned range; they fall into the outermost bins."""
    published_range: dict[str, bool]
    """By source, whether it is binned over the range that was published."""

    @property
    def samples_a_cell(self) -> Float64[Tensor, " neurons"]:
        """Samples per occupied cell. Near 1, almost every sample has its own cell, and every atom is biased upwards."""
        return self.samples / self.occupied_cells

    @property
    def note(self) -> str | None:
        """What a reader should know of sources that are binned over the published range; None if there is none."""
        sources = [source for source in self.sources if self.published_range[source]]
        if not sources:
            return None
        return (
            f"The bins of {', '.join(sources)} have the published range, in which small currents fill few bins and large ones the outermost: "
            "the terms then see little more than their sign. Narrower ranges were worse for training; "
            "see the documentation, “The bias of estimates” (docs/explanation/estimator-bias.md)."
        )

    def warnings(self) -> list[str]:
        """Sentences about what a reader should know before trusting the terms. How the bins of the published range are filled is not among it."""
        found = []
        few = float(self.samples_a_cell.mean())
        if few < _FEWEST_SAMPLES_A_CELL:
            found.append(
                f"A batch of {self.samples} samples leaves only {few:.1f} samples per occupied cell: synergy is overestimated. "
                "Use larger batches or fewer bins."
            )
        for source, bins in zip(self.sources, self.num_bins, strict=True):
            if self.published_range[source]:
                continue
            edge, two = self.outermost[source], self.in_two_bins[source]
            unseen = self.in_one_bin[source] == 1
            if bins > 1 and bool(unseen.any()):
                found.append(
                    f"{source}: in {int(unseen.sum())} of {len(unseen)} neurons all samples fall into one of the {bins} bins. "
                    "Their goals cannot see this source."
                )
            crowded = int(((two > _MOST_IN_TWO_BINS) & ~unseen).sum())
            if bins > 2 and crowded:
                found.append(
                    f"{source}: in {crowded} of {len(two)} neurons more than 95 % of the samples fall into two of the {bins} bins. "
                    "The terms capture little more than the sign of this source."
                )
            outside = int((edge > _MOST_OUTERMOST).sum())
            if bins > 2 and outside and self.fixed_range[source]:
                found.append(
                    f"{source}: in {outside} of {len(edge)} neurons more than 10 % of the samples lie in the outermost bins, "
                    "which include all samples outside the range. The terms cannot resolve these."
                )
        return found


def estimator_health(trained: Trained) -> EstimatorHealth | None:
    """The health of the estimates of the analyzed layer, on a batch of training images of the trained batch size; None without a goal."""
    goal = trained.network.network.goals.get(trained.layer_name)
    if goal is None:
        return None
    images, labels = trained.data.train_images[: trained.batch_size], trained.data.train_labels[: trained.batch_size]
    output = trained.network.present(images, labels, generator_for(trained.seed, "report health"))[trained.layer_name]
    return health_of(goal.currents(output), goal.binnings, goal.goal.sources)


def health_of(currents: Sequence[Float[Tensor, "batch neurons"]], binnings: Sequence[Binning], sources: str) -> EstimatorHealth:
    """How the currents of a batch fill the bins."""
    outermost, in_two_bins, in_one_bin = {}, {}, {}
    cell = torch.zeros_like(currents[0], dtype=torch.long)
    for source, current, binning in zip(sources, currents, binnings, strict=True):
        bins, index = binning.num_bins, binning(current)
        cell = cell * bins + index
        mass = torch.stack([(index == k).double().mean(0) for k in range(bins)])
        outermost[source] = mass[0] + mass[-1] if bins > 1 else mass[0]
        lowest, highest = current.amin(0), current.amax(0)
        varied = ((current != lowest) & (current != highest)).any(0)
        in_one_bin[source] = mass.amax(0)
        in_two_bins[source] = mass.topk(min(2, bins), dim=0).values.sum(0) * varied
    occupied = torch.tensor([len(column.unique()) for column in cell.T], dtype=torch.float64)
    fixed = {source: binning.is_fixed for source, binning in zip(sources, binnings, strict=True)}
    published = {source: binning.has_published_range for source, binning in zip(sources, binnings, strict=True)}
    num_bins = tuple(b.num_bins for b in binnings)
    return EstimatorHealth(len(cell), num_bins, sources, occupied, outermost, in_two_bins, in_one_bin, fixed, published)
