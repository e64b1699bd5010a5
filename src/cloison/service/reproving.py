"""Make every table of a sealed case again, from the raw evidence found by its hash, and say row by row what differs."""

import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import msgspec

from cloison.errors import CloisonError
from cloison.evidence.custody import files_below, sha256_of
from cloison.evidence.journal import Held
from cloison.lake.engine import open_engine
from cloison.lake.seal import hiding, integrity, rows
from cloison.lake.seal.comparing import Difference, compare
from cloison.lake.seal.hiding import HIDDEN, Cell
from cloison.lake.seal.integrity import Checked
from cloison.lake.seal.members import TABLE
from cloison.model.wording import many
from cloison.service.case import Case, CaseFile, make_case
from cloison.service.inputs_kept import give_again
from cloison.service.investigate import investigate
from cloison.service.plan import LATER, SEALED
from cloison.service.progress import Progress
from cloison.service.rule_files import Text
from cloison.service.sealed_inputs import KINDS, given_of
from cloison.service.sealed_tables import EVIDENCE, RULE_TEXTS, WINDOW, keys
from cloison.service.sealing import OWN, SHIPPED_BELOW
from cloison.sources.catalogue import Catalogue, load
from cloison.sources.paths import literal, quoted

_FAULTS = (duckdb.Error, msgspec.MsgspecError, KeyError, TypeError, ValueError)
"""What a seal that is whole and holds something else than a case leads to: anyone can sign anything."""
_UNREAD = {"origin", "taken_by"}
"""Of what is told of evidence, what no table is made from."""


@dataclass(frozen=True)
class Reproved:
    """What came of it.

    Attributes:
        evidence, found: how many files of evidence are sealed by their hash, and how many were found.
        missing: those that were not, each with what was found in their place.
        tables: the tables that were made again and compared.
        differences, count: in what they differ: the first ones, and how many in all.
        unknown: why tables were not made again; "" where they were.
    """

    evidence: int
    found: int
    missing: tuple[str, ...]
    tables: tuple[str, ...]
    differences: tuple[Difference, ...]
    count: int
    unknown: str

    @property
    def differs(self) -> bool:
        """Whether something comes out otherwise than it was sealed."""
        return self.count > 0

    @property
    def whole(self) -> bool:
        """Whether every table was made again."""
        return not self.unknown

    def answer(self) -> str:
        """The one sentence."""
        if self.unknown:
            return "NOT made again: see above for what is missing"
        if self.count:
            told = f"{many(self.count, 'difference')}"
            return f"Made again from the raw evidence, it is NOT the same: {told}"
        return f"All {len(self.tables)} tables, made again from the raw evidence, are the same"


def reprove(
    path: Path,
    sealed: Path,
    checked: Checked,
    evidence: Sequence[Path],
    disclosed: Sequence[Cell],
    memory: str,
    progress: Progress,
) -> Reproved:
    """Make the tables of a sealed case again and compare.

    Args:
        path: the sealed file, which was checked.
        sealed: the folder with its members.
        checked: what was found in it.
        evidence: where raw evidence may lie: any folders, names and order.
        disclosed: hidden cells that are known.
        memory: the engine's limit.
        progress: told what is going on.
    """
    with tempfile.TemporaryDirectory(prefix="cloison-reprove-") as name:
        folder = Path(name)
        inside = {one: place for one, place in checked.sound.items() if one.startswith("evidence/")}
        integrity.take_out(path, inside, folder / "inside")
        engine = open_engine(spill=folder / "spill", memory=memory)
        try:
            tables = _opened(engine, sealed, disclosed)
            held = [_held(row) for row in _dicts(engine, tables[EVIDENCE])]
            places = _found(held, [*evidence, *([folder / "inside"] if inside else [])], progress)
            missing = tuple(_missing(held, places, evidence))
            unknown = _unknown(engine, tables, missing)
            if unknown:
                return Reproved(len(held), len(places), missing, (), (), 0, unknown)
            case = _again(
                folder, sealed, engine, tables, [_at(one, places[one.sha256]) for one in held], memory, progress
            )
            return _compared(engine, case, tables, len(held), len(places))
        except _FAULTS as fault:
            told = str(fault).splitlines()[0][:200] if str(fault) else type(fault).__name__
            return Reproved(0, 0, (), (), (), 0, f"what was sealed is not what a seal holds: {told}")
        finally:
            engine.close()


