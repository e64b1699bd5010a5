"""What does each OCSF 1.8.0 class hold beside the base attributes?"""

from collections.abc import Callable
from dataclasses import dataclass

from cloison.ocsf.fields import (
    UNKNOWN,
    Json,
    Row,
    actor,
    entity,
    file,
    group,
    http_request,
    http_response,
    named,
    opened_session,
    privileges,
    resource,
    said,
    source_endpoint,
    target_endpoint,
    target_user,
    unknown_user,
    url,
)

HOST = "host"


@dataclass(frozen=True)
class Class:
    """An OCSF class: its caption, what makes its own attributes, and the profile that lends it `actor`, if any."""

    caption: str
    extras: Callable[[Row], Json]
    profile: str | None = None


def _web(row: Row) -> Json:
    return said(http_request=http_request(row), http_response=http_response(row))


def _came_from(row: Row) -> Json:
    return said(actor=actor(row), src_endpoint=source_endpoint(row), **_web(row))


def _called(row: Row) -> Json:
    return {**_came_from(row), "src_endpoint": source_endpoint(row) or {"name": UNKNOWN}}


def _subject(row: Row, acting: Json) -> Json:
    by = acting.get("user")
    return target_user(row) or (by if isinstance(by, dict) else {}) or unknown_user()


def _account_change(row: Row) -> Json:
    base = _came_from(row)
    return {**base, "user": _subject(row, actor(row))}


def _authentication(row: Row) -> Json:
    acting = actor(row)
    where = target_endpoint(row)
    service = said(name=row.text("target_app"))
    return said(
        **_came_from(row),
        user=_subject(row, acting),
        session=opened_session(row),
        dst_endpoint=where,
        service=service or (None if where else {"name": row.peek("system") or UNKNOWN}),
    )


def _authorize_session(row: Row) -> Json:
    given = {"group": group(row)} if row.peek("target_group") else {"privileges": privileges(row)}
    return said(**_came_from(row), user=_subject(row, actor(row)), dst_endpoint=target_endpoint(row), **given)


def _entity_management(row: Row) -> Json:
    return {**_came_from(row), "entity": entity(row)}


def _user_access(row: Row) -> Json:
    return {**_came_from(row), "user": _subject(row, actor(row)), "privileges": privileges(row)}


def _group_management(row: Row) -> Json:
    return said(**_came_from(row), group=group(row), user=target_user(row))


def _network(row: Row) -> Json:
    there = target_endpoint(row)
    here = source_endpoint(row) or (None if there else {"name": UNKNOWN})
    return said(actor=actor(row), src_endpoint=here, dst_endpoint=there)


def _network_activity(row: Row) -> Json:
    return said(**_network(row), url=url(row))


def _dns(row: Row) -> Json:
    asked = row.text("dst_host") or row.text("resource_name", "resource_uid")
    server = said(ip=row.text("dst_ip"), port=row.number("dst_port", most=65_535)) if row.peek("dst_ip") else {}
    here = source_endpoint(row) or (None if server else {"name": UNKNOWN})
    return said(query=asked and {"hostname": asked}, actor=actor(row), src_endpoint=here, dst_endpoint=server)


def _http(row: Row) -> Json:
    carried = file(row) if row.peek("file_name") else {}
    return said(**_network(row), **(_web(row) or {"http_response": {"code": 0}}), file=carried)


def _web_resources(row: Row) -> Json:
    about = said(**named(row), type=row.text("resource_kind"))
    return said(**_came_from(row), dst_endpoint=target_endpoint(row), web_resources=[about])


def _application(row: Row) -> Json:
    return said(actor=actor(row), app=named(row, "target_app"))


def _api(row: Row) -> Json:
    about = resource(row)
    operation = row.text("event_code") or row.text("action", "message") or UNKNOWN
    api = said(operation=operation, service=said(name=row.peek("system")))
    return said(**_called(row), api=api, dst_endpoint=target_endpoint(row), resources=[about] if about else [])


def _datastore(row: Row) -> Json:
    bucket = said(**named(row), type=row.text("resource_kind"), type_id=99 if row.peek("resource_kind") else 0)
    return said(**_called(row), dst_endpoint=target_endpoint(row), databucket=bucket)


def _file_hosting(row: Row) -> Json:
    return said(**_called(row), dst_endpoint=target_endpoint(row), file=file(row))


def _process(row: Row) -> Json:
    name, line = row.text("file_name"), row.text("message")
    uid = row.peek("pair_uid") or row.peek("event_uid") or UNKNOWN  # no column holds a process's own number
    run = said(name=name or row.peek("event_code") or UNKNOWN, cmd_line=line, uid=uid)
    host = said(hostname=row.text("dst_host"), name=None if row.peek("dst_host") else UNKNOWN, type_id=0)
    return said(actor=actor(row), process=run, device=host)


def _event_log(row: Row) -> Json:
    name = row.text("resource_name") or row.text("resource_uid") or row.peek("source") or UNKNOWN
    here = source_endpoint(row)
    return said(log_name=name, actor=actor(row), src_endpoint=here, dst_endpoint=target_endpoint(row))


def _finding(row: Row) -> Json:
    uid = row.peek("vendor_uid") or row.peek("event_uid") or UNKNOWN
    about = resource(row)
    shown = said(**_came_from(row), dst_endpoint=target_endpoint(row), user=target_user(row))
    return said(
        finding_info=said(uid=uid, title=row.peek("message") or row.peek("event_code")),
        evidences=[] if shown == {"actor": {"user": unknown_user()}} else [shown],
        resources=[about] if about else [],
    )


CLASSES = {
    1007: Class("Process Activity", _process),
    1008: Class("Event Log Activity", _event_log),
    2004: Class("Detection Finding", _finding),
    3001: Class("Account Change", _account_change),
    3002: Class("Authentication", _authentication),
    3003: Class("Authorize Session", _authorize_session),
    3004: Class("Entity Management", _entity_management),
    3005: Class("User Access Management", _user_access),
    3006: Class("Group Management", _group_management),
    4001: Class("Network Activity", _network_activity, HOST),
    4002: Class("HTTP Activity", _http, HOST),
    4003: Class("DNS Activity", _dns, HOST),
    4007: Class("SSH Activity", _network, HOST),
    6001: Class("Web Resources Activity", _web_resources, HOST),
    6002: Class("Application Lifecycle", _application, HOST),
    6003: Class("API Activity", _api),
    6005: Class("Datastore Activity", _datastore),
    6006: Class("File Hosting Activity", _file_hosting),
}
"""The classes that sources emit, by `class_uid`."""
