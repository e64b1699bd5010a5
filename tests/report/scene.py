"""An invented dossier for the report's tests: the shape of a whole incident, small enough to check by eye."""

import re
from datetime import datetime

from cloison.report.dossier import (
    Absence,
    Account,
    Asked,
    Beat,
    Coverage,
    Detection,
    Dossier,
    Entry,
    Held,
    Ledger,
    Moment,
    Ran,
    Reach,
)
from cloison.report.queries import QUERIES
from cloison.report.teller import Teller
from cloison.report.todo import in_english, todos
from cloison.report.tongues import TONGUES
from cloison.report.words import Voice

INTRUDER = "203.0.113.126"
C2 = "198.51.100.214"
SERVICE = "5e0c2f1a-77aa-4c10-9a55-0c1f2d3e4b5a"


ENGLISH = Teller(TONGUES["en"], Voice())


def at(text: str) -> datetime:
    """`11-15 16:28:38` of the year 2023."""
    return datetime.fromisoformat(f"2023-{text}")


def uid(number: int) -> str:
    """An event uid of the right length."""
    return f"{number:032x}"


MADE_OF = (
    ("opened", r"session opened from (?P<subject>\S+) \((?P<times>\d+) events? until (?P<until>.*)\)"),
    ("refused", r"access tried and refused from (?P<subject>\S+) \((?P<times>\d+) events? until (?P<until>.*)\)"),
    ("searched", r'searched for "(?P<object>.*)"'),
    (
        "",
        (
            r"(?P<verb>viewed|archived|downloaded) (?P<times>\d+) (?P<kind>ticket|page|repository)"
            r"\w*(?:, first | \()(?P<object>[^)]+)"
        ),
    ),
    ("account_created_refused", r"account (?P<subject>.*) created \(refused\)"),
    ("account_created", r"account (?P<subject>.*) created"),
    ("group_joined", r"(?P<subject>\S+) added to group (?P<object>.*)"),
    ("paused", r"pause until (?P<until>\S+ \S+) \(\d+ hours\), save (?P<times>\d+) "),
    ("app_installed", r"app (?P<subject>\S+) installed"),
    ("sighted", r"indicator (?P<subject>\S+) first seen here, as (?P<object>\S+) \((?P<times>\d+)"),
    (
        "host_spoke",
        r"host (?P<subject>\S+) spoke to (?P<object>\S+) \((?P<times>\d+) connections until (?P<until>.*)\)",
    ),
    (
        "host_refused",
        r"host (?P<subject>\S+) was refused by (?P<object>\S+) \((?P<times>\d+) connections until (?P<until>.*)\)",
    ),
    ("closed", r"(?P<kind>\S+) (?P<subject>\S+) closed"),
    ("tried", r"(?P<object>\S+) \((?P<times>\d+) tries\)"),
    ("", r""),
)
"""What each line of the timeline is made of, by how it is worded."""


def moment(
    time: str, system: str | None, what: str, number: int, standing: str = "proven", who: str = "svc-sheets"
) -> Moment:
    """A line of the timeline, and what it is made of."""
    act, found = next(
        (act, read.groupdict()) for act, pattern in MADE_OF if (read := re.match(pattern, what, re.DOTALL))
    )
    act = found.pop("verb", None) or act
    until, times = found.pop("until", None), found.pop("times", None)
    ends = None if until is None else at(until.removeprefix("2023-"))
    doer = who if system else None
    values = {name: value for name, value in found.items() if name in ("subject", "object", "kind")}
    made = {"act": act, **values, "times": None if times is None else int(times), "until": ends}
    return Moment(at(time), system, doer, what, standing, uid(number), **made)  # type: ignore[arg-type]


def held(
    kind: str,
    name: str,
    system: str,
    since: str,
    number: int,
    *,
    until: str | None = None,
    rule: str = "session_principal",
) -> Held:
    """Something proven to be compromised."""
    why = "the compromised session s0f acted as it"
    closed = at(until) if until else None
    return Held(
        kind,
        name,
        system,
        at(since),
        closed,
        at("11-24 08:12:19"),
        "proven",
        why,
        rule,
        uid(number),
        uid(900 + number) if until else None,
        "T1078",
        "session",
        "s0f",
    )


