"""Does one command find in the whole model incident exactly what is true, and lead from every claim to its bytes?"""

import json
import random
import resource
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from typing import Any

import duckdb
import pytest
from demo.model_incident.generate import generate
from tests.demo.naive_reader import raw

pytestmark = [pytest.mark.long, pytest.mark.timeout(900), pytest.mark.xdist_group("incident")]

ROOT = Path(__file__).parents[2]
Row = dict[str, Any]


def cloison(*arguments: str) -> bytes:
    """What the command line answers, from a process of its own."""
    command = [sys.executable, "-m", "cloison", *arguments]
    done = subprocess.run(command, capture_output=True, check=True, env={"PYTHONPATH": str(ROOT / "src")})
    return done.stdout


@pytest.fixture(scope="module")
def incident(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out: Path = tmp_path_factory.mktemp("incident")
    generate(out, seed=1, scale=1.0)
    return out


@pytest.fixture(scope="module")
def truth(incident: Path) -> Row:
    facts: Row = json.loads((incident / "truth.json").read_bytes())
    return facts


@pytest.fixture(scope="module")
def case(incident: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("investigated") / "case"
    given = {"--evidence": "evidence", "--indicators": "indicators.txt", "--exposed": "exposed.csv"}
    given |= {"--networks": "networks.csv", "--totals": "totals.csv"}
    begun = time.monotonic()
    cloison("investigate", str(folder), "-q", *[w for o, n in given.items() for w in (o, str(incident / n))])
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    sys.stderr.write(f"\nthe model incident: {time.monotonic() - begun:.1f} s, {peak} MB at most\n")
    return folder


@pytest.fixture(scope="module")
def tables(case: Path) -> dict[str, list[Row]]:
    names = ("account", "compromised", "rotations", "scope", "sessions", "sightings", "timeline", "touched")
    return {name: json.loads(cloison("show", str(case), name, "--json", "-q")) for name in names}


def unpacked(incident: Path, label: str) -> bytes:
    """The bytes of a piece of evidence, taken from the incident's own files by its label: `path` or `path!member`."""
    name, _, member = label.partition("!")
    if member:
        with zipfile.ZipFile(incident / name) as archive:
            return archive.read(member)
    return raw(incident / name)


def reached(tables: dict[str, list[Row]], *actions: str, outcome: str = "success", **where: str) -> set[str]:
    """The objects that were provably reached so."""
    rows = [one for one in tables["touched"] if one["standing"] == "proven" and one["outcome"] == outcome]
    kept = [one for one in rows if one["action"] in actions and all(one[k] == v for k, v in where.items())]
    return {one["resource_uid"] for one in kept}


def test_thirty_six_tickets_of_all_were_read(tables: dict[str, list[Row]], truth: Row) -> None:
    assert reached(tables, "viewed", resource_kind="ticket") == set(truth["tickets_read"])
    (row,) = [one for one in tables["scope"] if one["resource_kind"] == "ticket"]
    assert (row["system"], row["read"], row["total"]) == ("jira", 36, 2_059_357)


def test_two_hundred_and_two_pages_of_all_were_read(tables: dict[str, list[Row]], truth: Row) -> None:
    assert reached(tables, "viewed", resource_kind="page") == {str(uid) for uid in truth["pages_read"]}
    (row,) = [one for one in tables["scope"] if one["resource_kind"] == "page"]
    assert (row["system"], row["read"], row["total"]) == ("confluence", 202, 14_099)


def test_repositories_viewed_and_archived_of_all(tables: dict[str, list[Row]], truth: Row) -> None:
    assert reached(tables, "viewed", resource_kind="repository") == set(truth["repositories_viewed"])
    assert reached(tables, "archived", resource_kind="repository") == set(truth["repositories_archived"])
    (row,) = [one for one in tables["scope"] if one["resource_kind"] == "repository"]
    assert (row["system"], row["read"], row["taken"], row["total"]) == ("bitbucket", 120, 76, 11_904)


@pytest.mark.parametrize(
    ("kind", "told"), [("ticket", "tickets_refused"), ("page", "pages_refused"), ("repository", "repositories_refused")]
)
def test_what_was_refused_stays_an_attempt(tables: dict[str, list[Row]], truth: Row, kind: str, told: str) -> None:
    refused = {str(uid) for uid in truth[told]}
    assert refused <= reached(tables, "viewed", outcome="denied", resource_kind=kind)
    assert not refused & reached(tables, "viewed", "archived", "downloaded", resource_kind=kind)


def test_the_six_searches(tables: dict[str, list[Row]], truth: Row) -> None:
    asked = {f'text ~ "{one}" ORDER BY updated DESC' for one in truth["searches"]}
    assert reached(tables, "searched", system="jira") == asked


def test_the_created_user_and_its_groups(tables: dict[str, list[Row]], truth: Row) -> None:
    made = [one for one in tables["compromised"] if one["rule"] == "session_account"]
    assert [(one["kind"], one["system"], one["uid"], one["standing"], one["since"]) for one in made] == [
        ("principal", "jira", truth["created_user"], "proven", "2023-11-16T14:36:37Z")
    ]
    joined = {*truth["created_user_groups"], truth["administrators_group"]}
    assert reached(tables, "modified", resource_kind="group") == joined
    told = [one["what"] for one in tables["timeline"] if " added to group " in one["what"]]
    assert told == [f"{truth['created_user']} added to group {one}" for one in truth["created_user_groups"]] + [
        f"svc-sheets added to group {truth['administrators_group']}"
    ]


def test_the_plugin_and_the_host(tables: dict[str, list[Row]], truth: Row) -> None:
    rows = {(one["kind"], one["uid"]): one for one in tables["compromised"] if one["standing"] == "proven"}
    assert {uid for kind, uid in rows if kind == "app"} == {truth["plugin"]}
    assert {uid for kind, uid in rows if kind == "host"} == {truth["addresses"]["implanted_server"]}
    plugin = rows["app", truth["plugin"]]
    assert (plugin["since"], plugin["until"]) == ("2023-11-22T14:18:22Z", "2023-11-24T11:59:00Z")
    assert {uid for kind, uid in rows if kind == "address"} == {
        truth["addresses"]["published"],
        truth["addresses"]["unpublished"],
    }


def test_the_console_server_was_tried_and_refused(tables: dict[str, list[Row]], truth: Row) -> None:
    server = truth["addresses"]["console_server"]
    tried = [one for one in tables["touched"] if one["resource_uid"].startswith(f"{server}:")]
    assert [(one["resource_uid"], one["outcome"], one["events"], one["standing"]) for one in tried] == [
        (f"{server}:22", "denied", 6, "proven"),
        (f"{server}:443", "denied", 3, "proven"),
    ]
    assert server not in {one["uid"] for one in tables["compromised"]}


def test_exactly_the_four_credentials_are_flagged(tables: dict[str, list[Row]], truth: Row) -> None:
    flagged = [one for one in tables["rotations"] if one["verdict"] == "refuted" or one["misused"]]
    missed = {(one["system"], one["kind"], one["credential_uid"]) for one in truth["credentials_left_alive"]}
    assert {(one["system"], one["kind"], one["credential_uid"]) for one in flagged} == missed
    assert sorted((one["principal"], one["verdict"], one["misused"]) for one in flagged) == [
        ("helpdesk-bot", "refuted", True),
        ("svc-apps", "refuted", True),
        ("svc-gitsync", "refuted", True),
        ("svc-sheets", "proven", True),
    ]
    proven = [one for one in tables["rotations"] if one["verdict"] == "proven" and not one["misused"]]
    assert len(proven) == truth["credentials_rotated"] == 5_000


def test_the_pause(tables: dict[str, list[Row]], truth: Row) -> None:
    pauses = [(one["time"], one["what"][:31]) for one in tables["timeline"] if one["what"].startswith("pause")]
    assert ("2023-11-17T14:33:52Z", "pause until 2023-11-20 09:26:53") in pauses
    assert (truth["times"]["pause_starts"], truth["times"]["pause_ends"]) == (
        "2023-11-17T14:33:52Z",
        "2023-11-20T09:26:53Z",
    )


def test_no_integration_is_taken_for_the_intruder(tables: dict[str, list[Row]], truth: Row) -> None:
    mine = set(truth["addresses"].values())
    theirs = {(one["system"], address) for one in truth["integrations"] for address in one["addresses"]}
    proven = [one for one in tables["sessions"] if one["standing"] == "proven"]
    assert {one["address"] for one in proven} <= mine
    # From the implanted server the links of the applications speak too: theirs is another client than the intruder's.
    both = [one for one in proven if (one["system"], one["address"]) in theirs]
    assert {(one["system"], one["address"], one["client"]) for one in both} == {("bitbucket", "192.0.2.130", "curl/#")}
    assert {one["principal"] for one in both} == {"svc-gitsync", ""}
    uids = {one["session_uid"] for one in proven}
    opened = {one["session_uid"] for one in tables["touched"] if one["standing"] == "proven" and one["session_uid"]}
    assert opened
    assert opened <= uids


def test_every_record_is_accounted_for(tables: dict[str, list[Row]]) -> None:
    rows = tables["account"]
    assert all(one["received"] == one["stored"] + one["duplicate"] + one["rejected"] for one in rows)
    assert sum(one["received"] for one in rows) > 600_000


def test_fifty_claims_lead_to_bytes_of_the_evidence(case: Path, incident: Path, tables: dict[str, list[Row]]) -> None:
    claims = sorted({(name, row["event_uid"]) for name, rows in tables.items() for row in rows if row.get("event_uid")})
    dealt = random.Random(1)
    kinds = [[claim for claim in claims if claim[0] == name] for name in sorted({name for name, _ in claims})]
    kinds.append([("rotations", row["revoked_by"]) for row in tables["rotations"] if row["revoked_by"]])
    sample = [claim for kind in kinds for claim in dealt.sample(kind, 9)][:50]
    assert len(sample) == 50
    for name, uid in sample:
        (record,) = json.loads(cloison("explain", str(case), uid, "--json", "-q"))["records"]
        assert record["event"]["event_uid"] == uid, name
        held = unpacked(incident, record["evidence"])
        assert held[record["offset"] :][: record["length"]] == record["raw"].encode(), (name, uid)


def test_every_claim_names_a_record(tables: dict[str, list[Row]]) -> None:
    told = [row for name in ("touched", "compromised", "sightings", "sessions", "timeline") for row in tables[name]]
    assert [row for row in told if not row["event_uid"]] == []
    for row in tables["rotations"]:
        assert (row["verdict"] == "proven") <= (row["revoked_by"] is not None)
        assert (row["uses_after_exposure"] > 0) <= (row["last_use"] is not None)


@pytest.mark.parametrize(
    ("form", "holds"),
    [
        ("stix", b'"type": "sighting"'),
        ("misp", b'"Attribute"'),
        ("navigator", b'"techniqueID": "T1078"'),
        ("timesketch", b'"timestamp_desc":"Event Logged"'),
        ("timesketch-csv", b"message,datetime,timestamp_desc"),
        ("ocsf", b'"class_uid":2005'),
        ("case-uco", b"case-investigation:Investigation"),
        ("sarif", b'"byteOffset"'),
    ],
)
def test_answers_are_handed_on(case: Path, tmp_path: Path, form: str, holds: bytes) -> None:
    to = tmp_path / "answers"
    assert cloison("export", str(case), "--format", form, "-o", str(to), "-q") == f"{to}\n".encode()
    assert holds in to.read_bytes()


def test_tables_are_handed_on_whole(case: Path, tmp_path: Path, tables: dict[str, list[Row]]) -> None:
    for form, read in (("csv", "read_csv"), ("parquet", "read_parquet")):
        cloison("export", str(case), "--format", form, "-o", str(tmp_path / form), "-q")
        for name in ("touched", "rotations", "timeline"):
            told = duckdb.execute(f"SELECT count(*) FROM {read}('{tmp_path / form / name}.{form}')").fetchone()
            assert told == (len(tables[name]),)
