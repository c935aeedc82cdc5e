"""Random numbers by purpose: every use has a generator of its own, made from the seed, the purpose and the epoch.

So nothing random has to be saved for an interrupted run to go on to the same bits, and changing how often one thing is
evaluated does not change how another is trained.
"""

import zlib

import numpy as np
import torch


def generator_for(seed: int, purpose: str, epoch: int = 0, device: str = "cpu") -> torch.Generator:
    """The generator of one purpose (such as `order` or `outputs`) in one epoch."""
    # A checksum of the name, since Python's own hash differs from process to process.
    entropy = np.random.SeedSequence([seed, zlib.crc32(purpose.encode()), epoch])
    return torch.Generator(device).manual_seed(int(entropy.generate_state(1, np.uint64)[0] >> np.uint64(1)))
