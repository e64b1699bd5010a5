"""Investigate a case: from the lake and what was given to every table that answers, written as Parquet with hashes."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import duckdb
import msgspec

from cloison import __version__
from cloison.errors import CaseError
from cloison.evidence.journal import Journal
from cloison.hunt.intel import Cautions, caution_about
from cloison.hunt.sought import bounds
from cloison.lake.analysis import Analysis, run
from cloison.lake.engine import open_engine
from cloison.lake.scene import stage_addresses, stage_events, stage_rows
from cloison.model.indicator import Indicator, IndicatorKind
from cloison.model.limits import LIMITS
from cloison.scope.acts import TEXTS
from cloison.scope.spread import RULES, rule_texts
from cloison.service.case import MEMORY, Case, locked
from cloison.service.inputs import Exposed
from cloison.service.inputs_kept import Given, given, naive
from cloison.service.plan import ANALYSES, ANSWERS, KEPT, LATER, contracts, steps_to
from cloison.service.progress import Progress
from cloison.service.raw_records import stage_raw
from cloison.service.rule_files import Text, is_placeholders, read_placeholders, rule_files
from cloison.service.take import rebuild_if_needed
from cloison.sources.catalogue import Catalogue
from cloison.sources.declared import declared
from cloison.sources.paths import literal, quoted
from cloison.sources.spec import Spec

TABLES = ANSWERS


class Manifest(msgspec.Struct, frozen=True):
    """What the results were made from, so that stale ones are noticed and equal ones can be told."""

    made_from: str
    version: str
    engine: str
    tables: dict[str, str]


def investigate(
    case: Case,
    catalogue: Catalogue,
    progress: Progress,
    *,
    memory: str = MEMORY,
    detecting: bool = False,
    rules: Sequence[Text] | None = None,
) -> None:
    """Make every table of the case anew, if anything that they are made from has changed.

    The tables of `LATER` are left for when they are asked for, unless it is `detecting`: then the rules run too, which
    are those that ship and the case's own, or `rules` in their place.

    Raises:
        CaseError: another process is writing to the case.
        EvidenceError: evidence that the lake must be rebuilt from is gone.
    """
    rebuild_if_needed(case, catalogue, progress)
    wanted = KEPT if detecting else tuple(name for name in KEPT if name not in LATER)
    with locked(case):
        journal = case.journal()
        try:
            texts = rule_files(case) if rules is None else rules
            made_from = _made_from(case, journal, catalogue, texts)
            made = current(case, made_from)
            missing = [name for name in wanted if name not in made]
            if missing:
                begun = Manifest(made_from, __version__, duckdb.__version__, made)
                _answer(case, journal, catalogue, texts, progress, begun, missing, memory)
        finally:
            journal.close()


def made_of(case: Case) -> Manifest:
    """What the results on disk were made from.

    Raises:
        CaseError: there are none.
    """
    try:
        return msgspec.json.decode((case.results / "manifest.json").read_bytes(), type=Manifest)
    except (FileNotFoundError, msgspec.DecodeError) as fault:
        raise CaseError("no answers here", where=str(case.results), remedy="run `cloison investigate`") from fault


def current(case: Case, made_from: str) -> dict[str, str]:
    """The results on disk that are those of this state of the case, each with the hash of its rows."""
    try:
        manifest = made_of(case)
    except CaseError:
        return {}
    if manifest.made_from != made_from or manifest.version != __version__:
        return {}
    return {name: told for name, told in manifest.tables.items() if (case.results / f"{name}.parquet").is_file()}


def _made_from(case: Case, journal: Journal, catalogue: Catalogue, rules: Sequence[Text]) -> str:
    digest = hashlib.sha256(case.file.read_bytes())
    digest.update(catalogue.fingerprint.encode())
    for held in sorted(one.sha256 for one in journal.evidence()):
        digest.update(held.encode())
    for part in sorted(journal.parts()):
        digest.update(part.encode())
    for origin, text in rules:
        digest.update(f"{origin}\0{text}\0".encode("utf-8", "surrogatepass"))
    for sql in sorted({one.sql for one in ANALYSES} | {repr(RULES), repr(KEPT), *rule_texts(), *TEXTS}):
        digest.update(sql.encode())
    return digest.hexdigest()


def _answer(
    case: Case,
    journal: Journal,
    catalogue: Catalogue,
    rules: Sequence[Text],
    progress: Progress,
    begun: Manifest,
    missing: Sequence[str],
    memory: str,
) -> None:
    """Make the missing tables, and a manifest that names them beside those that stand."""
    case.results.mkdir(exist_ok=True)
    for name in set(KEPT) - set(begun.tables):
        (case.results / f"{name}.parquet").unlink(missing_ok=True)
    engine = open_engine(spill=case.lake / "spill", memory=memory)
    try:
        stage(engine, case, journal, catalogue, rules=None if set(LATER).isdisjoint(missing) else rules)
        order = steps_to(missing)
        progress.begin("investigating", len(order) + len(missing))
        for one in order:
            if isinstance(one, Analysis):
                run(engine, one)
            else:
                one.work(engine, LIMITS)
            progress.advance(1)
        hashes = dict(begun.tables)
        for name in missing:
            hashes[name] = _write(engine, case.results, name)
            progress.advance(1)
        manifest = msgspec.structs.replace(begun, tables=hashes)
        draft = case.results / "manifest.draft"
        draft.write_bytes(msgspec.json.format(msgspec.json.encode(manifest)))
        draft.replace(case.results / "manifest.json")
    finally:
        engine.close()


def stage(
    engine: duckdb.DuckDBPyConnection,
    case: Case,
    journal: Journal,
    catalogue: Catalogue,
    *,
    rules: Sequence[Text] | None = None,
) -> None:
    """Make the tables that analyses read: events, members, what was given, and with `rules` what rules read."""
    described = case.read()
    stage_events(engine, parts_of(case, journal), moment(described.until), described.zone)
    stage_custody(engine, journal)
    stage_given(engine, given(case), moment(described.since))
    stage_rows(engine, "asked_for", {"until": "TIMESTAMP"}, [(moment(described.until),)])
    stage_catalogue(engine, catalogue.specs.values())
    stage_addresses(engine)
    if rules is not None:
        stage_rules(engine, rules)
        stage_raw(engine, case, journal, catalogue)


def stage_rules(engine: duckdb.DuckDBPyConnection, texts: Sequence[Text]) -> None:
    """Make `rule_texts` and `placeholders` of rule files (origin, text)."""
    listed = [one for one in texts if not is_placeholders(one[0])]
    filled = [row for origin, text in texts if is_placeholders(origin) for row in read_placeholders(origin, text)]
    stage_rows(engine, "rule_texts", {"origin": "VARCHAR", "text": "VARCHAR"}, list(listed))
    stage_rows(engine, "placeholders", {"name": "VARCHAR", "value": "VARCHAR"}, list(filled))


def parts_of(case: Case, journal: Journal) -> list[Path]:
    """The lake's files in their order."""
    return [case.lake / name for name in sorted(journal.parts())]


