"""The neurons of each process."""

import pytest

from infomorphic.parallel.parts import BLOCK, parts


@pytest.mark.parametrize(("neurons", "processes"), [(16, 1), (33, 2), (100, 3), (2000, 7), (8001, 64)])
def test_every_neuron_has_one_process_and_parts_begin_with_whole_blocks(neurons, processes):
    found = parts(neurons, processes)
    assert len(found) == processes
    assert [neuron for part in found for neuron in range(neurons)[part]] == list(range(neurons))
    assert all(part.start % BLOCK == 0 for part in found)
    sizes = [part.stop - part.start for part in found]
    assert min(sizes) >= BLOCK
    assert max(sizes) - min(sizes) < 2 * BLOCK


def test_fewer_blocks_than_processes_are_not_divided():
    assert parts(47, 3) == []
