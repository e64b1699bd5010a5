"""Which rows would these bytes become? For trying a source before any case exists."""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cloison.lake.engine import open_engine
from cloison.lake.framing import Framer
from cloison.lake.ingest import Ingest, Reject
from cloison.lake.loading import in_parts
from cloison.model.limits import LIMITS
from cloison.sources.catalogue import Catalogue
from cloison.sources.mapping import Mapping
from cloison.sources.recognise import Recogniser

CORPUS_WRITTEN = datetime(2025, 3, 10)  # noqa: DTZ001 - UTC, as every time in the lake
"""By when every corpus was written: its records of no year are of the year before that."""


@dataclass(frozen=True)
class Trial:
    """The event rows, the rejects, and how many records were received."""

    rows: list[dict[str, object]]
    rejects: list[Reject]
    received: int


def rows_of(catalogue: Catalogue, data: bytes, *, source: str | None = None, dated: datetime | None = None) -> Trial:
    """Map one stream of raw bytes, written by `dated`, as `take` would; rows stand in the order of the records."""
    return rows_by(catalogue.only(source) if source else catalogue.mappings, data, dated=dated)


def rows_by(mappings: Sequence[Mapping], data: bytes, *, dated: datetime | None = None) -> Trial:
    """The same by these carriers alone."""
    recogniser = Recogniser.of(mappings)
    engine = open_engine()
    with tempfile.TemporaryDirectory() as folder:
        ingest = Ingest(engine, in_parts(Path(folder)), "trial")
        ingest.take("trial", Framer(recogniser, LIMITS), iter([data]), dated=dated)
        tally = ingest.close()
        rows: list[dict[str, object]] = []
        if tally.parts:
            placed = "SELECT * FROM read_parquet(?) ORDER BY record_offset, record_part"
            read = engine.execute(placed, [f"{folder}/*.parquet"])
            names = [column[0] for column in read.description]
            rows = [dict(zip(names, row, strict=True)) for row in read.fetchall()]
    return Trial(rows, tally.rejects, tally.received["trial"])
