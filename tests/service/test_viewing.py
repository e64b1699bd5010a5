"""Does a view answer exactly what is asked of it, a page at a time, whoever asks and whatever they write?"""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from tests.service.harness import okta_lines

from cloison.errors import CloisonError, InputError
from cloison.service.acts import investigate_all
from cloison.service.case import open_case
from cloison.service.progress import Silent
from cloison.service.sources_known import catalogue_of
from cloison.service.viewing import View, open_view
from cloison.service.viewing_counts import Histogram, histogram, tally
from cloison.service.viewing_graph import graph
from cloison.service.viewing_pivot import pivot
from cloison.service.viewing_record import record
from cloison.service.viewing_rows import Question, read_question, rows


@pytest.fixture(scope="module")
def view(tmp_path_factory: pytest.TempPathFactory) -> Iterator[View]:
    """Ten hours of 360 sign-ins, one each 100 seconds, of 7 people, from 5 addresses of which one is an indicator."""
    folder = tmp_path_factory.mktemp("viewed")
    (folder / "okta.jsonl").write_bytes(b"".join(okta_lines(range(n, n + 1)) for n in range(0, 36_000, 100)))
    (folder / "indicators.txt").write_text("198.51.100.101\n")
    inputs = {"indicators": [folder / "indicators.txt"], "exposed": [], "networks": [], "totals": []}
    investigate_all(
        folder / "case",
        [folder / "okta.jsonl"],
        [],
        inputs,
        since=None,
        until=None,
        by_reference=False,
        progress=Silent(),
    )
    case = open_case(folder / "case")
    opened = open_view(case, catalogue_of(case))
    yield opened
    opened.close()


def asked(text: str = "", table: str = "events") -> Question:
    """`from=…&f=…` as an address says it."""
    words: dict[str, list[str]] = {}
    for part in filter(None, text.split("&")):
        name, _, value = part.partition("=")
        words.setdefault(name, []).append(value)
    return read_question(table, words)


def test_it_opens_with_its_hours_its_events_and_the_tables_that_are_made(view: View) -> None:
    assert view.events == 360
    assert view.since == datetime(2025, 3, 4, 0, 0, 0, 500_000, tzinfo=UTC)
    assert view.until == datetime(2025, 3, 4, 9, 58, 20, 500_000, tzinfo=UTC)
    assert "detections" not in view.tables
    with pytest.raises(InputError, match="has not been made yet"):
        rows(view, asked(table="detections"))
    with pytest.raises(InputError, match="no table"):
        rows(view, asked(table="events; DROP TABLE events"))


def test_pages_follow_one_another_without_a_row_twice_or_missing(view: View) -> None:
    seen: list[object] = []
    after, pages = "", 0
    while pages == 0 or after:
        page = rows(view, Question("events", after=after, limit=50))
        assert (page.matched, page.of) == (360, 360)
        seen += [row["event_uid"] for row in page.told()]
        after, pages = page.next, pages + 1
    assert (len(seen), len(set(seen)), pages) == (360, 360, 8)


@pytest.mark.parametrize(
    ("text", "matched"),
    [
        ("", 360),
        ("from=2025-03-04T01:00:00Z&to=2025-03-04T02:00:00Z", 36),
        ("from=2025-03-04T01:00:01Z&to=2025-03-04T01:01:41Z", 1),
        ("from=2025-03-04T01:00:01Z", 323),
        ("to=2025-03-04T00:00:00Z", 0),
        ("f=principal:is:user3@corp.example", 51),
        ("f=principal:not:user3@corp.example", 309),
        ("f=principal:has:USER3", 51),
        ("f=principal:starts:user", 360),
        ("f=principal:none:", 0),
        ("f=status_id:is:2", 120),
        ("f=src_ip:is:198.51.100.101&f=status_id:is:1", 48),
        ("f=src_ips:is:198.51.100.101", 72),
        ("f=system:is:okta&from=2025-03-04T09:00:30Z", 35),
        ("f=system:is:jira", 0),
        ("f=principal:is:' OR 1=1 --", 0),
        ("f=principal:has:%", 0),
    ],
)
def test_a_question_finds_these_many_rows_and_the_same_by_its_histogram(view: View, text: str, matched: int) -> None:
    page = rows(view, asked(text))
    found = histogram(view, asked(text))
    assert page.matched == matched
    assert len(page.rows) == min(matched, 50)
    assert (found.total if found else 0) == matched


def test_an_order_is_kept_over_pages(view: View) -> None:
    first = rows(view, asked("order=-time&limit=2"))
    second = rows(view, asked(f"order=-time&limit=2&after={first.next}"))
    times = [row["time"] for page in (first, second) for row in page.told()]
    assert [f"{time:%H:%M:%S}" for time in times if isinstance(time, datetime)] == [
        "09:58:20", "09:56:40", "09:55:00", "09:53:20",
    ]  # fmt: skip


