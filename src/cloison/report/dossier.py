"""What is the answer, as data: the four questions with their rows, denominators and gaps, which renderers only draw?"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

CLOSING: Final = ("host", "address", "app", "principal")
"""What someone has to close, most urgent first; credentials have their own ledger, and a session ends."""


@dataclass(frozen=True)
class Entry:
    """A credential or account that was misused: from where first, whether it is closed, and the record that says so."""

    kind: str
    system: str
    uid: str
    principal: str
    since: datetime
    address: str
    uses: int
    verdict: str
    why: str
    event_uid: str | None = None
    state: str = ""
    revoked_at: datetime | None = None
    as_of: datetime | None = None
    covered_by: str | None = None
    gap: str | None = None
    outlived_by: str | None = None


@dataclass(frozen=True)
class Reach:
    """How much of one kind of object was reached, out of how many; `total` is None when nobody said."""

    system: str
    resource_kind: str
    attempted: int
    read: int
    taken: int
    at_most: int
    total: int | None


@dataclass(frozen=True)
class Held:
    """One thing that is compromised: `until` is when someone closed it, and by which event; None while it is open."""

    kind: str
    uid: str
    system: str
    since: datetime
    until: datetime | None
    last_seen_at: datetime | None
    standing: str
    why: str
    rule: str
    event_uid: str
    closed_by: str | None = None
    technique: str = ""
    cause_kind: str = ""
    cause_uid: str = ""


@dataclass(frozen=True)
class Moment:
    """One line of the timeline: in English, and from `act` on what that is made of."""

    time: datetime
    system: str | None
    principal: str | None
    what: str
    standing: str
    event_uid: str | None
    act: str = ""
    subject: str | None = None
    object: str | None = None
    kind: str | None = None
    times: int | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class Coverage:
    """What one source covers, and the holes in it."""

    source: str
    system: str
    first_at: datetime
    last_at: datetime
    events: int
    gaps: tuple[str, ...]


@dataclass(frozen=True)
class Ledger:
    """The verdicts on the exposed credentials, counted, and those that need someone."""

    proven: int
    refuted: int
    unknown: int
    misused: int
    open_rows: tuple[Entry, ...]

    @property
    def total(self) -> int:
        """How many credentials are in the ledger."""
        return self.proven + self.refuted + self.unknown


@dataclass(frozen=True)
class Account:
    """What became of every record: received = stored + duplicate + rejected."""

    evidence: int
    received: int
    stored: int
    duplicate: int
    rejected: int
    unrecognised: int


@dataclass(frozen=True)
class Detection:
    """What one rule detected: how often, how often in what a proven intruder did, and one of its events."""

    title: str
    level: str
    techniques: tuple[str, ...]
    origin: str
    detections: int
    theirs: int
    first_at: datetime
    last_at: datetime
    event_uid: str


@dataclass(frozen=True)
class Ran:
    """How many rules ran, how many could not, and what those that ran detected."""

    rules: int
    refused: int
    found: tuple[Detection, ...]


@dataclass(frozen=True)
class Absence:
    """One kind of access to a system: how many of its events are the intruder's, and how well the logs cover it."""

    system: str
    access: str
    verdict: str
    seen: int
    events: int
    from_at: datetime
    as_of: datetime
    covered_hours: int
    gaps: tuple[str, ...]
    covered_by: str | None
    suspected: int
    by_principals: int
    event_uid: str | None


@dataclass(frozen=True)
class Beat:
    """What was done in one hour in one system, by proven and by suspected sessions."""

    hour: datetime
    system: str
    proven: int
    suspected: int


@dataclass(frozen=True)
class Asked:
    """A query that was run, and how many rows it gave."""

    name: str
    sql: str
    rows: int


@dataclass(frozen=True)
class Chosen:
    """An event that a person promotes into the curated timeline, by whom, and with which words."""

    event_uid: str
    by: str
    says: str


@dataclass(frozen=True)
class Promoted:
    """A chosen event as the tables know it; `time` is None where none of them does."""

    time: datetime | None
    system: str | None
    principal: str | None
    event_uid: str
    by: str
    says: str


@dataclass(frozen=True)
class Todo:
    """What to do next, as the name of its sentence and what that speaks of."""

    act: str
    kind: str = ""
    uid: str = ""
    system: str = ""
    count: int = 0
    held: Held | None = None
    entry: Entry | None = None
    seen: tuple[tuple[str, str, str], ...] = ()
    """Indicators that were seen and are not followed: kind, value, and why."""


@dataclass(frozen=True)
class Dossier:
    """The whole answer of a case."""

    title: str
    account: Account
    entries: tuple[Entry, ...]
    reach: tuple[Reach, ...]
    held: tuple[Held, ...]
    denied: tuple[Moment, ...]
    ledger: Ledger
    coverage: tuple[Coverage, ...]
    timeline: tuple[Moment, ...]
    sessions: dict[str, int] = field(default_factory=dict)
    sightings: tuple[tuple[str, str, int, datetime | None, datetime | None], ...] = ()
    next_acts: tuple[str, ...] = ()
    cautions: tuple[tuple[str, str, str], ...] = ()
    """Indicators, by kind and value, from which nothing follows without a person's word, and why."""
    unswept: tuple[tuple[str, str, str], ...] = ()
    """Indicators that no event can hold, and why."""
    todo: tuple[Todo, ...] = ()
    """What `next_acts` is made of."""
    ran: Ran | None = None
    """What rules detected; None where none was asked to run."""
    absences: tuple[Absence, ...] = ()
    activity: tuple[Beat, ...] = ()
    promoted: tuple[Promoted, ...] = ()
    asked: tuple[Asked, ...] = ()

    @property
    def events(self) -> int:
        """How many events there are, over all sources."""
        return sum(one.events for one in self.coverage)

    @property
    def to_close(self) -> tuple[Held, ...]:
        """What is proven to be compromised and is for someone to close, closed or not."""
        return tuple(one for one in self.held if one.standing == "proven" and one.kind in CLOSING)
