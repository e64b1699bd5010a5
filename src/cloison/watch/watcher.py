"""What becomes of a batch: rows, sightings, facts, detections, verdicts, and what is to be told of them?"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import get_args

import duckdb

from cloison.evidence.custody import spelled as spelled_path
from cloison.hunt.context import COUNT_DAYS, GATHER_MARKS, TELL_KINDS, stage_context
from cloison.hunt.sigma.correlating import Correlated
from cloison.hunt.sweep import PLACE_SIGHTED, SWEEP
from cloison.lake.analysis import run
from cloison.lake.scene import stage_addresses, stage_views
from cloison.model.limits import Limits
from cloison.model.wording import many
from cloison.ocsf.events import EVENTS
from cloison.sources.catalogue import Catalogue
from cloison.sources.paths import quoted
from cloison.watch.detecting import Detected, Detector, RawValues
from cloison.watch.folding import Found, spelled
from cloison.watch.memory import Learnt, Memory
from cloison.watch.message import Level, Place, id_of
from cloison.watch.reading import ARRIVED, Batch, Known, Reader
from cloison.watch.streams import Gap, Piece
from cloison.watch.surroundings import around, makers, steps
from cloison.watch.verdicts import Standing, Verdicts
from cloison.watch.windows import MOST

_EVENT = ", ".join(map(quoted, EVENTS.columns))
_ABOUT = """SELECT event_uid, time, source, system, principal, target_principal, target_group, src_ip, evidence_uid,
  record_offset, record_length
