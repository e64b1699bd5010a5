"""Watch a case: follow what grows, take what is pushed, judge each batch, commit it, and tell."""

import fcntl
import gc
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import orjson

from cloison.connect.listening import HttpListener, LineReader, SyslogListener
from cloison.connect.telling import UnreachableError
from cloison.errors import CaseError, InputError
from cloison.evidence.custody import spelled
from cloison.evidence.spool import Spool
from cloison.lake.judging import UNRECOGNISED
from cloison.model.limits import LIMITS
from cloison.model.wording import many
from cloison.service.case import Case
from cloison.service.stopping import Stop, signals
from cloison.service.watch_custody import HeldBefore, into_custody, spool_folder, watch_folder
from cloison.service.watch_scene import MEMORY, Scene, set_scene
from cloison.service.watch_telling import Sink, Teller, Written, stop_all
from cloison.sources.catalogue import Catalogue
from cloison.watch.checkpoint import Checkpoint
from cloison.watch.folding import Fold, Folds
from cloison.watch.following import Follower
from cloison.watch.message import Level, at_least
from cloison.watch.pushed import SyslogFrames, line_of_syslog, lines_of, unpacked
from cloison.watch.streams import Gap, Stream
from cloison.watch.watcher import Outcome, crowded_gap, gap_found

BATCH_BYTES = 16 << 20
TICK_SECONDS = 0.25
_LISTING_SECONDS = 1.0
_LATE_SECONDS = 5.0
_STATUS_SECONDS = 5.0
_SPOOL_SECONDS = 900.0
_BODY_BYTES = 64 << 20

Address = tuple[str, int]


@dataclass(frozen=True)
class Inputs:
    """What is watched.

    Attributes:
        paths: files and folders that are followed.
        http, syslog_udp, syslog_tcp: where is listened; None for nowhere.
        stdin: lines of standard input are taken.
        from_now: at the very first start, files that are there already begin at their end.
        once: end when all that is there is read and told.
    """

    paths: tuple[Path, ...] = ()
    http: Address | None = None
    syslog_udp: Address | None = None
    syslog_tcp: Address | None = None
    stdin: bool = False
    from_now: bool = False
    once: bool = False

    @property
    def listens(self) -> bool:
        """Whether anything can be pushed."""
        return bool(self.http or self.syslog_udp or self.syslog_tcp or self.stdin)


@dataclass(frozen=True)
class Telling:
    """Who is told, and how often: see `watch_telling` and `folding`."""

    written: Written
    sinks: tuple[Sink, ...]
    level: Level = "informational"
    every: timedelta = timedelta(minutes=10)
    span: timedelta = timedelta(minutes=60)


@dataclass
class Counted:
    """What this run did so far."""

    began: float
    records: int = 0
    events: int = 0
    rejects: int = 0
    batches: int = 0
    told: int = 0
    found: dict[str, int] = field(default_factory=dict)
    last_batch_seconds: float = 0.0
    last_at: str = ""


