"""How does a Parquet file read as records: each row a JSON object on a line of its own, in the file's own order?"""

from collections.abc import Iterator
from typing import IO

import duckdb
import pyarrow as pa

MAGIC = b"PAR1"
FAULTS: tuple[type[Exception], ...] = (pa.ArrowException, duckdb.Error)
"""What the libraries raise on damaged files, beside what all readers raise."""

_ROWS = 2_000
_PACKED_MOST = 1_000
"""So many times its size a file may say that its columns unpack to; what it says above that is not believed."""


class ParquetRows:
    """The rows of one file.

    Attributes:
        unpacked: how many bytes the file says that its columns have unpacked, as far as that is believed.
    """

    def __init__(self, raw: IO[bytes], packed: int) -> None:
        import pyarrow.parquet as pq  # noqa: PLC0415, it loads what reaches file systems afar, and no log needs that

        self._file = pq.ParquetFile(raw)
        held = self._file.metadata
        self._counts = [held.row_group(number).num_rows for number in range(held.num_row_groups)]
        said = sum(held.row_group(number).total_byte_size for number in range(held.num_row_groups))
        self.unpacked = min(said, packed * _PACKED_MOST)

    def lines(self, start: int = 0) -> Iterator[bytes]:
        """Rows from number `start` on, some thousand at a time; each is a JSON object and ends its line."""
        engine = duckdb.connect(config={"threads": 1, "enable_external_access": False})
        try:
            for number, count in enumerate(self._counts):
                if start < count:
                    yield from self._group(engine, number, start)
                start = max(0, start - count)
        finally:
            engine.close()

    def _group(self, engine: duckdb.DuckDBPyConnection, number: int, start: int) -> Iterator[bytes]:
        for batch in self._file.iter_batches(_ROWS, row_groups=[number], use_threads=False):
            if start < batch.num_rows:
                yield _rendered(engine, batch.slice(start))
            start = max(0, start - batch.num_rows)


def _rendered(engine: duckdb.DuckDBPyConnection, batch: pa.RecordBatch) -> bytes:
    """A batch as lines; its columns are one struct, so that none of their names is taken for anything else."""
    engine.register("batch", pa.table({"row": batch.to_struct_array()}))
    told = engine.execute("SELECT CAST(to_json(row) AS VARCHAR) FROM batch").fetchall()
    engine.unregister("batch")
    return "".join(f"{line}\n" for (line,) in told).encode()
