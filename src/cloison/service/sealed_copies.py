"""Which sealed copies of a case were made from the console, and how far is the one that is being made?

A copy is a folder `sealed/NUMBER` of the case: the seal, what opens its hidden cells, and what is known of both. It is
made under another name and renamed when all of it is there, so that what a stop or a kill leaves is no copy, and goes
when the next one is made. No name of it comes from a request; the logbook says who made one, took it along, removed it.
"""

import contextlib
import shutil
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import duckdb
import msgspec

from cloison.errors import CaseError, CloisonError, InputError
from cloison.model.wording import many
from cloison.service.case import locked
from cloison.service.desk import Desk, NotReadyError, Told
from cloison.service.investigate import investigate
from cloison.service.keys import signer
from cloison.service.redacting import Hidden, Hide, rules_of
from cloison.service.sealing import SealedCase, not_shown, own_sources, seal
from cloison.service.secrets_kept import secrets_at
from cloison.service.sources_known import catalogue_of
from cloison.service.writing import whole_logbook, written

KIND = "seal"
MOST_COPIES = 20
"""So many copies are kept at the same time."""
MOST_BYTES = 4 << 30
MOST_SECONDS = 1_800.0
FOLDER, SEAL, ABOUT = "sealed", "case.seal", "about.json"
_DRAFT = ".making-"
_END_SECONDS, _END_TRIES = 5.0, 25
_STOPPED = "it was stopped"


@dataclass(frozen=True)
class Making:
    """How far the copy is that is made, or was made last: the stage, how much of it is done, and what went wrong."""

    state: Literal["none", "making", "made", "failed"] = "none"
    stage: str = ""
    done: int = 0
    total: int = 0
    fault: str = ""
    number: int = 0


class Copy(msgspec.Struct, frozen=True):
    """A sealed copy: who made it when, by which key it is signed, and how much of it is hidden by how many rules."""

    number: int
    at: str
    who: str
    root: str
    key_id: str
    bytes: int
    rows: int
    columns: int
    values: int
    principals: int
    hidden: dict[str, Hidden]
    """How much of each table of which something is hidden."""

    @property
    def file(self) -> str:
        """What it is called where it is taken along."""
        return f"case-{self.number:04d}.seal"

    @property
    def rules(self) -> str:
        """By how many rules, of each kind, in words."""
        counts = {"column": self.columns, "value": self.values, "principal": self.principals}
        return ", ".join(many(number, noun) for noun, number in counts.items())

    @property
    def cells(self) -> int:
        """How many cells are hidden."""
        return sum(one.cells for one in self.hidden.values())

    @property
    def of_cells(self) -> int:
        """Of how many, in the tables of which something is hidden."""
        return sum(one.of_cells for one in self.hidden.values())


class _StoppedError(Exception):
    """Nobody waits any more for the copy, or it took too long."""


