"""How does a carrier of a source become one columnar SELECT from raw records to OCSF event rows?"""

import re
from dataclasses import dataclass

from cloison.errors import SourceError
from cloison.lake.tables import EVENTS
from cloison.sources.convert import SQL_OF
from cloison.sources.paths import Segment, Shape, literal, parse_path, path_sql, quoted
from cloison.sources.spec import Capture, Carrier, Choice, Condition, Event, Field, Rotation, Spec, Test

CUSTODY = {"_e": "VARCHAR", "_o": "BIGINT", "_l": "BIGINT"}
"""The members that ingest writes in front of each record: evidence uid, offset and length in bytes."""

_SETTABLE = set(EVENTS.columns) - {"event_uid", "source", "carrier", "evidence_uid", "record_offset", "record_length"}
_OWN = {"_e", "_o", "_l", "_f", "_g", "_j", "_rule", "_rot", "_sure", "_identity", "_path", "_query"}
_TYPES = EVENTS.sql_columns()
_TEMPLATE = re.compile(r"\{(\d)(?::(upper|lower|decode))?\}")


@dataclass(frozen=True)
class Mapping:
    """A compiled carrier: the strict reader's column types, and the SELECT over a relation `r` of that shape."""

    spec: Spec
    carrier: Carrier
    columns: dict[str, str]
    structure: dict[str, object]
    select: str


def compile_carrier(spec: Spec, carrier: Carrier) -> Mapping:
    """Compile a carrier to SQL.

    The SELECT yields every column of `EVENTS` and a boolean `_sure`: the row shows all the signs by which the
    carrier is recognised. Its input is a relation named `raw_records`.

    Raises:
        SourceError: the source names a field or column that is not there; `where` says which.
    """
    shape = Shape()
    fields = {name: _as_field(entry) for name, entry in carrier.map.items()}
    mapped = {name: _field_sql(spec, carrier, shape, name, entry) for name, entry in fields.items()}
    sure = _sure_sql(carrier, shape)
    mapped |= _derived(mapped)
    stages = _stages(spec, carrier, mapped, sure)
    if carrier.kind == "lines":
        columns: dict[str, str] = {"line": "VARCHAR"}
        structure: dict[str, object] = {"line": "VARCHAR"}
    else:
        columns = {name: member.sql_type() for name, member in shape.members.items()}
        structure = {name: member.json_type() for name, member in shape.members.items()}
    return Mapping(spec, carrier, columns, structure, stages)


def _as_field(entry: str | Field) -> Field:
    return Field(from_=entry) if isinstance(entry, str) else entry


def _paths(entry: Field) -> tuple[str, ...]:
    return (entry.from_,) if isinstance(entry.from_, str) else entry.from_


def _field_sql(spec: Spec, carrier: Carrier, shape: Shape, name: str, entry: Field) -> str:
    if name in _OWN:
        raise SourceError(f"{name} is a name of the compiler's own", where=f"{spec.name}/{carrier.name}")
    if name not in _SETTABLE and not name.startswith("_") and name != "status":
        raise SourceError(f"no event column {name!r}", where=f"{spec.name}/{carrier.name}", remedy="local names begin with _")
    if entry.const is not None:
        return literal(entry.const)
    read = [_place_sql(carrier, shape, path) for path in _paths(entry)]
    if not read:
        raise SourceError("a field needs `from` or `const`", where=f"{spec.name}/{carrier.name}.{name}")
    if entry.as_ == "second_nano":
        return SQL_OF["second_nano"].format(*read)
    if entry.join is not None:
        return f" || {literal(entry.join)} || ".join(f"cl_text({one})" for one in read)
    if entry.as_ == "ips":
        return _all_addresses(_paths(entry), read)
    return f"coalesce({', '.join(options)})" if len(options := [_shaped(one, entry) for one in read]) > 1 else options[0]


def _place_sql(carrier: Carrier, shape: Shape, text: str) -> str:
    path = parse_path(text)
    if carrier.kind == "lines":
        return f"r._g[{literal(text)}]"
    shape.add(path)
    return path_sql(path)


def _shaped(read: str, entry: Field) -> str:
    if entry.path is not None:
        read = f"try_cast(json_extract_string(try_cast({read} AS JSON), {literal(entry.path)}) AS VARCHAR)"
    if entry.null_if:
        read = f"CASE WHEN {read} NOT IN ({', '.join(literal(value) for value in entry.null_if)}) THEN {read} END"
    if entry.decode:
        read = f"cl_decode({read})"
    if entry.capture is not None:
        read = f"nullif(regexp_extract({read}, {literal(entry.capture)}, 1), '')"
    if entry.values:
        otherwise = literal(entry.default) if entry.default is not None else "NULL"
        other = f"WHEN {read} IS NOT NULL THEN {literal(entry.values['*'])}" if "*" in entry.values else ""
        return f"CASE {_lowered(entry, read)} {other} ELSE {otherwise} END"
    converted = SQL_OF[entry.as_].format(read)
    return converted if entry.default is None else f"coalesce({converted}, {literal(entry.default)})"