def stage_given(engine: duckdb.DuckDBPyConnection, inputs: Given, since: datetime | None) -> None:
    """Make the tables of what was given: exposed, totals, networks, indicators, and what follows from them."""
    exposed = [_exposed(row) for row in inputs.exposed]
    columns = {
        "exposed_uid": "VARCHAR",
        "system": "VARCHAR",
        "kind": "VARCHAR",
        "credential_uid": "VARCHAR",
        "principal": "VARCHAR",
        "exposed_at": "TIMESTAMP",
        "is_account": "BOOLEAN",
        "named": "BOOLEAN",
        "machine": "BOOLEAN",
        "more": "VARCHAR",
        "found_system": "VARCHAR",
        "found_kind": "VARCHAR",
        "found_uid": "VARCHAR",
    }
    stage_rows(engine, "exposed", columns, exposed)
    totals: list[tuple[object, ...]] = [(row.system, row.resource_kind, row.total) for row in inputs.totals]
    stage_rows(engine, "totals", {"system": "VARCHAR", "resource_kind": "VARCHAR", "total": "BIGINT"}, totals)
    networks = [tuple(asdict(row).values()) for row in inputs.networks]
    text = dict.fromkeys(("network", "label", "low", "high", "first_ip", "more"), "VARCHAR")
    stage_rows(engine, "networks", text, networks)
    kinds = {"kind": "VARCHAR", "value": "VARCHAR", "low": "VARCHAR", "high": "VARCHAR"}
    kinds |= {"valid_from": "TIMESTAMP", "valid_until": "TIMESTAMP", "caution": "VARCHAR"}
    cautions = Cautions.of(inputs.cautions)
    stage_rows(engine, "indicators", kinds, [_indicator(one, cautions) for one in inputs.indicators])
    starts = [row.exposed_at for row in inputs.exposed if row.exposed_at is not None] if inputs.exposed else []
    opening = max([min(starts)] if starts else [], default=since)
    opening = max(opening, since) if opening and since else opening or since
    stage_rows(engine, "opening", {"exposed_from": "TIMESTAMP"}, [(opening,)])
    columns = dict.fromkeys(("session_gap_minutes", "shared_principals", "clock_seconds", "rule_detections"), "BIGINT")
    limits: list[tuple[object, ...]] = [tuple(getattr(LIMITS, name) for name in columns)]
    stage_rows(engine, "limits", columns, limits)


