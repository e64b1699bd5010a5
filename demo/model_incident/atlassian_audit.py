"""What is an audit event of Atlassian Data Center, in its file and in its API?"""

from collections.abc import Mapping, Sequence
from random import Random
from typing import NamedTuple, TypeAlias

import orjson

from demo.model_incident import clock
from demo.model_incident.clock import SECOND
from demo.model_incident.organisation import LOG_COLLECTOR
from demo.model_incident.write import Line

Object: TypeAlias = Mapping[str, str]


class Kind(NamedTuple):
    """What happened: the words, the key of the words, the category, area and level."""

    action: str
    key: str
    category: str
    category_key: str
    area: str
    level: str = "BASE"


class AuditEvent(NamedTuple):
    """One audit event, before it is written in a carrier."""

    at: int
    kind: Kind
    author: Object
    objects: Sequence[Object] = ()
    changes: Sequence[Object] = ()
    extras: Sequence[Object] = ()
    method: str = "Browser"
    source: str | None = None
    node: str | None = None


SEARCHED = Kind(
    "Audit Log search performed",
    "atlassian.audit.event.action.audit.search",
    "Auditing",
    "atlassian.audit.event.category.audit",
    "AUDIT_LOG",
)
CONFIGURED = Kind(
    "Audit Log configuration updated",
    "atlassian.audit.event.action.audit.config.updated",
    "Auditing",
    "atlassian.audit.event.category.audit",
    "AUDIT_LOG",
)
PAT_CATEGORY = ("Personal access tokens", "personal.access.tokens.audit.log.category", "SECURITY")
PAT_CREATED = Kind(
    "Personal access token created", "personal.access.tokens.audit.log.summary.token.created", *PAT_CATEGORY
)
PAT_DELETED = Kind(
    "Personal access token deleted", "personal.access.tokens.audit.log.summary.token.deleted", *PAT_CATEGORY
)
SYSTEM: Object = {"id": "-1", "name": "System", "type": "system"}
ANONYMOUS: Object = {"id": "-2", "name": "Anonymous", "type": "user"}


def to_file(event: AuditEvent, base: str) -> bytes:
    """A line of `YYYYMMDD.NNNNN.audit.log`."""
    record = _common(event, base) | {
        "auditType": _type(event.kind) | {"area": event.kind.area, "level": event.kind.level},
        "timestamp": {"epochSecond": event.at // SECOND, "nano": event.at % SECOND * 1_000_000},
        "version": "1.0",
    }
    return orjson.dumps(record, option=orjson.OPT_SORT_KEYS)


def to_api(event: AuditEvent, base: str) -> dict[str, object]:
    """An item of `/rest/auditing/1.0/events`."""
    record = _common(event, base) | {"timestamp": clock.iso_ms(event.at), "type": _type(event.kind)}
    if event.author.get("type") == "user" and "uri" in event.author:
        record["author"] = {**event.author, "type": "ApplicationUser"}
    return record


def _common(event: AuditEvent, base: str) -> dict[str, object]:
    record: dict[str, object] = {
        "affectedObjects": event.objects,
        "author": event.author,
        "changedValues": event.changes,
        "extraAttributes": event.extras,
        "method": event.method,
        "system": base,
    }
    optional = {"source": event.source, "node": event.node}
    return record | {key: value for key, value in optional.items() if value is not None}


def _type(kind: Kind) -> dict[str, str]:
    return {
        "action": kind.action,
        "actionI18nKey": kind.key,
        "category": kind.category,
        "categoryI18nKey": kind.category_key,
    }


def page(events: Sequence[AuditEvent], base: str) -> bytes:
    """A page of the API, newest first."""
    newest_first = sorted(events, key=lambda event: -event.at)
    paging = {
        "lastPage": False,
        "nextPageLink": f"{base}/rest/auditing/1.0/events?offset={len(events)}",
        "size": len(events),
    }
    return orjson.dumps({"entities": [to_api(event, base) for event in newest_first], "pagingInfo": paging})


def attribute(name: str, key: str, value: str) -> Object:
    """An extra attribute."""
    return {"name": name, "nameI18nKey": key, "value": value}


def collected(rng: Random, author: Object, offset_s: int, node: str | None = None) -> list[AuditEvent]:
    """The log collector reads the audit log every quarter of an hour, and that is logged too."""
    return [
        AuditEvent(
            t,
            SEARCHED,
            author,
            extras=(
                attribute("Query", "atlassian.audit.event.attribute.query", ""),
                attribute("Results returned", "atlassian.audit.event.attribute.results", str(rng.randrange(60))),
            ),
            method="REST",
            source=LOG_COLLECTOR,
            node=node,
        )
        for t in clock.every(rng, 15, 10, offset_s=offset_s)
    ]


def covered(author: Object, source: str, node: str | None = None) -> list[AuditEvent]:
    """On the first night the security area was set to its full level."""
    change = {
        "from": "security : base",
        "i18nKey": "atlassian.audit.event.change.coverage.level",
        "key": "Coverage Level",
        "to": "security : full",
    }
    return [AuditEvent(clock.START + 412 * SECOND, CONFIGURED, author, changes=(change,), source=source, node=node)]


def token_event(at: int, kind: Kind, author: Object, owner: Object, name: str, source: str) -> AuditEvent:
    """A personal access token came or went: only its name and its owner are said."""
    extra = attribute("Token name", "personal.access.tokens.audit.log.extra.attribute.name", name)
    return AuditEvent(at, kind, author, objects=(owner,), extras=(extra,), source=source)


def in_order(events: Sequence[AuditEvent]) -> list[AuditEvent]:
    """Oldest first."""
    return sorted((event for event in events if event.at < clock.END), key=lambda event: event.at)


def file_lines(events: Sequence[AuditEvent], base: str) -> list[Line]:
    """The lines of the audit files."""
    return [(event.at, to_file(event, base)) for event in in_order(events)]
