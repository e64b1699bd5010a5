"""Verify a sealed case: every byte, the signature, what was disclosed, and every table anew from the raw evidence."""

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import duckdb
import msgspec

from cloison import __version__
from cloison.errors import InputError
from cloison.lake.engine import open_engine
from cloison.lake.seal import envelope, hiding, integrity, rows
from cloison.lake.seal.comparing import Difference
from cloison.lake.seal.hiding import Cell, Hidden
from cloison.lake.seal.integrity import Checked
from cloison.lake.seal.members import TABLE
from cloison.lake.seal.reading import Damage
from cloison.model.inert import inert
from cloison.model.wording import many
from cloison.service.progress import Progress
from cloison.service.reproving import Reproved, reprove
from cloison.service.sealing import DESCRIBED, FORMAT, Described, queries

WRONG, UNPROVEN = 10, 11
"""The exit codes: something is not as it was sealed; or nothing is, but not all that was asked could be proven."""
_TOLD = 20


@dataclass(frozen=True)
class Verified:
    """What of a sealed case holds.

    Attributes:
        file: the sealed file.
        damage: each place that is not as it was sealed.
        key_id: the key that signed; "" where the signature does not hold.
        trusted: whether that is the key that was asked for; None where none was.
        root, sealed_at, made_by: what was signed.
        members, rows: how many files and rows of tables are sealed.
        hidden: of each table with hidden cells, how many.
        disclosed: how many cells were disclosed, and those that are not what was committed to.
        notes: what differs between what sealed and what verifies, so that a difference is not taken for a lie.
        reproved: the tables made anew; None where no evidence was asked for.
    """

    file: str
    damage: tuple[Damage, ...]
    key_id: str
    trusted: bool | None
    root: str
    sealed_at: str
    made_by: str
    members: int
    rows: int
    hidden: dict[str, Hidden]
    disclosed: int
    not_committed: tuple[Cell, ...]
    notes: tuple[str, ...]
    reproved: Reproved | None

    @property
    def exit_code(self) -> int:
        """0 where all that was asked for is proven, 10 where something is not as sealed, 11 where some is unknown."""
        different = self.reproved is not None and self.reproved.differs
        if self.damage or not self.key_id or self.trusted is False or self.not_committed or different:
            return WRONG
        return UNPROVEN if self.reproved is not None and not self.reproved.whole else 0

    def as_json(self) -> dict[str, object]:
        """The answer as JSON holds it."""
        told = asdict(self) | {"hidden": msgspec.to_builtins(self.hidden)}
        told["not_committed"] = [{"table": c.table, "row": c.row, "column": c.column} for c in self.not_committed]
        return told | {"answer": self.answer()}

    def as_lines(self) -> Iterator[str]:
        """The answer for a person, line by line."""
        yield from _told_damage(self.damage)
        if self.root:
            yield f"root {self.root}, sealed at {self.sealed_at} by {self.made_by}"
        yield _told_key(self)
        for table, one in sorted(self.hidden.items()):
            yield f"{table}: {one.told()}"
        if self.disclosed:
            held = self.disclosed - len(self.not_committed)
            yield f"{held:,} of {self.disclosed:,} disclosed cells are what was sealed"
        for cell in self.not_committed[:_TOLD]:
            yield f"NOT what was sealed: {cell.table} row {cell.row} column {cell.column}"
        yield from self.notes
        if self.reproved is not None:
            yield from _told_reproved(self.reproved)
        yield self.answer()

    def answer(self) -> str:
        """The one sentence."""
        held = f"{many(self.members, 'member')}, {many(self.rows, 'row')}"
        if self.damage or not self.key_id:
            return f"NOT as it was sealed: {many(len(self.damage), 'place')}"
        if self.trusted is False:
            return "as it was sealed, but NOT by the key that you trust"
        if self.not_committed:
            return f"as it was sealed ({held}), but what was disclosed is NOT what is hidden"
        if self.reproved is None:
            return f"as it was sealed: {held}. Nothing was made again: give the raw evidence with --evidence"
        return f"as it was sealed: {held}. {self.reproved.answer()}"


