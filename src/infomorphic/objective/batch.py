"""The input of a goal: one batch of the neurons of a layer."""

from dataclasses import dataclass, replace

from jaxtyping import Float, Integer
from torch import Tensor

from infomorphic.estimation.binning import Binning
from infomorphic.layers.alphabet import PLUS_MINUS_ONE, Alphabet, Binary
from infomorphic.objective.currents import bins_of_currents
from infomorphic.pid.measure import RedundancyMeasure
from infomorphic.pid.measures.shared_exclusions import SharedExclusions

SHARED_EXCLUSIONS = SharedExclusions()


@dataclass(frozen=True, eq=False)
class Batch:
    """One batch of the neurons of a layer: the distribution of their outputs, and their bins or the currents to bin."""

    distribution: Float[Tensor, "batch neurons *values"]
    """The distribution of each output, in the alphabet's form; θ for binary neurons."""
    num_bins: tuple[int, ...]
    """By source."""
    bin_index: Integer[Tensor, "sources batch neurons"] | None = None
    currents: tuple[Float[Tensor, "batch neurons"], ...] = ()
    """One per source; empty if bins are given."""
    binnings: tuple[Binning, ...] = ()
    """One per source; empty if bins are given."""
    alphabet: Alphabet = PLUS_MINUS_ONE
    measure: RedundancyMeasure = SHARED_EXCLUSIONS
    """Of redundancy."""

    @property
    def is_soft(self) -> bool:
        """Whether samples are divided among the bins of any source."""
        return any(binning.is_soft for binning in self.binnings)

    @property
    def has_closed_form(self) -> bool:
        """Whether the closed form applies: shared exclusions, binary outputs, each sample in one bin."""
        return isinstance(self.alphabet, Binary) and type(self.measure) is SharedExclusions and not self.is_soft

    def bins(self) -> Integer[Tensor, "sources batch neurons"]:
        """The bins of each source."""
        return bins_of_currents(self.currents, self.binnings) if self.bin_index is None else self.bin_index

    def of_neurons(self, neurons: slice) -> "Batch":
        """The batch restricted to some neurons, without a graph."""
        return replace(
            self,
            distribution=self.distribution.detach()[:, neurons],
            bin_index=None if self.bin_index is None else self.bin_index[:, :, neurons],
            currents=tuple(current.detach()[:, neurons] for current in self.currents),
        )
