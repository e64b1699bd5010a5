"""Which rows do real records become when they are taken into a case, each as its own file and all mixed in one?"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from scripts.corpora.records import Real

from cloison.lake.engine import open_engine
from cloison.service.case import Case, make_case
from cloison.service.progress import Silent
from cloison.service.take import take, wanted_files
from cloison.sources.catalogue import shipped

Rows = Sequence[Mapping[str, object]]


@dataclass(frozen=True)
class Reading:
    """The rows that each record became, by its number: taken alone, and taken among all the others."""

    alone: tuple[Rows, ...]
    mixed: tuple[Rows, ...]


def read(records: Sequence[Real], folder: Path) -> Reading:
    """Take the records into a new case below `folder` in one act."""
    given = folder / "given"
    given.mkdir()
    for number, record in enumerate(records):
        (given / f"{number:06d}.log").write_bytes(record.raw.encode())
    lines = [_one_line(record.raw).encode() for record in records]
    whole = b"".join(line + b"\n" for line in lines)
    (given / "mixed.log").write_bytes(whole)
    case = make_case(folder / "case", written_by="measure_corpora")
    take(case, wanted_files([given], []), shipped(), Silent())
    rows = _rows(case)
    alone = tuple(tuple(rows.get(sha256(record.raw.encode()).hexdigest()[:32], ())) for record in records)
    return Reading(alone, _by_line(rows.get(sha256(whole).hexdigest()[:32], ()), lines))


def _one_line(raw: str) -> str:
    try:
        return json.dumps(json.loads(raw), separators=(",", ":"), ensure_ascii=False)
    except json.JSONDecodeError:
        return " ".join(raw.splitlines())


def _rows(case: Case) -> dict[str, list[dict[str, object]]]:
    """Every row in the lake, by the head of the sha256 of the file it came from."""
    engine = open_engine()
    parts = [str(path) for path in sorted(case.lake.glob("*.parquet"))]
    found: dict[str, list[dict[str, object]]] = {}
    read = engine.execute("SELECT * FROM read_parquet(?) ORDER BY evidence_uid, record_offset, record_part", [parts])
    names = [column[0] for column in read.description or ()]
    for values in read.fetchall():
        row = dict(zip(names, values, strict=True))
        found.setdefault(str(row["evidence_uid"])[:32], []).append(row)
    engine.close()
    return found


def _by_line(rows: Rows, lines: Sequence[bytes]) -> tuple[Rows, ...]:
    starts: list[int] = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    return tuple(
        tuple(row for row in rows if starts[number] <= int(str(row["record_offset"])) < starts[number + 1])
        for number in range(len(lines))
    )
