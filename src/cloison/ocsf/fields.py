"""Which OCSF 1.8.0 object does each group of EVENTS columns become?"""

import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import TypeGuard

UNKNOWN = "Unknown"
Json = dict[str, object]

_EMAIL = re.compile(r"[a-zA-Z0-9!#$%&'*+/=?^_`{|}~.-]+@[a-zA-Z0-9-]+\.[a-zA-Z0-9.-]+")
_METHODS = frozenset({"OPTIONS", "GET", "HEAD", "POST", "PUT", "DELETE", "TRACE", "CONNECT", "PATCH"})
_USER_TYPES = {
    **dict.fromkeys(("user", "person", "human", "normal"), 1),
    **dict.fromkeys(("admin", "administrator", "root"), 2),
    **dict.fromkeys(("system", "systemprincipal"), 3),
    **dict.fromkeys(("service", "serviceaccount", "serviceclient", "awsservice"), 4),
}
_HASHES = {32: ("MD5", 1), 40: ("SHA-1", 2), 64: ("SHA-256", 3), 128: ("SHA-512", 4)}
_ENTITIES = {
    "account": ("User", 2),
    "group": ("Group", 3),
    "organization": ("Organization", 4),
    "policy": ("Policy", 5),
    "zone": ("Network Zone", 7),
    "token": ("API Token", 99),
}


class Row:
    """An EVENTS row that remembers which of its columns have found a place."""

    def __init__(self, values: Mapping[str, object]) -> None:
        self._values = {name: value for name, value in values.items() if value is not None and not name.startswith("_")}
        self._placed: set[str] = set()

    def text(self, *names: str) -> str | None:
        """The first of the columns that holds text; only that one counts as placed."""
        for name in names:
            value = self._values.get(name)
            if isinstance(value, str) and value:
                self._placed.add(name)
                return value
        return None

    def number(self, name: str, *, most: int = 2**53) -> int | None:
        """The column's whole number, if it is one between 0 and `most`."""
        value = self._values.get(name)
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
            return None
        self._placed.add(name)
        return value

    def texts(self, name: str) -> list[str]:
        """The column's list of texts."""
        self._placed.add(name)
        value = self._values.get(name)
        return _texts(value) if isinstance(value, list | tuple) else []

    def value(self, name: str) -> object:
        """The column as it is."""
        self._placed.add(name)
        return self._values.get(name)

    def peek(self, name: str) -> object:
        """The column as it is, without giving it a place."""
        return self._values.get(name)

    def rest(self, shown: AbstractSet[object]) -> Json:
        """The columns that found no place, and those read for one whose text is not among what is `shown`."""
        return {
            name: value
            for name, value in self._values.items()
            if name not in self._placed or not all(text in shown for text in _texts(value))
        }


def _texts(value: object) -> list[str]:
    parts = value if isinstance(value, list | tuple) else [value]
    return [part for part in parts if isinstance(part, str)]


def said(**parts: object) -> Json:
    """An object of those parts that say something."""
    return {name: part for name, part in parts.items() if part is not None and part not in ("", [], {})}


def is_address(text: str | None) -> TypeGuard[str]:
    """Whether OCSF takes the text for an e-mail address (ASCII only)."""
    return text is not None and _EMAIL.fullmatch(text) is not None


def actor(row: Row) -> Json:
    """`actor`: who did it, in which session, with which credential."""
    credential = row.text("credential_uid")
    session = said(uid=row.text("vendor_session_uid"), credential_uid=credential)
    user = actor_user(row, credential)
    return said(user=user, session=session) or {"user": unknown_user()}


def opened_session(row: Row) -> Json:
    """`session` that a logon opened, with the credential that it minted, or else the one it was opened with."""
    minted, used = row.text("minted_credential_uid"), row.text("credential_uid")
    return said(uid=row.text("vendor_session_uid"), credential_uid=minted or used)


def actor_user(row: Row, credential: str | None) -> Json:
    """`user` of the actor; empty when the record names nobody."""
    principal = row.text("principal")
    name, uid, email = row.text("actor_name"), row.text("actor_uid"), row.text("actor_email")
    address = next(filter(is_address, (email, principal)), None)
    if not (principal or name or uid or email):
        return {}
    kind, account = row.text("actor_type"), row.text("actor_account_uid")
    return said(
        account={"uid": account} if account else None,
        name=principal or name or email or uid,
        display_name=name,
        uid=uid,
        email_addr=address,
        type=kind,
        type_id=_USER_TYPES.get((kind or "").replace(" ", "").lower(), 99 if kind else 0),
        programmatic_credentials=credentials(credential),
    )


