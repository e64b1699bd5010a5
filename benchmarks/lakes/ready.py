"""How does a written lake become a case that `cloison investigate` finds in order?

The parts are linked into the case and the journal names them, so nothing is read again. The evidence that the journal
names is a stub for each part: `explain` finds no raw record behind an event of such a lake.
"""

import shutil
from pathlib import Path

import msgspec

from benchmarks.lakes.lake import LIST, Lake, Part
from cloison.evidence.journal import Held, HeldMember
from cloison.service.case import Case, make_case
from cloison.sources.catalogue import shipped

GIVEN = ("indicators", "exposed", "networks", "totals")


def make_ready(folder: Path) -> Case:
    """A new case `folder/case` over the parts of `folder`; one that is there is replaced."""
    shutil.rmtree(folder / "case", ignore_errors=True)
    case = make_case(folder / "case", written_by="benchmarks")
    parts = msgspec.json.decode((folder / LIST).read_bytes(), type=Lake).parts
    for part in parts:
        (case.lake / part.name).hardlink_to(folder / "parts" / part.name)
    journal = case.journal()
    try:
        journal.built_with(shipped().fingerprint)
        journal.record(
            [_held(case, part) for part in parts],
            [HeldMember(_uid(part), part.sha256, "", 0, "", part.rows) for part in parts],
            [(_uid(part), part.source, part.rows) for part in parts],
            [],
            [part.name for part in parts],
        )
    finally:
        journal.close()
    return case


def command(folder: Path) -> list[str]:
    """The words of the command line behind `cloison`."""
    given = [word for name in GIVEN for word in (f"--{name}", str(folder / f"{name}.csv"))]
    return ["investigate", str(folder / "case"), *given]


def _held(case: Case, part: Part) -> Held:
    stub = case.evidence / part.sha256[:2] / part.sha256
    stub.parent.mkdir(parents=True, exist_ok=True)
    size = stub.write_bytes(f"stands for the export behind {part.name}\n".encode())
    label = f"{part.source}/{part.sha256[:8]}.log"
    return Held(
        part.sha256, label, size, label, str(stub.relative_to(case.evidence)), "", "2025-04-12T00:00:00", "benchmarks"
    )


def _uid(part: Part) -> str:
    return f"{part.sha256[:32]}.0"