def _lowered(entry: Field, read: str) -> str:
    arms = {key.lower(): value for key, value in entry.values.items() if key != "*"}
    return " ".join(f"WHEN lower({read}) = {literal(key)} THEN {literal(value)}" for key, value in arms.items()) or "WHEN FALSE THEN NULL"


def _all_addresses(paths: tuple[str, ...], read: list[str]) -> str:
    """Every address of every place, in order, each once."""
    lists = [SQL_OF["ip_list" if "[]" in path else "ips"].format(one) for path, one in zip(paths, read, strict=True)]
    if len(lists) == 1:
        return lists[0]
    return f"cl_once(list_concat({', '.join(f'coalesce({one}, [])' for one in lists)}))"


def _derived(mapped: dict[str, str]) -> dict[str, str]:
    """`_path` and `_query` come with every `url`."""
    if "url" not in mapped:
        return {}
    return {"_path": "split_part(cl_local({url}), '?', 1)", "_query": "regexp_extract({url}, '[?](.*)$', 1)"}


def _sure_sql(carrier: Carrier, shape: Shape) -> str:
    if carrier.kind == "lines":
        return "r._g IS NOT NULL"
    present = [f"{_presence(shape, path)} IS NOT NULL" for path in carrier.all]
    if carrier.any:
        present.append("coalesce(" + ", ".join(f"{_presence(shape, p)} IS NOT NULL OR NULL" for p in carrier.any) + ", FALSE)")
    present += [f"regexp_matches({_presence(shape, path)}, {literal(wanted)})" for path, wanted in carrier.match.items()]
    if carrier.match_any:
        either = [f"regexp_matches({_presence(shape, path)}, {literal(wanted)})" for path, wanted in carrier.match_any.items()]
        present.append("(" + " OR ".join(f"coalesce({one}, FALSE)" for one in either) + ")")
    present += [f"{_presence(shape, path)} IS NULL" for path in carrier.none]
    return " AND ".join(present) or "TRUE"


def _presence(shape: Shape, text: str) -> str:
    path = parse_path(text)
    shape.add(path)
    return path_sql(path)


def _stages(spec: Spec, carrier: Carrier, mapped: dict[str, str], sure: str) -> str:
    source = "raw_records AS r"
    if carrier.kind == "lines":
        groups = re.findall(r"\(\?P<([a-z_0-9]+)>", carrier.pattern or "")
        listed = "[" + ", ".join(literal(group) for group in groups) + "]"
        hit = f"regexp_extract(line, {literal(carrier.pattern)}, {listed})"
        full = f"CASE WHEN regexp_matches(line, {literal(carrier.pattern)}) THEN {hit} END"
        source = f"(SELECT *, {full} AS _g FROM raw_records) AS r"
    custody = "r._e, r._o, r._l" + (", r.line" if carrier.kind == "lines" else "")
    plain = {name: sql for name, sql in mapped.items() if name not in ("_path", "_query")}
    first = ",\n    ".join(f"{sql} AS {quoted(name)}" for name, sql in plain.items())
    derived = "".join(f", {mapped[n].format(url='url')} AS {n}" for n in ("_path", "_query") if n in mapped)
    return f"""WITH mapped AS (
  SELECT {custody}, coalesce(r._f, FALSE) OR coalesce({sure}, FALSE) AS _sure,
    {first}
  FROM {source}
), local AS (SELECT *{derived}{_status_columns(plain)} FROM mapped
), ruled AS (SELECT *, {_rule_sql(spec, set(mapped))} AS _rule FROM local
), shaped AS (
  SELECT _e, _o, _l, _sure, {_identity_parts(spec, carrier, set(plain))}
    {_shaped_columns(spec, carrier, set(mapped))}
  FROM ruled
), spoken AS (SELECT *, {_rotation_rule(spec, set(mapped))} AS _rot FROM shaped)
SELECT {_final(spec, carrier, set(mapped))}
FROM spoken"""


def _status_columns(mapped: dict[str, str]) -> str:
    if "status" in mapped:
        return ""
    if "http_status" not in mapped:
        return ", CAST(NULL AS VARCHAR) AS status"
    return (
        ", CASE WHEN try_cast(http_status AS INT) BETWEEN 200 AND 299 OR try_cast(http_status AS INT) = 304 "
        "THEN 'success' WHEN try_cast(http_status AS INT) >= 300 THEN 'failure' END AS status"
    )


