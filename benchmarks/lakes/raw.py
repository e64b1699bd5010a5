"""What would the raw log of the same life look like, in two shapes: an API's nested JSON and lines of an access log?"""

from dataclasses import dataclass
from pathlib import Path

from benchmarks.lakes.life import HERE, happen, ordinary
from benchmarks.lakes.rhythm import SOURCES, hours
from cloison.lake.engine import open_engine
from cloison.sources.paths import literal

RECORD_BYTES = {"okta_system_log": 1_620, "jira_access": 304}
"""Of a record on average: how many make a log of a wanted size."""

_FORMATS = {
    "okta_system_log": "FORMAT json",
    "jira_access": "FORMAT csv, HEADER false, QUOTE '', ESCAPE '', DELIMITER '\x01'",
}


@dataclass(frozen=True)
class Raw:
    """A raw log on disk."""

    path: Path
    source: str
    carrier: str
    records: int

    @property
    def size(self) -> int:
        """Bytes."""
        return self.path.stat().st_size


def write_raw(folder: Path, source: str, megabytes: float) -> Raw:
    """Write about so many megabytes (10^6 bytes) of the source's own log."""
    made = next(one for one in SOURCES if one.name == source)
    records = round(megabytes * 1e6 / RECORD_BYTES[source])
    path = folder / f"{source}-{megabytes:g}.log"
    shape = (HERE / "raw" / f"{source}.sql").read_text(encoding="utf-8")
    engine = open_engine(spill=folder / "spill", memory="2GB")
    try:
        happen(engine, made, hours(records))
        engine.execute(f"COPY (WITH told AS ({ordinary(made)}) {shape}) TO {literal(str(path))} ({_FORMATS[source]})")
    finally:
        engine.close()
    return Raw(path, source, {"okta_system_log": "log_event", "jira_access": "tomcat"}[source], records)
