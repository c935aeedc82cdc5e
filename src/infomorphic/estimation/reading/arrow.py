"""Read Parquet and Feather files."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING

from infomorphic.estimation.frames import frame_of_arrow
from infomorphic.estimation.reading.content import check_size

if TYPE_CHECKING:
    import pandas as pd


def read_parquet(content: bytes, path: Path, sheet: str | None = None) -> pd.DataFrame:
    """The table in a Parquet file.

    Raises:
        TableError: if it is too large when unpacked.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    file = pq.ParquetFile(pa.BufferReader(content))
    groups = (file.metadata.row_group(i) for i in range(file.metadata.num_row_groups))
    # A column of equal values is almost nothing in the file, but eight bytes per row in memory.
    entries = file.metadata.num_rows * file.metadata.num_columns
    check_size(max(sum(group.total_byte_size for group in groups), 8 * entries), path)
    return _with_index(frame_of_arrow(file.read()))


def read_feather(content: bytes, path: Path, sheet: str | None = None) -> pd.DataFrame:
    """The table in a Feather file of version 2, which is Arrow's file format.

    Raises:
        TableError: if it is too large when unpacked.
    """
    import pyarrow as pa

    reader = pa.ipc.open_file(pa.BufferReader(content))
    batches, size = [], 0
    for i in range(reader.num_record_batches):
        batches.append(reader.get_batch(i))
        size += batches[-1].nbytes
        check_size(max(size, 8 * math.prod(batches[-1].shape)), path)
    return _with_index(frame_of_arrow(pa.Table.from_batches(batches, reader.schema)))


def _with_index(frame: pd.DataFrame) -> pd.DataFrame:
    """The table with a named index turned back into a column."""
    return frame.reset_index() if any(name is not None for name in frame.index.names) else frame
