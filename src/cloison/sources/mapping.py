"""How does a carrier of a source become one columnar SELECT from raw records to OCSF event rows?"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from cloison.ocsf.events import EVENTS
from cloison.sources.fields import OWN, PLACED, SETTABLE, Layers, fields_sql
from cloison.sources.paths import Shape, literal, parse_path, path_sql, quoted
from cloison.sources.rules import (
    event_arms,
    event_rule_sql,
    named_sql,
    rotation_arms,
    rotation_rule_sql,
    template_sql,
)
from cloison.sources.spec import Carrier, Choice, Event, Field, Spec

CUSTODY = {"_e": "VARCHAR", "_o": "BIGINT", "_l": "BIGINT", "_f": "BOOLEAN"}
"""What stands in front of each record: evidence uid, offset and length in bytes, whether it is surely recognised.

Where a carrier says `each`, the number of the event in the record follows as `_n`.
"""

_TYPES = EVENTS.sql_columns()
_OF_ROTATION = {name for name in EVENTS.columns if name.startswith("rotation_")}
_ALWAYS = {"class_uid", "activity_id", "status_id", "event_uid", "source", "carrier", "system", "time", "time_assumed"}
_ALWAYS |= PLACED | {"phase", "pair_uid"}


@dataclass(frozen=True)
class Compiled:
    """What a carrier becomes.

    Attributes:
        columns: the column types of the strict reader.
        structure: the same as `json_transform` takes it.
        select: from a relation `raw_records` of those columns and `CUSTODY` to the columns of `EVENTS` and `_sure`:
            the row shows all the signs by which the carrier is recognised; of a source that folds also `_lead`, the
            number of the `[[event]]` that spoke. Where the carrier is traced also `_rule` and `_rot`, the numbers of
            the `[[event]]` and `[[rotation]]` that spoke.
        silent: the columns of `EVENTS` that no record of the carrier can fill.
    """

    columns: dict[str, str]
    structure: dict[str, object]
    select: str
    silent: tuple[str, ...]


@dataclass(frozen=True)
class Mapping:
    """A carrier of a source, compiled when it is first asked what it becomes: most are of logs that are not there.

    Attributes:
        traced: its rows tell too which rules spoke.
    """

    spec: Spec
    carrier: Carrier
    traced: bool = False

    @cached_property
    def compiled(self) -> Compiled:
        """What it becomes.

        Raises:
            SourceError: the source names a field, column or path that cannot be; `where` says which.
        """
        return compile_carrier(self.spec, self.carrier, traced=self.traced)

    @property
    def columns(self) -> dict[str, str]:
        """The column types of the strict reader."""
        return self.compiled.columns

    @property
    def structure(self) -> dict[str, object]:
        """The same as `json_transform` takes it."""
        return self.compiled.structure

    @property
    def select(self) -> str:
        """From raw records to events."""
        return self.compiled.select

    @property
    def silent(self) -> tuple[str, ...]:
        """The columns of `EVENTS` that no record of it can fill."""
        return self.compiled.silent

    @property
    def yearless(self) -> bool:
        """Whether its times may state no year: then `raw_records` needs `_m` too, by when its stream was written."""
        return _yearless(self.carrier)


def compile_carrier(spec: Spec, carrier: Carrier, *, traced: bool = False) -> Compiled:
    """Compile a carrier to SQL.

    Raises:
        SourceError: the source names a field, column or path that cannot be; `where` says which.
    """
    shape = Shape()
    layers = Layers([{}])
    mapped = fields_sql(spec, carrier, shape, layers)
    sure = _sure_sql(carrier, shape)
    staged = _staged(spec, carrier, mapped, layers, sure)
    final = _final(spec, carrier, _known(mapped))
    beside = (", _rule AS _lead" if spec.fold else "") + (", _rule, _rot" if traced else "")
    if carrier.kind == "lines":
        shape = Shape({"line": Shape()})
    return Compiled(
        columns={name: member.sql_type() for name, member in shape.members.items()},
        structure={name: member.json_type() for name, member in shape.members.items()},
        select=f"SELECT {final}{beside}\nFROM {staged}",
        silent=tuple(_silent(spec, carrier, _known(mapped))),
    )


def _yearless(carrier: Carrier) -> bool:
    """Whether its times may state no year."""
    return any(isinstance(entry, Field) and entry.as_ == "syslog_time" for entry in carrier.map.values())


def _known(mapped: dict[str, str]) -> set[str]:
    """The fields that rules may speak of; `_path` and `_query` come with every `url`."""
    return set(mapped) | ({"_path", "_query"} if "url" in mapped else set())


def _sure_sql(carrier: Carrier, shape: Shape) -> str:
    if carrier.kind == "lines":
        return "r._g['_line'] <> ''"
    signs = [f"{_place(shape, path)} IS NOT NULL" for path in carrier.all]
    if carrier.any:
        signs.append("(" + " OR ".join(f"{_place(shape, path)} IS NOT NULL" for path in carrier.any) + ")")
    signs += [_matches(shape, path, wanted) for path, wanted in carrier.match.items()]
    if carrier.match_any:
        signs.append(
            "(" + " OR ".join(_matches(shape, path, wanted) for path, wanted in carrier.match_any.items()) + ")"
        )
    signs += [f"NOT {_matches(shape, path, wanted)}" for path, wanted in carrier.unlike.items()]
    signs += [f"{_place(shape, path)} IS NULL" for path in carrier.none]
    return " AND ".join(signs) or "TRUE"


def _place(shape: Shape, text: str) -> str:
    path = parse_path(text)
    shape.add(path)
    return path_sql(path)


def _matches(shape: Shape, path: str, wanted: str) -> str:
    return f"coalesce(regexp_matches({_place(shape, path)}, {literal(wanted)}), FALSE)"


def _layered(carrier: Carrier, layers: Layers, sure: str) -> str:
    """The layers of named values over the records, one query in the other."""
    line = ", r.line" if carrier.kind == "lines" else ""
    part = ", r._n" if carrier.each else ""
    written = ", r._m" if _yearless(carrier) else ""
    first = f"r._e, r._o, r._l{written}{part}{line}, coalesce(r._f, FALSE) OR coalesce({sure}, FALSE) AS _sure"
    kept, query = first, f"{_records(carrier)} AS r"
    for number, columns in enumerate(layers.columns):
        named = [f"{sql} AS {quoted(name)}" for sql, name in columns.items()]
        query = f"(SELECT {', '.join([kept, *named])} FROM {query}) AS layer{number}"
        kept = "*"
    return query


def _staged(spec: Spec, carrier: Carrier, mapped: dict[str, str], layers: Layers, sure: str) -> str:
    """The stages: fields read, local fields added, the event rule found, its columns set, the rotation rule found.

    Each is a query in the FROM of the next: as common table expressions, which the engine binds anew for each that
    reads them, they take up to five times as long to plan, and every chunk is planned.
    """
    known = _known(mapped)
    fields = ",\n    ".join(f"{sql} AS {quoted(name)}" for name, sql in mapped.items())
    local = ", split_part(cl_local(url), '?', 1) AS _path, cl_query(url) AS _query"
    line = ", line" if carrier.kind == "lines" else ""
    part = ", _n" if carrier.each else ""
    return f"""(SELECT *, {rotation_rule_sql(spec, known)} AS _rot FROM
(SELECT _e, _o, _l{part}, _sure, _rule, {_identity(spec, carrier, known)} AS _identity,
    {_set_columns(spec, known)}
  FROM
(SELECT *, {event_rule_sql(spec, known)} AS _rule FROM
(SELECT *{local if "url" in mapped else ""}{_status(mapped)} FROM
(SELECT _e, _o, _l{part}{line}, _sure,
    {fields}
  FROM {_layered(carrier, layers, sure)}
) AS mapped) AS local) AS ruled) AS shaped) AS spoken"""


def _records(carrier: Carrier) -> str:
    """The records; a line is read by its grammar, with the whole of it as a group that no line leaves empty."""
    if carrier.kind == "json":
        return "raw_records"
    groups = ["_line", *re.findall(r"\(\?P<([a-z_0-9]+)>", carrier.pattern or "")]
    read = f"regexp_extract(line, {literal(f'({carrier.pattern})')}, [{', '.join(map(literal, groups))}])"
    return f"(SELECT *, {read} AS _g FROM raw_records)"


def _status(mapped: dict[str, str]) -> str:
    """Where a source says no status, an HTTP status says it: 2xx and 304 are success, what is above is not."""
    if "status" in mapped:
        return ""
    if "http_status" not in mapped:
        return ", CAST(NULL AS VARCHAR) AS status"
    code = "try_cast(http_status AS INT)"
    success = f"{code} BETWEEN 200 AND 299 OR {code} = 304"
    return f", CASE WHEN {success} THEN 'success' WHEN {code} >= 300 THEN 'failure' END AS status"


def _identity(spec: Spec, carrier: Carrier, known: set[str]) -> str:
    """What makes the event the same in every carrier; a line without more is identified by its text."""
    names = [name for name in spec.identity if name in known]
    if carrier.kind == "lines" and not names:
        return "line"
    if not names:
        return "CAST(NULL AS VARCHAR)"
    joined = ", ".join(f"coalesce(CAST({quoted(name)} AS VARCHAR), '')" for name in names)
    return f"CASE WHEN {quoted(names[0])} IS NOT NULL THEN concat_ws(chr(31), {joined}) END"


def _set_columns(spec: Spec, known: set[str]) -> str:
    status = event_arms(spec, lambda event: literal(event.status) if event.status else None)
    columns = {
        "class_uid": f"CASE _rule {event_arms(spec, lambda event: _number_sql(event.class_, known))} END",
        "activity_id": f"CASE _rule {event_arms(spec, lambda event: _number_sql(event.activity, known))} END",
        "status_id": f"CASE CASE _rule {status} ELSE status END WHEN 'success' THEN 1 WHEN 'failure' THEN 2 ELSE 0 END",
    }
    rest = [name for name in EVENTS.columns if name in SETTABLE and name not in columns]
    columns |= {name: _column_sql(spec, name, known) for name in rest}
    local = [quoted(name) for name in sorted(known) if name.startswith("_") and name not in OWN - {"_path", "_query"}]
    return ",\n    ".join([*(f"{sql} AS {quoted(name)}" for name, sql in columns.items()), *local])


def _number_sql(chosen: int | Choice, known: set[str]) -> str:
    """A class or an activity: a number, one that is chosen by a field's value, or the one that the field holds."""
    if not isinstance(chosen, Choice):
        return str(chosen)
    if chosen.from_ not in known:
        return str(chosen.default)
    if not chosen.values:
        return f"coalesce(try_cast({quoted(chosen.from_)} AS INT), {chosen.default})"
    arms = " ".join(f"WHEN {literal(key)} THEN {value}" for key, value in chosen.values.items())
    return f"(CASE {quoted(chosen.from_)} {arms} ELSE {chosen.default} END)"