FROM {held} WHERE event_uid IN (SELECT unnest($wanted))
QUALIFY row_number() OVER (PARTITION BY event_uid ORDER BY evidence_uid, record_offset) = 1"""
_HELD = ("events", "kept", "window_members")
"""Where an event stands that something is told of: nearly all stand in the first."""
_SIGHTED = """SELECT indicator_kind, indicator_value, any_value(field), event_uid, bool_and(valid), any_value(caution),
  any_value(observed) FROM sighted GROUP BY indicator_kind, indicator_value, event_uid ORDER BY min(time), event_uid"""
BATCH = "memory.main.events"
"""The events of a batch. A temporary view `events` hides them where older ones are to be seen beside them."""

LEVELS = get_args(Level)


@dataclass(frozen=True)
class About:
    """An event that something is told of."""

    event_uid: str
    time: datetime
    source: str
    system: str
    principal: str
    target: str
    group: str
    address: str
    place: Place


@dataclass
class Outcome:
    """What a batch leaves behind, to be committed as one."""

    batch: Batch = field(default_factory=lambda: Batch(0, 0, (), ()))
    found: list[Found] = field(default_factory=list)
    learnt: Learnt = field(default_factory=lambda: Learnt([], []))
    verdicts: list[tuple[str, Standing]] = field(default_factory=list)
    window: list[tuple[str, bytes]] = field(default_factory=list)


class Watcher:
    """Judges batches in an engine in which what was given and what the sources say is staged.

    `label_of` says where evidence lies, by its uid.
    """

    def __init__(
        self,
        engine: duckdb.DuckDBPyConnection,
        catalogue: Catalogue,
        limits: Limits,
        verdicts: Verdicts,
        label_of: Callable[[str], str],
        raw: RawValues,
    ) -> None:
        self._engine = engine
        self._verdicts = verdicts
        self._label_of = label_of
        self._reader = Reader(engine, catalogue, limits)
        self._makers: frozenset[str] = frozenset()
        self.memory = Memory(engine)
        self.detector = Detector(engine, raw)
        self._exposed = {row[0]: row[1:] for row in engine.execute(_EXPOSED).fetchall()}

    def begin(self, zone: str) -> None:
        """See batches from now on; `zone` is that of records that state none."""
        stage_batch(self._engine, zone)

    def judge(self, pieces: list[Piece], known: Known) -> Outcome:
        """Read a batch and say what it holds; nothing is told yet, and memory has taken it up."""
        outcome = Outcome(self._reader.read(pieces, known))
        outcome.found += [gap_found(gap) for gap in outcome.batch.gaps]
        if not outcome.batch.stored:
            return outcome
        self._see_batch()
        self._engine.execute(f"TRUNCATE {BATCH}; INSERT INTO {BATCH} FROM arriving")
        stage_addresses(self._engine)
        run(self._engine, SWEEP)
        run(self._engine, PLACE_SIGHTED)
        self._gather()
        self._see_batch()
        stage_context(self._engine)
        self.detector.hold(self._reader.framed)
        detected, matched = self.detector.detect()
        self._see_batch()
        sighted = self._engine.execute(_SIGHTED).fetchall()
        moved = self._judge_credentials()
        about = self._about(
            {one.event_uid for one in detected}
            | {row[3] for row in sighted}
            | {uid for _, one in moved for uid in (one.last_use, one.ended_by)}
        )
        outcome.found += [self._detection(one, about[one.event_uid]) for one in detected]
        self._makers = makers(self._engine) if detected else frozenset()
        outcome.found += [_sighting(row, about[row[3]]) for row in sighted]
        outcome.found += [self._verdict(uid, one, about) for uid, one in moved]
        outcome.verdicts = self._verdicts.changed()
        outcome.learnt = self.memory.learn()
        outcome.window = self.detector.window.rows() if matched else []
        return outcome

    def surround(self, found: Found) -> Found:
        """A detection with what its principal made around it, and with what to consider."""
        if found.kind != "detection":
            return found
        known = found.principal in self._makers
        made, accounts = around(self._engine, found.principal, found.record.event_uid) if known else ((), ())
        considered = steps(found.system, found.principal, found.target, found.group, accounts)
        return replace(found, facts=(*found.facts, *made), next=considered)

    # -- the tables of a batch --------------------------------------------------------------------------------------

    def _see_batch(self) -> None:
        self._engine.execute("DROP VIEW IF EXISTS temp.events")

    def _see_kept(self) -> None:
        self._engine.execute(
            f"""CREATE OR REPLACE TEMP VIEW events AS SELECT {_EVENT} FROM {BATCH}
            UNION ALL SELECT {_EVENT} FROM kept WHERE event_uid NOT IN (SELECT event_uid FROM {BATCH})"""
        )

    def _gather(self) -> None:
        """Make the facts of the batch, from what is remembered and what it says itself."""
        run(self._engine, COUNT_DAYS)
        self._engine.execute("CREATE OR REPLACE TEMP TABLE new_days AS SELECT * FROM days; DROP TABLE days")
        self.memory.recall()
        self._see_kept()
        run(self._engine, TELL_KINDS)
        run(self._engine, GATHER_MARKS)
        self._engine.execute("DROP TABLE days")

    def _judge_credentials(self) -> list[tuple[str, Standing]]:
        if not self._exposed:
            return []
        moved = []
        if self._one(f"SELECT count(*) FROM {BATCH} WHERE rotation_rule IS NOT NULL"):
            self._see_kept()
            moved += self._verdicts.hear(self._engine)
            self._see_batch()
        return moved + self._verdicts.see(self._engine)

    def _one(self, asked: str) -> int:
        found = self._engine.execute(asked).fetchone()
        return int(found[0]) if found else 0

    # -- what was found ---------------------------------------------------------------------------------------------

    def _about(self, wanted: Iterable[str]) -> dict[str, About]:
        missing = {one for one in wanted if one}
        found: dict[str, About] = {}
        for held in _HELD:
            if missing:
                rows = self._engine.execute(_ABOUT.format(held=held), {"wanted": sorted(missing)}).fetchall()
                found |= {row[0]: self._told_of(row) for row in rows}
                missing -= found.keys()
        return found

    def _told_of(self, row: tuple[object, ...]) -> About:
        uid, at, source, system, principal, target, group, address, evidence, offset, length = row
        place = Place(self._label_of(str(evidence)), int(str(offset)), int(str(length)), str(uid), spelled(at))  # type: ignore[arg-type]
        words = (str(one or "") for one in (source, system, principal, target, group, address))
        return About(str(uid), at, *words, place)  # type: ignore[arg-type, call-arg]

    def _detection(self, one: Detected, about: About) -> Found:
        who = about.principal or about.address
        rule = one.rule.said
        return Found(
            uid=id_of("detection", rule.uid or rule.title, about.event_uid, one.shared),
            same=(rule.uid or rule.title, about.system, who, one.shared),
            kind="detection",
            level=rule.level if rule.level in LEVELS else "medium",  # type: ignore[arg-type]
            rule=rule.uid,
            title=rule.title,
            system=about.system,
            principal=about.principal,
            source=about.source,
            record=about.place,
            target=about.target,
            group=about.group,
            address=about.address,
            techniques=tuple(tag.removeprefix("attack.").upper() for tag in rule.tags if tag.startswith("attack.t")),
            facts=(
                f"{many(one.events, 'event')} since {spelled(one.first_at)}{one.shared and f', all with {one.shared}'}",
            )
            if one.events > 1
            else (),
        )

    def _verdict(self, uid: str, one: Standing, about: dict[str, About]) -> Found:
        kind, system, credential, principal = self._exposed[uid]
        told = about.get(one.last_use if one.verdict == "refuted" else one.ended_by)
        place = told.place if told else Place("", 0, 0, one.ended_by or one.last_use, _moment(one))
        name = credential or principal
        return Found(
            uid=id_of("verdict", uid, one.verdict, one.last_use, one.ended_by),
            same=("proven", system, kind) if one.verdict == "proven" else (uid, one.verdict, str(one.outlived)),
            kind="verdict",
            level=_grave(one),
            rule=f"verdict {one.verdict}",
            title=_judged(one, kind, name),
            system=system,
            principal=principal or "",
            source=told.source if told else "",
            record=place,
            address=one.last_ip if one.verdict == "refuted" else "",
            facts=_known(one),
            next=_ends(one, kind, name, system),
        )


_EXPOSED = "SELECT exposed_uid, kind, system, credential_uid, principal FROM exposed"


def stage_batch(engine: duckdb.DuckDBPyConnection, zone: str) -> None:
    """Make the table `events` for a batch, the view `arriving` of the rows it takes from `arrived`, and `deeds`."""
    engine.execute(
        f"CREATE OR REPLACE TEMP VIEW raw_events AS SELECT *, 0 AS part, rowid AS file_row_number FROM {ARRIVED}"
    )
    engine.execute(
        "CREATE OR REPLACE TEMP TABLE left_out (place BIGINT, evidence_uid VARCHAR, source VARCHAR, why VARCHAR)"
    )
    stage_views(engine, None, zone)
    engine.execute("ALTER VIEW events RENAME TO arriving")
    engine.execute(f"CREATE OR REPLACE TABLE {BATCH} AS FROM arriving LIMIT 0")


def crowded_gap(one: Correlated) -> Gap:
    """A correlation that had more events than are kept for it."""
    span = one.correlation.asked.span
    return Gap(
        f"rule {one.correlation.said.title}",
        f"more than {MOST:,} events within its timespan of {span} came of one rule that it refers to; the oldest are "
        "forgotten, and what they would complete is not told: `cloison investigate` sees all",
        "not all remembered",
    )


def gap_found(gap: Gap) -> Found:
    """Something that could not be read, or not be kept, as it is told."""
    path = spelled_path(gap.path)
    return Found(
        uid=id_of("gap", path, gap.what),
        same=(path, gap.what),
        kind="gap",
        level="low",
        rule="gap",
        title=f"{gap.undone}: {gap.what}",
        system="",
        principal="",
        source="",
        record=Place(path, 0, 0, "", ""),
    )


def _sighting(row: tuple[object, ...], about: About) -> Found:
    kind, value, where, _, valid, caution, observed = row
    heeded = bool(valid) and caution is None
    why = () if heeded else (f"weak: {caution or 'outside the time for which the indicator holds'}",)
    return Found(
        uid=id_of("sighting", kind, value, about.event_uid),
        same=(str(kind), str(value), about.system, about.principal or about.address),
        kind="sighting",
        level="high" if heeded else "low",
        rule=f"indicator {kind}",
        title=f"indicator {value} seen as {where}",
        system=about.system,
        principal=about.principal,
        source=about.source,
        record=about.place,
        target=about.target,
        address=about.address,
        facts=(*why, *((f"as {observed}",) if observed != value else ())),
        next=(
            f"block {observed}"
            if kind in {"ip", "cidr", "range", "domain", "url"}
            else f"look for {observed} elsewhere",
        )
        if heeded
        else (),
    )


def _moment(one: Standing) -> str:
    at = one.last_use_at if one.verdict == "refuted" else one.ended_at
    return spelled(at) if at else ""


def _grave(one: Standing) -> Level:
    if one.outlived:
        return "critical"
    return "high" if one.verdict == "refuted" else "informational"


def _judged(one: Standing, kind: str, name: str) -> str:
    if one.outlived:
        return f"refuted: exposed {kind} {name} worked after its end"
    if one.verdict == "refuted":
        return f"refuted: exposed {kind} {name} works after its exposure, no end is recorded"
    if one.verdict == "proven":
        return f"proven: exposed {kind} {name} is ended by its issuer, and no success is seen since"
    return f"unknown: exposed {kind} {name} was given back its life"


def _known(one: Standing) -> tuple[str, ...]:
    ended = (f"ended at {spelled(one.ended_at)}",) if one.ended_at else ()
    used = (
        (f"{one.uses:,} successes since its exposure seen here, the last at {spelled(one.last_use_at)}",)
        if one.last_use_at
        else ()
    )
    return ended + used


def _ends(one: Standing, kind: str, name: str, system: str) -> tuple[str, ...]:
    if one.verdict == "proven":
        return ()
    again = " again, and the sessions and tokens that it opened" if one.outlived else ""
    return (f"end {kind} {name} in {system}{again}",)
