"""Does an investigation of a folder of raw logs answer what the lines say, the same however they came?"""

from pathlib import Path

import pytest

from cloison.service import acts
from cloison.service.answers import Table
from cloison.service.progress import Silent

INTRUDER = "203.0.113.5"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:120.0) Gecko/20100101 Firefox/120.0"
Lines = list[str]


def jira(second: int, url: str, status: int | str, *, ip: str = INTRUDER, user: str = "svc", **more: str) -> str:
    """A line of Jira's access log, in the fourth of March's third hour."""
    minute, rest = divmod(second, 60)
    phase, agent, session = more.get("phase", ""), more.get("agent", FIREFOX), more.get("session", "1q2w3e")
    request = more.get("request") or f"131x{4400 + second}x1"
    size, took = ("-", "-") if status == "-" else ("8421", "0.1" if phase else "93")
    asked = f"{more.get('method', 'GET')} {url} HTTP/1.1"
    return (
        f"{ip} {phase}{request} {user} [04/Mar/2025:02:{minute:02}:{rest:02} +0000] "
        f'"{asked}" {status} {size} {took} "-" "{agent}" "{session}"'
    )


def git(second: int, url: str, status: int, user: str, *, ip: str = INTRUDER, labels: str = "-") -> str:
    """A line of Bitbucket's access log: the answer to one request."""
    return (
        f"{ip},192.0.2.5 | https | o@1BVKQ2Zx131x{90200 + second}x1 | {user} | 2025-03-04 02:00:{second:02},109 | "
        f'"GET {url} HTTP/1.1" | "" "git/2.43.0" | {status} | 391 | 48213 | {labels} | 84 | 1x9k2c | '
    )


def investigated(folder: Path, files: dict[str, Lines], **inputs: str) -> Path:
    """A case made of files of lines."""
    evidence = folder / "evidence"
    evidence.mkdir(parents=True)
    for name, lines in files.items():
        (evidence / name).write_text("\n".join(lines) + "\n")
    given = {"indicators": f"{INTRUDER}\n", **inputs}
    for name, text in given.items():
        (folder / name).write_text(text)
    paths = {name: [folder / name] for name in given}
    window = {"since": "2025-03-01T00:00:00Z", "until": None}
    acts.investigate_all(folder / "case", [evidence], [], paths, **window, by_reference=False, progress=Silent())  # type: ignore[arg-type]
    return folder / "case"


def rows(case: Path, name: str, *columns: str) -> list[tuple[object, ...]]:
    found: Table = acts.show(case, name, progress=Silent())
    places = [found.columns.index(column) for column in columns]
    return [tuple(row[place] for place in places) for row in found.rows]


def test_a_redirect_a_refusal_and_an_absence_are_no_views(tmp_path: Path) -> None:
    lines = [jira(n, f"/browse/OPS-{status}", status) for n, status in enumerate((200, 304, 302, 401, 403, 404, 500))]
    case = investigated(tmp_path, {"access_log": lines}, totals="system,resource_kind,total\njira,ticket,2059357\n")
    reached = set(rows(case, "touched", "resource_uid", "outcome"))
    assert {uid for uid, outcome in reached if outcome == "success"} == {"OPS-200", "OPS-304"}
    assert {("OPS-401", "denied"), ("OPS-403", "denied"), ("OPS-404", "denied")} <= reached
    assert rows(case, "scope", "read", "taken", "total") == [(2, 0, 2_059_357)]


def test_one_ticket_in_many_spellings_is_one(tmp_path: Path) -> None:
    urls = ("/browse/SEC-12", "/browse/sec-12?focusedCommentId=10", "/rest/api/2/issue/SEC-12/comment?maxResults=50")
    case = investigated(tmp_path, {"access_log": [jira(n, url, 200) for n, url in enumerate(urls)]})
    assert rows(case, "touched", "resource_uid", "action", "outcome", "events", "standing") == [
        ("SEC-12", "viewed", "success", 3, "proven")
    ]


def test_git_asks_first_without_a_name_and_is_let_in_with_one(tmp_path: Path) -> None:
    url = "/scm/pay/ledger.git/info/refs?service=git-upload-pack"
    case = investigated(
        tmp_path, {"access.log": [git(5, url, 401, "-"), git(6, url, 200, "alice", labels="refs, clone")]}
    )
    assert rows(case, "sessions", "principal", "standing", "successes") == [("", "proven", 0), ("alice", "proven", 1)]
    assert [uid for kind, uid in rows(case, "compromised", "kind", "uid") if kind == "principal"] == ["alice"]


