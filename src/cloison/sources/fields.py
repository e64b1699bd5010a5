"""How does one entry of a carrier's map become SQL over its raw records, with no expression reckoned twice?"""

from dataclasses import dataclass, field

from cloison.errors import SourceError
from cloison.ocsf.events import EVENTS
from cloison.sources.convert import ADDRESSES_OF, CONVERTERS
from cloison.sources.paths import Shape, literal, parse_path, path_sql, quoted
from cloison.sources.spec import Carrier, Field, Spec

PLACED = {"evidence_uid", "record_offset", "record_length", "record_part"}
"""The event columns that say where an event stands in the evidence."""

SETTABLE = set(EVENTS.columns) - {"event_uid", "source", "carrier"} - PLACED
"""The event columns that a source may map or set; the others are the compiler's."""

OWN = {"_e", "_o", "_l", "_f", "_m", "_g", "_j", "_n", "_rule", "_rot", "_sure", "_identity", "_path", "_query"}
"""Local names that the compiler itself uses."""


@dataclass(frozen=True)
class Value:
    """An expression over the columns of the layers below `layer`; it may stand in that layer or in any above."""

    sql: str
    layer: int = 0


@dataclass
class Layers:
    """Projections, one upon the other: what is named in one is reckoned once, however often those above read it.

    The engine repeats a macro's argument wherever the macro speaks of it, so arguments are named columns.
    """

    columns: list[dict[str, str]] = field(default_factory=list)

    def named(self, value: Value) -> Value:
        """The value as a column of its layer."""
        while len(self.columns) <= value.layer:
            self.columns.append({})
        known = self.columns[value.layer]
        name = known.setdefault(value.sql, f"_{value.layer}_{len(known)}")
        return Value(quoted(name), value.layer + 1)


def fields_sql(spec: Spec, carrier: Carrier, shape: Shape, layers: Layers) -> dict[str, str]:
    """Every mapped name with its SQL over the layers; widens `shape` by the places that are read.

    Raises:
        SourceError: a name or a path that cannot be.
    """
    entries = {name: _as_field(entry) for name, entry in carrier.map.items()}
    reader = _Reader(carrier, shape, layers, f"{spec.name}/{carrier.name}")
    own = {name: _field_sql(spec, carrier, reader, name, entry) for name, entry in entries.items()}
    return {name: _or_other(own, name, entry.otherwise) for name, entry in entries.items()}


def _or_other(own: dict[str, str], name: str, otherwise: str | None) -> str:
    """A field's own SQL, and that of another field where it says nothing."""
    return own[name] if otherwise is None else _or_else(own[name], own[otherwise])


@dataclass(frozen=True)
class _Reader:
    carrier: Carrier
    shape: Shape
    layers: Layers
    where: str

    def place(self, text: str) -> Value:
        path = parse_path(text)
        if self.carrier.kind == "lines":
            return self.layers.named(Value(f"r._g[{literal(text)}]"))
        try:
            self.shape.add(path)
        except SourceError as fault:
            raise SourceError(fault.what, where=self.where, remedy=fault.remedy) from fault
        return self.layers.named(Value(path_sql(path)))


def _as_field(entry: str | Field) -> Field:
    return Field(from_=entry) if isinstance(entry, str) else entry


def _field_sql(spec: Spec, carrier: Carrier, reader: _Reader, name: str, entry: Field) -> str:
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
    read = [reader.place(path) for path in paths]
    if entry.without is not None:
        return _left_sql(entry, read, reader.place(entry.without), reader.layers)
    return _read_sql(entry, paths, read, reader.layers)


def _read_sql(entry: Field, paths: tuple[str, ...], read: list[Value], layers: Layers) -> str:
    if entry.as_ == "second_nano":
        return f"cl_second_nano({read[0].sql}, {read[1].sql})"
    if entry.join is not None:
        texts = [_converted(one, "text", layers) for one in read]
        joined = f" || {literal(entry.join)} || ".join(text.sql for text in texts)
        return _shaped(layers.named(Value(joined, max(text.layer for text in texts))), entry, layers).sql
    if entry.as_ == "ips":
        pieces = [ADDRESSES_OF["[]" in path].format(one.sql) for path, one in zip(paths, read, strict=True)]
        return f"py_ips({pieces[0]})" if len(pieces) == 1 else f"py_ips(concat_ws(chr(31), {', '.join(pieces)}))"
    found = _first(entry, read, layers).sql
    return found if entry.default is None else _or_else(found, literal(entry.default))