def _column_sql(spec: Spec, column: str, known: set[str]) -> str:
    """A column as it is mapped, save where the event's rule sets it."""
    kind = _TYPES[column]
    cast = "CAST" if kind in {"TIMESTAMP", "VARCHAR[]"} else "try_cast"
    mapped = f"{cast}({quoted(column)} AS {kind})" if column in known else f"CAST(NULL AS {kind})"
    setting = any(column in event.set for event in spec.event)
    if not setting:
        return mapped

    def said(event: Event) -> str | None:
        if column not in event.set:
            return None
        return f"try_cast({template_sql(spec, event, event.set[column], known)} AS {kind})"

    return f"CASE _rule {event_arms(spec, said)} ELSE {mapped} END"


def _silent(spec: Spec, carrier: Carrier, known: set[str]) -> Iterator[str]:
    """What is neither mapped nor set by an event's rule, nor the compiler's own."""
    said = known | {name for event in spec.event for name in event.set} | _ALWAYS
    said -= set() if carrier.each else {"record_part"}
    said |= {"src_ip", "src_ips"} if known & {"src_ip", "src_ips"} else set()
    said |= _OF_ROTATION if spec.rotation else set()
    return (name for name in EVENTS.columns if name not in said)


def _final(spec: Spec, carrier: Carrier, known: set[str]) -> str:
    """Every column of the contract, in its order, and `_sure`."""
    name = literal(spec.name)
    part = ", nullif(_n, 0)" if carrier.each else ""  # the first is the same event as in a record that tells no more
    own = {
        "event_uid": f"md5(concat_ws(chr(31), {name}, coalesce(_identity, concat_ws(chr(31), _e, _o)){part}))",
        "source": name,
        "carrier": literal(carrier.name),
        "system": f"coalesce(system, {literal(spec.system)})",
        "evidence_uid": "_e",
        "record_offset": "_o",
        "record_length": "_l",
        "record_part": "_n" if carrier.each else "NULL",
        "time_assumed": "coalesce(time_assumed, FALSE)",
        "src_ip": "coalesce(src_ip, src_ips[1])",
        "src_ips": "coalesce(src_ips, CASE WHEN src_ip IS NOT NULL THEN [src_ip] END)",
        "pair_uid": f"CASE WHEN pair_uid IS NOT NULL THEN {literal(spec.name + ':')} || pair_uid END",
        "rotation_rule": f"{literal(spec.name + '/')} || _rot",
        "rotation_effect": f"CASE _rot {rotation_arms(spec, lambda rule: literal(rule.effect))} END",
        "rotation_credential_uid": f"CASE _rot {rotation_arms(spec, lambda r: named_sql(r.credential, known))} END",
        "rotation_principal": f"CASE _rot {rotation_arms(spec, lambda rule: named_sql(rule.principal, known))} END",
    }
    return ",\n  ".join([*(f"{own.get(one, quoted(one))} AS {quoted(one)}" for one in EVENTS.columns), "_sure"])
