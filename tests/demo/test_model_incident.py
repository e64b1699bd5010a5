"""Is the model incident the same for the same seed, in true shapes, and does it hold exactly what it says?

The counts are taken again from the raw files by a reader that knows nothing of the generator.
"""

import hashlib
import json
import re
from collections import Counter
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from demo.model_incident.generate import generate
from tests.demo.naive_proofs import proofs
from tests.demo.naive_reader import (
    COMBINED_LINE,
    JIRA_LINE,
    PAGE_URLS,
    REPOSITORY_URL,
    WIKI_LINE,
    audit_events,
    exposed,
    gate,
    git,
    git_audit_events,
    instant,
    iso,
    jira,
    json_lines,
    okta,
    raw,
    text_lines,
    tomcat_iso,
    trail,
    wiki,
)

SCALE = 0.02
INTRUDERS = {"203.0.113.126", "203.0.113.87"}


@pytest.fixture(scope="module")
def incident(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out: Path = tmp_path_factory.mktemp("incident")
    generate(out, seed=1, scale=SCALE)
    return out


@pytest.fixture(scope="module")
def truth(incident: Path) -> dict[str, Any]:
    facts: dict[str, Any] = json.loads((incident / "truth.json").read_bytes())
    return facts


def hashes(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_same_seed_same_bytes(incident: Path, tmp_path: Path) -> None:
    generate(tmp_path, seed=1, scale=SCALE)
    assert hashes(tmp_path) == hashes(incident)


def test_another_seed_other_evidence_same_figures(truth: dict[str, Any], tmp_path: Path) -> None:
    generate(tmp_path, seed=2, scale=0.001)
    other = json.loads((tmp_path / "truth.json").read_bytes())
    assert other["pages_read"] != truth["pages_read"]
    assert (len(other["tickets_read"]), len(other["pages_read"])) == (36, 202)


def test_every_file_reads_in_its_own_shape(incident: Path) -> None:
    for path in sorted((incident / "evidence").rglob("*")):
        name = path.name
        if (
            ".audit.log" in name
            or "jsonl" in name
            or path.parent.parent.name in {"access_requests", "audit_logs_v2", "gateway_network"}
        ):
            assert [json.loads(line) for line in raw(path).splitlines()]
        elif name.endswith((".json", ".json.gz")):
            assert json.loads(raw(path))


@pytest.mark.parametrize(
    ("pattern", "grammar"),
    [("jira/node*/logs/*", JIRA_LINE), ("confluence/logs/*", WIKI_LINE), ("nginx/*", COMBINED_LINE)],
)
def test_every_access_line_follows_its_grammar(incident: Path, pattern: str, grammar: re.Pattern[str]) -> None:
    assert [line for line in text_lines(incident, pattern) if not grammar.match(line)] == []


def test_wiki_lines_come_in_both_patterns_with_the_servers_offset(incident: Path) -> None:
    lines = wiki(incident)
    assert {one["forwarded"] is None for one in lines if "/Oct/2023" in one["time"]} == {True}
    assert {one["forwarded"] is None for one in lines if "/Nov/2023" in one["time"]} >= {False}
    assert {one["time"][-5:] for one in lines} == {"+0200", "+0100"}


def test_git_lines_have_the_documented_number_of_fields(incident: Path) -> None:
    counts = {(fields[1], fields[2][0]): set() for fields in git(incident)}  # type: dict[tuple[str, str], set[int]]
    for fields in git(incident):
        counts[fields[1], fields[2][0]].add(len(fields))
    assert counts == {("https", "i"): {13}, ("https", "o"): {13}, ("ssh", "i"): {10}, ("ssh", "o"): {13}}


def test_thirty_six_tickets_were_read(incident: Path, truth: dict[str, Any]) -> None:
    mine = [one for one in jira(incident) if one["ip"] in INTRUDERS and one["status"] in {"200", "304"}]
    keys = {key for one in mine for key in re.findall(r"\b[A-Z]+-\d+\b", one["url"])}
    assert keys == set(truth["tickets_read"])
    assert len(keys) == 36
    assert {one["user"] for one in mine} == {"svc-sheets", "m.alder", "-"}


def test_refused_tickets_and_pages_were_never_read(incident: Path, truth: dict[str, Any]) -> None:
    keys, uids = set(truth["tickets_refused"]), {str(uid) for uid in truth["pages_refused"]}
    tickets = [one for one in jira(incident) if one["ip"] in INTRUDERS and one["url"].removeprefix("/browse/") in keys]
    pages = [one for one in wiki(incident) if one["forwarded"] in INTRUDERS and one["url"].rpartition("=")[2] in uids]
    assert sorted(one["status"] for one in tickets) == ["302", "401", "403", "404", "404", "500"]
    assert sorted(one["status"] for one in pages) == ["302", "401", "403", "403", "404", "404", "404", "404", "500"]


def test_two_hundred_and_two_pages_were_read(incident: Path, truth: dict[str, Any]) -> None:
    mine = [one["url"] for one in wiki(incident) if one["forwarded"] in INTRUDERS and one["status"] == "200"]
    uids = {int(found[1]) for url in mine for form in PAGE_URLS if (found := form.match(url))}
    assert uids == set(truth["pages_read"])
    assert len(uids) == 202


def test_repositories_viewed_and_archived(incident: Path, truth: dict[str, Any]) -> None:
    mine = [one for one in git(incident) if one[0] == "192.0.2.130" and one[3] == "svc-gitsync" and one[7] == "200"]
    named = {found.group(0): found for one in mine if (found := REPOSITORY_URL.search(one[5]))}
    viewed = {f"{found[1].upper()}/{found[2].lower()}" for found in named.values()}
    archived = {REPOSITORY_URL.search(one[5]).groups() for one in mine if "/archive?format=zip" in one[5]}  # type: ignore[union-attr]
    assert len(named) == 123  # three are named twice, once in small letters
    assert viewed == set(truth["repositories_viewed"])
    assert len(viewed) == 120
    assert {"/".join(one) for one in archived} == set(truth["repositories_archived"])
    assert len(archived) == 76
    assert not viewed & set(truth["repositories_refused"])


def test_integrations_use_the_same_accounts_before_during_and_after(incident: Path) -> None:
    sync = [one for one in jira(incident) if one["user"] == "svc-sheets" and one["agent"] == "SheetSync/4.2"]
    assert {one["ip"] for one in sync} == {"198.51.100.32", "198.51.100.33", "198.51.100.34", "198.51.100.35"}
    assert {"09/Oct", "15/Nov", "16/Nov", "22/Nov", "23/Nov"} <= {one["time"][:6] for one in sync}
    mirror = {one[0] for one in git(incident) if one[3] == "svc-gitsync"} - {"192.0.2.130"}
    assert mirror == {"198.51.100.40", *(f"192.0.2.{n}" for n in range(140, 148))}
    links = {one[3] for one in git(incident) if one[0] == "192.0.2.130" and "Apache-HttpClient" in one[6]}
    assert links == {"svc-jira-link", "-"}


def test_created_user_joins_three_groups_within_the_minute(incident: Path) -> None:
    events = [one for one in audit_events(incident, "jira") if one["author"]["name"] == "svc-sheets"]
    told = sorted(
        (instant(one), one["auditType"]["actionI18nKey"].rpartition("user.")[2], one["affectedObjects"][0]["name"])
        for one in events
        if "user." in one["auditType"]["actionI18nKey"] and "log" not in one["auditType"]["actionI18nKey"]
    )
    assert told == [
        ("11-16 14:36:37", "created", "m.alder"),
        ("11-16 14:36:48", "added.to.group", "jira-software-users"),
        ("11-16 14:37:01", "added.to.group", "netops-readers"),
        ("11-16 14:37:16", "added.to.group", "confluence-users"),
        ("11-23 15:58:00", "added.to.group", "jira-administrators"),
    ]


def test_both_accounts_are_disabled(incident: Path) -> None:
    key = "admin.common.phrases.active.inactive"
    shut = [
        (instant(one), one["affectedObjects"][0]["name"])
        for one in audit_events(incident, "jira")
        if one["auditType"]["actionI18nKey"] == "jira.auditing.user.updated"
        and one["changedValues"][0] == {"key": "Active / Inactive", "i18nKey": key, "from": "Active", "to": "Inactive"}
        and one["affectedObjects"][0]["name"] in {"svc-sheets", "m.alder"}
    ]
    assert sorted(shut) == [("11-23 16:35:00", "svc-sheets"), ("11-23 17:23:00", "m.alder")]


def test_the_pause_is_silent_but_for_two_checks(incident: Path) -> None:
    stamps = [
        datetime.strptime(one["time"], "%d/%b/%Y:%H:%M:%S %z") for one in [*jira(incident)] if one["ip"] in INTRUDERS
    ]
    stamps += [
        datetime.strptime(one["time"], "%d/%b/%Y:%H:%M:%S %z")
        for one in wiki(incident)
        if one["forwarded"] in INTRUDERS
    ]
    told = sorted(one.astimezone(UTC).strftime("%m-%d %H:%M:%S") for one in stamps)
    assert [one for one in told if "11-17 14:33:00" <= one < "11-20 15:00:00"][-5:] == [
        "11-17 14:33:52",
        "11-17 14:33:52",
        "11-18 11:07:21",
        "11-19 20:40:02",
        "11-20 09:26:53",
    ]
    assert told[0] == "11-15 16:28:51"


def test_the_implant_calls_home_until_the_last_activity(incident: Path) -> None:
    flows = json_lines(incident, "cloudflare/gateway_network/*/*.zst")
    beats = sorted(one["Datetime"] // 10**9 for one in flows if one["DestinationIP"] == "198.51.100.214")
    assert {one["SourceIP"] for one in flows if one["DestinationIP"] == "198.51.100.214"} == {"192.0.2.130"}
    assert datetime.fromtimestamp(beats[-1], tz=UTC).isoformat() == "2023-11-24T10:44:00+00:00"
    assert max(later - earlier for earlier, later in pairwise(beats)) < 240
    tried = [(one["DestinationPort"], one["Action"]) for one in flows if one["DestinationIP"] == "192.0.2.180"]
    assert sorted(tried) == [(22, "block")] * 6 + [(443, "block")] * 3
    assert sum(one["SNI"] == "kestrel-cdn.example" for one in flows) == 2


def test_the_probes_are_refused_but_for_the_cloud_account(incident: Path) -> None:
    events = [one for one in okta(incident) if one["client"]["ipAddress"] == "203.0.113.126"]
    assert min(one["published"] for one in events) == "2023-11-14T09:22:49.118Z"
    assert {one["outcome"]["result"] for one in events} == {"FAILURE"}
    calls = [
        (one["eventName"], one.get("errorCode")) for one in trail(incident) if one["sourceIPAddress"] == "203.0.113.126"
    ]
    assert [name for name, error in calls if error is None] == ["GetCallerIdentity", "ListBuckets", "ListBuckets"]
    assert ("AssumeRole", "AccessDenied") in calls


def test_every_log_has_several_records_in_every_hour(incident: Path) -> None:
    hours: dict[str, list[str]] = {
        "okta": [one["published"][:13] for one in okta(incident)],
        "access": [one["CreatedAt"][:13] for one in json_lines(incident, "cloudflare/access_requests/*/*.gz")],
        "audit": [one["ActionTimestamp"][:13] for one in json_lines(incident, "cloudflare/audit_logs_v2/*/*.gz")],
        "gate": [one["datetime"][:13] for one in gate(incident)],
        "trail": [one["eventTime"][:13] for one in trail(incident)],
        "jira": [one["time"][:14] for one in jira(incident)],
        "git": [one[4][:13] for one in git(incident)],
        "jira audit": [instant(one)[:8] for one in audit_events(incident, "jira")],
        "wiki audit": [instant(one)[:8] for one in audit_events(incident, "confluence")],
        "git audit": [instant(one)[:8] for one in git_audit_events(incident)],
    }
    for name, stamps in hours.items():
        counts = Counter(stamps)
        assert len(counts) >= 1_117, name
        assert sorted(counts.values())[1] >= 2, name


def test_all_but_four_of_the_exposed_credentials_are_proven_dead(incident: Path, truth: dict[str, Any]) -> None:
    rows, killed = exposed(incident), proofs(incident)
    keys = [
        (one["system"], one["kind"], one["credential_uid"], one["principal"] if one["kind"] == "pat" else "")
        for one in rows
    ]
    alive = sorted(row["principal"] for row, key in zip(rows, keys, strict=True) if key not in killed)
    assert (len(rows), len(set(keys))) == (5_004, 5_004)
    assert alive == ["helpdesk-bot", "svc-apps", "svc-gitsync", "svc-sheets"]
    assert alive == [one["principal"] for one in truth["credentials_left_alive"]]
    times = [killed[key] for key in keys if key in killed]
    assert min(times) >= "2023-10-18T12:00:00"
    assert max(times) < "2023-11-06T00:00:00"


def test_no_dead_credential_is_used_again(incident: Path) -> None:
    killed = proofs(incident)
    uses = [
        ("okta", "api_token", one["transaction"]["detail"].get("requestApiTokenId"), one["published"])
        for one in okta(incident)
    ]
    uses += [
        ("cloudflare", "service_token", one["serviceTokenId"], one["datetime"])
        for one in gate(incident)
        if one["isSuccessfulLogin"]
    ]
    uses += [("aws", "access_key", one["userIdentity"].get("accessKeyId"), one["eventTime"]) for one in trail(incident)]
    for fields in git(incident):
        at = fields[4].replace(" ", "T")
        uses += [("bitbucket", "ssh_key", number, at) for number in re.findall(r"ssh:id:(\d+)", fields[-3])]
        uses.append(("bitbucket", "service_account", fields[3], at))
    uses += [("jira", "service_account", one["user"], tomcat_iso(one["time"])) for one in jira(incident)]
    uses += [("confluence", "service_account", one["user"], tomcat_iso(one["time"])) for one in wiki(incident)]
    known = [
        (killed[system, kind, uid, ""], at)
        for system, kind, uid, at in uses
        if uid and (system, kind, uid, "") in killed
    ]
    assert len(known) > 1_000
    assert [one for one in known if one[1][:19] >= one[0]] == []


def test_the_gate_let_the_leaked_token_in_from_the_intruder(incident: Path) -> None:
    mine = [one for one in gate(incident) if one["ipAddress"] in INTRUDERS]
    assert min(one["datetime"] for one in mine if one["isSuccessfulLogin"]) == "2023-11-15T16:28:38Z"
    assert max(one["datetime"] for one in mine if one["isSuccessfulLogin"]) < "2023-11-23T18:00:00Z"
    assert len({one["serviceTokenId"] for one in mine}) == 1
    assert {one["isSuccessfulLogin"] for one in mine} == {0, 1}


def test_the_api_page_repeats_events_of_the_files_newest_first(incident: Path) -> None:
    page = json.loads((incident / "evidence/jira/export/auditing-events-page-1.json").read_bytes())["entities"]
    stamps = [one["timestamp"] for one in page]
    filed = {(iso(one), one["auditType"]["actionI18nKey"]) for one in audit_events(incident, "jira")}
    assert stamps == sorted(stamps, reverse=True)
    assert {(one["timestamp"][:19], one["type"]["actionI18nKey"]) for one in page} <= filed
    assert len(page) > 100


def test_the_note_publishes_in_defanged_form_only(incident: Path) -> None:
    note = (incident / "indicators.txt").read_text()
    assert "203.0.113[.]126" in note
    assert "198.51.100[.]214" in note
    assert "kestrel-cdn[.]example" in note
    assert re.findall(r"\b\d+\.\d+\.\d+\.\d+\b", note) == ["192.0.2.1"]
    halves = re.search(r"SHA-256 ([0-9a-f]{32})\n\s+([0-9a-f]{32})\n", note)
    assert halves is not None
    assert "quay-updater" in note


def test_totals_are_the_published_ones(incident: Path) -> None:
    assert (incident / "totals.csv").read_text() == (
        "system,resource_kind,total\njira,ticket,2059357\nconfluence,page,14099\nbitbucket,repository,11904\n"
    )
