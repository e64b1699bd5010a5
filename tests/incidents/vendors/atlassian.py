"""What is a record of Atlassian's audit log, as a line of its file and as an item of its API?"""

import json
from dataclasses import dataclass, field
from random import Random
from typing import TypeAlias

from tests.incidents.deeds import SECOND, Deed, iso_ms

Thing: TypeAlias = dict[str, str]
Request: TypeAlias = tuple[str, str, int, str]  # method, url, status, user
PAT = "personal.access.tokens.audit.log"
ANONYMOUS: Thing = {"id": "-2", "name": "Anonymous", "type": "user"}


@dataclass(frozen=True)
class Audited:
    """One audit event, before it is written."""

    at: int
    key: str
    action: str
    category: str
    author: Thing
    source: str
    objects: tuple[Thing, ...] = ()
    changes: tuple[Thing, ...] = ()
    extras: tuple[Thing, ...] = field(default=())


def answered(asked: Request | None, deed: Deed, rng: Random) -> list[Request]:
    """The request as it was answered: a refused login is shown its page again, anything else is forbidden or hidden."""
    if asked is None:
        return []
    method, url, status, user = asked
    if deed.refused:
        status = 200 if deed.verb == "login" else rng.choice((403, 404))
    return [(method, url, status, user)]


def file_line(event: Audited, base: str) -> bytes:
    """As the file has it: seconds, and nanoseconds as a whole number."""
    record = _common(event, base) | {
        "auditType": {**_type(event), "area": "SECURITY", "level": "BASE"},
        "timestamp": {"epochSecond": event.at // SECOND, "nano": event.at % SECOND * 1_000_000},
        "version": "1.0",
    }
    return json.dumps(record).encode()


def api_item(event: Audited, base: str) -> bytes:
    """As a page of the API has it."""
    return json.dumps(_common(event, base) | {"timestamp": iso_ms(event.at), "type": _type(event)}).encode()


def _type(event: Audited) -> Thing:
    return {
        "action": event.action,
        "actionI18nKey": event.key,
        "category": "Security",
        "categoryI18nKey": event.category,
    }


def _common(event: Audited, base: str) -> dict[str, object]:
    return {
        "affectedObjects": list(event.objects),
        "author": event.author,
        "changedValues": list(event.changes),
        "extraAttributes": list(event.extras),
        "method": "Browser",
        "source": event.source,
        "system": base,
    }


def attribute(name: str, key: str, value: str) -> Thing:
    """An extra attribute."""
    return {"name": name, "nameI18nKey": key, "value": value}


def token_name(name: str) -> Thing:
    """The one thing that is said of a personal access token beside its owner."""
    return attribute("Token name", f"{PAT}.extra.attribute.name", name)
