"""How is a large log of a source made from the few records of its corpus?"""

import json
import re
from collections.abc import Iterator
from itertools import count, cycle
from pathlib import Path

from cloison.lake.trial import rows_of
from cloison.sources.catalogue import SHIPPED, shipped
from cloison.sources.recognise import signs_of

_CLOCK = re.compile(r"(?<=[T :]\d\d:)\d\d:\d\d(?=[Z., ])")
_EPOCH = re.compile(r"(?<=:)1[67]\d{8}(?=[,}])")


def templates(source: str, carrier: str) -> list[tuple[str, str]]:
    """Every record of the corpus that came as such in the carrier, on one line, with the id that its maker gave it.

    What came in an envelope is left out: no plain reader opens those, and it would not be held against the same work.
    """
    mapping = next(one for one in shipped().only(source) if one.carrier.name == carrier)
    found = []
    for raw in sorted((SHIPPED / source / "corpus").glob("*.raw")):
        data = raw.read_bytes()
        for row in rows_of(shipped(), data).rows:
            if (row["source"], row["carrier"]) == (source, carrier):
                start, length = int(str(row["record_offset"])), int(str(row["record_length"]))
                line = _line(data[start : start + length].decode())
                if mapping.carrier.kind == "lines" or signs_of(mapping).score(json.loads(line)):
                    found.append((line, str(row["vendor_uid"] or "")))
    return found


def write_log(path: Path, source: str, carrier: str, size: int) -> int:
    """Write a log of at least `size` bytes, each record with an id and a time of its own; returns how many records."""
    written = records = 0
    with path.open("wb") as file:
        for line in _lines(source, carrier):
            written += file.write(line.encode())
            records += 1
            if written >= size:
                break
    return records


def _lines(source: str, carrier: str) -> Iterator[str]:
    for number, (line, uid) in zip(count(), cycle(templates(source, carrier)), strict=False):
        own = line.replace(uid, f"{uid[:-10]}{number:010}") if len(uid) > 10 else line
        timed = _CLOCK.sub(f"{number // 60 % 60:02}:{number % 60:02}", own, count=1)
        yield _EPOCH.sub(str(1_700_000_000 + number), timed, count=1) + "\n"


def _line(record: str) -> str:
    try:
        return json.dumps(json.loads(record), separators=(",", ":"), ensure_ascii=False)
    except json.JSONDecodeError:
        return record.strip()
