"""Binary outputs as packed bits: one bit per neuron and sample."""

from functools import cache

import numpy as np
import torch
from jaxtyping import Float, UInt8
from torch import Tensor


def packed(outputs: Float[Tensor, "neurons batch"]) -> UInt8[Tensor, "neurons bytes"]:
    """Outputs as bits, 1 for outputs above zero. Each neuron begins with a new byte."""
    return torch.from_numpy(np.packbits(outputs.numpy() > 0, axis=1))


def unpack(bits: UInt8[Tensor, "neurons bytes"], low: float, outputs: Float[Tensor, "neurons batch"]) -> None:
    """Write the outputs 1 and `low` into `outputs`, contiguous."""
    values = _outputs_of_bytes(low, outputs.dtype)
    neurons, batch = outputs.shape
    whole = outputs if batch % 8 == 0 else outputs.new_empty(neurons, 8 * bits.shape[1])
    # With "raise", the default, numpy would write into a copy first.
    np.take(values, bits.numpy(), axis=0, out=whole.numpy().reshape(*bits.shape, 8), mode="clip")
    if whole is not outputs:
        outputs.copy_(whole[:, :batch])


@cache
def _outputs_of_bytes(low: float, dtype: torch.dtype) -> np.ndarray:
    """The eight outputs of every byte."""
    bits = torch.from_numpy(np.unpackbits(np.arange(256, dtype=np.uint8)[:, None], axis=1))
    return torch.where(bits > 0, 1.0, low).to(dtype).numpy()
