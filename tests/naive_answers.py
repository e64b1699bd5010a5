"""What would a patient reader answer, event by event, without SQL? The twin of rotations, scope and sightings."""

import ipaddress
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

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
    """The verdict on one exposed credential."""
    said, uses = _said(world, row), _uses(world, row)
    start = row.exposed_at or datetime.min  # noqa: DTZ901  the lake holds UTC without a zone
    again = max((instant(one) for one in said if one["rotation_effect"] == "enabled"), default=datetime.min)  # noqa: DTZ901
    ends = [one for one in said if one["rotation_effect"] in _PROVING and instant(one) > again]
    end = min(ends, key=_order, default=None)
    bad = {uid for uid, (level, since) in standing.items() if level == 2 for uid in _after(world, uid, since)}
    late = [one for one in uses if end is not None and instant(one) > instant(end)]
    if end is not None and end["rotation_effect"] == "changed":
        late = [one for one in late if one["event_uid"] in bad]
    used = [one for one in uses if instant(one) >= start]
    said_dead = "refuted" if late else "proven"
    last = max(uses, key=_order, default=None)
    return Verdict(
        said_dead if end is not None else "refuted" if used else "unknown",
        None if end is None else str(end["event_uid"]),
        None if last is None else str(last["event_uid"]),
        len(used),
        any(one["event_uid"] in bad for one in uses),
    )


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