def test_only_the_columns_that_are_wanted_are_read(view: View) -> None:
    page = rows(view, asked("limit=1"), ["principal", "nothing like that"])
    assert page.columns == ("event_uid", "time", "principal")
    assert page.rows[0][2] == "user0@corp.example"


@pytest.mark.parametrize(
    "text",
    [
        "from=yesterday",
        "to=2025-13-04",
        "f=principal",
        "f=principal:like:x",
        "f=nobody:is:x",
        "f=status_id:is:one",
        "f=status_id:has:1",
        "f=time_assumed:is:perhaps",
        'f="principal":is:x',
        "order=nothing",
        "order=time; DROP TABLE events",
        "after=here",
        'after=["2025-03-04T00:00:00"]',
        'after=["x","y"]',
        "after=" + "[" * 5_000,
        "limit=0",
        "limit=501",
        "limit=٣",
        "order=time&after=-1",
        "&".join(f"f=principal:is:{n}" for n in range(21)),
    ],
)
def test_what_cannot_be_understood_is_an_error_with_a_remedy(view: View, text: str) -> None:
    with pytest.raises(CloisonError) as told:
        rows(view, asked(text))
    assert told.value.remedy
    assert rows(view, asked()).matched == 360


def test_a_histogram_has_bars_of_a_round_length_and_lanes(view: View) -> None:
    found = histogram(view, asked("from=2025-03-04T01:00:00Z&to=2025-03-04T02:00:00Z"))
    assert isinstance(found, Histogram)
    assert (found.step_seconds, found.since, found.until) == (
        60,
        datetime(2025, 3, 4, 1, tzinfo=UTC),
        datetime(2025, 3, 4, 2, 1, tzinfo=UTC),
    )
    assert [(lane.name, len(lane.counts), sum(lane.counts)) for lane in found.lanes] == [("okta", 61, 36)]
    assert found.sums()[:6] == [1, 1, 0, 1, 0, 1]
    whole = histogram(view, asked(), "source")
    assert whole is not None
    assert (whole.step_seconds, whole.lanes[0].name, whole.lanes[0].counts[:3]) == (900, "okta_system_log", (9, 9, 9))


def test_values_are_counted_the_most_frequent_first_out_of_how_many(view: View) -> None:
    found = tally(view, asked("to=2025-03-04T01:00:00Z"), ("status_id",), 1)
    assert [(one.values, one.count) for one in found.groups] == [((1,), 24)]
    assert (found.groups_in_all, found.matched, found.of) == (2, 36, 360)
    with pytest.raises(InputError, match="no column"):
        tally(view, asked(), ("1) UNION SELECT",))


def test_a_record_leads_to_its_bytes_with_and_without_its_time(view: View) -> None:
    [(uid, at)] = view.ask("SELECT event_uid, time FROM events WHERE src_ip = '198.51.100.101' ORDER BY time LIMIT 1")
    assert isinstance(at, datetime)
    seen = record(view, str(uid), at)
    assert seen == record(view, str(uid))
    assert seen.time == datetime(2025, 3, 4, 0, 1, 40, 500_000, tzinfo=UTC)
    [raw] = seen.raws
    assert raw.text.encode() == okta_lines(range(100, 101)).strip()
    assert raw.readable.startswith('{\n  "uuid": "0b5e-000100",')
    assert (raw.record.evidence, raw.record.offset, raw.record.unit) == ("okta.jsonl", 390, "bytes")
    assert {name for name, _ in seen.rows} >= {"sightings", "compromised", "timeline"}
    assert [link["rule"] for link in seen.chain] == ["indicator_session", "indicator_address"]
    with pytest.raises(InputError, match="no event is called"):
        record(view, "../../etc/passwd")


def test_a_value_is_found_in_every_table_that_holds_it(view: View) -> None:
    found = {(one.table, one.column): (one.rows, one.of) for one in pivot(view, "198.51.100.101")}
    assert found["events", "src_ip"] == (72, 360)
    assert found["sightings", "indicator_value"] == (72, 72)
    assert ("events", "principal") not in found
    assert pivot(view, "") == ()
    assert pivot(view, "' OR ''='") == ()


def test_the_graph_draws_each_thing_once_and_says_how_many_it_leaves_out(view: View) -> None:
    drawn = graph(view, lambda _: "/elsewhere", whole=True)
    [(all_of_them,)] = view.ask("SELECT count(*) FROM compromised")
    members = [one for node in drawn.nodes for one in node.members]
    assert len(members) + drawn.beyond == all_of_them
    assert len(members) == len({(one.kind, one.uid, one.system) for one in members})
    first = drawn.nodes[0]
    assert (first.kind, first.uid, first.standing) == ("indicator", "198.51.100.101", "given")
    assert 'href="/elsewhere"' in drawn.picture


def test_a_second_page_of_the_same_is_not_asked_of_the_events_again(view: View) -> None:
    question = asked("f=principal:has:user5")
    assert view.keeping(("once", question), lambda: 1) == 1
    assert view.keeping(("once", question), lambda: 2) == 1
