"""What was done, by whose hand, before any log has written it down?"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, TypeAlias

Hand: TypeAlias = Literal["own", "sure", "possible"]
"""Whose doing it was: the organisation's or a stranger's; the intruder's, as the logs show; the intruder's, where a
careful reader of the logs could only suspect it."""

SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing that someone did; `at` in milliseconds since 1970, UTC.

    `thing` is what it was done to, in the system's own spelling; `extra` the account, group or role beside it.
    """

    at: int
    system: str
    verb: str
    who: str
    address: str
    agent: str
    thing: str = ""
    extra: str = ""
    session: str = ""
    credential: str = ""
    refused: bool = False
    hand: Hand = "own"


def moment(text: str) -> int:
    """Milliseconds of an ISO time in UTC."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * SECOND


def when(at: int) -> datetime:
    """The time in UTC."""
    return datetime.fromtimestamp(at / SECOND, tz=UTC)


def iso(at: int) -> str:
    """`2025-03-04T02:11:05Z`."""
    return when(at - at % SECOND).strftime("%Y-%m-%dT%H:%M:%SZ")


def iso_ms(at: int) -> str:
    """`2025-03-04T02:11:05.007Z`."""
    return f"{iso(at)[:-1]}.{at % SECOND:03}Z"
