"""The part of a layer's neurons that each process has."""

BLOCK = 16
"""Parts begin at multiples of this number of neurons.

Adam computes the last numbers of an array, those that do not fill a vector of the processor, by other instructions, and matrix products of
fewer rows add in another order. With parts of whole blocks, a neuron gets the same bits in a part as in the whole layer.
"""


def parts(neurons: int, processes: int) -> list[slice]:
    """The neurons of each process, in order, of nearly equal number; empty if there are fewer blocks than processes.

    The last process also has the neurons that do not fill a block.
    """
    blocks = neurons // BLOCK
    if blocks < processes:
        return []
    starts = [BLOCK * (blocks * rank // processes) for rank in range(processes)]
    return [slice(start, stop) for start, stop in zip(starts, [*starts[1:], neurons], strict=True)]
