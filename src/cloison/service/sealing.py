"""Seal a case: everything that its answers rest on in one file, with a hash over all of it, signed."""

import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

import duckdb
import msgspec

from cloison import __version__
from cloison.errors import CaseError, EvidenceError, InputError
from cloison.evidence.journal import Held, Journal
from cloison.lake.engine import open_engine
from cloison.lake.seal import alone, container, envelope, hiding, manifest, merkle, rows
from cloison.lake.seal.envelope import Sealed
from cloison.lake.seal.hiding import Cell, Hidden, Rules
from cloison.lake.seal.manifest import Line
from cloison.lake.seal.members import BLOCKS, ENVELOPE, KEY, LEAVES, MANIFEST, TABLE, Measured, measured
from cloison.model.limits import LIMITS
from cloison.scope.acts import ACTS, FLOWS, TEXTS
from cloison.scope.spread import RULES, rule_texts
from cloison.service.case import Case, locked
from cloison.service.keys import Signer
from cloison.service.plan import ANALYSES, made_by, steps_to
from cloison.service.progress import Progress
from cloison.service.sealed_tables import keys, results_of, stage
from cloison.service.secrets_kept import Secrets
from cloison.service.take import kept_path
from cloison.service.writing import whole_logbook
from cloison.sources.catalogue import SHIPPED, Catalogue
from cloison.sources.spec import Spec

FORMAT = 1
_TELLING = 4_096
"""After so many rows of a table it is told that the work goes on."""
DESCRIBED = "case.json"
OWN, SHIPPED_BELOW = "sources/own", "sources/shipped"
_README = """This is a sealed case of cloison: what it answers, what it was made from, and a signature over all of it.

  python3 verify.py THE-FILE [KEY.pem]     every member, the tree and the signature, without cloison
  cloison verify THE-FILE                  the same and every row, and names what was changed
  cloison verify THE-FILE --evidence DIR   makes every table again from the raw evidence and compares

With sha256sum, openssl and DuckDB alone: see docs/verify.md of cloison.
"""


class Described(msgspec.Struct, frozen=True):
    """`case.json` in a seal: what made it, by which rules and limits, in which order, and how much of it is hidden."""

    cloison: str
    duckdb: str
    catalogue: str
    limits: dict[str, int]
    order: list[str]
    keys: dict[str, list[str]]
    evidence_inside: bool
    format: int = FORMAT
    hidden: dict[str, Hidden] = {}


@dataclass(frozen=True)
class SealedCase:
    """A seal that was written: its file, root, key and size, what is hidden, and which evidence is gone."""

    file: str
    root: str
    key_id: str
    key_kept: str
    key_made: bool
    sealed_at: str
    bytes: int
    members: int
    rows: int
    evidence: int
    gone: tuple[str, ...]
    hidden: Mapping[str, Hidden] = field(default_factory=dict)
    secrets: str = ""


@dataclass(frozen=True)
class _Draft:
    """The members so far: bytes, or files that hold them; and the lines of the tables."""

    folder: Path
    members: dict[str, bytes | Path] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    cells: list[Cell] = field(default_factory=list)
    hidden: dict[str, Hidden] = field(default_factory=dict)


def seal(
    case: Case,
    catalogue: Catalogue,
    out: Path,
    signer: Signer,
    *,
    sealed_at: str,
    rules: Rules | None,
    kept: Secrets | None,
    with_evidence: bool,
    progress: Progress,
    scratch: Path | None = None,
    opened: Callable[[duckdb.DuckDBPyConnection], object] | None = None,
) -> SealedCase:
    """Seal a case whose answers are up to date.

    Args:
        case: the case.
        catalogue: the sources that it was read with.
        out: the file to write, replaced whole or not at all.
        signer: the key.
        sealed_at: the moment that the signature states, UTC.
        rules: what to hide; None hides nothing.
        kept: where what opens the hidden cells is kept; needed where something is hidden.
        with_evidence: put the raw evidence in.
        progress: told the tables and the bytes that are done, also while a large table is read.
        scratch: the folder for what is not yet in the file; None takes the system's.
        opened: told the engine, by which another thread may interrupt what it does.

    Raises:
        InputError: what the rules hide stands where nothing can be hidden.
        EvidenceError: evidence that is to be put in is gone.
        CaseError: the logbook is broken, or the file cannot be written.
    """
    with locked(case), tempfile.TemporaryDirectory(prefix="cloison-seal-", dir=scratch) as name:
        draft = _Draft(Path(name))
        journal = case.journal()
        try:
            held = journal.evidence()
            _tables(draft, case, journal, rules, kept, progress, opened)
        finally:
            journal.close()
        gone = _evidence(draft, case, held, with_evidence=with_evidence)
        _documents(draft, case, catalogue, signer, rules, with_evidence=with_evidence)
        root = _write(draft, out, signer, sealed_at, progress)
    if kept is not None and draft.cells:
        kept.write(root, draft.cells)
    return SealedCase(
        file=str(out),
        root=root,
        key_id=envelope.key_id(signer.key.public_key()),
        key_kept=signer.kept,
        key_made=signer.made,
        sealed_at=sealed_at,
        bytes=out.stat().st_size,
        members=len(draft.members),
        rows=sum(one.number for one in draft.lines),
        evidence=len(held),
        gone=gone,
        hidden=draft.hidden,
        secrets=str(kept.path) if kept is not None and draft.cells else "",
    )