def _left_sql(entry: Field, read: list[Value], other: Value, layers: Layers) -> str:
    """The first of what the pattern finds in the places and does not find in the other."""
    cut = literal(entry.capture or "")
    here = f"regexp_extract_all(concat_ws(chr(31), {', '.join(one.sql for one in read)}), {cut}, 1)"
    there = f"coalesce(regexp_extract_all({other.sql}, {cut}, 1), [])"
    found = layers.named(Value(here, 1)), layers.named(Value(there, 1))
    left = f"list_filter({found[0].sql}, lambda one: NOT list_contains({found[1].sql}, one))[1]"
    return _converted(layers.named(Value(left, 2)), entry.as_, layers).sql


def _first(entry: Field, read: list[Value], layers: Layers) -> Value:
    """The first of the places that says something; where captures are asked, only where those before are silent."""
    found = _shaped(read[0], entry, layers)
    for place in read[1:]:
        if entry.capture is None:
            other = _shaped(place, entry, layers)
            found = Value(_or_else(found.sql, other.sql), max(found.layer, other.layer))
            continue
        found = layers.named(found)
        wanted = Value(f"CASE WHEN {found.sql} IS NULL THEN {place.sql} END", max(found.layer, place.layer))
        other = _shaped(layers.named(wanted), entry, layers)
        found = Value(_or_else(found.sql, other.sql), max(found.layer, other.layer))
    return found


def _or_else(first: str, second: str) -> str:
    return f"coalesce({first}, {second})"


def _shaped(read: Value, entry: Field, layers: Layers) -> Value:
    """One place read, cut out and converted, in the order in which the options of a field apply."""
    if entry.path is not None:
        found = f"try_cast(json_extract_string(try_cast({read.sql} AS JSON), {literal(entry.path)}) AS VARCHAR)"
        read = layers.named(Value(found, read.layer))
    if entry.null_if:
        listed = ", ".join(literal(value) for value in entry.null_if)
        read = layers.named(Value(f"CASE WHEN {read.sql} NOT IN ({listed}) THEN {read.sql} END", read.layer))
    if entry.decode:
        read = layers.named(Value(f"cl_decode({read.sql})", read.layer))
    if entry.capture is not None:
        cut = layers.named(Value(f"regexp_extract({read.sql}, {literal(entry.capture)}, 1)", read.layer))
        read = layers.named(Value(f"nullif({cut.sql}, '')", cut.layer))
    if entry.values:
        return _valued(read, entry, layers)
    return _converted(read, entry.as_, layers)


def _converted(read: Value, converter: str, layers: Layers) -> Value:
    prepared, final = CONVERTERS[converter]
    if prepared is None:
        return Value(final.format(read.sql), read.layer)
    ready = layers.named(Value(prepared.format(read.sql), read.layer))
    return Value(final.format(ready.sql), ready.layer)


def _valued(read: Value, entry: Field, layers: Layers) -> Value:
    """Their words to ours, in any case; `*` is any other word: `"*"` leaves it, in lower case, and `"$"` keeps it."""
    lower = layers.named(Value(f"lower({read.sql})", read.layer))
    arms = [f"{literal(key.lower())} THEN {literal(ours)}" for key, ours in entry.values.items() if key != "*"]
    otherwise = "NULL"
    if "*" in entry.values:
        kept = {"*": lower.sql, "$": read.sql}.get(entry.values["*"], literal(entry.values["*"]))
        otherwise = f"CASE WHEN {read.sql} IS NOT NULL THEN {kept} ELSE {otherwise} END"
    said = f"CASE {lower.sql} {' '.join(f'WHEN {arm}' for arm in arms)} ELSE {otherwise} END" if arms else otherwise
    return Value(said, lower.layer)