def _again(
    folder: Path,
    sealed: Path,
    engine: duckdb.DuckDBPyConnection,
    tables: Mapping[str, str],
    held: Sequence[Held],
    memory: str,
    progress: Progress,
) -> Case:
    """The case of what was sealed, investigated; whatever cannot be understood in it is a fault of the seal."""
    try:
        case = _made(folder, engine, tables, held)
        texts = _rules(engine, tables)
        investigate(case, _catalogue(sealed), progress, memory=memory, detecting=bool(texts), rules=texts)
    except CloisonError as fault:
        raise ValueError(str(fault)) from fault
    return case


def _opened(engine: duckdb.DuckDBPyConnection, sealed: Path, disclosed: Sequence[Cell]) -> dict[str, str]:
    """Each sealed table as a relation, with the disclosed cells in their places."""
    found = {}
    for path in sorted(sealed.rglob(f"*{TABLE}")):
        name = path.relative_to(sealed).as_posix().removesuffix(TABLE)
        cells = [one for one in disclosed if one.table == name]
        found[name] = _restored(engine, name, rows.read(path), cells) if cells else rows.read(path)
    return found


def _restored(engine: duckdb.DuckDBPyConnection, name: str, relation: str, cells: Sequence[Cell]) -> str:
    """A table with disclosed cells, which were seen to be what was committed to, back in their places."""
    kinds = rows.columns_of(engine, relation)
    table = quoted(f"restored {name}")
    engine.execute(
        f"CREATE OR REPLACE TEMP TABLE {table} AS SELECT row_number() OVER () - 1 AS _row, * FROM {relation}"
    )
    for column in sorted({one.column for one in cells} & set(kinds)):
        told = [(one.row, one.value) for one in cells if one.column == column]
        engine.execute("CREATE OR REPLACE TEMP TABLE told (row BIGINT, value VARCHAR)")
        engine.executemany("INSERT INTO told VALUES (?, ?)", told)
        engine.execute(
            f"""UPDATE {table} SET {quoted(column)} = from_json(told.value, {literal(f'"{kinds[column]}"')}),
            {HIDDEN} = list_filter({HIDDEN}, lambda x: NOT starts_with(x, {literal(f"{column}=")}))
            FROM told WHERE told.row = _row"""
        )
    return f"(SELECT * EXCLUDE (_row) FROM {table} ORDER BY _row)"


def _dicts(engine: duckdb.DuckDBPyConnection, relation: str) -> Iterator[dict[str, object]]:
    found = engine.execute(f"SELECT * FROM {relation}")
    names = [column[0] for column in found.description or ()]
    for row in found.fetchall():
        yield dict(zip(names, row, strict=True))


def _held(row: Mapping[str, object]) -> Held:
    told = {name: value or "" for name, value in row.items() if name != HIDDEN}
    return msgspec.convert(told | {"kept": "", "size": row["size"] or 0}, type=Held)


def _at(one: Held, path: Path) -> Held:
    return Held(**{**{name: getattr(one, name) for name in one.__dataclass_fields__}, "kept": str(path.resolve())})


def _found(held: Sequence[Held], folders: Sequence[Path], progress: Progress) -> dict[str, Path]:
    """Where each evidence lies, by its hash; only files of a size that is looked for are read."""
    sizes = {one.size for one in held}
    sought = {one.sha256 for one in held}
    candidates = [path for path, _ in files_below(folders) if path.stat().st_size in sizes]
    progress.begin("looking for the evidence", sum(path.stat().st_size for path in candidates))
    places: dict[str, Path] = {}
    for path in candidates:
        progress.advance(path.stat().st_size)
        sha256 = sha256_of(path)
        if sha256 in sought:
            places.setdefault(sha256, path)
    return places