def _told_damage(damage: Sequence[Damage]) -> Iterator[str]:
    for one in damage[:_TOLD]:
        row = f" row {one.row}" if one.row is not None else ""
        also = f", or bytes {one.also[0]} to {one.also[1] - 1}" if one.also else ""
        where = f"bytes {one.start} to {one.end - 1} of the file{also}" if one.end > one.start else "not in the file"
        yield f"{inert(one.member) or 'the file'}{row}: {inert(one.what)} ({where})"
    if len(damage) > _TOLD:
        yield f"and {len(damage) - _TOLD:,} more places"


def _told_key(found: Verified) -> str:
    if not found.key_id:
        return "the signature does NOT hold"
    if found.trusted is None:
        return f"signed by the key {found.key_id}: whose it is, nothing here says; name the one you trust with --trust"
    return f"signed by the key {found.key_id}, {'which you trust' if found.trusted else 'NOT the one that you trust'}"


def _told_reproved(found: Reproved) -> Iterator[str]:
    yield f"evidence: {found.found:,} of {many(found.evidence, 'file')} found by their hash"
    yield from (f"evidence {inert(one)}" for one in found.missing[:_TOLD])
    if len(found.missing) > _TOLD:
        yield f"and {len(found.missing) - _TOLD:,} more"
    for one in found.differences[:_TOLD]:
        yield _told_difference(one)
    if found.count > _TOLD:
        yield f"and {found.count - min(_TOLD, len(found.differences)):,} more differences"
    if found.unknown:
        yield f"not made again: {found.unknown}"


def _told_difference(one: Difference) -> str:
    key = ", ".join(f"{name}={inert(value or '')}" for name, value in one.key.items())
    if not one.column:
        gone = "is sealed and does not come out" if one.found is None else "comes out and is not sealed"
        return f"{one.table} [{key}]: a row {gone}" if one.key else f"{one.table}: has other columns: {one.found}"
    return f"{one.table} [{key}] {one.column}: sealed {_value(one.sealed)}, comes out {_value(one.found)}"


def _value(text: str | None) -> str:
    return "nothing" if text is None else f"{inert(text)[:200]!r}"


def verify(
    path: Path,
    *,
    evidence: Sequence[Path],
    trusted: str,
    disclosed: Sequence[Cell],
    memory: str,
    progress: Progress,
) -> Verified:
    """Verify a sealed case.

    Args:
        path: the sealed file; nothing of it is believed before it is checked, and none of it is run.
        evidence: where raw evidence may lie; with none, and none sealed in, nothing is made again.
        trusted: the id of the key that must have signed, or "".
        disclosed: cells that were hidden and are said to be these.
        memory: the engine's limit where tables are made anew.
        progress: told what is going on.

    Raises:
        InputError: the file is no sealed case at all.
        EvidenceError: a folder of evidence cannot be read.
    """
    _readable(path)
    with tempfile.TemporaryDirectory(prefix="cloison-verify-") as name:
        folder = Path(name)
        engine = open_engine(spill=folder / "spill")
        try:
            checked = integrity.check(path, engine, folder)
            if checked is None:
                raise InputError("no sealed case", where=str(path), remedy="name the file that `cloison seal` wrote")
            return _judged(path, checked, engine, folder, evidence, trusted, disclosed, memory, progress)
        finally:
            engine.close()


def _readable(path: Path) -> None:
    try:
        path.open("rb").close()
    except OSError as fault:
        raise InputError(
            f"cannot be read: {fault.strerror}", where=str(path), remedy="name the file that `cloison seal` wrote"
        ) from fault