def _tables(
    draft: _Draft,
    case: Case,
    journal: Journal,
    asked: Rules | None,
    kept: Secrets | None,
    progress: Progress,
    opened: Callable[[duckdb.DuckDBPyConnection], object] | None,
) -> None:
    entries = whole_logbook(case)
    engine = open_engine(spill=draft.folder / "spill")
    if opened is not None:
        opened(engine)
    try:
        staged = stage(engine, case, journal, entries)
        progress.begin("hashing every row", len(staged))
        for name, relation in staged.items():
            found = hiding.hide(engine, name, relation, asked, kept.secret) if asked and kept else None
            _table(draft, engine, name, found[0] if found else f"SELECT * FROM {relation}", progress)
            if found:
                draft.cells.extend(found[1])
                draft.hidden[name] = found[2]
            progress.advance(1)
    finally:
        engine.close()


def _table(draft: _Draft, engine: duckdb.DuckDBPyConnection, name: str, query: str, progress: Progress) -> None:
    """Write a table and the leaves of its rows, and note the root over them."""
    path = draft.folder / f"{name}{TABLE}"
    path.parent.mkdir(exist_ok=True)
    rows.write(engine, query, path)
    leaves: list[bytes] = []
    for leaf in rows.leaves(engine, rows.read(path)):
        if not len(leaves) % _TELLING:
            progress.advance(0)
        leaves.append(leaf)
    draft.members[name + TABLE] = path
    draft.members[name + LEAVES] = b"".join(leaves)
    draft.lines.append(Line("table", merkle.root(leaves).hex(), len(leaves), name))


def _evidence(draft: _Draft, case: Case, held: list[Held], *, with_evidence: bool) -> tuple[str, ...]:
    """Put the raw evidence in where it is asked for; the labels of what is not where it was, or not as large."""
    gone = []
    for one in held:
        try:
            path = kept_path(case, one)
        except EvidenceError:
            if with_evidence:
                raise
            gone.append(one.label)
            continue
        if path.stat().st_size != one.size:
            gone.append(one.label)
        if with_evidence:
            draft.members[f"evidence/{one.sha256[:2]}/{one.sha256}"] = path
    return tuple(gone)


def _documents(
    draft: _Draft, case: Case, catalogue: Catalogue, signer: Signer, asked: Rules | None, *, with_evidence: bool
) -> None:
    results = results_of(case)
    order = [name for one in steps_to(results) for name in made_by(one)]
    described = Described(
        cloison=__version__,
        duckdb=duckdb.__version__,
        catalogue=catalogue.fingerprint,
        limits=asdict(LIMITS),
        order=order,
        keys={name: list(key) for name, key in keys(results).items()},
        evidence_inside=with_evidence,
        hidden=draft.hidden,
    )
    own = own_sources(case, catalogue)
    if asked is not None:
        not_shown(asked, own)
    draft.members[DESCRIBED] = msgspec.json.format(msgspec.json.encode(described, order="sorted")) + b"\n"
    draft.members["README.txt"] = _README.encode()
    draft.members["verify.py"] = Path(alone.__file__).read_bytes()
    draft.members[KEY] = envelope.public_pem(signer.key.public_key())
    draft.members.update({f"sql/{name}.sql": text.encode() for name, text in queries().items()})
    draft.members.update(_sources(SHIPPED, SHIPPED_BELOW, catalogue.specs) | own)


