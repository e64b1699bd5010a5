"""What is a case on disk, and may this version use it?"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec

from cloison.errors import CaseError
from cloison.evidence.journal import Journal

FORMAT = 1
INPUTS = ("indicators", "exposed", "networks", "totals")


class CaseFile(msgspec.Struct, frozen=True):
    """`case.toml`: the question that the case asks. Inputs are pinned by the sha256 of their kept copies."""

    format: int = FORMAT
    written_by: str = ""
    since: str = ""
    until: str = ""
    zone: str = "UTC"
    inputs: dict[str, list[dict[str, str]]] = {}


@dataclass(frozen=True)
class Case:
    """The folders of a case."""

    folder: Path

    @property
    def file(self) -> Path:
        """The case's own description."""
        return self.folder / "case.toml"

    @property
    def evidence(self) -> Path:
        """Raw objects in custody, by hash."""
        return self.folder / "evidence"

    @property
    def inputs(self) -> Path:
        """What the user gave beside the evidence, by hash."""
        return self.folder / "inputs"

    @property
    def lake(self) -> Path:
        """Event rows in Parquet; can be rebuilt."""
        return self.folder / "lake"

    @property
    def results(self) -> Path:
        """Tables that answer; can be rebuilt."""
        return self.folder / "results"

    @property
    def report(self) -> Path:
        """What is told."""
        return self.folder / "report"

    def journal(self) -> Journal:
        """The custody journal."""
        return Journal(self.folder / "journal.sqlite")

    def read(self) -> CaseFile:
        """The case's description.

        Raises:
            CaseError: not a case, damaged, or written by a newer version.
        """
        try:
            described = msgspec.toml.decode(self.file.read_bytes(), type=CaseFile)
        except FileNotFoundError as fault:
            raise CaseError(
                "no case here", where=str(self.folder), remedy="`cloison take` or `investigate` makes one"
            ) from fault
        except (msgspec.DecodeError, UnicodeDecodeError) as fault:
            raise CaseError(f"the case's description cannot be read: {fault}", where=str(self.file)) from fault
        if described.format > FORMAT:
            raise CaseError(
                f"this case was written by a newer version (format {described.format}, this one knows {FORMAT})",
                where=str(self.file),
                remedy="install that version of cloison",
            )
        return described

    def write(self, described: CaseFile) -> None:
        """Replace the case's description, whole or not at all."""
        draft = self.file.with_suffix(".draft")
        draft.write_bytes(msgspec.toml.encode(described))
        draft.replace(self.file)


def open_case(folder: Path) -> Case:
    """An existing case.

    Raises:
        CaseError: there is none, or this version cannot read it.
    """
    case = Case(folder)
    case.read()
    return case


def make_case(folder: Path, *, written_by: str) -> Case:
    """An existing case, or a new one in an empty or absent folder.

    Raises:
        CaseError: the folder holds something else, or a case that this version cannot read.
    """
    case = Case(folder)
    if case.file.exists():
        case.read()
        return case
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CaseError(
            "not a case and not an empty folder", where=str(folder), remedy="name a new folder for the case"
        )
    for part in (case.evidence, case.inputs, case.lake, case.results, case.report):
        part.mkdir(parents=True, exist_ok=True)
    case.write(CaseFile(written_by=written_by))
    return case


@contextmanager
def locked(case: Case) -> Iterator[None]:
    """Hold the case for writing; another writer is refused, a killed one leaves no lock behind.

    Raises:
        CaseError: another process is writing.
    """
    descriptor = os.open(case.folder / ".lock", os.O_CREAT | os.O_RDWR)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as fault:
        os.close(descriptor)
        raise CaseError(
            "another cloison is writing to this case", where=str(case.folder), remedy="wait for it"
        ) from fault
    try:
        yield
    finally:
        os.close(descriptor)
