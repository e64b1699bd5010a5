"""How small a part of the whole was reached: each whole a full bar, its part enlarged below it, never a logarithm?"""

from collections.abc import Iterable, Iterator

from markupsafe import Markup

from cloison.report.bars import LEAST, part, wide
from cloison.report.document import Safe
from cloison.report.dossier import Reach
from cloison.report.drawing import element, picture
from cloison.report.teller import Teller

_WIDTH, _LEFT, _RIGHT = 1000, 190, 790
_FULL = float(_RIGHT - _LEFT)
_BAR, _STEP, _GAP = 20, 27, 30
_STAGES = ("attempted", "most", "read", "taken")


def funnel(reach: Iterable[Reach], teller: Teller) -> Markup:
    """For each kind of object with a known whole: that, and enlarged what was attempted, read at most, read, taken."""
    found = [one for one in reach if one.total and max(_counts(one).values())]
    if not found:
        return Markup()
    body: list[Markup] = []
    top = 8.0
    for one in found:
        body += _group(one, top, teller)
        top += _GAP + _STEP * (1 + len(_stages(one))) + _GAP
    return picture(_WIDTH, top - _GAP + 4, teller.say("scope.caption"), body)


def _counts(one: Reach) -> dict[str, int]:
    return {"attempted": one.attempted, "most": one.at_most, "read": one.read, "taken": one.taken}


def _stages(one: Reach) -> list[tuple[str, int]]:
    """The stages that narrow the reach, those that are empty or say nothing new left out."""
    kept = {stage: count for stage, count in _counts(one).items() if count or stage == "read"}
    if one.at_most <= one.read:
        kept.pop("most", None)
    return list(kept.items())


def _group(one: Reach, top: float, teller: Teller) -> Iterator[Markup]:
    total = one.total or 1
    stages = _stages(one)
    widest = max(count for _, count in stages) or 1
    share = wide(widest, total, _FULL)
    whole = teller.say("scope.whole", total=total, kind=teller.nouns(total, one.resource_kind))
    yield _label(teller.system(one.system), top, "name")
    yield part("track", _LEFT, top, _FULL, _BAR)
    yield part("reached", _LEFT, top, share, _BAR)
    yield element("text", whole, class_="count", x=_RIGHT + 12, y=top + 15)
    below = top + _BAR + _GAP
    corners = ((_LEFT, top + _BAR), (_LEFT + share, top + _BAR), (_RIGHT, below), (_LEFT, below))
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in corners)
    yield element("polygon", class_="lens", points=points)
    if total >= 2 * widest:
        enlarged = teller.say("scope.enlarged", times=round(total / widest))
        yield element("text", enlarged, class_="axis", x=(_LEFT + _RIGHT) / 2, y=top + _BAR + 20, text_anchor="middle")
    for row, (stage, count) in enumerate(stages):
        yield from _stage(stage, count, one, below + _STEP * row, count / widest, teller)


def _stage(stage: str, count: int, one: Reach, top: float, part_of: float, teller: Teller) -> Iterator[Markup]:
    yield _label(teller.say(f"scope.stage_{stage}"), top, "name small")
    yield part("track", _LEFT, top, _FULL, _BAR)
    if count:
        yield part(stage, _LEFT, top, max(_FULL * part_of, LEAST), _BAR)
    said = Safe(f"{teller.value(count)} · {teller.share(count, one.total or 1)}")
    yield element("text", said, class_="count", x=_RIGHT + 12, y=top + 15)


def _label(said: Safe, top: float, kind: str) -> Markup:
    return element("text", said, class_=kind, x=_LEFT - 12, y=top + 15, text_anchor="end")