def _judged(
    path: Path,
    checked: Checked,
    engine: duckdb.DuckDBPyConnection,
    folder: Path,
    evidence: Sequence[Path],
    trusted: str,
    disclosed: Sequence[Cell],
    memory: str,
    progress: Progress,
) -> Verified:
    below = folder / "sealed"
    plain = {name: one for name, one in checked.sound.items() if not name.startswith("evidence/")}
    integrity.take_out(path, plain, below)
    described = _described(below)
    tables = [one.name for one in checked.lines if one.kind == "table" and one.name + TABLE in plain]
    hidden = {name: found for name in tables if (found := hiding.counted(engine, _relation(below, name)))}
    damage = [*checked.damage, *_uncounted(checked, described, hidden)]
    key = envelope.key_id(checked.key) if checked.signed and checked.key is not None else ""
    false = tuple(_not_committed(engine, below, tables, disclosed))
    known = set(false)
    true = [one for one in disclosed if one not in known]
    reproved = None
    if described is not None and (evidence or described.evidence_inside) and not damage and key:
        reproved = reprove(path, below, checked, evidence, true, memory, progress)
    sealed = checked.opened.sealed if checked.opened is not None else None
    return Verified(
        file=str(path),
        damage=tuple(damage),
        key_id=key,
        trusted=None if not trusted else key == trusted,
        root=sealed.root if sealed is not None and key else "",
        sealed_at=sealed.sealed_at if sealed is not None and key else "",
        made_by=f"cloison {sealed.cloison} and DuckDB {sealed.duckdb}" if sealed is not None and key else "",
        members=len(checked.sound),
        rows=sum(one.number for one in checked.lines if one.kind == "table"),
        hidden=hidden,
        disclosed=len(disclosed),
        not_committed=false,
        notes=tuple(_notes(below, described)) if not damage else (),
        reproved=reproved,
    )


def _relation(below: Path, table: str) -> str:
    return rows.read(below / f"{table}{TABLE}")


def _described(below: Path) -> Described | None:
    """What the seal says of itself; a newer format is refused."""
    try:
        described = msgspec.json.decode((below / DESCRIBED).read_bytes(), type=Described)
    except (OSError, msgspec.MsgspecError):
        return None
    if described.format > FORMAT:
        raise InputError(
            f"sealed by a newer version (format {described.format}, this one knows {FORMAT})",
            where=DESCRIBED,
            remedy="install that version of cloison",
        )
    return described


def _uncounted(checked: Checked, described: Described | None, hidden: dict[str, Hidden]) -> Iterator[Damage]:
    """What the seal says of itself that its tables do not bear out."""
    if checked.damage:
        return
    if described is None:
        yield Damage(DESCRIBED, 0, 0, "is missing or says not what a seal says")
        return
    for table in sorted(set(described.hidden) | set(hidden)):
        if described.hidden.get(table) != hidden.get(table):
            yield Damage(table + TABLE, 0, 0, "hides not as many cells as the seal says")


def _not_committed(
    engine: duckdb.DuckDBPyConnection, below: Path, tables: Sequence[str], disclosed: Sequence[Cell]
) -> Iterator[Cell]:
    """The disclosed cells that are not what the seal commits to."""
    for table in sorted({one.table for one in disclosed}):
        told = [one for one in disclosed if one.table == table]
        committed: dict[int, dict[str, str]] = {}
        if table in tables and hiding.hides(rows.columns_of(engine, _relation(below, table))):
            listed = engine.execute(
                f"SELECT row_number() OVER () - 1 AS n, {hiding.HIDDEN} FROM {_relation(below, table)} "
                f"QUALIFY {hiding.HIDDEN} IS NOT NULL"
            ).fetchall()
            committed = {number: hiding.commitments(cells) for number, cells in listed}
        for one in told:
            if committed.get(one.row, {}).get(one.column) != _commitment(one):
                yield one


def _commitment(one: Cell) -> str:
    try:
        return hiding.commitment(one.value, bytes.fromhex(one.salt))
    except ValueError:
        return ""


def _notes(below: Path, described: Described | None) -> Iterator[str]:
    """In what this cloison is not the one that sealed."""
    if described is None:
        return
    for what, theirs, ours in (
        ("cloison", described.cloison, __version__),
        ("DuckDB", described.duckdb, duckdb.__version__),
    ):
        if theirs != ours:
            yield f"note: sealed with {what} {theirs}, verified with {ours}"
    other = [name for name, text in queries().items() if _text(below / f"sql/{name}.sql") != text]
    if other:
        yield f"note: other SQL here than in the seal: {', '.join(other)}"


def _text(path: Path) -> str | None:
    try:
        return path.read_bytes().decode()
    except (OSError, UnicodeDecodeError):
        return None
