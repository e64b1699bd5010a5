"""When is something told that happens again and again: at once, then with its count, and not too often?"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from cloison.watch.message import Kind, Level, Message, Place, id_of

_SHOWN = 3
"""So many of the first records are named, and as many of the last."""


@dataclass(frozen=True)
class Found:
    """Something that holds of one event: a rule that describes it, an indicator in it, a verdict that it changed.

    `same` is what is folded: the same of the same, within a span. `uid` is of this finding alone.
    """

    uid: str
    same: tuple[str, ...]
    kind: Kind
    level: Level
    rule: str
    title: str
    system: str
    principal: str
    source: str
    record: Place
    target: str = ""
    group: str = ""
    address: str = ""
    techniques: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    next: tuple[str, ...] = ()


class Fold(msgspec.Struct, frozen=True):
    """All that was found of the same within a span; times of the watch are in UTC."""

    uid: str
    message: Message
    updates: int
    told_count: int
    told_at: datetime
    seen_at: datetime


class Folds:
    """The open folds.

    Args:
        known: those of an earlier run, by name.
        span: a fold ends when nothing came for so long.
        every: between two tellings of a fold so much passes at least.
    """

    def __init__(self, known: dict[str, Fold], span: timedelta, every: timedelta) -> None:
        self.folds = known
        self._span, self._every = span, every
        self.changed: set[str] = set()
        self.ended: set[str] = set()

    def take(self, found: Iterable[Found], now: datetime, enriched: Callable[[Found], Found]) -> list[Message]:
        """What is to be told at once: the first of each fold, enriched, after the rest of one that it ends."""
        told: list[Message] = []
        for one in found:
            name = _name(one)
            fold = self.folds.get(name)
            if fold is not None and now - fold.seen_at > self._span:
                told += self._rest(fold, now)
                fold = None
            if fold is None:
                fold = _first(enriched(one), now)
                told.append(fold.message)
            else:
                fold = msgspec.structs.replace(fold, message=_more(fold.message, one), seen_at=now)
            self.folds[name] = fold
            self.changed.add(name)
            self.ended.discard(name)
        return told

    def due(self, now: datetime) -> list[Message]:
        """The updates whose time has come; a fold that ended is told for the last time."""
        told: list[Message] = []
        for name, fold in list(self.folds.items()):
            over = now - fold.seen_at > self._span
            if over or now - fold.told_at >= self._every:
                told += self._told_again(name, fold, now)
            if over:
                del self.folds[name]
                self.changed.discard(name)
                self.ended.add(name)
        return told

    def _told_again(self, name: str, fold: Fold, now: datetime) -> list[Message]:
        told = self._rest(fold, now)
        for updated in told:
            self.folds[name] = Fold(fold.uid, updated, updated.update, updated.count, now, fold.seen_at)
            self.changed.add(name)
        return told

    def settled(self) -> tuple[list[tuple[str, bytes]], list[str]]:
        """What changed since this was asked, to be remembered, and what is to be forgotten."""
        changed = [(name, msgspec.json.encode(self.folds[name])) for name in sorted(self.changed)]
        ended = sorted(self.ended)
        self.changed, self.ended = set(), set()
        return changed, ended

    @staticmethod
    def _rest(fold: Fold, now: datetime) -> list[Message]:
        if fold.message.count == fold.told_count:
            return []
        update = fold.updates + 1
        changed = {"id": id_of(fold.uid, update), "update": update, "told_at": spelled(now)}
        return [msgspec.structs.replace(fold.message, **changed)]


def _name(found: Found) -> str:
    return id_of(found.kind, *found.same)


def _first(one: Found, now: datetime) -> Fold:
    uid = id_of(_name(one), one.uid)
    message = Message(
        id=id_of(uid, 0),
        fold=uid,
        update=0,
        kind=one.kind,
        level=one.level,
        rule=one.rule,
        title=one.title,
        system=one.system,
        principal=one.principal,
        source=one.source,
        count=1,
        first_at=one.record.time,
        last_at=one.record.time,
        told_at=spelled(now),
        records=(one.record,),
        facts=one.facts,
        next=one.next,
        techniques=one.techniques,
        target=" in ".join(part for part in (one.target, one.group) if part),
        address=one.address,
    )
    return Fold(uid, message, 0, 1, now, now)


def _more(message: Message, one: Found) -> Message:
    records = (*message.records, one.record)
    if len(records) > 2 * _SHOWN:
        records = (*records[:_SHOWN], *records[-_SHOWN:])
    return msgspec.structs.replace(
        message,
        count=message.count + 1,
        first_at=min(message.first_at, one.record.time),
        last_at=max(message.last_at, one.record.time),
        records=records,
    )


def spelled(moment: datetime) -> str:
    """A time in UTC as it is told."""
    text = moment.replace(tzinfo=None).isoformat(timespec="milliseconds" if moment.microsecond else "seconds")
    return f"{text}Z"
