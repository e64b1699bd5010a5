"""How far are the answers of a case that several people read? Made in a thread of its own; nobody waits unasked."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from cloison.errors import CloisonError
from cloison.service.case import Case, open_case
from cloison.service.investigate import investigate, made_of
from cloison.service.progress import Progress
from cloison.service.sources_known import catalogue_of
from cloison.service.viewing import View, open_view

_END_SECONDS = 5.0
State = Literal["making", "ready", "failed"]


@dataclass(frozen=True)
class Standing:
    """How far the answers are: the stage that is going on, how much of it is done, and what went wrong."""

    state: State
    stage: str = ""
    done: int = 0
    total: int = 0
    fault: str = ""


class NotReadyError(CloisonError):
    """The answers are still being made, or could not be made."""

    def __init__(self, standing: Standing) -> None:
        self.standing = standing
        super().__init__(standing.fault or f"the answers are being made: {standing.stage}", remedy="ask again soon")


class _EndedError(Exception):
    """Nobody waits any more for what is being made."""


class Desk:
    """One case that is read by several people at once; `answers` are made, or found made, by `begin`."""

    def __init__(self, folder: Path, make: Callable[[Case, Progress], None] | None = None) -> None:
        self.case = open_case(folder)
        self._makes = (make,) if make else (_answered, _detected)
        self._standing = Standing("making", "opening the case")
        self._thread: threading.Thread | None = None
        self._view: View | None = None
        self._ended = threading.Event()

    @property
    def folder(self) -> Path:
        """Where the case lies."""
        return self.case.folder

    @property
    def name(self) -> str:
        """What the case is called."""
        return self.folder.resolve().name

    def begin(self) -> None:
        """Make the answers, in the background; again if it went wrong before or anything was added."""
        if self._thread is None or not self._thread.is_alive():
            self._standing = Standing("making", "opening the case")
            self._thread = threading.Thread(target=self._work, name="answers", daemon=True)
            self._thread.start()

    def wait(self, seconds: float | None = None) -> Standing:
        """How far they are when they are done, or after so many seconds."""
        if self._thread is not None:
            self._thread.join(seconds)
        return self._standing

    def standing(self) -> Standing:
        """How far they are."""
        return self._standing

    def view(self) -> View:
        """The answers, open to be looked at: while they are made anew, those of before.

        Raises:
            NotReadyError: there are none yet.
        """
        if self._view is None:
            raise NotReadyError(self._standing)
        return self._view

    def end(self) -> None:
        """Go on with nothing, and let the answers go; what was being made is left as a kill would leave it."""
        self._ended.set()
        if self._thread is not None:
            self._thread.join(_END_SECONDS)
        if self._view is not None and not (self._thread and self._thread.is_alive()):
            self._view.close()

    def _work(self) -> None:
        try:
            opened = None
            for make in self._makes:
                make(self.case, Told(self._tell))
                made = made_of(self.case)
                if made != opened:
                    self._tell("opening the answers", 0, 0)
                    self._view = open_view(self.case, catalogue_of(self.case))  # who reads the one before reads on
                    opened = made
            self._standing = Standing("ready")
        except _EndedError:
            self._standing = Standing("failed", fault="the console was ended")
        except CloisonError as fault:
            self._standing = Standing("failed", fault=str(fault))

    def _tell(self, stage: str, done: int, total: int) -> None:
        if self._ended.is_set():
            raise _EndedError
        self._standing = Standing("making", stage, done, total)


class Told:
    """A listener that hands on how far the work is."""

    def __init__(self, tell: Callable[[str, int, int], None]) -> None:
        self._tell, self._stage, self._done, self._total = tell, "", 0, 0

    def begin(self, what: str, total: int) -> None:
        """A stage begins."""
        self._stage, self._done, self._total = what, 0, total
        self._tell(what, 0, total)

    def advance(self, amount: int) -> None:
        """So much more is done."""
        self._done += amount
        self._tell(self._stage, self._done, self._total)

    def note(self, text: str) -> None:
        """What is worth a line stands in the tables."""


def _answered(case: Case, progress: Progress) -> None:
    investigate(case, catalogue_of(case), progress)


def _detected(case: Case, progress: Progress) -> None:
    """Run the rules too, which takes longer than all other answers; these can be looked at meanwhile."""
    investigate(case, catalogue_of(case), progress, detecting=True)
