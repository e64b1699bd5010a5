"""What compromised what, by which rule: a forest of causes, drawn from left to right?

Each thing has one cause. Siblings that one rule reached from one cause, and that led no further, are gathered.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from markupsafe import Markup

from cloison.model.wording import plural
from cloison.report.drawing import element, picture
from cloison.report.words import Telling, instant

GATHERED = 3
"""More siblings than this, by one rule and alike, become one."""
DRAWN = 160
"""So many things are drawn at most; the list beside the drawing has all."""
_COLUMN, _ROW, _WIDE, _HIGH = 264, 46, 200, 34
_LABEL_CHARACTERS = 25


@dataclass(frozen=True)
class Link:
    """One compromised thing and what made it so."""

    kind: str
    uid: str
    system: str
    since: datetime
    standing: str
    rule: str
    cause_kind: str
    cause_uid: str
    closed: bool = False
    whose: str = ""
    """As whom a session came in."""


@dataclass(frozen=True)
class Node:
    """What is drawn as one box: a thing, or several that are alike; `at` is its column and row."""

    kind: str
    uid: str
    system: str
    standing: str
    rule: str
    members: tuple[Link, ...]
    parent: "Node | None"
    column: int
    row: int


Leads = Callable[[Node], str]


def laid_out(links: Sequence[Link]) -> tuple[tuple[Node, ...], int]:
    """The boxes with their places, causes first; and how many things are in none of them."""
    caused: dict[tuple[str, str], list[Link]] = {}
    for one in links:
        caused.setdefault((one.cause_kind, one.cause_uid), []).append(one)
    things = {(one.kind, one.uid) for one in links}
    forest = _Forest(caused)
    for kind, uid in [cause for cause in caused if cause not in things]:
        forest.grow(Node(kind, uid, "", "given", "", (), None, 0, forest.row))
    drawn = sum(len(node.members) for node in forest.placed)
    return tuple(forest.placed), len(links) - drawn


@dataclass
class _Forest:
    """Boxes as they are placed: `row` is the next free one."""

    caused: dict[tuple[str, str], list[Link]]
    placed: list[Node] = field(default_factory=list)
    row: int = 0
    _drawn: set[Link] = field(default_factory=set)

    def grow(self, node: Node) -> None:
        """Place a box and what follows from it, once, as long as there is room."""
        self.placed.append(node)
        begun = self.row
        cause = (node.kind, node.uid)
        for rule, members in self._followers(cause) if len(node.members) < 2 else ():
            if len(self.placed) < DRAWN:
                first = members[0]
                column = node.column + 1
                self.grow(
                    Node(first.kind, first.uid, first.system, first.standing, rule, members, node, column, self.row)
                )
        self.row = max(self.row, begun + 1)

    def _followers(self, cause: tuple[str, str]) -> list[tuple[str, tuple[Link, ...]]]:
        """What follows at once from a cause: leaves that are alike together, what leads further by itself."""
        alike: dict[tuple[str, str, str], list[Link]] = {}
        for one in self.caused.get(cause, ()):
            if one not in self._drawn:
                self._drawn.add(one)
                alike.setdefault((one.rule, one.kind, one.standing), []).append(one)
        return [(rule, some) for (rule, _, _), found in alike.items() for some in self._gathered(found)]

    def _gathered(self, found: list[Link]) -> Iterator[tuple[Link, ...]]:
        leaves = [one for one in found if (one.kind, one.uid) not in self.caused]
        if len(leaves) > GATHERED:
            yield tuple(leaves)
        for one in found:
            if len(leaves) <= GATHERED or one not in leaves:
                yield (one,)


def lineage(nodes: Iterable[Node], tell: Telling, leads: Leads) -> Markup:
    """The drawing; empty when nothing is compromised."""
    placed = list(nodes)
    if not placed:
        return Markup()
    wide = int(_COLUMN * (max(node.column for node in placed) + 1) - (_COLUMN - _WIDE) + 8)
    high = _ROW * (max(node.row for node in placed) + 1) + 8
    body = [*(_edge(node) for node in placed if node.parent), *(_box(node, tell, leads) for node in placed)]
    return picture(wide, high, "What compromised what, from what was given on the left", body, role="group")


def _corner(node: Node) -> tuple[float, float]:
    return 4.0 + _COLUMN * node.column, 4.0 + _ROW * node.row


def _edge(node: Node) -> Markup:
    if node.parent is None:
        return Markup()
    (left, above), (right, below) = _corner(node.parent), _corner(node)
    x, y = left + _WIDE, above + _HIGH / 2
    bend, end = right - (_COLUMN - _WIDE) / 2, below + _HIGH / 2
    return element("path", class_=f"cause {node.standing}", d=f"M{x:.0f} {y:.0f}H{bend:.0f}V{end:.0f}H{right:.0f}")


def _box(node: Node, tell: Telling, leads: Leads) -> Markup:
    x, y = _corner(node)
    many = len(node.members)
    whose = node.members[0].whose if node.members else ""
    name = f"{many} {plural(node.kind, many)}" if many > 1 else whose or node.uid
    told = tell(name)
    short = told if len(told) <= _LABEL_CHARACTERS else f"{told[: _LABEL_CHARACTERS - 1]}…"
    over = f"{node.kind.replace('_', ' ')}, given" if not node.rule else f"{node.kind} · {node.rule.replace('_', ' ')}"
    title = element("title", "\n".join(_title(node, tell)))
    box = element("rect", class_=f"thing {node.standing}", x=x, y=y, width=_WIDE, height=_HIGH, rx=5)
    above = element("text", tell(over)[:34], class_="axis over", x=x + 9, y=y + 13)
    label = element("text", short, class_="label", x=x + 9, y=y + 27)
    return element("a", title, box, above, label, href=leads(node))


def _title(node: Node, tell: Telling) -> Iterator[str]:
    if not node.members:
        yield f"{node.kind} {tell(node.uid)}, as it was given"
    for one in node.members[:10]:
        where = f" of {tell(one.system)}" if one.system else ""
        whose = f", {tell(one.whose)}" if one.whose else ""
        shut = ", closed" if one.closed else ""
        yield f"{one.kind} {tell(one.uid)}{where}{whose}, since {instant(one.since)}, {one.standing}{shut}"
    if len(node.members) > 10:
        yield f"and {len(node.members) - 10:,} more"