class SealedCopies:
    """The sealed copies of a case that is served; one is made at a time, in a thread of its own."""

    def __init__(self, desk: Desk, clock: Callable[[], float] = time.monotonic) -> None:
        self._desk, self._clock, self._folder = desk, clock, desk.folder / FOLDER
        self._lock, self._stop = threading.Lock(), threading.Event()
        self._thread: threading.Thread | None = None
        self._making, self._until = Making(), 0.0
        self._engine: duckdb.DuckDBPyConnection | None = None

    def begin(self, asked: Hide, *, who: str) -> Making:
        """Begin to make a copy.

        Raises:
            NotReadyError: the answers are still being made.
            InputError: the rules cannot be understood, or there are too many copies.
            CaseError: one is being made, or the logbook is broken.
        """
        rules_of(asked)
        if self._desk.standing().state != "ready":
            raise NotReadyError(self._desk.standing())
        whole_logbook(self._desk.case)
        with self._lock:
            if self._thread is not None and self._thread.is_alive():
                raise CaseError("a copy is being made", where=FOLDER, remedy="wait for it, or stop it")
            if len(self.listed()) >= MOST_COPIES:
                raise InputError(f"{MOST_COPIES} copies are kept", where=FOLDER, remedy="remove one that was taken")
            self._stop.clear()
            self._until = self._clock() + MOST_SECONDS
            self._making = Making("making", "looking whether the answers are up to date")
            self._thread = threading.Thread(target=self._work, args=(asked, who), name="seal", daemon=True)
            self._thread.start()
            return self._making

    @property
    def place(self) -> str:
        """Where the copies are kept."""
        return str(self._folder.resolve())

    def making(self) -> Making:
        """How far it is."""
        return self._making

    def wait(self, seconds: float | None = None) -> Making:
        """How far it is when it is done, or after so many seconds."""
        if self._thread is not None:
            self._thread.join(seconds)
        return self._making

    def stop(self) -> None:
        """Make the copy that is being made no further; nothing is left of it."""
        self._stop.set()
        engine = self._engine
        if engine is not None:
            with contextlib.suppress(duckdb.ConnectionException):  # it is done, and was closed
                engine.interrupt()

    def end(self) -> None:
        """Go on with nothing, and leave nothing half made; a query that begins meanwhile is interrupted too."""
        for _ in range(_END_TRIES):
            self.stop()
            if self.wait(_END_SECONDS / _END_TRIES).state != "making":
                return

    def clear(self) -> None:
        """Delete what a kill has left, unless another server is making it."""
        with contextlib.suppress(CaseError), locked(self._desk.case):
            self._clear()

    def listed(self) -> list[Copy]:
        """The copies, the last one first."""
        found = (self._about(path) for path in self._folder.glob(f"[0-9]*/{ABOUT}"))
        return sorted((one for one in found if one is not None), key=lambda one: -one.number)

    def take(self, number: int, *, who: str) -> tuple[Copy, Path]:
        """A copy and where its file lies, for someone to take along.

        Raises:
            InputError: there is none of that number.
        """
        found = self._numbered(number)
        self._write(found, "taken along", who)
        return found, self._place(number) / SEAL

    def remove(self, number: int, *, who: str) -> None:
        """Delete a copy, and what opens its hidden cells.

        Raises:
            InputError: there is none of that number.
        """
        found = self._numbered(number)
        self._write(found, "removed", who)
        shutil.rmtree(self._place(number))

    def _place(self, number: int) -> Path:
        return self._folder / f"{number:04d}"

    def _numbered(self, number: int) -> Copy:
        found = next((one for one in self.listed() if one.number == number), None)
        if found is None:
            raise InputError(f"no sealed copy {number}", remedy="look at the list of copies")
        return found

    @staticmethod
    def _about(path: Path) -> Copy | None:
        try:
            return msgspec.json.decode(path.read_bytes(), type=Copy)
        except (OSError, msgspec.MsgspecError):  # it is being removed, or was written by hand
            return None

    def _work(self, asked: Hide, who: str) -> None:
        try:
            made = self._made(asked, who)
            self._making = Making("made", number=made.number)
        except _StoppedError as fault:
            self._making = Making("failed", fault=str(fault))
        except CloisonError as fault:
            self._making = Making("failed", fault=str(fault))
        except duckdb.InterruptException:
            self._making = Making("failed", fault=_STOPPED)
        except OSError as fault:
            self._making = Making("failed", fault=f"the copy cannot be written: {fault.strerror}")
        finally:
            if self._making.state == "making":
                self._making = Making("failed", fault="a fault of cloison, told in the terminal")

    def _made(self, asked: Hide, who: str) -> Copy:
        case, told = self._desk.case, Told(self._tell)
        with locked(case):  # so that no other server makes one
            self._folder.mkdir(mode=0o700, exist_ok=True)
            self._clear()
            draft = Path(tempfile.mkdtemp(prefix=_DRAFT, dir=self._folder))
        try:
            catalogue, rules = catalogue_of(case), rules_of(asked)
            if rules is not None:
                not_shown(rules, own_sources(case, catalogue))
            investigate(case, catalogue, told)
            kept = secrets_at(draft / f"{SEAL}.secrets") if rules is not None else None
            sealed = seal(
                case,
                catalogue,
                draft / SEAL,
                signer(None),
                sealed_at=written(),
                rules=rules,
                kept=kept,
                with_evidence=False,
                progress=told,
                scratch=draft,
                opened=self._hold,
            )
            return self._kept(draft, sealed, asked, who)
        finally:
            self._engine = None
            shutil.rmtree(draft, ignore_errors=True)

    def _clear(self) -> None:
        for left in self._folder.glob(f"{_DRAFT}*"):
            shutil.rmtree(left, ignore_errors=True)

    def _hold(self, engine: duckdb.DuckDBPyConnection) -> None:
        self._engine = engine

    def _kept(self, draft: Path, sealed: SealedCase, asked: Hide, who: str) -> Copy:
        number = self._next()
        counts = len(asked.columns), len(asked.values), len(asked.principals)
        made = Copy(
            number,
            sealed.sealed_at,
            who,
            sealed.root,
            sealed.key_id,
            sealed.bytes,
            sealed.rows,
            *counts,
            dict(sealed.hidden),
        )
        (draft / ABOUT).write_bytes(msgspec.json.encode(made))
        self._tell("keeping it", 0, 0)
        self._write(made, _said(made), who)
        draft.rename(self._place(number))
        return made

    def _next(self) -> int:
        """A number that no copy had, also none that was removed: the logbook names it."""
        entries = self._desk.case.logbook().entries()
        told = [one.about.removeprefix("copy ") for one in entries if one.kind == KIND]
        return max((int(one) for one in told if one.isdecimal()), default=0) + 1

    def _write(self, one: Copy, text: str, who: str) -> None:
        self._desk.case.logbook().write(at=written(), who=who, kind=KIND, text=text, about=f"copy {one.number}")

    def _tell(self, stage: str, done: int, total: int) -> None:
        if self._stop.is_set():
            raise _StoppedError(_STOPPED)
        if self._clock() > self._until:
            raise _StoppedError(f"it took longer than {MOST_SECONDS:,.0f} seconds")
        if stage == "sealing" and total > MOST_BYTES:
            raise _StoppedError(f"it would have {total:,} bytes, of {MOST_BYTES:,} at most: seal on the command line")
        self._making = Making("making", stage, done, total)


def _said(one: Copy) -> str:
    """What the logbook says of a copy, in which nothing of what is hidden stands."""
    hidden = (
        f"{one.cells:,} of {many(one.of_cells, 'cell')} of {many(len(one.hidden), 'table')} hidden"
        if one.cells
        else "nothing hidden"
    )
    return f"sealed: root {one.root}, signed by {one.key_id}, {one.bytes:,} bytes; {hidden} by {one.rules}"
