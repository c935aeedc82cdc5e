"""Random numbers by purpose: every use has its own generator, derived from the seed, the purpose and the epoch.

So an interrupted run can continue to the same bits without a saved random state, and evaluating more or less often does not
change training.
"""

import zlib

import numpy as np
import torch


def generator_for(seed: int, purpose: str, epoch: int = 0, device: str = "cpu") -> torch.Generator:
    """The generator for one purpose (such as `order` or `outputs`) in one epoch."""
    # A checksum of the name, because Python's own hash differs between processes.
    entropy = np.random.SeedSequence([seed, zlib.crc32(purpose.encode()), epoch])
    return torch.Generator(device).manual_seed(int(entropy.generate_state(1, np.uint64)[0] >> np.uint64(1)))