def watch(
    case: Case,
    catalogue: Catalogue,
    inputs: Inputs,
    telling: Telling,
    note: Callable[[str], None],
    *,
    token: str,
    memory: str = MEMORY,
) -> int:
    """Watch until interrupted, or once; the number of the signal that ended it, else 0.

    Raises:
        CaseError: another watch runs on the case, or its checkpoint cannot be used.
        InputError: an address cannot be listened at.
    """
    folder = watch_folder(case)
    folder.mkdir(exist_ok=True)
    with _alone(folder), signals() as stop:
        checkpoint = Checkpoint(folder / "checkpoint.sqlite")
        try:
            return Watch(case, catalogue, inputs, telling, note, checkpoint, stop, token, memory).run()
        finally:
            checkpoint.close()


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    descriptor = os.open(folder / ".lock", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as fault:
        os.close(descriptor)
        raise CaseError(
            "another watch runs on this case", where=str(folder), remedy="one is enough: give it all paths"
        ) from fault
    try:
        yield
    finally:
        os.close(descriptor)


class Watch:
    """One run of a watch."""

    def __init__(
        self,
        case: Case,
        catalogue: Catalogue,
        inputs: Inputs,
        telling: Telling,
        note: Callable[[str], None],
        checkpoint: Checkpoint,
        stop: Stop,
        token: str,
        memory: str,
    ) -> None:
        self._case, self._inputs, self._telling, self._note = case, inputs, telling, note
        self._checkpoint, self._stop, self._token = checkpoint, stop, token
        self._scene: Scene = set_scene(case, catalogue, checkpoint, note, memory)
        folds = {name: msgspec.json.decode(body, type=Fold) for name, body in checkpoint.remembered("fold")}
        self._folds = Folds(folds, telling.span, telling.every)
        self._streams = {one.key: one for one in checkpoint.streams()}
        self._spools: list[Spool] = []
        self._held = HeldBefore(case)
        paths = [*inputs.paths, spool_folder(case)]
        spool_folder(case).mkdir(exist_ok=True)
        self._follower = Follower(
            paths, self._streams.values(), self._begin_at, LIMITS.record_bytes, lines=str(spool_folder(case))
        )
        self._fresh = not self._streams
        self._counted = Counted(time.monotonic())
        self._tellers = [Teller(one, watch_folder(case) / "checkpoint.sqlite", note) for one in telling.sinks]
        self._due = {"listing": 0.0, "late": time.monotonic() + _LATE_SECONDS, "status": 0.0}
        self._due["spool"] = time.monotonic() + _SPOOL_SECONDS
        self._gaps_told: set[str] = set()
        self._crowded: set[int] = set()

    def _begin_at(self, path: Path, size: int) -> int:
        """Where a file begins that is there at the first look and was never followed."""
        if path.is_relative_to(spool_folder(self._case)):
            return 0
        return size if self._inputs.from_now and self._fresh else self._held.of(path, size)

    def run(self) -> int:
        """Watch until told to stop."""
        names = [self._telling.written.name, *(one.name for one in self._telling.sinks)]
        self._checkpoint.leave(names)
        for name in names:
            self._checkpoint.join(name)
        listeners = self._listen()
        for one in self._tellers:
            one.start()
        self._tell()
        gc.collect()
        gc.freeze()  # rules and sources stay for ever: looking through them again and again holds a batch up
        self._say_what()
        try:
            self._go_on()
        finally:
            gc.unfreeze()
            for stop in listeners:
                stop()
            self._end()
        return self._stop.signal

    # -- the loop ---------------------------------------------------------------------------------------------------

    def _go_on(self) -> None:
        idle = 0
        while not self._stop.is_set():
            began = time.monotonic()
            worked = self._step()
            idle = 0 if worked else idle + 1
            if self._inputs.once and idle > 2 and self._ended():
                while self._step(last=True):
                    continue
                return
            left = TICK_SECONDS - (time.monotonic() - began)
            self._stop.wait(
                max(0.0 if worked and self._follower.unread() else 0.01, left if not worked or left > 0 else 0)
            )

    def _ended(self) -> bool:
        return all(one.ended.is_set() for one in self._readers)

    def _step(self, *, last: bool = False) -> bool:
        """Look, judge, commit, tell; whether anything was new."""
        listing = last or self._is_due("listing", _LISTING_SECONDS)
        pieces = self._follower.look(BATCH_BYTES, listing=listing, last=last)
        began = time.monotonic()
        if pieces:
            self._scene.labels.update({one.stream.uid: spelled(one.stream.path) for one in pieces})
        outcome = self._scene.watcher.judge(pieces, self._follower.read_as) if pieces else None
        gaps, self._follower.gaps = self._follower.gaps, []
        told = self._commit(outcome, gaps)
        if told:
            self._tell()
        if outcome is not None:
            self._count(outcome, time.monotonic() - began)
        self._keep_house()
        return bool(pieces)

    def _commit(self, outcome: Outcome | None, gaps: list[Gap]) -> int:
        """Write all that a batch changes as one; how many messages are put out by it."""
        now = datetime.now(UTC)
        found = [gap_found(gap) for gap in gaps]
        streams = self._follower.streams
        moved = [one for key, one in streams.items() if self._streams.get(key) != one]
        gone = [key for key in self._streams if key not in streams]
        due = self._folds.due(now)
        if outcome is None and not (found or moved or gone or due or self._folds.ended):
            return 0
        with self._checkpoint.batch():
            self._checkpoint.place(moved, gone)
            if outcome is not None:
                found += outcome.found
                self._checkpoint.remember("habit", outcome.learnt.habits)
                self._checkpoint.remember("kept", outcome.learnt.kept)
                self._checkpoint.remember("window", outcome.window)
                self._checkpoint.remember("verdict", [(uid, msgspec.json.encode(one)) for uid, one in outcome.verdicts])
            new = self._checkpoint.unseen(one.uid for one in found)
            fresh = [one for one in {one.uid: one for one in found}.values() if one.uid in new]
            messages = [*due, *self._folds.take(fresh, now, self._scene.watcher.surround)]
            told = [one for one in messages if at_least(one, self._telling.level)]
            self._checkpoint.put_out(told)
            changed, ended = self._folds.settled()
            self._checkpoint.remember("fold", changed)
            self._checkpoint.forget("fold", ended)
        self._streams = dict(streams)
        for one in fresh:
            self._counted.found[one.kind] = self._counted.found.get(one.kind, 0) + 1
        return len(told)

    def _tell(self) -> None:
        for one in self._tellers:
            one.wake()
        try:
            self._counted.told += self._telling.written.tell_all(self._checkpoint)
        except UnreachableError as fault:
            self._note(f"{self._telling.written.name} cannot be written, tried again at the next message: {fault}")

    # -- now and then -----------------------------------------------------------------------------------------------

    def _is_due(self, name: str, seconds: float) -> bool:
        now = time.monotonic()
        if now < self._due[name]:
            return False
        self._due[name] = now + seconds
        return True

    def _keep_house(self) -> None:
        if self._is_due("late", _LATE_SECONDS):
            self._remember_late(whole=False)
        if self._is_due("spool", _SPOOL_SECONDS):
            for one in self._spools:
                one.close()
        if self._is_due("status", _STATUS_SECONDS):
            self._close_window()
            self._into_custody()
            self._write_status()

    def _close_window(self) -> None:
        """Forget what correlations need no more; where that is too little for one, it is told once as a gap."""
        forgotten = self._scene.watcher.detector.window.forget()
        if not forgotten.names:
            return
        with self._checkpoint.batch():
            self._checkpoint.forget("window", forgotten.names)
        crowded = [gap_found(crowded_gap(one)) for one in forgotten.crowded if one.number not in self._crowded]
        self._crowded |= {one.number for one in forgotten.crowded}
        for one in crowded:
            self._note(f"{one.record.evidence}: {one.title}")
        if crowded and self._commit(Outcome(found=crowded), []):
            self._tell()

    def _remember_late(self, *, whole: bool) -> None:
        late = self._scene.watcher.memory.late(whole=whole)
        habits, kept = self._scene.watcher.memory.forget()
        with self._checkpoint.batch():
            self._checkpoint.remember("habit", late)
            self._checkpoint.forget("habit", habits)
            self._checkpoint.forget("kept", kept)
        if habits or kept:
            self._note(f"forgotten: {many(len(habits) + len(kept), 'row')} of what is usual, the oldest of too many")

    def _into_custody(self) -> None:
        """Record the closed files of pushed events that are read to their end."""
        lying = sorted(path for path in spool_folder(self._case).iterdir() if path.is_file())
        open_ones = {one.path for one in self._spools}  # asked after what lies there: a file may be begun meanwhile
        read = {one.path: one.print.position for one in self._follower.streams.values()}
        closed = [path for path in lying if path not in open_ones and _is_read(path, read.get(str(path), 0))]
        if closed:
            into_custody(self._case, closed, self._note)

    def _count(self, outcome: Outcome, seconds: float) -> None:
        batch, counted = outcome.batch, self._counted
        counted.records += batch.received
        counted.events += batch.stored
        counted.rejects += len(batch.rejects)
        counted.batches += 1
        counted.last_batch_seconds = round(seconds, 3)
        counted.last_at = datetime.now(UTC).isoformat(timespec="seconds")
        for one in batch.rejects:
            where = self._scene.labels.get(one.evidence_uid, one.evidence_uid)
            if where not in self._gaps_told:
                self._gaps_told.add(where)
                what = f"{one.reason}: from byte {one.offset} on" if one.reason == UNRECOGNISED else one.reason
                self._note(f"{where}: a record is not read: {what}; more of this file are counted in status.json")

    def _write_status(self) -> None:
        counted = self._counted
        told = {
            "pid": os.getpid(),
            "running_seconds": round(time.monotonic() - counted.began, 1),
            "records": counted.records,
            "events": counted.events,
            "rejects": counted.rejects,
            "batches": counted.batches,
            "last_batch_seconds": counted.last_batch_seconds,
            "last_batch_at": counted.last_at,
            "unread_bytes": self._follower.unread(),
            "files": sum(not one.gone for one in self._follower.streams.values()),
            "found": counted.found,
            "told": counted.told,
        }
        draft = watch_folder(self._case) / "status.draft"
        with suppress(OSError):
            draft.write_bytes(orjson.dumps(told, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
            draft.replace(watch_folder(self._case) / "status.json")

    # -- begin and end ----------------------------------------------------------------------------------------------

    def _listen(self) -> list[Callable[[], None]]:
        """Begin to listen; what ends each listener."""
        inputs, stops = self._inputs, []
        self._readers: list[LineReader] = []
        try:
            if inputs.http:
                http = HttpListener(inputs.http, self._token, _lines, self._spool("http").append)
                http.start()
                stops.append(http.stop)
                self._note(f"listening at http://{_spelled(http.address)}/events")
            if inputs.syslog_udp or inputs.syslog_tcp:
                take = self._spool("syslog").append
                logs = SyslogListener(inputs.syslog_udp, inputs.syslog_tcp, _Frames, line_of_syslog, take, self._note)
                logs.start()
                stops.append(logs.stop)
                for kind, address in (("udp", logs.udp), ("tcp", logs.tcp)):
                    if address:
                        self._note(f"listening for syslog at {kind}://{_spelled(address)}")
        except OSError as fault:
            for one in stops:
                one()
            raise InputError(
                f"cannot be listened at: {fault.strerror}",
                where="an address of --http or --syslog",
                remedy="name a free port of this machine",
            ) from fault
        if inputs.stdin:
            reader = LineReader(sys.stdin.buffer, self._spool("stdin").append, self._note)
            reader.start()
            self._readers.append(reader)
        return stops

    def _spool(self, origin: str) -> Spool:
        made = Spool(spool_folder(self._case), origin, _stamp, lambda _: None)
        self._spools.append(made)
        return made

    def _say_what(self) -> None:
        scene, detector = self._scene, self._scene.watcher.detector
        rules = many(len(detector.rules), "rule")
        refused = f" ({len(detector.refused)} cannot run: `cloison show CASE rules_run`)" if detector.refused else ""
        self._note(
            f"watching with {rules}{refused}, {many(scene.indicators, 'indicator')}, "
            f"{many(scene.exposed, 'exposed credential')}"
        )

    def _end(self) -> None:
        """Read and tell what came until the listeners stopped; leave the checkpoint as it then is."""
        for one in self._spools:
            one.close()
        self._stop.wait(0)
        while self._inputs.listens and self._step():
            continue
        self._remember_late(whole=True)
        self._into_custody()
        self._write_status()
        self._tell()
        stop_all(self._tellers)
        self._follower.close()


def _is_read(path: Path, position: int) -> bool:
    """Whether no whole line stands behind a place; half a line, left by a sudden death, was never acknowledged."""
    with path.open("rb") as file:
        file.seek(position)
        return not any(b"\n" in piece for piece in iter(lambda: file.read(1 << 20), b""))


class _Frames(SyslogFrames):
    """As the listener wants them: listed."""

    def feed(self, data: bytes, *, last: bool = False) -> list[bytes]:  # type: ignore[override]
        """The messages that are complete."""
        return list(super().feed(data, last=last))


def _lines(body: bytes, coding: str) -> list[bytes]:
    return lines_of(unpacked(body, coding, _BODY_BYTES))


def _stamp() -> str:
    return datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%fZ")


def _spelled(address: Address) -> str:
    host, port = address
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


__all__ = ["Inputs", "Stream", "Telling", "watch"]