def _missing(held: Sequence[Held], places: Mapping[str, Path], folders: Sequence[Path]) -> Iterator[str]:
    """What was not found; where a file of its name has another content, that is said: it was changed, or is another."""
    absent = [one for one in held if one.sha256 not in places]
    if not absent:
        return
    used = {path.resolve() for path in places.values()}
    named: dict[str, list[Path]] = {}
    for path, _ in files_below(folders):
        if path.resolve() not in used:
            named.setdefault(path.name, []).append(path)
    for one in absent:
        alike = named.get(Path(one.label).name, []) + named.get(one.sha256, [])
        told = f"{one.label} (sha256 {one.sha256}, {one.size} bytes) was not found"
        if alike:
            told += f": {alike[0]} has its name and other bytes (sha256 {sha256_of(alike[0])})"
        yield told


def _unknown(engine: duckdb.DuckDBPyConnection, tables: Mapping[str, str], missing: Sequence[str]) -> str:
    """Why the tables cannot be made again; "" where they can."""
    if missing:
        was = "was" if len(missing) == 1 else "were"
        return (
            f"{many(len(missing), 'file')} of evidence {was} not found; a table is made from all of it, or not at all"
        )
    hidden = 0
    for name in (EVIDENCE, WINDOW, RULE_TEXTS, *(f"given/{one}" for one in KINDS)):
        if hiding.hides(rows.columns_of(engine, tables[name])):
            listed = engine.execute(f"SELECT {HIDDEN} FROM {tables[name]} WHERE {HIDDEN} IS NOT NULL").fetchall()
            closed = [column for (cells,) in listed for column in hiding.commitments(cells)]
            hidden += sum(1 for column in closed if name != EVIDENCE or column not in _UNREAD)
    return (
        f"{hidden:,} hidden cells are among what the tables are made from: give them with --disclosed" if hidden else ""
    )


def _rules(engine: duckdb.DuckDBPyConnection, tables: Mapping[str, str]) -> list[Text]:
    """The rules that were run, as they were sealed; none where none were."""
    told = engine.execute(f"SELECT origin, text FROM {tables[RULE_TEXTS]}").fetchall() if RULE_TEXTS in tables else []
    return [(str(origin), str(text)) for origin, text in told]


def _catalogue(sealed: Path) -> Catalogue:
    """The sources as they were sealed: data, checked as a stranger's are."""
    below = (sealed / SHIPPED_BELOW, sealed / OWN)
    return load([folder for folder in below if folder.is_dir()])


def _made(folder: Path, engine: duckdb.DuckDBPyConnection, tables: Mapping[str, str], held: Iterable[Held]) -> Case:
    """A case of what was sealed: the same evidence under its labels and times, the same inputs and window."""
    case = make_case(folder / "case", written_by="verify")
    [window] = _dicts(engine, tables[WINDOW])
    since, until = (one.isoformat() if (one := window[name]) is not None else "" for name in ("since", "until"))  # type: ignore[attr-defined]
    case.write(CaseFile(since=since, until=until, zone=str(window["zone"]), inputs={}))
    columns = {
        name: [column for column in rows.columns_of(engine, tables[f"given/{name}"]) if column != HIDDEN]
        for name in KINDS
    }
    given = {
        name: engine.execute(
            f"SELECT {', '.join(map(quoted, columns[name]))} FROM {tables[f'given/{name}']}"
        ).fetchall()
        for name in KINDS
    }
    give_again(case, given_of(given))
    journal = case.journal()
    try:
        journal.record(held, [], [], [], [])
    finally:
        journal.close()
    return case


def _compared(
    engine: duckdb.DuckDBPyConnection, case: Case, tables: Mapping[str, str], evidence: int, found: int
) -> Reproved:
    later = [name for name in LATER if f"results/{name}" in tables]
    key = keys((*SEALED, *later))
    names = list(key)
    differences: list[Difference] = []
    count = 0
    for name in names:
        ours = rows.read(case.results / f"{name.removeprefix('results/')}.parquet")
        if name not in tables:
            differences.append(Difference(name, {}, "", None, "a table that was not sealed"))
            count += 1
            continue
        compared = compare(engine, name, tables[name], ours, key[name])
        differences += compared.differences
        count += compared.count
    return Reproved(evidence, found, (), tuple(names), tuple(differences), count, "")