def target_user(row: Row) -> Json:
    """`user` that something was done to; empty when the record names none."""
    name = row.text("target_principal")
    uid = row.text("resource_uid") if row.value("resource_kind") == "account" else None
    if not (name or uid):
        return {}
    made = credentials(row.text("target_credential_uid"), row.text("minted_credential_uid"))
    address = name if is_address(name) else None
    return said(name=name, uid=uid, email_addr=address, programmatic_credentials=made)


def unknown_user() -> Json:
    """`user` of a record that names nobody."""
    return {"name": UNKNOWN, "type_id": 0}


def credentials(*uids: str | None) -> list[Json]:
    """`programmatic_credentials`, each once."""
    return [{"uid": uid} for uid in dict.fromkeys(uids) if uid]


def source_endpoint(row: Row) -> Json:
    """`src_endpoint`: where it came from; further addresses that the record claims are its intermediates."""
    addresses = list(dict.fromkeys([one for one in (row.text("src_ip"), *row.texts("src_ips")) if one]))
    here = addresses[0] if addresses else None
    return said(ip=here, hostname=row.text("src_host"), intermediate_ips=addresses[1:])


def target_endpoint(row: Row) -> Json:
    """`dst_endpoint`: where it went."""
    address, host = row.text("dst_ip"), row.text("dst_host")
    if not (address or host):
        return {}
    return said(ip=address, hostname=host, port=row.number("dst_port", most=65_535))


def http_request(row: Row) -> Json:
    """`http_request`; a method that OCSF has no word for stays unmapped."""
    agent = row.text("user_agent")
    method = row.text("http_method") if str(row.peek("http_method")).upper() in _METHODS else None
    return said(http_method=method and method.upper(), url=url(row), user_agent=agent)


def http_response(row: Row) -> Json:
    """`http_response`."""
    return said(code=row.number("http_status"))


def url(row: Row) -> Json:
    """`url`, as it was logged."""
    return said(url_string=row.text("url"))


def file(row: Row) -> Json:
    """`file`, with the one hash that the row may hold."""
    name = row.text("file_name") or row.text("resource_name") or row.text("resource_uid")
    return said(name=name or UNKNOWN, uid=row.text("resource_uid"), type_id=1 if name else 0, hashes=hashes(row))


def hashes(row: Row) -> list[Json]:
    """`hashes`, the algorithm told by the length."""
    value = row.text("file_hash")
    if value is None:
        return []
    algorithm, number = _HASHES.get(len(value), ("Other", 99))
    return [{"algorithm": algorithm, "algorithm_id": number, "value": value}]


def named(row: Row, *names: str) -> Json:
    """An object with the name and uid of the thing that the event is about; never empty."""
    name, uid = row.text("resource_name", *names), row.text("resource_uid")
    return said(name=name, uid=uid) or {"name": UNKNOWN}


def resource(row: Row) -> Json:
    """An object with name, uid and kind of the thing that the event is about; empty when there is none."""
    if row.peek("resource_name") is None and row.peek("resource_uid") is None:
        return {}
    return said(name=row.text("resource_name"), uid=row.text("resource_uid"), type=row.text("resource_kind"))


def entity(row: Row) -> Json:
    """`entity` (managed_entity): a token by its credential uid and with its owner, anything else by its own uid."""
    kind, owner = row.text("resource_kind"), row.text("target_principal")
    keys = credentials(row.text("target_credential_uid"), row.text("minted_credential_uid"))
    uid = row.text("resource_uid") or (str(keys[0]["uid"]) if keys else None)
    about = said(name=row.text("resource_name"), uid=uid)
    about = about or said(name=row.text("target_app", "target_group") or owner) or {"name": UNKNOWN}
    caption, number = _ENTITIES.get(kind or "", (kind, 99 if kind else 0))
    holder = said(name=owner, programmatic_credentials=keys) if owner else {}
    return said(**about, type=caption, type_id=number, user=holder)


def group(row: Row) -> Json:
    """`group`."""
    name = row.text("target_group")
    uid = row.text("resource_uid") if row.value("resource_kind") == "group" else None
    return said(name=name or row.text("resource_name"), uid=uid) or {"name": UNKNOWN}


def privileges(row: Row) -> list[str]:
    """`privileges`: the role or scope by name, or the vendor's word for the grant."""
    return [row.text("resource_name", "target_group", "target_app", "resource_uid", "event_code") or UNKNOWN]
