"""The benchmark: the same network, trained by backpropagation of a global loss."""

from typing import Literal

import torch
from jaxtyping import Float, Int64
from torch import Tensor, nn

from infomorphic.layers import Response
from infomorphic.networks.network import Classifier, InfomorphicNetwork

LossOf = Literal["outputs", "currents"]
"""Of what of the readout neurons the cross entropy is."""


class Backpropagated(Classifier):
    """A network of the same architecture whose layers descend the cross entropy of the readout.

        L = −log( exp z_k / Σ_j exp z_j ),    k the label,    z = σ(F) or z = F with F the readout's feedforward currents

    Hidden outputs are sampled in the forward pass; the backward pass has the gradient of their expectation.

    The publication does not say which loss and which surrogate gradient it has. With z = σ(F), the readout neurons' outputs, errors
    agree with the published ones. It is an unusual loss: no z exceeds 1, so no class ever has a probability above e / (e + 9) = 0.23 of
    ten, and every sample goes on pulling. z = F is the loss that one would choose today.

    Source: arXiv:2412.02482, A.3 and A.8.

    Args:
        network: its readout has a feedforward source first.
        num_classes: neurons of the readout.
        readout: name of the layer that is read.
        loss_of: "outputs" for z = σ(F), "currents" for z = F.
    """

    def __init__(self, network: InfomorphicNetwork, num_classes: int, readout: str = "readout", loss_of: LossOf = "outputs"):
        super().__init__(network, num_classes, readout)
        self.loss_of = loss_of
        self._total_loss: float | Tensor = 0.0
        self._samples = 0
        network.requires_grad_(True)

    def learn(
        self, images: Float[Tensor, "batch features"], labels: Int64[Tensor, " batch"], generator: torch.Generator | None = None
    ) -> Float[Tensor, "batch classes"]:
        """Fill the gradients for one batch and return the readout's class probabilities."""
        readout = self.network.present(self.inputs(images, labels), generator, "straight-through")[self.readout]
        return self.descend(readout.currents[0], labels)

    def descend(self, currents: Float[Tensor, "batch classes"], labels: Int64[Tensor, " batch"]) -> Float[Tensor, "batch classes"]:
        """Fill the gradients of the loss of these feedforward currents of the readout, and return the class probabilities."""
        loss = nn.functional.cross_entropy(currents.sigmoid() if self.loss_of == "outputs" else currents, labels)
        loss.backward()
        self._total_loss = self._total_loss + len(labels) * loss.detach()
        self._samples += len(labels)
        return currents.detach().softmax(-1)

    def take_mean_loss(self) -> float | None:
        """The mean cross entropy in nats of the samples learned from since it was last taken; None if there were none."""
        mean = float(self._total_loss) / self._samples if self._samples else None
        self._total_loss, self._samples = 0.0, 0
        return mean

    def settle_signs(self, mean_firing_prob: Float[Tensor, " classes"]) -> None:
        """Cross entropy knows the sign: nothing to settle."""

    def settle_signs_by_label(self, images: Float[Tensor, "samples features"], labels: Int64[Tensor, " samples"]) -> None:
        """Cross entropy knows the sign: nothing to settle."""

    def reading(self, readout: Response) -> Float[Tensor, "batch classes"]:
        """The softmax of the currents, whichever the loss: the order of classes is that of the outputs, which can be too close to one to tell apart."""
        return readout.currents[0].softmax(-1)
