"""Do the lines of one audited system call become one event, and is none of them lost?"""

from datetime import datetime
from pathlib import Path

import duckdb
from tests.service.harness import cloison, taken, totals

from cloison.lake.trial import rows_of
from cloison.sources.catalogue import shipped

CALL = 'auid=1001 uid=0 ses=7 comm="curl" exe="/usr/bin/curl" key="net"'
CONNECT = [
    f"type=SYSCALL msg=audit(1741054034.034:134): arch=c000003e syscall=42 success=yes exit=0 {CALL}",
    "type=SOCKADDR msg=audit(1741054034.034:134): saddr=020001BBCB0071090000000000000000",
    "type=PROCTITLE msg=audit(1741054034.034:134): proctitle=6375726C002D4F",
]
OTHER = "type=SOCKADDR msg=audit(1741054034.034:135): saddr=02000050C63364070000000000000000"


def _told(lines: list[str]) -> list[tuple[object, ...]]:
    rows = rows_of(shipped(), "\n".join(lines).encode()).rows
    return [(r["event_code"], r["principal"], r["dst_ip"], r["dst_port"], r["message"], r["superseded"]) for r in rows]


def test_the_line_whose_rule_comes_first_takes_what_the_others_say() -> None:
    assert _told(CONNECT) == [
        ("SYSCALL", "1001", "203.0.113.9", 443, "curl -O", ""),
        ("SOCKADDR", None, "203.0.113.9", 443, None, "folded"),
        ("PROCTITLE", None, None, None, "curl -O", "folded"),
    ]


def test_neither_order_nor_other_lines_between_change_the_event() -> None:
    assert _told([CONNECT[2], OTHER, CONNECT[1], CONNECT[0]]) == [
        ("PROCTITLE", None, None, None, "curl -O", "folded"),
        ("SOCKADDR", None, "198.51.100.7", 80, None, ""),
        ("SOCKADDR", None, "203.0.113.9", 443, None, "folded"),
        ("SYSCALL", "1001", "203.0.113.9", 443, "curl -O", ""),
    ]


def test_a_status_that_only_another_line_states_is_the_events() -> None:
    filter_ = "type=NETFILTER_CFG msg=audit(1741054034.034:134): table=filter:3 family=2 entries=7"
    rows = rows_of(shipped(), "\n".join([filter_, CONNECT[0]]).encode()).rows
    assert [(row["event_code"], row["status_id"], row["class_uid"]) for row in rows if not row["superseded"]] == [
        ("NETFILTER_CFG", 1, 3004)
    ]


def test_every_line_is_accounted_for_and_stands_behind_the_event(tmp_path: Path) -> None:
    log = tmp_path / "audit.log"
    log.write_text("\n".join([*CONNECT, OTHER]) + "\n")
    case = tmp_path / "case"
    taken(case, log)
    assert cloison("investigate", case, "--quiet").code == 0
    assert totals(case) == (4, 4, 0, 0)
    read = duckdb.execute(f"SELECT event_uid FROM '{case}/lake/*.parquet' WHERE event_code = 'SYSCALL'").fetchall()
    records = cloison("explain", case, str(read[0][0]), "--json").json["records"]
    assert [record["event"]["event_code"] for record in records] == ["SYSCALL", "SOCKADDR", "PROCTITLE"]


def test_lines_taken_in_two_acts_stay_events_and_none_is_dropped(tmp_path: Path) -> None:
    case = tmp_path / "case"
    for number, line in enumerate(CONNECT):
        log = tmp_path / f"{number}.log"
        log.write_text(line + "\n")
        taken(case, log)
    read = duckdb.execute(f"SELECT event_code, superseded, time FROM '{case}/lake/*.parquet' ORDER BY 1").fetchall()
    at = datetime(2025, 3, 4, 2, 7, 14, 34_000)
    assert read == [("PROCTITLE", "", at), ("SOCKADDR", "", at), ("SYSCALL", "", at)]
