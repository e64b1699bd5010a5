"""Is what is usual remembered as it was, however often it is asked for?"""

from datetime import datetime, timedelta

import duckdb
import pytest

from cloison.hunt.context import DAYS
from cloison.ocsf.events import EVENTS
from cloison.watch.memory import SHARES, Memory

START = datetime(2026, 3, 2, 9)
PEOPLE = [f"user{number}" for number in range(20)]


class Remembering:
    """A memory in an engine of its own."""

    def __init__(self) -> None:
        self.engine = duckdb.connect()
        for table, columns in (("new_days", DAYS.sql_columns()), ("events", EVENTS.sql_columns())):
            self.engine.execute(f"CREATE TABLE {table} ({', '.join(f'{name} {sql}' for name, sql in columns.items())})")
        self.engine.execute("CREATE TABLE marks (event_uid VARCHAR, credential_first_use BOOLEAN)")
        self.memory = Memory(self.engine)

    def hear(self, people: list[str], events: int, minutes: int) -> None:
        """A batch in which each of them did the same act so often."""
        at = START + timedelta(minutes=minutes)
        self.engine.execute("TRUNCATE new_days")
        for who in people:
            row = {
                "thread": 1, "day": 20_514, "class_uid": 3002, "activity_id": 1, "object": "", "succeeded": 1,
                "source": "okta_system_log", "system": "okta", "principal": who, "src_ip": "192.0.2.1",
                "user_agent": "x", "vendor_session_uid": "", "first_at": at, "last_at": at, "events": events,
                "hours": 1 << 9, "actor_type": None, "first_event_uid": f"{who}-{minutes}",
            }  # fmt: skip
            self.engine.execute(
                f"INSERT INTO new_days ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})", list(row.values())
            )

    def known(self) -> dict[str, int]:
        """How many events are known of each, what arrives among them."""
        self.memory.recall()
        return dict(self.engine.execute("SELECT principal, sum(events) FROM days GROUP BY principal").fetchall())


@pytest.fixture
def remembering() -> Remembering:
    return Remembering()


@pytest.mark.parametrize("whole", [None, False, True])
def test_each_event_counts_once(remembering: Remembering, whole: bool | None) -> None:
    remembering.hear(PEOPLE, 3, 0)
    assert remembering.known() == dict.fromkeys(PEOPLE, 3)
    remembering.memory.learn()
    if whole is not None:
        remembering.memory.late(whole=whole)
    remembering.hear(PEOPLE, 2, 1)
    assert remembering.known() == dict.fromkeys(PEOPLE, 5)
    remembering.memory.learn()
    remembering.memory.late(whole=True)
    remembering.hear(PEOPLE, 0, 2)
    assert remembering.known() == dict.fromkeys(PEOPLE, 5)


def test_in_so_many_shares_all_that_moved_is_remembered_once(remembering: Remembering) -> None:
    for minutes in (0, 1):
        remembering.hear(PEOPLE, 1, minutes)
        remembering.memory.learn()
    names = [name for _ in range(SHARES) for name, _ in remembering.memory.late(whole=False)]
    assert len(names) == len(set(names)) == len(PEOPLE)
    assert remembering.memory.late(whole=True) == []


def test_no_share_is_all(remembering: Remembering) -> None:
    remembering.hear(PEOPLE, 1, 0)
    remembering.memory.learn()
    shares = [len(remembering.memory.late(whole=False)) for _ in range(SHARES)]
    assert max(shares) < len(PEOPLE)