def _rule_sql(spec: Spec, known: set[str]) -> str:
    arms = []
    for number, event in enumerate(spec.event):
        arms.append(f"WHEN {_when_sql(spec, event.when, event.capture, known)} THEN {number}")
    return "CASE " + "\n      ".join(arms) + " END" if arms else "NULL"


def _when_sql(spec: Spec, when: dict[str, Condition], capture: Capture | None, known: set[str]) -> str:
    parts = [_condition_sql(field, wanted) for field, wanted in when.items() if field in known | {"status"}]
    if any(field not in known | {"status"} and not _absent_holds(when[field]) for field in when):
        return "FALSE"
    if capture is not None:
        if capture.field not in known:
            return "FALSE"
        if capture.has:
            parts.append(f"contains({quoted(capture.field)}, {literal(capture.has)})")
        parts.append(f"regexp_matches({quoted(capture.field)}, {literal(capture.pattern)})")
    return " AND ".join(parts) or "TRUE"


def _absent_holds(wanted: Condition) -> bool:
    """Whether a condition on a field that this carrier does not map holds all the same."""
    return isinstance(wanted, Test) and (wanted.present is False)


def _condition_sql(field: str, wanted: Condition) -> str:
    column = quoted(field)
    if isinstance(wanted, tuple):
        return f"{column} IN ({', '.join(literal(str(value)) for value in wanted)})"
    if not isinstance(wanted, Test):
        return f"{column} = {literal(str(wanted))}"
    parts = []
    if wanted.equals is not None:
        parts.append(f"{column} = {literal(str(wanted.equals))}")
    if wanted.not_in:
        parts.append(f"{column} NOT IN ({', '.join(literal(str(value)) for value in wanted.not_in)})")
    if wanted.prefix is not None:
        parts.append(f"starts_with({column}, {literal(wanted.prefix)})")
    if wanted.suffix is not None:
        parts.append(f"ends_with({column}, {literal(wanted.suffix)})")
    if wanted.has is not None:
        parts.append(f"contains({column}, {literal(wanted.has)})")
    if wanted.matches is not None:
        parts.append(f"regexp_matches({column}, {literal(wanted.matches)})")
    if wanted.present is not None:
        parts.append(f"{column} IS {'NOT ' if wanted.present else ''}NULL")
    return " AND ".join(parts) or "TRUE"


def _identity_parts(spec: Spec, carrier: Carrier, known: set[str]) -> str:
    if carrier.kind == "lines" and not spec.identity:
        return "line AS _identity,"
    names = [name for name in spec.identity if name in known]
    if not names:
        return "CAST(NULL AS VARCHAR) AS _identity,"
    first = quoted(names[0])
    rest = ", ".join(f"coalesce(CAST({quoted(name)} AS VARCHAR), '')" for name in names)
    return f"CASE WHEN {first} IS NOT NULL THEN concat_ws(chr(31), {rest}) END AS _identity,"


def _shaped_columns(spec: Spec, carrier: Carrier, known: set[str]) -> str:
    lines = [
        f"CASE _rule {_arms(spec, lambda event: str(event.class_))} END AS class_uid",
        f"CASE _rule {_arms(spec, lambda event: _activity_sql(event, known))} END AS activity_id",
        f"CASE CASE _rule {_arms(spec, _status_sql)} ELSE status END "
        "WHEN 'success' THEN 1 WHEN 'failure' THEN 2 ELSE 0 END AS status_id",
    ]
    done = {"class_uid", "activity_id", "status_id", "event_uid", "source", "carrier"}
    for column, kind in _TYPES.items():
        if column not in done and column not in _SETTABLE - done or column in done:
            continue
        lines.append(f"{_column_sql(spec, column, kind, known)} AS {quoted(column)}")
    local = sorted(name for name in known if name.startswith("_"))
    return ",\n    ".join([*lines, *(quoted(name) for name in local)])


def _arms(spec: Spec, of: "object") -> str:
    arms = []
    for number, event in enumerate(spec.event):
        value = of(event)  # type: ignore[operator]
        if value is not None:
            arms.append(f"WHEN {number} THEN {value}")
    return " ".join(arms) or "WHEN -1 THEN NULL"


def _status_sql(event: Event) -> str | None:
    return literal(event.status) if event.status else None


def _activity_sql(event: Event, known: set[str]) -> str:
    if not isinstance(event.activity, Choice):
        return str(event.activity)
    if event.activity.from_ not in known:
        return str(event.activity.default)
    arms = " ".join(f"WHEN {literal(key)} THEN {value}" for key, value in event.activity.values.items())
    return f"(CASE {quoted(event.activity.from_)} {arms} ELSE {event.activity.default} END)"


