"""A redundancy measure of your own: a minimum over the sets of sources that is smooth.

infomorphic pid examples/neuron.csv -t spike -s stimulus,neighbor --bins 8 --measure examples/extend/own_measure.py:SmoothMinimum
infomorphic train setup-1 --set network.measure=examples/extend/own_measure.py:SmoothMinimum --run runs/own-measure
infomorphic report runs/own-measure
"""

import torch

from infomorphic.pid import RedundancyMeasure
from infomorphic.pid.joint import mutual_informations
from infomorphic.pid.measure import Properties

TEMPERATURE = 0.05  # bits; towards zero it becomes the minimum, the built-in measure "mmi"


class SmoothMinimum(RedundancyMeasure):
    """I_α = Σ w_a I(T : a) over the sets a in α, with weights w_a ∝ exp(−I(T : a) / temperature)."""

    name = "smooth-minimum"
    title = "smooth minimum of mutual informations"
    source = "an example"
    limits = "Like the minimum, it compares amounts of information and not their content."
    properties = Properties(
        self_redundancy=True,
        symmetry=True,
        monotonicity=False,
        local_positivity=False,
        identity=False,
        target_monotonicity=False,
        differentiable=True,
    )

    def redundancies(self, joint, lattice):
        """One number in bits for every antichain, in the order of `lattice.antichains`."""
        information = torch.as_tensor(mutual_informations(joint.marginals))  # of the set of sources S at index S − 1
        columns = []
        for antichain in lattice.antichains:
            sets = [sum(2**source for source in members) - 1 for members in antichain]
            of_sets = information[..., sets]
            weights = torch.softmax(-of_sets / TEMPERATURE, dim=-1)
            columns.append((weights * of_sets).sum(-1))
        result = torch.stack(columns, dim=-1)
        return result if isinstance(joint.marginals.realization, torch.Tensor) else result.numpy()
