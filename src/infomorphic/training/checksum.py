"""The checksum of tensors and their header."""

import zlib
from collections.abc import Mapping

import torch
from torch import Tensor


def checksum(tensors: Mapping[str, Tensor], header: Mapping[str, str]) -> int:
    """CRC-32 of the header and of the tensors' names, types, shapes and bytes, in an order that depends only on the names."""
    found = 0
    for name, value in sorted(header.items()):
        found = zlib.crc32(f"{name}={value}\n".encode(), found)
    for name, tensor in sorted(tensors.items()):
        found = zlib.crc32(f"{name} {tensor.dtype} {tuple(tensor.shape)}".encode(), found)
        found = zlib.crc32(tensor.detach().cpu().contiguous().reshape(-1).view(torch.uint8).numpy().data, found)
    return found
