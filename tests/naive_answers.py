"""What would a patient reader answer, event by event, without SQL? The twin of rotations, scope and sightings."""

import ipaddress
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from tests.kit import RULES, Event, World

from cloison.hunt.intel import read_indicators
from cloison.service.inputs import Exposed

Standing = Mapping[str, tuple[int, datetime]]
"""By the first event of a session: 2 proven, 1 suspected, and since when."""

_PROVING = ("revoked", "disabled", "changed")
_READ = ("viewed", "searched", "archived", "cloned", "downloaded")
_TAKEN = ("archived", "cloned", "downloaded")


def instant(one: Event) -> datetime:
    """When it happened."""
    found = one["time"]
    assert isinstance(found, datetime)
    return found


def client(one: Event) -> str:
    """The user agent without its version numbers."""
    return re.sub(r"[0-9]+([._][0-9]+)*", "#", str(one.get("user_agent") or "")).lower()


def place(one: Event) -> str:
    """The address; for IPv6 its /64."""
    parsed = ipaddress.ip_address(str(one["src_ip"]))
    return str(parsed) if parsed.version == 4 else str(ipaddress.ip_network(f"{parsed}/64", strict=False))


def sessions(events: tuple[Event, ...]) -> dict[str, list[Event]]:
    """The acts of each session, by its first event."""
    threads: dict[tuple[object, ...], list[Event]] = defaultdict(list)
    for one in sorted(events, key=lambda one: (instant(one), str(one["event_uid"]))):
        if one["class_uid"] not in (4001, 4003) and one.get("src_ip"):
            name = (one["system"], one.get("principal"), one.get("vendor_session_uid"), place(one), client(one))
            threads[name].append(one)
    found: dict[str, list[Event]] = {}
    for thread in threads.values():
        first = ""
        for before, one in zip([None, *thread], thread, strict=False):
            apart = before is None or instant(one) - instant(before) > timedelta(minutes=30)
            if before is None or (apart and not one.get("vendor_session_uid")):
                first = str(one["event_uid"])
            found.setdefault(first, []).append(one)
    return found


def sightings(world: World) -> set[tuple[str, str, str, str]]:
    """Event, indicator, field, and the value as the event holds it."""
    listed = read_indicators(world.indicators.encode(), origin="list").indicators
    return {
        (str(one["event_uid"]), indicator.value, field, value)
        for one in world.events
        for field, family, value in _places(one)
        for indicator in listed
        if _matches(str(indicator.kind), indicator.value, family, value)
    }


def _places(one: Event) -> Iterator[tuple[str, str, str]]:
    fields = (
        ("src_ip", "src_endpoint.ip", "address"),
        ("dst_ip", "dst_endpoint.ip", "address"),
        ("principal", "actor.user.name", "account"),
        ("target_principal", "user.name", "account"),
        ("user_agent", "http_request.user_agent", "user_agent"),
    )
    return ((field, family, str(one[column])) for column, field, family in fields if one.get(column))


def _matches(kind: str, wanted: str, family: str, value: str) -> bool:
    if kind in ("ip", "cidr"):
        return family == "address" and ipaddress.ip_address(value) in ipaddress.ip_network(wanted)
    return kind == family and wanted == value


@dataclass(frozen=True)
class Verdict:
    """What a patient reader says of one exposed credential."""

    verdict: str
    revoked_by: str | None
    last_use: str | None
    uses_after_exposure: int
    misused: bool


def contrary(world: World, row: Exposed) -> set[str]:
    """The records that speak against its end: every success of it, and every record that enables it again."""
    enabled = {str(one["event_uid"]) for one in _said(world, row) if one["rotation_effect"] == "enabled"}
    return enabled | {str(one["event_uid"]) for one in _uses(world, row)}


def judge(world: World, row: Exposed, standing: Standing) -> Verdict:
    """The verdict on one exposed credential: of several records of its end the best, and of equal ones the first."""
    uses = _uses(world, row)
    bad = {uid for uid, (level, since) in standing.items() if level == 2 for uid in _after(world, uid, since)}
    start = row.exposed_at or datetime.min  # noqa: DTZ901  the lake holds UTC without a zone
    used = [one for one in uses if instant(one) >= start]
    last = max(uses, key=_order, default=None)
    ends = [(_judge_end(world, row, end, bad), *_order(end)) for end in _ends(world, row)]
    worth, _, end_uid = min(ends, default=(2 if used else 1, datetime.min, None))  # noqa: DTZ901
    return Verdict(
        _WORTH[worth],
        end_uid,
        None if last is None else str(last["event_uid"]),
        len(used),
        any(one["event_uid"] in bad for one in uses),
    )


_WORTH = ("proven", "unknown", "refuted")


def _judge_end(world: World, row: Exposed, end: Event, bad: set[str]) -> int:
    """Which of `_WORTH` this record is worth: a new secret lets the account work on, save for the intruder."""
    late = [one for one in _uses(world, row) if instant(one) > instant(end)]
    against = [one for one in late if one["event_uid"] in bad or end["rotation_effect"] != "changed"]
    if against or _outlived(world, row, end):
        return 2
    return 0 if _covered(world, row, end) else 1


def _ends(world: World, row: Exposed) -> list[Event]:
    """The records that prove its end and stand: what was disabled may have been enabled again."""
    said = _said(world, row)
    again = max((instant(one) for one in said if one["rotation_effect"] == "enabled"), default=datetime.min)  # noqa: DTZ901
    proofs = [one for one in said if one["rotation_effect"] in _PROVING]
    return [one for one in proofs if one["rotation_effect"] != "disabled" or instant(one) > again]