def test_no_session_is_not_a_session_that_all_share(tmp_path: Path) -> None:
    lines = [
        jira(0, "/browse/OPS-1", 200, session="-"),
        jira(1, "/browse/OPS-2", 200, session="-", ip="198.51.100.9", user="ada"),
    ]
    case = investigated(tmp_path, {"access_log": lines})
    assert rows(case, "sessions", "principal", "standing") == [("svc", "proven"), ("ada", "unknown")]


def test_the_two_lines_of_a_request_are_one_and_a_lone_first_line_stays(tmp_path: Path) -> None:
    lines = [
        jira(0, "/browse/OPS-1", "-", phase="i", request="131x1x2"),
        jira(1, "/browse/OPS-1", 200, phase="o", request="131x1x2"),
        jira(2, "/browse/OPS-2", "-", phase="i", request="131x2x2"),
    ]
    case = investigated(tmp_path, {"access_log": lines})
    assert rows(case, "touched", "resource_uid", "outcome", "events") == [
        ("OPS-1", "success", 1),
        ("OPS-2", "unknown", 1),
    ]
    assert rows(case, "account", "received", "stored", "rejected") == [(3, 3, 0)]


@pytest.fixture
def mixed() -> Lines:
    """A visitor, an integration and the intruder, in one log."""
    sync = [
        jira(n, f"/browse/OPS-{n}", 200, ip="198.51.100.30", agent="SheetSync/4.2", session="-")
        for n in range(0, 40, 4)
    ]
    theirs = [jira(n, f"/browse/SEC-{n}", 200) for n in range(1, 40, 4)]
    return sync + theirs + [jira(2, "/browse/OPS-2", 200, ip="198.51.100.9", user="ada", session="-")]


COMPARED = {
    "touched": ("system", "resource_uid", "action", "outcome", "events", "standing", "session_uid", "event_uid"),
    "sessions": ("session_uid", "events", "standing", "why"),
    "compromised": ("kind", "uid", "since", "standing", "cause_uid", "event_uid"),
    "sightings": ("time", "event_uid", "field"),
    "timeline": ("time", "what", "event_uid"),
    "scope": ("system", "resource_kind", "read"),
    "coverage": ("source", "first_at", "last_at", "events"),
}


def answered(case: Path) -> dict[str, list[tuple[object, ...]]]:
    return {name: rows(case, name, *columns) for name, columns in COMPARED.items()}


def test_the_cut_and_the_order_of_the_files_change_nothing(tmp_path: Path, mixed: Lines) -> None:
    whole = answered(investigated(tmp_path / "a", {"access_log": mixed}))
    cut = {"z_log": mixed[:7], "a_log": mixed[:6:-1]}
    assert answered(investigated(tmp_path / "b", cut)) == whole
    assert len(whole["touched"]) == 10


def test_evidence_that_comes_again_in_another_file_changes_nothing_but_its_account(
    tmp_path: Path, mixed: Lines
) -> None:
    whole = answered(investigated(tmp_path / "a", {"access_log": mixed}))
    case = investigated(tmp_path / "b", {"access_log": mixed, "copy_log": mixed[3:9]})
    assert answered(case) == whole
    received = rows(case, "account", "received", "stored", "duplicate", "rejected")
    assert sum(int(str(row[2])) for row in received) == 6
    assert sum(int(str(row[1])) for row in received) == len(mixed)


def test_taking_twice_is_taking_once(tmp_path: Path, mixed: Lines) -> None:
    case = investigated(tmp_path, {"access_log": mixed})
    before = {path.name: path.read_bytes() for path in sorted((case / "results").iterdir())}
    taken = acts.take_evidence(case, [tmp_path / "evidence"], [], by_reference=False, progress=Silent())
    assert (taken.new, taken.known) == (0, 1)
    acts.show(case, "touched", progress=Silent())
    assert {path.name: path.read_bytes() for path in sorted((case / "results").iterdir())} == before


def test_results_made_anew_are_the_same_bytes(tmp_path: Path, mixed: Lines) -> None:
    case = investigated(tmp_path, {"access_log": mixed})
    before = {path.name: path.read_bytes() for path in sorted((case / "results").iterdir())}
    (case / "results/manifest.json").unlink()
    acts.show(case, "touched", progress=Silent())
    assert {path.name: path.read_bytes() for path in sorted((case / "results").iterdir())} == before


def test_a_claim_leads_to_the_line(tmp_path: Path, mixed: Lines) -> None:
    case = investigated(tmp_path, {"access_log": mixed})
    found = acts.explain(case, "SEC-1", limit=20, progress=Silent())
    assert [record.raw.decode() for record in found.records] == [mixed[10]]
    assert [(link["kind"], link["cause_kind"], link["cause_uid"]) for link in found.chain][:1] == [
        ("session", "indicator", INTRUDER)
    ]
    held = (tmp_path / "evidence/access_log").read_bytes()
    (record,) = found.records
    assert held[record.offset :][: record.length] == record.raw
