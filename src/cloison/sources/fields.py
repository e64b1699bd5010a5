"""How does one entry of a carrier's map become an SQL expression over its raw records?"""

from cloison.errors import SourceError
from cloison.ocsf.events import EVENTS
from cloison.sources.convert import SQL_OF
from cloison.sources.paths import Shape, literal, parse_path, path_sql
from cloison.sources.spec import Carrier, Field, Spec

SETTABLE = set(EVENTS.columns) - {"event_uid", "source", "carrier", "evidence_uid", "record_offset", "record_length"}
"""The event columns that a source may map or set; the others are the compiler's."""

OWN = {"_e", "_o", "_l", "_f", "_g", "_j", "_rule", "_rot", "_sure", "_identity", "_path", "_query"}
"""Local names that the compiler itself uses."""


def fields_sql(spec: Spec, carrier: Carrier, shape: Shape) -> dict[str, str]:
    """Every mapped name with its SQL; widens `shape` by the places that are read.

    Raises:
        SourceError: a name or a path that cannot be.
    """
    return {name: _field_sql(spec, carrier, shape, name, _as_field(entry)) for name, entry in carrier.map.items()}


def _as_field(entry: str | Field) -> Field:
    return Field(from_=entry) if isinstance(entry, str) else entry


def _field_sql(spec: Spec, carrier: Carrier, shape: Shape, name: str, entry: Field) -> str:
    where = f"{spec.name}/{carrier.name}.{name}"
    if name in OWN:
        raise SourceError(f"{name} is a name of the compiler's own", where=where, remedy="choose another name")
    if name not in SETTABLE and not name.startswith("_") and name != "status":
        raise SourceError(f"no event column {name!r}", where=where, remedy="local names begin with _")
    if entry.const is not None:
        return literal(entry.const)
    paths = (entry.from_,) if isinstance(entry.from_, str) else entry.from_
    if not paths:
        raise SourceError("a field needs `from` or `const`", where=where)
    return _read_sql(entry, paths, [_place_sql(carrier, shape, path) for path in paths])


def _read_sql(entry: Field, paths: tuple[str, ...], read: list[str]) -> str:
    if entry.as_ == "second_nano":
        return SQL_OF["second_nano"].format(*read)
    if entry.join is not None:
        return f" || {literal(entry.join)} || ".join(f"cl_text({one})" for one in read)
    if entry.as_ == "ips":
        return _addresses_sql(paths, read)
    options = [_shaped(one, entry) for one in read]
    return f"coalesce({', '.join(options)})" if len(options) > 1 else options[0]


def _place_sql(carrier: Carrier, shape: Shape, text: str) -> str:
    path = parse_path(text)
    if carrier.kind == "lines":
        return f"r._g[{literal(text)}]"
    shape.add(path)
    return path_sql(path)


def _shaped(read: str, entry: Field) -> str:
    """One place read, cut out and converted, in the order in which the options of a field apply."""
    if entry.path is not None:
        read = f"try_cast(json_extract_string(try_cast({read} AS JSON), {literal(entry.path)}) AS VARCHAR)"
    if entry.null_if:
        read = f"CASE WHEN {read} NOT IN ({', '.join(literal(value) for value in entry.null_if)}) THEN {read} END"
    if entry.decode:
        read = f"cl_decode({read})"
    if entry.capture is not None:
        read = f"nullif(regexp_extract({read}, {literal(entry.capture)}, 1), '')"
    if entry.values:
        return _valued(read, entry)
    converted = SQL_OF[entry.as_].format(read)
    return converted if entry.default is None else f"coalesce({converted}, {literal(entry.default)})"


def _valued(read: str, entry: Field) -> str:
    """Their words to ours, in any case; `*` is any other word that is there."""
    arms = [
        f"lower({read}) = {literal(key.lower())} THEN {literal(ours)}"
        for key, ours in entry.values.items()
        if key != "*"
    ]
    arms += [f"{read} IS NOT NULL THEN {literal(entry.values['*'])}"] if "*" in entry.values else []
    otherwise = literal(entry.default) if entry.default is not None else "NULL"
    return f"CASE {' '.join(f'WHEN {arm}' for arm in arms)} ELSE {otherwise} END"


def _addresses_sql(paths: tuple[str, ...], read: list[str]) -> str:
    """Every address of every place, in order, each once."""
    lists = [SQL_OF["ip_list" if "[]" in path else "ips"].format(one) for path, one in zip(paths, read, strict=True)]
    if len(lists) == 1:
        return lists[0]
    return f"cl_once(list_concat({', '.join(f'coalesce({one}, [])' for one in lists)}))"