def _column_sql(spec: Spec, column: str, kind: str, known: set[str]) -> str:
    base = f"CAST({quoted(column)} AS {kind})" if kind in ("TIMESTAMP", "VARCHAR[]") else f"try_cast({quoted(column)} AS {kind})"
    base = base if column in known else f"CAST(NULL AS {kind})"
    arms = []
    for number, event in enumerate(spec.event):
        if column in event.set:
            arms.append(f"WHEN {number} THEN try_cast({_template_sql(spec, event, event.set[column], known)} AS {kind})")
    return f"CASE _rule {' '.join(arms)} ELSE {base} END" if arms else base


def _template_sql(spec: Spec, event: Event, text: str, known: set[str]) -> str:
    if text.startswith("$"):
        return quoted(text[1:]) if text[1:] in known else "NULL"
    if not _TEMPLATE.search(text):
        return literal(text)
    if event.capture is None:
        raise SourceError(f"{text!r} uses a group but the event has no capture", where=spec.name)
    return " || ".join(_piece_sql(event.capture, piece) for piece in _pieces(text))


def _pieces(text: str) -> list[str | tuple[str, str | None]]:
    pieces: list[str | tuple[str, str | None]] = []
    at = 0
    for found in _TEMPLATE.finditer(text):
        if found.start() > at:
            pieces.append(text[at : found.start()])
        pieces.append((found[1], found[2]))
        at = found.end()
    return [*pieces, text[at:]] if at < len(text) else pieces


def _piece_sql(capture: Capture, piece: str | tuple[str, str | None]) -> str:
    if isinstance(piece, str):
        return literal(piece)
    group, modifier = piece
    read = f"regexp_extract({quoted(capture.field)}, {literal(capture.pattern)}, {int(group)})"
    return {None: read, "upper": f"upper({read})", "lower": f"lower({read})", "decode": f"cl_decode({read})"}[modifier]


def _rotation_rule(spec: Spec, known: set[str]) -> str:
    if not spec.rotation:
        return "CAST(NULL AS INT)"
    arms = []
    for number, rule in enumerate(spec.rotation):
        guard = "" if rule.any_status else " AND status_id = 1"
        arms.append(f"WHEN {_rotation_when(spec, rule, known)}{guard} THEN {number}")
    return f"CASE {' '.join(arms)} END"


def _rotation_when(spec: Spec, rule: Rotation, known: set[str]) -> str:
    return _when_sql(spec, rule.when, None, known | set(EVENTS.columns))


def _final(spec: Spec, carrier: Carrier, known: set[str]) -> str:
    unique = "concat_ws(chr(31), _e, _o)"
    out = []
    for column, kind in _TYPES.items():
        out.append(f"{_final_column(spec, carrier, known, column, kind, unique)} AS {quoted(column)}")
    return ",\n  ".join([*out, "_sure"])


def _final_column(spec: Spec, carrier: Carrier, known: set[str], column: str, kind: str, unique: str) -> str:
    fixed = {
        "event_uid": f"md5(concat_ws(chr(31), {literal(spec.name)}, coalesce(_identity, {unique})))",
        "source": literal(spec.name),
        "carrier": literal(carrier.name),
        "system": f"coalesce(system, {literal(spec.system)})",
        "evidence_uid": "_e",
        "record_offset": "_o",
        "record_length": "_l",
        "time_assumed": "coalesce(time_assumed, FALSE)",
        "src_ip": "coalesce(src_ip, src_ips[1])",
        "src_ips": "coalesce(src_ips, CASE WHEN src_ip IS NOT NULL THEN [src_ip] END)",
        "pair_uid": f"CASE WHEN pair_uid IS NOT NULL THEN {literal(spec.name + ':')} || pair_uid END",
        "rotation_rule": f"{literal(spec.name + '/')} || _rot",
    }
    if column in fixed:
        return fixed[column]
    if column == "rotation_effect":
        return f"CASE _rot {_rotation_arms(spec, lambda rule: literal(rule.effect))} END"
    if column == "rotation_credential_uid":
        return f"CASE _rot {_rotation_arms(spec, lambda rule: _named(rule.credential, known))} END"
    if column == "rotation_principal":
        return f"CASE _rot {_rotation_arms(spec, lambda rule: _named(rule.principal, known))} END"
    return quoted(column)


def _rotation_arms(spec: Spec, of: "object") -> str:
    return " ".join(f"WHEN {n} THEN {of(rule)}" for n, rule in enumerate(spec.rotation)) or "WHEN -1 THEN NULL"  # type: ignore[operator]


def _named(text: str | None, known: set[str]) -> str:
    if text is None or (text.startswith("$") and text[1:] not in known | set(EVENTS.columns)):
        return "CAST(NULL AS VARCHAR)"
    return quoted(text[1:]) if text.startswith("$") else literal(text)
