"""How many events fall into each hour of each source, and which hours make one export?"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate, pairwise

START = datetime(2025, 3, 3)  # noqa: DTZ001 - UTC without a zone, as the lake holds it
DAYS = 40
PART_ROWS = 600_000
MACHINE_SHARE = 0.25


@dataclass(frozen=True)
class Source:
    """A source of the lake.

    Attributes:
        share: of all events.
        burst: how many events a person makes in one go.
        machines: how many integrations or servers it knows.
        lines: how often it writes a request.
    """

    name: str
    share: float
    burst: int
    machines: int = 60
    lines: int = 1


SOURCES = (
    Source("jira_access", 0.18, 20),
    Source("confluence_access", 0.15, 20),
    Source("bitbucket_access", 0.12, 20, lines=2),
    Source("aws_cloudtrail", 0.15, 20),
    Source("okta_system_log", 0.10, 5),
    Source("jira_dc_audit", 0.04, 10),
    Source("confluence_dc_audit", 0.03, 10),
    Source("bitbucket_dc_audit", 0.03, 10),
    Source("cloudflare_gateway_network", 0.10, 20, 20),
    Source("cloudflare_gateway_dns", 0.10, 20, 20),
)


@dataclass(frozen=True)
class Hour:
    """An hour with how many events of people and of machines it holds, and the number of the first of each."""

    began: datetime
    day: int
    people: int
    machines: int
    people_from: int
    machines_from: int


def hours(events: int) -> list[Hour]:
    """Every hour of the forty days: people keep office hours, machines do not."""
    machines = round(events * MACHINE_SHARE)
    people = events - machines
    at = [START + timedelta(hours=number) for number in range(DAYS * 24)]
    weights = [_busy(moment) for moment in at]
    crowd, steady = _shares(weights, people), _shares([1.0] * len(at), machines)
    made = []
    first = 0
    for number, moment in enumerate(at):
        made.append(Hour(moment, number // 24, crowd[number], steady[number], first, first + crowd[number]))
        first += crowd[number] + steady[number]
    return made


def exports(listed: list[Hour]) -> Iterator[list[Hour]]:
    """The hours of each part: at least two parts, of about PART_ROWS rows."""
    total = sum(hour.people + hour.machines for hour in listed)
    parts = max(2, -(-total // PART_ROWS))
    cut: list[list[Hour]] = [[] for _ in range(parts)]
    for hour in listed:
        cut[min(parts - 1, hour.people_from * parts // max(total, 1))].append(hour)
    return (part for part in cut if part)


def _busy(moment: datetime) -> float:
    hourly = 1.0 if 8 <= moment.hour < 18 else 0.4 if moment.hour in {7, 18, 19} else 0.05
    return hourly * (0.08 if moment.weekday() >= 5 else 1.0)


def _shares(weights: list[float], total: int) -> list[int]:
    """Whole numbers in proportion to the weights that add up to the total."""
    reached = [round(total * part / sum(weights)) for part in accumulate(weights)]
    return [upto - before for before, upto in pairwise([0, *reached])]
