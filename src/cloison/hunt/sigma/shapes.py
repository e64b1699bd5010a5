"""Where does a field of a rule stand in JSON records? Keys without regard to case, arrays seen through, any depth."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from cloison.sources.paths import literal

_DEEPEST = 64
"""Deeper values of a record are not told apart."""


UNTOLD = "JSON"
"""The structure of what is of several kinds, or empty."""


@dataclass
class Shape:
    """What stands at one place of the records seen so far: members, elements, a plain value, or several of these."""

    members: dict[str, "Shape"] = field(default_factory=dict)
    element: "Shape | None" = None
    plain: bool = False
    nested: bool = False
    """Whether an object, be it empty, or a list stood here."""

    def widen(self, structure: object, depth: int = 0) -> None:
        """Take in what the engine's `json_structure` says of a record; of "JSON" it does not say what stands there."""
        self.nested = self.nested or isinstance(structure, dict | list)
        if isinstance(structure, dict) and depth < _DEEPEST:
            for name, below in structure.items():
                self.members.setdefault(name, Shape()).widen(below, depth + 1)
        elif isinstance(structure, list) and depth < _DEEPEST:
            self.element = self.element or Shape()
            for below in structure:
                self.element.widen(below, depth + 1)
        elif structure != UNTOLD:
            self.plain = True

    def observe(self, value: object, depth: int = 0) -> None:
        """Take in a decoded value itself."""
        self.nested = self.nested or isinstance(value, dict | list)
        if isinstance(value, dict) and depth < _DEEPEST:
            for name, below in value.items():
                self.members.setdefault(name, Shape()).observe(below, depth + 1)
        elif isinstance(value, list) and depth < _DEEPEST:
            self.element = self.element or Shape()
            for below in value:
                self.element.observe(below, depth + 1)
        else:
            self.plain = True


@dataclass(frozen=True)
class Spot:
    """A concrete place: its JSON path, and the shape there."""

    path: str
    shape: Shape

    @property
    def many(self) -> bool:
        """Whether it can stand for several values of one record."""
        return "[*]" in self.path


def spots(shape: Shape, name: str) -> list[Spot]:
    """Every place that a field's name can mean; a key may hold dots itself, and `[]` or `{}` after a key is no part."""
    words = [word.removesuffix("[]").removesuffix("{}").lower() for word in name.split(".")]
    found = {spot.path: spot for spot in _below(Spot("$", shape), words)}
    return [end for spot in found.values() for end in _ends(spot)]


def leaves(shape: Shape) -> list[Spot]:
    """Every place of a plain value."""
    return list(_leaves(Spot("$", shape)))


def _below(here: Spot, words: list[str]) -> Iterator[Spot]:
    if not words:
        yield here
        return
    if here.shape.element is not None:
        yield from _below(Spot(f"{here.path}[*]", here.shape.element), words)
        if words[0].isdecimal():
            yield from _below(Spot(f"{here.path}[{int(words[0])}]", here.shape.element), words[1:])
    for name, member in here.shape.members.items():
        lowered = name.lower()
        for taken in range(1, len(words) + 1):
            if lowered == ".".join(words[:taken]) and '"' not in name:
                yield from _below(Spot(f'{here.path}."{name}"', member), words[taken:])


def _ends(spot: Spot) -> Iterator[Spot]:
    """The place itself, and the elements of a list there."""
    if spot.shape.plain or spot.shape.members or spot.shape.element is None:
        yield spot
    if spot.shape.element is not None:
        yield from _ends(Spot(f"{spot.path}[*]", spot.shape.element))


def _leaves(spot: Spot) -> Iterator[Spot]:
    if spot.shape.plain:
        yield spot
    if spot.shape.element is not None:
        yield from _leaves(Spot(f"{spot.path}[*]", spot.shape.element))
    for name, member in spot.shape.members.items():
        if '"' not in name:
            yield from _leaves(Spot(f'{spot.path}."{name}"', member))


def single_sql(found: list[Spot], record: str) -> str:
    """SQL: the one value of a field that stands at one place, else null."""
    alone = [spot for spot in found if not spot.many]
    if len(alone) != 1:
        return "CAST(NULL AS VARCHAR)"
    return _value_sql(alone[0], record)


def many_sql(found: list[Spot], record: str) -> str:
    """SQL: the other values, as a list; null where there are none."""
    alone = [spot for spot in found if not spot.many]
    lists = [f"[{_value_sql(spot, record)}]" for spot in alone] if len(alone) > 1 else []
    lists += [_values_sql(spot, record) for spot in found if spot.many]
    if not lists:
        return "CAST(NULL AS VARCHAR[])"
    joined = lists[0] if len(lists) == 1 else f"list_concat({', '.join(lists)})"
    return f"nullif(list_filter({joined}, lambda v: v IS NOT NULL), [])"


def exists_sql(found: list[Spot], record: str) -> str:
    """SQL: whether the record has the field, be it null."""
    alone = [f"coalesce(json_exists({record}, {literal(spot.path)}), FALSE)" for spot in found if not spot.many]
    many = [f"coalesce(len(json_extract({record}, {literal(spot.path)})), 0) > 0" for spot in found if spot.many]
    return " OR ".join([*alone, *many]) or "FALSE"


def _values_sql(spot: Spot, record: str) -> str:
    """The values at a place that is many; a list that stands there in some records is none, its elements are."""
    if spot.shape.element is None:
        return f"json_extract_string({record}, {literal(spot.path)})"
    here = f"json_extract({record}, {literal(spot.path)})"
    return f"list_transform(list_filter({here}, lambda v: json_type(v) <> 'ARRAY'), lambda v: v ->> '$')"


def _value_sql(spot: Spot, record: str) -> str:
    value = f"json_extract_string({record}, {literal(spot.path)})"
    if spot.shape.element is None:
        return value
    return f"CASE WHEN json_type({record}, {literal(spot.path)}) <> 'ARRAY' THEN {value} END"
