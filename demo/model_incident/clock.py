"""When do things happen, and how does each log write the time down?

Every instant is an `int`: milliseconds since the epoch, UTC.
"""

import bisect
import itertools
from collections.abc import Iterator
from datetime import UTC, datetime
from random import Random

SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def at(text: str) -> int:
    """The instant of an ISO date or date-time, read as UTC."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * SECOND


START = at("2023-10-09T00:00:00")
END = at("2023-11-24T12:30:00")
SUMMER_TIME_ENDS = at("2023-10-29T01:00:00")
WEIGHTS_BY_HOUR = (1, 1, 1, 1, 2, 4, 14, 40, 85, 100, 98, 90, 62, 80, 95, 92, 80, 55, 25, 12, 8, 5, 3, 2)
WEEKEND = 5


def _hour_weights() -> Iterator[float]:
    for hour in range(START, END, HOUR):
        quiet = 0.05 if _weekday(hour) >= WEEKEND else 1.0
        yield quiet * WEIGHTS_BY_HOUR[hour % DAY // HOUR]


def _weekday(instant: int) -> int:
    return (instant // DAY + 3) % 7


CUMULATIVE = list(itertools.accumulate(_hour_weights()))


def arrivals(rng: Random, count: int, until: int = END) -> list[int]:
    """`count` instants, in order, in the rhythm of office hours, all before `until`."""
    top = CUMULATIVE[min((until - START) // HOUR, len(CUMULATIVE)) - 1]
    draw = rng.random
    hours = [bisect.bisect(CUMULATIVE, draw() * top) for _ in range(count)]
    instants = [START + hour * HOUR + int(draw() * HOUR) for hour in hours]
    return sorted(instant for instant in instants if instant < until)


def every(rng: Random, minutes: int, jitter_s: int = 20, *, offset_s: int = 0) -> list[int]:
    """Instants of a job that runs every so many minutes, day and night, a little late each time."""
    late = jitter_s * SECOND
    return [t + int(rng.random() * late) for t in range(START + offset_s * SECOND, END - late, minutes * MINUTE)]


_DATES: dict[int, tuple[str, str]] = {}


def _dates(day: int) -> tuple[str, str]:
    if day not in _DATES:
        date = datetime.fromtimestamp(day * 86_400, tz=UTC)
        _DATES[day] = (date.strftime("%Y-%m-%d"), f"{date.day:02}/{MONTHS[date.month - 1]}/{date.year}")
    return _DATES[day]


def date_of(instant: int) -> str:
    """`2023-11-14`."""
    return _dates(instant // DAY)[0]


def _time(instant: int) -> str:
    seconds = instant % DAY // SECOND
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def iso(instant: int) -> str:
    """`2023-11-14T09:22:49Z`."""
    return f"{_dates(instant // DAY)[0]}T{_time(instant)}Z"


def iso_ms(instant: int) -> str:
    """`2023-11-14T09:22:49.118Z`."""
    return f"{_dates(instant // DAY)[0]}T{_time(instant)}.{instant % SECOND:03}Z"


def spaced_ms(instant: int) -> str:
    """`2023-11-14 09:22:49,118`: the Bitbucket access log, on a server that keeps UTC."""
    return f"{_dates(instant // DAY)[0]} {_time(instant)},{instant % SECOND:03}"


def tomcat(instant: int) -> str:
    """`[14/Nov/2023:09:22:49 +0000]`: Tomcat and nginx on servers that keep UTC."""
    return f"[{_dates(instant // DAY)[1]}:{_time(instant)} +0000]"


def paris_offset(instant: int) -> int:
    """How many hours the wiki server's clock (Europe/Paris) is ahead of UTC."""
    return 2 if instant < SUMMER_TIME_ENDS else 1


def tomcat_paris(instant: int) -> str:
    """`[14/Nov/2023:10:22:49 +0100]`: the wiki server."""
    ahead = paris_offset(instant)
    local = instant + ahead * HOUR
    return f"[{_dates(local // DAY)[1]}:{_time(local)} +0{ahead}00]"


def minute_of_day(instant: int) -> int:
    """The first part of an Atlassian request id."""
    return instant % DAY // MINUTE
