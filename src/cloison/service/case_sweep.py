"""Sweep a case for indicators: its events through the index of observables, or none of so many in so many events."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import duckdb

from cloison.hunt.intel.reading import Reading
from cloison.hunt.sought import spans_among, words_of
from cloison.hunt.sweep import LIST_SIGHTINGS, PLACE_SIGHTED, SIGHTINGS, SWEEP
from cloison.lake.analysis import run
from cloison.lake.engine import open_engine
from cloison.lake.finding import stage_found
from cloison.lake.repeats import PLACE
from cloison.lake.scene import stage_addresses, stage_views
from cloison.model.indicator import UNSWEPT_KINDS
from cloison.model.wording import many
from cloison.ocsf.observables import defang
from cloison.service.case import MEMORY, Case
from cloison.service.indexing import Indexed, indexed
from cloison.service.inputs_kept import Given, given
from cloison.service.investigate import moment, stage_custody, stage_given
from cloison.service.progress import Progress
from cloison.service.sweeping import SAW, UNREAD, missed_by
from cloison.sources.catalogue import Catalogue

PATHS = (SWEEP, PLACE_SIGHTED, LIST_SIGHTINGS)
_COUNT = """SELECT indicator_kind, indicator_value, count(DISTINCT event_uid), min(time), max(time)
FROM sightings GROUP BY ALL ORDER BY ALL"""


@dataclass(frozen=True)
class Counted:
    """An indicator that was seen: in how many events, first and last (UTC)."""

    indicator_kind: str
    indicator_value: str
    events: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True)
class CaseSwept:
    """What a sweep of a case saw, and what it looked at; sightings are rows of the table `sightings`."""

    sightings: list[dict[str, object]]
    seen: tuple[Counted, ...]
    indicators: int
    events: int
    first_at: datetime | None
    last_at: datetime | None
    gaps: tuple[str, ...]
    rejected: int
    unswept: tuple[tuple[str, str, str], ...]
    faults: tuple[tuple[str, str], ...]
    not_understood: tuple[str, ...]

    @property
    def exit_code(self) -> int:
        """0 nothing seen, 10 something seen, 11 some evidence could not be read to its end."""
        return UNREAD if self.faults else SAW if self.sightings else 0

    def answer(self) -> str:
        """The bounded answer in one sentence."""
        between = f" between {_at(self.first_at)} and {_at(self.last_at)}" if self.first_at and self.last_at else ""
        gaps = f"gaps: {', '.join(self.gaps)}" if self.gaps else "no gap is known"
        lost = "record is no event and was" if self.rejected == 1 else "records are no events and were"
        rejected = f"; {self.rejected:,} {lost} not looked at" if self.rejected else ""
        seen = f", of which {len(self.seen):,} were seen," if self.seen else ""
        unswept = f"; {len(self.unswept):,} of the indicators can be in no event" if self.unswept else ""
        return (
            f"{many(len(self.sightings), 'sighting')} of {many(self.indicators, 'indicator')}{seen} "
            f"in {many(self.events, 'event')}{between}; {gaps}{rejected}{unswept}"
        )

    def as_lines(self) -> Iterator[str]:
        """The answer for a person, indicators defanged."""
        for one in self.sightings:
            flagged = f" (flagged: {one['caution']})" if one["caution"] else ""
            yield (
                f"{_at(one['time'])} {one['evidence']}:{one['offset']}: {one['indicator_kind']} "
                f"{defang(str(one['indicator_value']))} in {one['field']} of {one['event_uid']}{flagged}"
            )
        for kind in self.seen:
            yield (
                f"{many(kind.events, 'event')}: {kind.indicator_kind} {defang(kind.indicator_value)}, "
                f"{_at(kind.first_at)} to {_at(kind.last_at)}"
            )
        for name, value, why in self.unswept:
            yield f"not looked for: {name} {defang(value)}: {why}"
        for where, fault in self.faults:
            yield f"not read: {where}: {fault}"
        for text in self.not_understood:
            yield f"not understood as an indicator: {text}"
        yield self.answer()


def sweep_case(
    case: Case, reading: Reading, catalogue: Catalogue, progress: Progress, *, memory: str = MEMORY
) -> CaseSwept:
    """Sweep the events of a case; what `cloison show CASE sightings` would say of these indicators, in less time.

    Raises:
        CaseError: another process is writing to the case.
        EvidenceError: evidence that the lake must be rebuilt from is gone.
    """
    with indexed(case, catalogue, progress, memory=memory) as held:
        engine = open_engine(spill=case.lake / "spill", memory=memory)
        try:
            _answer(engine, case, held, reading)
            return _told(engine, held, reading)
        finally:
            engine.close()


def _answer(engine: duckdb.DuckDBPyConnection, case: Case, held: Indexed, reading: Reading) -> None:
    """Make the table `sightings`: the exact query over the few rows that the index leads to."""
    described = case.read()
    indicators = reading.indicators
    stage_found(engine, held.index, held.parts, words_of(indicators), spans_among(indicators), PATHS)
    engine.execute(
        f"""CREATE OR REPLACE TEMP TABLE left_out AS
        SELECT * FROM {held.beside("left_out")} WHERE place IN (SELECT {PLACE} FROM raw_events AS r)"""
    )
    stage_views(engine, moment(described.until), described.zone)
    stage_custody(engine, held.journal)
    stage_given(engine, Given(tuple(indicators), (), (), (), given(case).cautions), None)
    stage_addresses(engine)
    for one in PATHS:
        run(engine, one)


def _told(engine: duckdb.DuckDBPyConnection, held: Indexed, reading: Reading) -> CaseSwept:
    order = ", ".join(SIGHTINGS.key)
    read = engine.execute(f"SELECT * FROM sightings ORDER BY {order}")
    names = [column[0] for column in read.description or ()]
    sightings = [dict(zip(names, row, strict=True)) for row in read.fetchall()]
    seen = tuple(Counted(*row) for row in engine.execute(_COUNT).fetchall())
    logs = engine.execute(
        f"SELECT source, system, events, first_at, last_at, gaps FROM {held.beside('coverage')} ORDER BY source, system"
    ).fetchall()
    labels = dict(engine.execute("SELECT uid, label FROM members").fetchall())
    [(rejected,)] = engine.execute("SELECT count(*) FROM refused").fetchall()
    return CaseSwept(
        sightings,
        seen,
        len(reading.indicators),
        sum(log[2] for log in logs),
        min((log[3] for log in logs), default=None),
        max((log[4] for log in logs), default=None),
        tuple(f"{log[0]} of {log[1]} {gap}" for log in logs for gap in log[5]),
        rejected,
        tuple(
            (str(one.kind), one.value, UNSWEPT_KINDS[one.kind])
            for one in reading.indicators
            if one.kind in UNSWEPT_KINDS
        ),
        tuple((labels[one.uid], one.fault) for one in held.journal.members() if one.fault),
        missed_by(reading),
    )


def _at(time: object) -> str:
    return f"{time:%Y-%m-%dT%H:%M:%SZ}"