ENTRIES = (
    Entry(
        "access_key",
        "aws",
        "AKIAEXAMPLEKEY000001",
        "svc-apps",
        at("11-14 09:35:03"),
        INTRUDER,
        5406,
        "refuted",
        "no record of its end",
        uid(3),
    ),
    Entry(
        "service_token",
        "cloudflare",
        SERVICE,
        "helpdesk-bot",
        at("11-15 16:28:38"),
        INTRUDER,
        914,
        "refuted",
        "no record of its end",
        uid(4),
    ),
    Entry(
        "service_account",
        "jira",
        "svc-sheets",
        "svc-sheets",
        at("11-15 16:31:02"),
        INTRUDER,
        8123,
        "proven",
        "disabled by r.quist",
        uid(5),
    ),
    Entry(
        "service_account",
        "bitbucket",
        "svc-gitsync",
        "svc-gitsync",
        at("11-22 21:04:00"),
        "192.0.2.130",
        3310,
        "refuted",
        "no record of its end",
        uid(6),
    ),
)
REACH = (
    Reach("confluence", "page", 219, 202, 0, 205, 14_099),
    Reach("bitbucket", "repository", 124, 120, 76, 120, 11_904),
    Reach("jira", "ticket", 41, 36, 0, 36, 2_059_357),
    Reach("aws", "role", 2, 0, 0, 0, None),
)
HELD = (
    held("address", INTRUDER, "", "11-14 09:22:49", 1, rule="indicator_address"),
    held("principal", "svc-apps", "aws", "11-14 09:35:03", 3),
    held("principal", "svc-sheets", "jira", "11-15 16:31:02", 5, until="11-23 16:35:00"),
    held("principal", "m.alder", "jira", "11-16 14:36:37", 10, until="11-23 17:23:00", rule="session_account"),
    held("host", "192.0.2.130", "", "11-22 14:21:22", 18, rule="indicator_host"),
    held(
        "app",
        "com.onresolve.jira.groovy.groovyrunner",
        "jira",
        "11-22 14:18:22",
        17,
        until="11-24 11:59:00",
        rule="session_app",
    ),
    held("principal", "svc-gitsync", "bitbucket", "11-22 21:04:00", 6),
    Held(
        "principal",
        "svc-feed-yard",
        "aws",
        at("10-18 00:29:28"),
        None,
        None,
        "suspected",
        "the suspected session s1a acted as it",
        "session_principal",
        uid(40),
    ),
)
TIMELINE = (
    moment(
        "10-18 00:29:28",
        "aws",
        "session opened from 198.51.100.48/32 (4 events until 10-18 00:31:00)",
        40,
        "suspected",
        "svc-feed-yard",
    ),
    moment(
        "11-14 09:22:49", "okta", "access tried and refused from 203.0.113.126/32 (4 events until 11-14 09:25:11)", 1
    ),
    moment(
        "11-14 09:31:49",
        "cloudflare_access",
        "access tried and refused from 203.0.113.126/32 (1 event until 11-14 09:31:49)",
        2,
    ),
    moment(
        "11-14 09:35:03",
        "aws",
        "session opened from 203.0.113.126/32 (9 events until 11-14 09:41:30)",
        3,
        who="svc-apps",
    ),
    moment(
        "11-15 16:28:38", "cloudflare_access", "session opened from 203.0.113.126/32 (5 events until 11-15 23:10:00)", 4
    ),
    moment("11-15 16:31:02", "jira", "session opened from 203.0.113.126/32 (88 events until 11-15 19:55:12)", 5),
    moment("11-15 16:40:40", "confluence", "session opened from 203.0.113.126/32 (310 events until 11-15 22:40:12)", 7),
    moment("11-15 16:44:10", "confluence", 'searched for "remote access"', 8),
    moment("11-15 16:52:31", "jira", "viewed 22 tickets, first OPS-1201", 9),
    moment("11-15 17:02:00", "confluence", "viewed 140 pages, first 778120", 20),
    moment("11-16 14:36:37", "jira", "account m.alder created", 10),
    moment("11-16 14:37:02", "jira", "m.alder added to group jira-software-users", 11),
    moment("11-16 15:02:00", "confluence", "viewed 62 pages, first 779001", 12, who="m.alder"),
    moment(
        "11-17 14:33:52", None, "pause until 2023-11-20 09:26:53 (66 hours), save 2 single acts that test access", 13
    ),
    moment(
        "11-18 10:00:00",
        "jira",
        "session opened from 203.0.113.87/32 (1 event until 11-18 10:00:00)",
        14,
        who="m.alder",
    ),
    moment("11-20 09:26:53", "jira", "session opened from 203.0.113.126/32 (7 events until 11-20 09:30:12)", 15),
    moment("11-22 14:18:22", "jira", "app com.onresolve.jira.groovy.groovyrunner installed", 17),
    moment(
        "11-22 14:21:22",
        "cloudflare_gateway",
        "indicator kestrel-cdn.example first seen here, as dst_endpoint.hostname (2 sightings)",
        16,
    ),
    moment(
        "11-22 14:22:05",
        "network",
        "host 192.0.2.130 spoke to 198.51.100.214:443 (2249 connections until 11-24 10:44:00)",
        18,
        who="192.0.2.130",
    ),
    moment(
        "11-22 20:02:11",
        "network",
        "host 192.0.2.130 was refused by 192.0.2.180:22 (6 connections until 11-22 20:40:00)",
        19,
        who="192.0.2.130",
    ),
    moment(
        "11-22 21:04:00",
        "bitbucket",
        "session opened from 192.0.2.130/32 (700 events until 11-23 15:20:00)",
        6,
        who="svc-gitsync",
    ),
    moment("11-22 21:05:00", "bitbucket", "viewed 120 repositorys, first FRT/rates", 21, who="svc-gitsync"),
    moment("11-22 23:10:00", "bitbucket", "archived 76 repositorys, first FRT/rates", 22, who="svc-gitsync"),
    moment("11-23 15:58:00", "jira", "svc-sheets added to group jira-administrators", 23),
    moment("11-23 16:35:00", "jira", "principal svc-sheets closed", 905, "expected", "r.quist"),
    moment("11-23 17:23:00", "jira", "principal m.alder closed", 910, "expected", "r.quist"),
    moment("11-24 11:59:00", "jira", "app com.onresolve.jira.groovy.groovyrunner closed", 917, "expected", "o.dunn"),
)
DENIED = (
    moment("11-14 09:31:49", "cloudflare_access", "console.edge.brightwater.example (1 tries)", 2),
    moment("11-22 20:02:11", "network", "192.0.2.180:22 (6 tries)", 19, who="192.0.2.130"),
)
COVERAGE = (
    Coverage(
        "jira_access",
        "jira",
        at("10-09 00:00:35"),
        at("11-24 12:22:26"),
        251_003,
        ("2023-11-18T02:00Z/2023-11-18T05:00Z",),
    ),
    Coverage("okta_system_log", "okta", at("10-09 00:00:47"), at("11-24 12:24:32"), 20_609, ()),
)
SIGHTINGS = (
    ("ip", C2, 2249, at("11-22 14:22:05"), at("11-24 10:44:00")),
    ("ip", INTRUDER, 1329, at("11-14 09:22:49"), at("11-24 08:12:19")),
    ("domain", "kestrel-cdn.example", 2, at("11-22 14:21:22"), at("11-22 14:21:50")),
    ("sha256", "4bc042f75cfcb5538c91b5aaf163397596fc12c2cb73f87ba65f933331b28894", 0, None, None),
)
ACCOUNT = Account(1040, 612_921, 607_281, 5_423, 217, 19)
LEDGER = Ledger(4_997, 3, 4, 4, ENTRIES)
TODO = todos(HELD, LEDGER, COVERAGE, ACCOUNT, ())
ACTIVITY = (
    Beat(at("11-14 09:00:00"), "okta", 4, 0),
    Beat(at("11-15 16:00:00"), "jira", 88, 3),
    Beat(at("11-15 17:00:00"), "confluence", 310, 0),
    Beat(at("11-22 21:00:00"), "bitbucket", 700, 2),
)
ABSENCES = (
    Absence(
        "okta",
        "logins",
        "proven",
        0,
        12_456,
        at("10-18 00:00:00"),
        at("11-24 12:00:00"),
        900,
        (),
        "okta_system_log",
        0,
        0,
        None,
    ),
    Absence(
        "jira",
        "reads",
        "refuted",
        136,
        76_779,
        at("10-18 00:00:00"),
        at("11-24 12:00:00"),
        897,
        ("jira_access 2023-11-18T02:00Z/2023-11-18T05:00Z",),
        None,
        0,
        0,
        uid(9),
    ),
)
RAN = Ran(
    453,
    2,
    (
        Detection(
            "A published address comes in",
            "critical",
            ("T1078",),
            "cloison/a.yml",
            31,
            31,
            at("11-15 16:28:38"),
            at("11-23 17:32:32"),
            uid(4),
        ),
        Detection(
            "Our own rule",
            "low",
            ("T1087.004",),
            "own/b.yml",
            6_189,
            0,
            at("10-09 07:36:24"),
            at("11-24 09:18:15"),
            uid(41),
        ),
    ),
)
DOSSIER = Dossier(
    title="harbour",
    account=ACCOUNT,
    entries=ENTRIES,
    reach=REACH,
    held=HELD,
    denied=DENIED,
    ledger=LEDGER,
    coverage=COVERAGE,
    timeline=TIMELINE,
    sessions={"expected": 30_534, "suspected": 231, "unknown": 1_318, "proven": 20},
    sightings=SIGHTINGS,
    next_acts=in_english(TODO),
    todo=TODO,
    ran=RAN,
    absences=ABSENCES,
    activity=ACTIVITY,
    asked=tuple(Asked(name, sql.strip(), 7) for name, sql in QUERIES.items()),
)
EMPTY = Dossier("empty", Account(0, 0, 0, 0, 0, 0), (), (), (), (), Ledger(0, 0, 0, 0, ()), (), ())
