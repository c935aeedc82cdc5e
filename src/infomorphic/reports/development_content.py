"""The development of the neurons of a layer, compressed for a page."""

import base64
import gzip
from typing import Any

import numpy as np
import torch
from jaxtyping import UInt8

from infomorphic.training.development import Development

_BITS_LEFT_OUT = 2
"""A page shows fields in 64 colors."""


def development_content(development: Development, layer: str, shape: tuple[int, ...] | None, room: float) -> dict[str, Any] | None:
    """The recorded epochs of a layer; fewer if they need more than `room` characters. None if nothing was recorded.

    Args:
        development: that of a run.
        layer: the name of the layer.
        shape: that of its receptive fields; None if they are not pictures.
        room: the number of characters for `packed`.

    Returns:
        `epochs`, the numbers of `pixels` and `classes`, and `packed`: for every neuron and epoch, the field and the responses, as
        differences to the epoch before (modulo 256), compressed by gzip, in base64. A field has values from 0 to 63 with 32 for zero, a
        response from 0 to 255.
    """
    fields, responses = development.of_layer(layer)
    parts = []
    if fields is not None and shape is not None:
        parts.append(fields >> _BITS_LEFT_OUT)
    if responses is not None:
        parts.append(responses)
    if not parts:
        return None
    values = torch.cat(parts, 2).numpy()
    count = len(values)
    chosen, packed = np.arange(count), _packed(values)
    while len(packed) > room and count > 1:
        count = max(1, min(count - 1, int(count * room / len(packed))))
        chosen = np.unique(np.linspace(len(values) - 1, 0, count).round().astype(int))
        packed = _packed(values[chosen])
    if len(packed) > room:
        return None
    return {
        "epochs": [development.epochs[i] for i in chosen],
        "pixels": 0 if fields is None or shape is None else fields.shape[2],
        "classes": 0 if responses is None else responses.shape[2],
        "packed": packed,
    }


def _packed(values: UInt8[np.ndarray, "epochs neurons values"]) -> str:
    differences = np.diff(values, axis=0, prepend=np.zeros_like(values[:1]))
    # Neurons first: a page reads one neuron at a time.
    return base64.b64encode(gzip.compress(differences.transpose(1, 0, 2).tobytes(), mtime=0)).decode()
