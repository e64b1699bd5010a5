"""Where do OCSF's names for fields stand among the columns of an event, and the facts of its context?"""

from cloison.hunt.context import CONTEXT
from cloison.hunt.sigma.places import Kind, Place, Taxonomy, Value
from cloison.hunt.sigma.terms import UnfitError
from cloison.ocsf.classes import CLASSES
from cloison.ocsf.events import EVENTS
from cloison.sources.paths import literal, quoted

_KINDS: dict[str, Kind] = {
    "string": "text",
    "strings": "texts",
    "int": "int",
    "bool": "bool",
    "timestamp": "time",
    "float": "text",
}

_COLUMNS: dict[str, tuple[str, ...]] = {
    "actor.user.name": ("principal", "actor_name"),
    "actor.user.display_name": ("actor_name",),
    "actor.user.uid": ("actor_uid",),
    "actor.user.email_addr": ("actor_email",),
    "actor.user.type": ("actor_type",),
    "actor.user.account.uid": ("actor_account_uid",),
    "actor.session.uid": ("vendor_session_uid",),
    "actor.session.credential_uid": ("credential_uid",),
    "session.uid": ("vendor_session_uid",),
    "session.credential_uid": ("minted_credential_uid", "credential_uid"),
    "user.name": ("target_principal",),
    "entity.name": ("resource_name", "target_app", "target_group", "target_principal"),
    "entity.uid": ("resource_uid",),
    "entity.type": ("resource_kind",),
    "entity.user.name": ("target_principal",),
    "group.name": ("target_group", "resource_name"),
    "group.uid": ("resource_uid",),
    "privileges": ("resource_name", "target_group", "target_app", "resource_uid", "event_code"),
    "app.name": ("resource_name", "target_app"),
    "app.uid": ("resource_uid",),
    "service.name": ("target_app",),
    "web_resources.name": ("resource_name",),
    "web_resources.uid": ("resource_uid",),
    "web_resources.type": ("resource_kind",),
    "databucket.name": ("resource_name",),
    "databucket.uid": ("resource_uid",),
    "databucket.type": ("resource_kind",),
    "resources.name": ("resource_name",),
    "resources.uid": ("resource_uid",),
    "resources.type": ("resource_kind",),
    "file.name": ("file_name", "resource_name"),
    "file.uid": ("resource_uid",),
    "file.hashes.value": ("file_hash",),
    "process.name": ("file_name",),
    "process.cmd_line": ("message",),
    "device.hostname": ("dst_host",),
    "src_endpoint.ip": ("src_ip",),
    "src_endpoint.intermediate_ips": ("src_ips",),
    "src_endpoint.hostname": ("src_host",),
    "dst_endpoint.ip": ("dst_ip",),
    "dst_endpoint.port": ("dst_port",),
    "dst_endpoint.hostname": ("dst_host",),
    "query.hostname": ("dst_host",),
    "http_request.http_method": ("http_method",),
    "http_request.user_agent": ("user_agent",),
    "http_request.url": ("url",),
    "http_request.url.url_string": ("url",),
    "http_response.code": ("http_status",),
    "url.url_string": ("url",),
    "api.operation": ("event_code",),
    "metadata.event_code": ("event_code",),
    "metadata.uid": ("vendor_uid",),
    "metadata.log_name": ("source",),
    "metadata.log_format": ("carrier",),
    "metadata.product.name": ("system",),
    "metadata.correlation_uid": ("pair_uid",),
    "activity_name": ("event_code",),
    "finding_info.title": ("message",),
}
_COMPUTED = {
    "type_uid": Value("(class_uid * 100 + activity_id)", "int"),
    "category_uid": Value("(class_uid // 1000)", "int"),
    "status": Value("CASE status_id WHEN 0 THEN 'Unknown' WHEN 1 THEN 'Success' WHEN 2 THEN 'Failure' END"),
}
CATEGORIES = {one.caption.lower().replace(" ", "_").replace("&", "and"): uid for uid, one in CLASSES.items()}
"""The classes by what `logsource: category` calls them."""

_NEVER_SEARCHED = {"event_uid", "evidence_uid", "carrier", "superseded"}


def _value(name: str) -> Value:
    return Value(quoted(name), _KINDS[EVENTS.columns[name]])


def _place(name: str) -> Place:
    if name.startswith("context."):
        column = name.removeprefix("context.")
        if column not in CONTEXT.columns or column == "event_uid":
            raise UnfitError(f"no field {name!r}: the context of an event has {', '.join(list(CONTEXT.columns)[1:])}")
        return Place((Value(f"context_{column}", _KINDS[CONTEXT.columns[column]]),))
    if name in _COMPUTED:
        return Place((_COMPUTED[name],))
    bare = name.removeprefix("unmapped.")
    columns = _COLUMNS.get(name) or ((bare,) if bare in EVENTS.columns else ())
    if not columns:
        raise UnfitError(f"no field {name!r} among the events: docs/detections.md lists those that there are")
    return Place(tuple(map(_value, columns)))


def _everything() -> Place:
    return Place(
        tuple(
            _value(name)
            for name, kind in EVENTS.columns.items()
            if kind in {"string", "strings"} and name not in _NEVER_SEARCHED
        )
    )


OCSF = Taxonomy(_place, _everything)


def logsource_sql(category: str | None, service: str | None) -> str:
    """The SQL condition of a logsource of product `ocsf`.

    Raises:
        UnfitError: the category is no class that sources emit.
    """
    parts = []
    if service:
        parts.append(f"source = {literal(service)}")
    if category:
        if category not in CATEGORIES:
            raise UnfitError(f"no OCSF class {category!r}: those that sources emit are {', '.join(CATEGORIES)}")
        parts.append(f"class_uid = {CATEGORIES[category]}")
    return " AND ".join(parts) or "TRUE"
