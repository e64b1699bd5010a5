"""How much of the whole is that: bars whose full width is the denominator, never a logarithm?"""

from collections.abc import Iterable, Iterator

from markupsafe import Markup

from cloison.report.dossier import Ledger, Reach
from cloison.report.drawing import element, picture
from cloison.report.teller import Teller

_WIDTH = 1000.0
LEAST = 2.0
"""What is there is drawn at least so wide, however small its share."""


def scope_bar(reach: Reach) -> Markup:
    """What was read and taken of one kind of object; empty when nobody said how many there are."""
    if not reach.total:
        return Markup()
    said = f"{reach.read:,} of {reach.total:,} read, {reach.taken:,} taken, at most {reach.at_most:,}"
    counts = (("most", reach.at_most), ("read", reach.read), ("taken", reach.taken))
    bars = [part("track", 0, 0, _WIDTH)]
    bars += [part(kind, 0, 0, wide(count, reach.total, _WIDTH)) for kind, count in counts if count]
    return picture(int(_WIDTH), 14, said, bars)


def ledger_bar(ledger: Ledger, teller: Teller) -> Markup:
    """The verdicts on the exposed credentials side by side; empty when none was named."""
    if not ledger.total:
        return Markup()
    said = teller.say("credentials.bar", dead=ledger.proven, alive=ledger.refuted, unknown=ledger.unknown)
    counts = (("refuted", ledger.refuted), ("unknown", ledger.unknown), ("proven", ledger.proven))
    return picture(int(_WIDTH), 14, said, _side_by_side(counts, ledger.total))


def _side_by_side(counts: Iterable[tuple[str, int]], total: int) -> Iterator[Markup]:
    left = 0.0
    for kind, count in counts:
        if count:
            width = wide(count, total, _WIDTH)
            yield part(kind, left, 0, min(width, _WIDTH - left))
            left += width


def wide(count: int, total: int, full: float) -> float:
    """How wide so many of the whole are, where the whole is so wide."""
    return min(max(full * count / total, LEAST), full)


def part(kind: str, left: float, top: float, width: float, height: float = 14) -> Markup:
    """A part of a bar."""
    return element("rect", class_=f"part {kind}", x=left, y=top, width=width, height=height)
