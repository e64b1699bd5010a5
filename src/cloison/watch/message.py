"""What is told to a person: one message, the same in every form that it takes."""

import hashlib
from typing import Literal

import msgspec

Kind = Literal["detection", "sighting", "verdict", "gap"]
LEVELS = ("informational", "low", "medium", "high", "critical")
Level = Literal["informational", "low", "medium", "high", "critical"]


class Place(msgspec.Struct, frozen=True):
    """A record: where it stands in which evidence, which event it is, and when that was."""

    evidence: str
    offset: int
    length: int
    event_uid: str
    time: str


class Message(msgspec.Struct, frozen=True):
    """Something to know, now.

    Attributes:
        id: the same whenever the same is told, also after a restart: who receives it twice can tell.
        fold: the same for all that is told of one rule and one principal within a span.
        update: 0 for the first of a fold, then 1, 2, ...
        count: how many events so far; `records` holds the first and the last few of them.
        facts: what is known around it, in words.
        next: what to consider doing now.
    """

    id: str
    fold: str
    update: int
    kind: Kind
    level: Level
    rule: str
    title: str
    system: str
    principal: str
    source: str
    count: int
    first_at: str
    last_at: str
    told_at: str
    records: tuple[Place, ...]
    facts: tuple[str, ...] = ()
    next: tuple[str, ...] = ()
    techniques: tuple[str, ...] = ()
    target: str = ""
    address: str = ""


def id_of(*parts: object) -> str:
    """An id that says nothing and is always the same for the same parts."""
    return hashlib.sha256("\x1f".join(map(str, parts)).encode("utf-8", "replace")).hexdigest()[:20]


def at_least(message: Message, level: Level) -> bool:
    """Whether a message is of this level or a higher one."""
    return LEVELS.index(message.level) >= LEVELS.index(level)
