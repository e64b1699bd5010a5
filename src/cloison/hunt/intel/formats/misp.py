"""Which indicators does a MISP event, list of events or list of attributes give?

Source: the MISP core format (draft-dulaunoy-misp-core-format). Only what is meant for detection counts.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from cloison.hunt.intel.cell import Beside
from cloison.hunt.intel.ids import FROM_TAG, KIND_TAG, TITLE, UNTIL_TAG
from cloison.hunt.intel.kinds import is_unhunted, kind_of
from cloison.hunt.intel.reading import Item, left_out
from cloison.hunt.intel.table import NOT_FOR_DETECTION, moment_of, value_items
from cloison.hunt.intel.tlp import level, strictest
from cloison.model.indicator import IndicatorKind

_Object = Mapping[str, Any]
_CONTEXT_LIMIT = 500
_TEXT_LIMIT = 120


def events_in(document: object) -> list[_Object] | None:
    """The events of a MISP document; bare attributes count as an event; None when it is no MISP."""
    if isinstance(document, dict) and isinstance(document.get("response"), list | dict):
        document = document["response"]
    listed = document if isinstance(document, list) else [document]
    found = [_event(one) for one in listed if isinstance(one, dict)]
    events = [one for one in found if one is not None]
    return events or None


def _event(one: _Object) -> _Object | None:
    if isinstance(one.get("Event"), dict):
        return dict(one["Event"])
    if isinstance(one.get("Attribute"), list | dict):
        return one
    return None


def is_manifest(document: object) -> bool:
    """Whether the document is a feed's manifest, which names events and holds no value."""
    rows = list(document.values()) if isinstance(document, dict) else []
    return bool(rows) and all(isinstance(row, dict) and "info" in row and "Orgc" in row for row in rows)


def misp_items(events: list[_Object], origin: str) -> Iterator[Item]:
    """The items of every attribute, also of those inside objects."""
    for event in events:
        beside = Beside(
            origin, "", context=_text(event.get("info")) if event.get("info") != TITLE else "", tlp=_level_of(event)
        )
        for attribute in _dicts(event.get("Attribute")):
            yield from _attribute_items(attribute, beside)
        for thing in _dicts(event.get("Object")):
            within = replace(beside, tlp=strictest((beside.tlp, _level_of(thing))))
            gone = thing.get("deleted") in _YES
            for attribute in _dicts(thing.get("Attribute")):
                yield from _attribute_items({**attribute, "deleted": True} if gone else attribute, within)
        for report in _dicts(event.get("EventReport")):
            yield left_out(
                _text(report.get("uuid")),
                _text(report.get("name")),
                "a written report: give its text as a file of its own",
            )


_YES, _NO = (True, 1, "1", "true", "True"), (False, 0, "0", "false", "False")


def _dicts(listed: object) -> list[_Object]:
    rows = listed if isinstance(listed, list) else [listed]
    return [one for one in rows if isinstance(one, dict)]


def _text(value: object) -> str:
    return " ".join(str(value).split())[:_CONTEXT_LIMIT] if isinstance(value, str | int) else ""


def _tags(one: _Object) -> list[str]:
    return [_text(tag.get("name")) for tag in _dicts(one.get("Tag"))]


def _level_of(one: _Object) -> str:
    return strictest(tag for tag in _tags(one) if level(tag))


def _attribute_items(one: _Object, event: Beside) -> Iterator[Item]:
    said, value = _text(one.get("type")), one.get("value")
    text = str(value) if isinstance(value, str | int) else ""
    place = _text(one.get("uuid"))[:_TEXT_LIMIT]
    tags = _tags(one)
    kind = _kind_of(said, tags)
    if one.get("deleted") in _YES:
        yield left_out(place, text, "deleted by who published it")
    elif one.get("to_ids") in _NO:
        yield left_out(place, text, NOT_FOR_DETECTION)
    elif kind is None and (is_unhunted(said) or "|" not in said):
        yield left_out(place, text, f"{said[:_TEXT_LIMIT]}: a kind that can be looked for nowhere")
    else:
        beside = Beside(
            event.origin,
            place,
            kind,
            _text(one.get("comment")) or event.context,
            moment_of(_tagged(tags, FROM_TAG)),
            moment_of(_tagged(tags, UNTIL_TAG)),
            _level_of(one) or event.tlp,
        )
        yield from value_items(text, said, beside)


def _kind_of(said: str, tags: list[str]) -> IndicatorKind | None:
    ours = _tagged(tags, KIND_TAG)
    return kind_of(ours) if ours else kind_of(said)


def _tagged(tags: list[str], name: str) -> str:
    return next((tag[len(name) :].removesuffix('"') for tag in tags if tag.startswith(name)), "")
