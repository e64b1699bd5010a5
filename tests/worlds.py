"""Which small worlds are there: a few people, places and clients, a week before and after an exposure, one intruder?"""

from datetime import timedelta

from hypothesis import strategies as st
from tests.kit import Event, World, at, event, exposed, flow, networks, rotation, totals, view

PEOPLE = ("ada", "svc", "m.alder")
PLACES = ("192.0.2.8", "198.51.100.30", "203.0.113.5", "203.0.113.9", "2001:db8::5")
CLIENTS = ("Firefox/118.0", "curl/8.1")
HOSTS = ("192.0.2.130", "192.0.2.131", "198.51.100.66")
LEDGER = (
    "jira,service_account,,svc,2023-11-10\n",
    "jira,service_token,T1,ada,2023-11-10\n",
    "jira,password,,ada,2023-11-11\n",
    "vault,service_token,T2,svc,2023-11-10\n",
)
LISTED = ("203.0.113.5", "203.0.113.0/29", "198.51.100.66", "kind,value\nuser_agent,curl/8.1\naccount,m.alder\n")

LOGS = tuple(
    view("w", when, source=source, principal="watch", src_ip="192.0.2.7")
    for source in ("jira_access", "audit")
    for when in ("11-02 00:00", "11-17 00:00")
)
"""Two logs that speak from before all else to after it."""

moments = st.integers(0, 14 * 24 * 4).map(lambda quarter: at("11-03 00:00") + timedelta(minutes=15 * quarter))
some = st.sampled_from


@st.composite
def acts(draw: st.DrawFn, uid: str = "e") -> Event:
    """Someone does something in a ticket system or a wiki."""
    system, source = draw(some([("jira", "jira_access"), ("jira", "jira_access"), ("confluence", "wiki")]))
    ip = draw(some(PLACES))
    who: Event = {"system": system, "source": source, "principal": draw(some(PEOPLE)), "src_ip": ip}
    who |= {"user_agent": draw(some(CLIENTS)), "status_id": draw(some([1, 1, 1, 2, 0]))}
    who |= {"vendor_session_uid": draw(some([None, None, "k1"])), "credential_uid": draw(some([None, None, "T1"]))}
    return draw(some([viewed, viewed, changed]))(draw, uid, who)


def viewed(draw: st.DrawFn, uid: str, who: Event) -> Event:
    """Something read, searched or taken."""
    kind, action = draw(
        some([("ticket", "viewed"), ("page", "viewed"), ("page", "downloaded"), ("search", "searched")])
    )
    return view(uid, draw(moments), **who, ticket=draw(some(["A-1", "A-2"])), resource_kind=kind, action=action)


def changed(draw: st.DrawFn, uid: str, who: Event) -> Event:
    """An account created or disabled, a group given, an app installed, a credential made."""
    what: Event = draw(
        some(
            [
                {"class_uid": 3001, "activity_id": 1, "target_principal": "m.alder"},
                {"class_uid": 3001, "activity_id": 5, "target_principal": "svc"},
                {"class_uid": 3006, "activity_id": 3, "target_principal": "ada", "target_group": "admins"},
                {"class_uid": 6002, "activity_id": 1, "target_app": "runner"},
                {"class_uid": 3004, "activity_id": 1, "minted_credential_uid": "T1"},
            ]
        )
    )
    return event(uid, draw(moments), **who, **what)


@st.composite
def flows(draw: st.DrawFn, uid: str = "f") -> Event:
    """A connection of one host to another."""
    return flow(uid, draw(moments), draw(some(HOSTS[:2])), draw(some(HOSTS)), status_id=draw(some([1, 2])))


@st.composite
def rotations(draw: st.DrawFn, uid: str = "r") -> Event:
    """An issuer's record about one of the credentials."""
    named: Event = draw(
        some([{"rotation_credential_uid": "T1"}, {"rotation_credential_uid": "T2"}, {"rotation_principal": "svc"}])
    )
    rules = ["audit/0", "audit/4"] if "rotation_credential_uid" in named else ["audit/1", "audit/2", "audit/3"]
    return rotation(uid, draw(moments), draw(some(rules)), **named)


@st.composite
def worlds(draw: st.DrawFn, *, ledger: bool = True, network: bool = True) -> World:
    """A whole case; without `ledger` nothing was exposed, without `network` no host speaks to another."""
    kinds = [acts(), acts(), acts(), *([rotations()] if ledger else []), *([flows()] if network else [])]
    drawn = draw(st.lists(st.one_of(kinds), min_size=3, max_size=16))
    heard = draw(some([(), LOGS, LOGS])) if ledger else ()
    events = tuple({**one, "event_uid": f"e{number:02}"} for number, one in enumerate([*drawn, *heard]))
    lines = "".join(draw(st.lists(some(LEDGER), unique=True))) if ledger else ""
    return World(
        events,
        exposed(lines) if lines else (),
        draw(some(LISTED)),
        networks("192.0.2.0/24,office\n192.0.2.130,jira server\n"),
        totals("jira,ticket,2059357\nconfluence,page,14099\n"),
    )