def queries() -> dict[str, str]:
    """Every query that makes the tables, by its name."""
    spread = zip((ACTS.name, FLOWS.name), TEXTS, strict=True)
    rules = ((f"rules/{rule.name}", sql) for rule, sql in zip(RULES, rule_texts(), strict=True))
    return {one.contract.name: one.sql for one in ANALYSES} | dict(spread) | dict(rules)


def own_sources(case: Case, catalogue: Catalogue) -> dict[str, bytes | Path]:
    """The case's own documents in a seal."""
    return _sources(case.folder / "sources", OWN, catalogue.specs)


def _sources(folder: Path, below: str, specs: Mapping[str, Spec]) -> dict[str, bytes | Path]:
    """The files of the sources in a folder; a name that cannot stand in a seal is an error of the source."""
    found: dict[str, bytes | Path] = {}
    for place in sorted(folder.glob("*/source.toml")):
        name = f"{below}/{place.parent.name}/source.toml"
        if place.parent.name in specs and manifest.NAME.fullmatch(name):
            found[name] = place
    return found


def not_shown(asked: Rules, documents: Mapping[str, bytes | Path]) -> None:
    """See that what is hidden stands in none of the case's own documents, in which nothing can be hidden.

    Raises:
        InputError: it does.
    """
    for name, data in documents.items():
        text = hiding.stands_in(asked.texts, data if isinstance(data, bytes) else data.read_bytes())
        if text:
            raise InputError(
                f"what is to be hidden stands in {name}, in which nothing can be hidden",
                where=name,
                remedy="take it out of the source, or leave it out of the rules",
            )


def _write(draft: _Draft, out: Path, signer: Signer, sealed_at: str, progress: Progress) -> str:
    """Measure every member, sign, and write the file; the root."""
    sizes = {name: _measured(data) for name, data in draft.members.items()}
    _as_taken(sizes)
    progress.begin("sealing", sum(one.size for one in sizes.values()))
    lines = [*draft.lines, *(Line("file", one.sha256, one.size, name) for name, one in sizes.items())]
    draft.members[BLOCKS] = b"".join(sizes[name].marks for name in sorted(sizes, key=str.encode))
    sizes[BLOCKS] = _measured(draft.members[BLOCKS])
    lines.append(Line("file", sizes[BLOCKS].sha256, sizes[BLOCKS].size, BLOCKS))
    text = manifest.written(lines)
    root = manifest.root(text).hex()
    sealed = Sealed(root, len(lines), sealed_at, __version__, duckdb.__version__)
    draft.members[MANIFEST], draft.members[ENVELOPE] = text, envelope.signed(text, sealed, signer.key)
    for name in (MANIFEST, ENVELOPE):
        sizes[name] = _measured(draft.members[name])
    entries = container.laid_out((name, one.size, one.crc) for name, one in sizes.items())

    def pieces(name: str) -> Iterator[bytes]:
        for piece in _pieces(draft.members[name]):
            progress.advance(len(piece))
            yield piece

    unfinished = out.with_name(f".{out.name}.draft")
    try:
        with unfinished.open("wb") as file:
            changed = container.write(file, entries, pieces)
        if changed:
            raise EvidenceError(
                "has changed while it was sealed", where=changed, remedy="seal again when nothing writes to it"
            )
        unfinished.replace(out)
    except OSError as fault:
        raise CaseError(
            f"the seal cannot be written: {fault.strerror}", where=str(out), remedy="name a file that can be made"
        ) from fault
    finally:
        unfinished.unlink(missing_ok=True)
    return root


def _as_taken(sizes: Mapping[str, Measured]) -> None:
    """See that evidence that is put in is what its hash says."""
    for name, one in sizes.items():
        sha256 = name.rpartition("/")[2]
        if name.startswith("evidence/") and one.sha256 != sha256:
            raise EvidenceError(
                "evidence has changed since it was taken", where=name, remedy=f"put the file with sha256 {sha256} back"
            )


def _measured(data: bytes | Path) -> Measured:
    return measured(_pieces(data))


def _pieces(data: bytes | Path) -> Iterator[bytes]:
    if isinstance(data, bytes):
        yield data
        return
    with data.open("rb") as file:
        while piece := file.read(container.PIECE):
            yield piece
