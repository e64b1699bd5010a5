"""How is a place in a vendor's record written, typed and read?

`a.b`, `a[].b`, `a[type=User|AppUser].id`, `a[0]`; `a{}.b` in a text that holds JSON; `a."b.c"`, a name with dots.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from cloison.errors import SourceError

_SEGMENT = re.compile(
    r"(?:\"(?P<quoted>[^\"]+)\"|(?P<name>[^.\[\]{}\"]+))(?P<text>\{\})?(?:\[(?P<pick>[^\]]*)\])?(?:\.|$)"
)
HOW = 'write a.b, a[].b, a[0].b, a[key=value].b, a{}.b or a."b.c"'
EACH = "each"
"""Where a carrier says `each`, places that begin so are in one element of that array."""


@dataclass(frozen=True)
class Segment:
    """One step of a path.

    Attributes:
        name: of the member.
        pick: None for a plain member, "" for every element, else an index or `key=a|b`.
        text: the member may be a text that holds JSON, which is read for what follows.
    """

    name: str
    pick: str | None = None
    text: bool = False

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
            raise SourceError(f"not a path: {text!r}", remedy=HOW)
        segments.append(Segment(found["quoted"] or found["name"], found["pick"], found["text"] is not None))
        at = found.end()
    return tuple(segments)


@dataclass
class Shape:
    """The part of a record's shape that a mapping reads: becomes the column types of the strict columnar reader."""

    members: dict[str, "Shape"] = field(default_factory=dict)
    many: bool = False
    whole: bool = False  # read as the text that it is

    def add(self, path: tuple[Segment, ...]) -> None:
        """Widen the shape by a path, up to where a text begins that is read by itself.

        Raises:
            SourceError: a member is read as an object here and as a text there, or names differ in case only.
        """
        here = self
        for segment in path:
            above, here = here, here.member(segment.name)
            here.whole = here.whole or segment.text
            if (here.whole and here.members) or above.whole:
                raise SourceError(f"{segment.name!r}: an object and a text at once", remedy="write {} in all its paths")
            if segment.text:
                return
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
    if segment.text:
        return _inside(here, path, depth)
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


def _inside(here: str, path: tuple[Segment, ...], depth: int) -> str:
    """What follows a text that holds JSON, or a value that the reader left as its JSON text."""
    inner = (Segment(path[0].name, path[0].pick), *path[1:])
    shape = Shape()
    shape.add(inner)
    structure = json.dumps(shape.members[inner[0].name].json_type())
    return _step(f"json_transform(try_cast({here} AS JSON), {literal(structure)})", inner, depth)


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
    if segment.text and isinstance(value, str):
        value = _decoded(value)
    if segment.pick is None:
        yield from values_at(value, rest)
    elif isinstance(value, list):
        for element in value:
            if segment.test is None or (isinstance(element, dict) and element.get(segment.test[0]) in segment.test[1]):
                yield from values_at(element, rest)


def _decoded(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
