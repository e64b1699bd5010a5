"""How is a place in a vendor's record written, typed and read? `a.b`, `a[].b`, `a[type=User|AppUser].id`, `a[0]`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from cloison.errors import SourceError

EACH = "each"
"""Where a carrier says `each`, places that begin so are in one element of that array."""

_SEGMENT = re.compile(r"(?P<name>[^.\[\]]+)(?:\[(?P<pick>[^\]]*)\])?(?:\.|$)")


@dataclass(frozen=True)
class Segment:
    """One step of a path; `pick` is None for a plain member, "" for every element, else an index or `key=a|b`."""

    name: str
    pick: str | None = None

    @property
    def test(self) -> tuple[str, tuple[str, ...]] | None:
        """The key and the accepted values of a `[key=a|b]` pick."""
        if self.pick is None or "=" not in self.pick:
            return None
        key, _, values = self.pick.partition("=")
        return key, tuple(values.split("|"))


def parse_path(text: str) -> tuple[Segment, ...]:
    """Split a path into its segments.

    Raises:
        SourceError: the path does not follow the grammar.
    """
    segments, at = [], 0
    while at < len(text):
        found = _SEGMENT.match(text, at)
        if not found:
            raise SourceError(f"not a path: {text!r}", remedy="write a.b, a[].b, a[0].b or a[key=value].b")
        segments.append(Segment(found["name"], found["pick"]))
        at = found.end()
    return tuple(segments)


@dataclass
class Shape:
    """The part of a record's shape that a mapping reads: becomes the column types of the strict columnar reader."""

    members: dict[str, "Shape"] = field(default_factory=dict)
    many: bool = False

    def add(self, path: tuple[Segment, ...]) -> None:
        """Widen the shape by a path."""
        here = self
        for segment in path:
            here = here.member(segment.name)
            here.many = here.many or segment.pick is not None
            if segment.test:
                here.member(segment.test[0])

    def member(self, name: str) -> "Shape":
        """The shape of a member, made if new; the engine tells no two names apart that differ in case only."""
        for other in self.members:
            if other != name and other.lower() == name.lower():
                raise SourceError(f"{name!r} and {other!r} differ in case only", remedy="put them into two carriers")
        return self.members.setdefault(name, Shape())

    def sql_type(self) -> str:
        """The SQL type: nested structs and lists with text leaves."""
        one = "VARCHAR"
        if self.members:
            one = f"STRUCT({', '.join(f'{quoted(name)} {shape.sql_type()}' for name, shape in self.members.items())})"
        return f"{one}[]" if self.many else one

    def json_type(self) -> object:
        """The same as the structure that `json_transform` takes."""
        one: object = {name: shape.json_type() for name, shape in self.members.items()} if self.members else "VARCHAR"
        return [one] if self.many else one


def quoted(name: str) -> str:
    """An SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(value: object) -> str:
    """An SQL literal of a text, whole number or truth value that comes from a source folder, never from a log."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int):
        return str(value)
    return "'" + str(value).replace("'", "''") + "'"


def path_sql(path: tuple[Segment, ...], row: str = "r") -> str:
    """The SQL that reads a path of the row alias `row`."""
    return _step(f"{row}.{quoted(path[0].name)}", path)


def _step(here: str, path: tuple[Segment, ...], depth: int = 0) -> str:
    segment, rest = path[0], path[1:]
    each = f"x{depth}"
    if segment.pick == "":
        inner = _member(each, rest, depth)
        return f"list_transform({here}, lambda {each}: {inner})" if rest else here
    if segment.test:
        key, values = segment.test
        accepted = ", ".join(literal(value) for value in values)
        here = f"list_filter({here}, lambda {each}: struct_extract({each}, {literal(key)}) IN ({accepted}))[1]"
    elif segment.pick is not None:
        here = f"{here}[{int(segment.pick) + 1}]"
    return _member(here, rest, depth)


def _member(here: str, rest: tuple[Segment, ...], depth: int) -> str:
    return _step(f"struct_extract({here}, {literal(rest[0].name)})", rest, depth + 1) if rest else here


def values_at(record: object, path: tuple[Segment, ...]) -> Iterator[object]:
    """Every value that a decoded record holds at a path, for recognition."""
    if not path:
        yield record
        return
    segment, rest = path[0], path[1:]
    if not isinstance(record, dict) or segment.name not in record:
        return
    value = record[segment.name]
    if segment.pick is None:
        yield from values_at(value, rest)
    elif isinstance(value, list):
        for element in value:
            if segment.test is None or (isinstance(element, dict) and element.get(segment.test[0]) in segment.test[1]):
                yield from values_at(element, rest)