def _outlived(world: World, row: Exposed, end: Event) -> bool:
    """Whether what it minted between its exposure and its end worked after it."""
    start = row.exposed_at or datetime.min  # noqa: DTZ901
    acts = [one for one in world.events if one["class_uid"] not in (4001, 4003)]
    if row.is_account:
        if end["rotation_effect"] != "changed":
            return False
        mine = [one for one in acts if (one.get("principal"), one["system"]) == (row.principal, row.system)]
        names = {one.get("vendor_session_uid") for one in mine} - {None}
        threads = [[one for one in mine if one.get("vendor_session_uid") == name] for name in names]
        return any(
            start <= min(map(instant, thread)) <= instant(end)
            and any(one["status_id"] == 1 and instant(one) > instant(end) for one in thread)
            for thread in threads
        )
    entered = {
        (one["system"], one.get("principal"), one["vendor_session_uid"])
        for one in acts
        if one.get("credential_uid") == row.credential_uid
        and one["status_id"] == 1
        and one.get("vendor_session_uid")
        and start <= instant(one) <= instant(end)
    }
    return any(
        (one["system"], one.get("principal"), one.get("vendor_session_uid")) in entered
        for one in acts
        if one["status_id"] == 1 and instant(one) > instant(end) and one.get("credential_uid") != row.credential_uid
    )


def _covered(world: World, row: Exposed, end: Event) -> bool:
    """Whether the web log shows every hour that counts, and the issuer's log every hour in which it could come back."""
    if row.system != "jira":
        return False
    first = instant(end) - timedelta(days=90)
    outlived = instant(end) if row.exposed_at is None else max(first, min(row.exposed_at, instant(end)))
    undone = end["rotation_effect"] != "disabled" or _whole(world, (str(end["source"]), end["system"]), instant(end))
    return undone and _whole(world, ("jira_access", "jira"), outlived)


def _whole(world: World, log: tuple[str, object], start: datetime) -> bool:
    """Whether a log speaks from then to the horizon, its silences between files no longer than is ordinary for it."""
    records = sorted((one for one in world.events if (one["source"], one["system"]) == log), key=instant)
    if not records or instant(records[0]) > start:
        return False
    files: dict[object, list[datetime]] = defaultdict(list)
    for one in records:
        files[one["evidence_uid"]].append(instant(one))
    silences = [max((b - a for a, b in pairwise(times)), default=timedelta()) for times in files.values()]
    lag = timedelta(minutes=20 if log[0] == "jira_access" else 15)
    usual = max(lag, *silences)
    spans = [times[-1] - times[0] for times in files.values()]
    stretches = (timedelta(days=1), timedelta(hours=1))
    cuts = [long for long in stretches if sum(long / 2 < span < long for span in spans) >= 3]
    cut = max(cuts, default=timedelta())
    horizon = world.until or max(map(instant, world.events))
    between = [
        instant(b)
        for a, b in pairwise(records)
        if a["evidence_uid"] != b["evidence_uid"] and instant(b) - instant(a) > max(usual, cut)
    ]
    return instant(records[-1]) >= horizon - usual and not any(to > start for to in between)


def _order(one: Event) -> tuple[datetime, str]:
    return instant(one), str(one["event_uid"])


def _said(world: World, row: Exposed) -> list[Event]:
    told = [one for one in world.events if one.get("rotation_rule")]
    late = [one for one in told if row.exposed_at is None or instant(one) >= row.exposed_at]
    by_id = [one for one in late if row.credential_uid and one.get("rotation_credential_uid") == row.credential_uid]
    by_name = [
        one
        for one in late
        if row.is_account
        and one.get("rotation_credential_uid") is None
        and (one.get("rotation_principal"), one["system"]) == (row.principal, row.system)
        and {"service_account", "password"} & set(RULES[str(one["rotation_rule"])].kinds)
    ]
    return by_id + by_name


def _uses(world: World, row: Exposed) -> list[Event]:
    done = [one for one in world.events if one["status_id"] == 1 and one["class_uid"] not in (4001, 4003)]
    by_id = [one for one in done if row.credential_uid and one.get("credential_uid") == row.credential_uid]
    named = (row.principal, row.system)
    by_name = [one for one in done if row.is_account and (one.get("principal"), one["system"]) == named]
    return list({str(one["event_uid"]): one for one in by_id + by_name}.values())


def _after(world: World, session: str, since: datetime) -> set[str]:
    return {str(one["event_uid"]) for one in sessions(world.events).get(session, []) if instant(one) >= since}


def scope(world: World, standing: Standing) -> dict[tuple[str, str], tuple[int, int, int, int]]:
    """By system and kind of object: how many were attempted, read, taken, and read at most."""
    proven: dict[tuple[object, ...], set[object]] = defaultdict(set)
    for first, (level, since) in standing.items():
        for one in sessions(world.events)[first]:
            if level and instant(one) >= since and one.get("resource_uid") and one.get("action"):
                thing = (one["system"], one["resource_kind"], one["resource_uid"], one["action"])
                proven[(level, *thing)].add(one["status_id"])
    counts: dict[tuple[str, str], tuple[set[str], ...]] = defaultdict(lambda: (set(), set(), set(), set()))
    for (sureness, system, kind, uid, action), statuses in proven.items():
        sets = counts[str(system), str(kind)]
        sure, answered = sureness == 2, 1 in statuses
        in_sets = (
            sure,
            sure and answered and action in _READ,
            sure and answered and action in _TAKEN,
            (answered or 2 not in statuses) and action in _READ,
        )
        for belongs, one_set in zip(in_sets, sets, strict=True):
            if belongs:
                one_set.add(str(uid))
    found = {key: tuple(len(one) for one in sets) for key, sets in counts.items()}
    return {key: (a, b, c, d) for key, (a, b, c, d) in found.items()}
