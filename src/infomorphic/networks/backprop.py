"""Train a network by backpropagation of a global loss: the published benchmark, or any network of infomorphic layers."""

from typing import Literal

import torch
from jaxtyping import Float, Int64
from torch import Tensor, nn

from infomorphic.layers import Response
from infomorphic.networks.network import Classifier, InfomorphicNetwork

LossOf = Literal["outputs", "currents"]
"""The readout quantity that enters the cross entropy."""


class Backpropagated(Classifier):
    """A network of the same architecture whose layers minimize the cross entropy of the readout.

        L = −log( exp z_k / Σ_j exp z_j ),    k the label,    z = σ(F) or z = F with F the readout's feedforward currents

    Hidden outputs are sampled in the forward pass; the backward pass uses the gradient of their expectation.

    The publication does not specify the loss and the surrogate gradient. With z = σ(F), the outputs of the readout neurons, errors
    agree with the published ones. This loss is unusual: z never exceeds 1, so with ten classes no probability exceeds
    e / (e + 9) = 0.23, and every sample keeps contributing to the gradient. z = F is the standard choice today.

    Source: arXiv:2412.02482, A.3 and A.8.

    Args:
        network: the network; the first source of its readout is feedforward. If layers have goals, those layers are trained, and their goals
            are only measured; otherwise all layers are trained.
        num_classes: number of readout neurons.
        readout: name of the readout layer.
        loss_of: "outputs" for z = σ(F), "currents" for z = F.
    """

    def __init__(self, network: InfomorphicNetwork, num_classes: int, readout: str = "readout", loss_of: LossOf = "outputs"):
        super().__init__(network, num_classes, readout)
        self.loss_of = loss_of
        self._total_loss: float | Tensor = 0.0
        self._samples = 0
        if not network.goals:
            network.requires_grad_(True)

    def learn(
        self, images: Float[Tensor, "batch features"], labels: Int64[Tensor, " batch"], generator: torch.Generator | None = None
    ) -> Float[Tensor, "batch classes"]:
        """Fill the gradients for one batch and return the readout's class probabilities."""
        readout = self.network.present(self.inputs(images, labels), generator, "straight-through")[self.readout]
        return self.descend(readout.currents[0], labels)

    def descend(self, currents: Float[Tensor, "batch classes"], labels: Int64[Tensor, " batch"]) -> Float[Tensor, "batch classes"]:
        """Fill the gradients of the loss, given the feedforward currents of the readout, and return the class probabilities."""
        loss = nn.functional.cross_entropy(currents.sigmoid() if self.loss_of == "outputs" else currents, labels)
        loss.backward()
        self._total_loss = self._total_loss + len(labels) * loss.detach()
        self._samples += len(labels)
        return currents.detach().softmax(-1)

    def take_mean_loss(self) -> float | None:
        """Mean cross entropy in nats over the training samples since the last call; None if there were none."""
        mean = float(self._total_loss) / self._samples if self._samples else None
        self._total_loss, self._samples = 0.0, 0
        return mean

    def settle_signs(self, mean_firing_prob: Float[Tensor, " classes"]) -> None:
        """Do nothing: with cross entropy, signs need no calibration."""

    def settle_signs_by_label(self, images: Float[Tensor, "samples features"], labels: Int64[Tensor, " samples"]) -> None:
        """Do nothing: with cross entropy, signs need no calibration."""

    def reading(self, readout: Response) -> Float[Tensor, "batch classes"]:
        """The softmax of the currents, for both losses. It ranks classes as the outputs do, which may saturate at one and become equal."""
        return readout.currents[0].softmax(-1)


def by_backpropagation(classifier: Classifier) -> Backpropagated:
    """The same network with the same weights, trained by backpropagation of the usual cross entropy of the readout's currents.

    Nothing else changes: layers receive the same sources in training, which may include the label, and as many presentations; gradients
    pass back through all of them. In evaluation the label is withheld.
    """
    return Backpropagated(classifier.network, classifier.num_classes, classifier.readout, "currents")
