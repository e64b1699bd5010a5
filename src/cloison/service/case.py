"""What is a case on disk, and may this version use it?"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import msgspec
import tomli_w

from cloison.errors import CaseError
from cloison.evidence.journal import Journal
from cloison.evidence.logbook import Logbook

FORMAT = 1
MEMORY = "4GB"
"""The engine's memory limit, unless another is asked for."""
JOURNAL = "journal.sqlite"
LOGBOOK = "logbook.sqlite"
_INTERRUPTED = "Query interrupted"
"""What the engine says in place of a KeyboardInterrupt."""
INPUTS = ("indicators", "exposed", "networks", "totals")


class CaseFile(msgspec.Struct, frozen=True):
    """`case.toml`: the question that the case asks. Inputs are pinned by the sha256 of their kept copies."""

    format: int = FORMAT
    written_by: str = ""
    since: str = ""
    until: str = ""
    zone: str = "UTC"
    inputs: dict[str, list[dict[str, str]]] = {}


class _Stamp(msgspec.Struct, frozen=True):
    """What any version's `case.toml` begins with."""

    format: int = FORMAT


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
    def folders(self) -> tuple[Path, ...]:
        """Every folder of a case."""
        return (self.evidence, self.inputs, self.lake, self.results, self.report)

    @property
    def report(self) -> Path:
        """What is told."""
        return self.folder / "report"

    def journal(self) -> Journal:
        """The custody journal."""
        return Journal(self.folder / JOURNAL)

    def logbook(self) -> Logbook:
        """What people wrote into the case."""
        return self._logbook

    @cached_property
    def _logbook(self) -> Logbook:
        return Logbook(self.folder / LOGBOOK)  # one for all who read, for it keeps what it checked

    def read(self) -> CaseFile:
        """The case's description.

        Raises:
            CaseError: not a case, damaged, or written by a newer version.
        """
        try:
            data = self.file.read_bytes()
            self._refuse_newer(msgspec.toml.decode(data, type=_Stamp).format)
            return msgspec.toml.decode(data, type=CaseFile)
        except (FileNotFoundError, NotADirectoryError) as fault:
            raise CaseError(
                "no case here", where=str(self.folder), remedy="`cloison take` or `investigate` makes one"
            ) from fault
        except (msgspec.DecodeError, UnicodeDecodeError, OSError) as fault:
            raise CaseError(
                f"the case's description cannot be read: {fault}",
                where=str(self.file),
                remedy="put it back from a copy, or take `evidence/`, which holds the raw files, into a new case",
            ) from fault

    def _refuse_newer(self, number: int) -> None:
        if number > FORMAT:
            raise CaseError(
                f"this case was written by a newer version (format {number}, this one knows {FORMAT})",
                where=str(self.file),
                remedy="install that version of cloison",
            )

    def write(self, described: CaseFile) -> None:
        """Replace the case's description, whole or not at all."""
        draft = self.file.with_suffix(".draft")
        with draft.open("wb") as file:
            file.write(tomli_w.dumps(msgspec.to_builtins(described)).encode())
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self.file)


def is_case(folder: Path) -> bool:
    """Whether a case is there, whole or not."""
    return Case(folder).file.is_file() and (folder / JOURNAL).is_file()


def open_case(folder: Path) -> Case:
    """An existing case.

    Raises:
        CaseError: there is none, or this version cannot read it.
    """
    case = Case(folder)
    case.read()
    if not (folder / JOURNAL).is_file():
        raise CaseError(
            "the custody journal is gone",
            where=str(folder / JOURNAL),
            remedy="put it back from a copy, or take `evidence/`, which holds the raw files, into a new case",
        )
    return case


def make_case(folder: Path, *, written_by: str) -> Case:
    """An existing case, or a new one in an empty or absent folder.

    Raises:
        CaseError: the folder holds something else, or a case that this version cannot read.
    """
    case = Case(folder)
    try:
        if case.file.exists():
            return open_case(folder)
        if folder.exists() and not _unfinished(folder, {part.name for part in case.folders}):
            raise CaseError(
                "not a case and not an empty folder", where=str(folder), remedy="name a new folder for the case"
            )
        for part in case.folders:
            part.mkdir(parents=True, exist_ok=True)
        case.journal().close()
        case.write(CaseFile(written_by=written_by))
    except OSError as fault:
        raise CaseError(
            f"the case cannot be made: {fault.strerror}", where=str(folder), remedy="name a folder that can be written"
        ) from fault
    return case


def _unfinished(folder: Path, parts: set[str]) -> bool:
    """Whether a folder is empty, or holds no more than a case that was cut off while it was made."""
    if not folder.is_dir():
        return False
    here = list(folder.iterdir())
    made = [path for path in here if path.name.startswith(JOURNAL) or path.name == "case.draft"]
    empty = [path for path in here if path.name in parts and path.is_dir() and not any(path.iterdir())]
    return len(made) + len(empty) == len(here)


@contextmanager
def locked(case: Case) -> Iterator[None]:
    """Hold the case for writing; another writer is refused, a killed one leaves no lock behind.

    Raises:
        CaseError: another process is writing.
    """
    try:
        for part in case.folders:  # of which any that can be rebuilt may have been deleted
            part.mkdir(exist_ok=True)
        descriptor = os.open(case.folder / ".lock", os.O_CREAT | os.O_RDWR)
    except OSError as fault:
        raise CaseError(
            f"the case cannot be written: {fault.strerror}", where=str(case.folder), remedy="take a copy of it first"
        ) from fault
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as fault:
        os.close(descriptor)
        raise CaseError(
            "another cloison is writing to this case", where=str(case.folder), remedy="wait for it"
        ) from fault
    try:
        yield
    except RuntimeError as fault:
        if str(fault) != _INTERRUPTED:
            raise
        raise KeyboardInterrupt from fault
    finally:
        os.close(descriptor)
