"""Where bins begin."""

import numpy as np

from infomorphic.recordings.placing import bin_starts


def test_whole_milliseconds_give_times_as_real_numbers():
    starts = bin_starts(2, 0, 10)
    assert starts.dtype == np.float64
    assert starts.tolist() == [0, 2, 4, 6, 8]