def _exposed(row: Exposed) -> tuple[object, ...]:
    given = asdict(row)
    found = given.pop("found_in") or (None, None, None)
    return (*given.values(), *found)


def _indicator(one: Indicator, cautions: Cautions) -> tuple[object, ...]:
    low, high = bounds(one) if one.kind in {IndicatorKind.CIDR, IndicatorKind.RANGE} else (None, None)
    caution = caution_about(one, cautions) or None
    return (str(one.kind), one.value, low, high, naive(one.valid_from), naive(one.valid_until), caution)


def stage_catalogue(engine: duckdb.DuckDBPyConnection, specs: Iterable[Spec]) -> None:
    """Make the tables of what the sources and rules say."""
    known = tuple(specs)
    rows: list[tuple[object, ...]] = [
        (f"{spec.name}/{number}", rule.effect, rule.proves, list(rule.kinds), rule.says)
        for spec in known
        for number, rule in enumerate(spec.rotation)
    ]
    columns = {"rule": "VARCHAR", "effect": "VARCHAR", "proves": "BOOLEAN", "kinds": "VARCHAR[]", "says": "VARCHAR"}
    stage_rows(engine, "rotation_rules", columns, rows)
    rules: list[tuple[object, ...]] = [(rule.name, rule.technique, rule.says) for rule in RULES]
    for table in declared(known):
        stage_rows(engine, table.name, table.columns, table.rows)
    stage_rows(engine, "spread_rules", {"name": "VARCHAR", "technique": "VARCHAR", "says": "VARCHAR"}, rules)


def stage_custody(engine: duckdb.DuckDBPyConnection, journal: Journal) -> None:
    """Make `members`, `tallies` and `refused` from the custody journal."""
    labels = {held.sha256: held.label for held in journal.evidence()}
    members: list[tuple[object, ...]] = [
        (one.uid, labels[one.sha256] + (f"!{one.name}" if one.name else "")) for one in journal.members()
    ]
    times = {held.sha256: moment(held.taken_at) for held in journal.evidence()}
    taken: list[tuple[object, ...]] = [(one.uid, times[one.sha256]) for one in journal.members()]
    stage_rows(engine, "taken", {"uid": "VARCHAR", "taken_at": "TIMESTAMP"}, taken)
    stage_rows(engine, "members", {"uid": "VARCHAR", "label": "VARCHAR"}, members)
    counted = {"member_uid": "VARCHAR", "source": "VARCHAR", "stored": "BIGINT"}
    stage_rows(engine, "tallies", counted, [tuple(row) for row in journal.tallies()])
    placed = {"member_uid": "VARCHAR", "offset": "BIGINT", "length": "BIGINT", "reason": "VARCHAR", "source": "VARCHAR"}
    stage_rows(engine, "refused", placed, [tuple(row) for row in journal.rejects()])


def _write(engine: duckdb.DuckDBPyConnection, folder: Path, name: str) -> str:
    """Write a table in its total order and return the hash of its rows."""
    order = ", ".join(quoted(column) for column in contracts()[name].key)
    draft = folder / f"{name}.draft"
    engine.execute(
        f"COPY (SELECT * FROM {quoted(name)} ORDER BY {order}) TO {literal(str(draft))} "
        "(FORMAT parquet, COMPRESSION zstd)"
    )
    draft.replace(folder / f"{name}.parquet")
    found = engine.execute(f"SELECT bit_xor(hash(t)) FROM {quoted(name)} AS t").fetchone()
    return str(found[0] if found else None)


def moment(text: str) -> datetime | None:
    """A time that the user wrote, as UTC without a zone; None when it is none."""
    try:
        return naive(datetime.fromisoformat(text))
    except ValueError:
        return None
