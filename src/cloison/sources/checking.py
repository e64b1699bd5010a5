"""Does everything that a source says fit together: places, names, groups, patterns? All faults of a file, told once."""

import re
from collections.abc import Iterator
from pathlib import Path

from cloison.errors import SourceError
from cloison.ocsf.events import EVENTS
from cloison.sources.fields import SETTABLE
from cloison.sources.paths import EACH, HOW, parse_path
from cloison.sources.rules import TEMPLATE
from cloison.sources.spec import Carrier, Choice, Condition, Event, Field, Levels, Rotation, Spec, Test, place_of

NOTHING = "_nobody"
"""A local name that no carrier maps, so that `set` can empty a column."""

_PICK = re.compile(r"|\d+|[^=|]+=[^=]+")
_UNLIKE = re.compile(r"\(\?(?:[=!]|<[=!]|P=)|\\[1-9]")
_SPAN = re.compile(r"[1-9][0-9]*[mhd]")


def check(spec: Spec, place: Path) -> None:
    """Check a decoded source.

    Raises:
        SourceError: names every fault with the part of the file that holds it.
    """
    faults = [*faults_of(spec, place.parent.name)]
    if faults:
        raise SourceError(
            "; ".join(faults),
            where=f"{place} ({spec.name})",
            remedy="see docs/sources.md for the words and their places",
        )


def faults_of(spec: Spec, folder: str) -> Iterator[str]:
    """Every fault, each with the part of the file that holds it."""
    mapped = _mapped(spec)
    if spec.name != folder:
        yield f"name is {spec.name!r} but its folder is {folder!r}"
    names = [carrier.name for carrier in spec.carrier]
    yield from (f"carrier {name!r} is there twice" for name in sorted({one for one in names if names.count(one) > 1}))
    for carrier in spec.carrier:
        yield from (f"{spec.name}/{carrier.name}{fault}" for fault in _carrier_faults(carrier))
    yield from (f"identity: {name!r} is mapped by no carrier" for name in spec.identity if name not in mapped)
    yield from (f"ids: {fault}" for pattern in spec.ids for fault in _pattern_faults(pattern, groups=1))
    for word, name in (*(("only", name) for name in spec.only), *(("never", name) for name in spec.never)):
        astray = [carrier.name for carrier in spec.carrier if place_of(carrier, name) is None]
        yield from (f"{word}: {name!r} is read from no one place in carrier {one!r}" for one in astray)
    for number, event in enumerate(spec.event):
        yield from (f"event[{number}].{fault}" for fault in _event_faults(event, mapped))
    for number, rotation in enumerate(spec.rotation):
        yield from (f"rotation[{number}].{fault}" for fault in _rotation_faults(rotation, mapped))
    spans = {"delivery.lag": spec.delivery.lag, "delivery.retention": spec.delivery.retention}
    for word, span in (spans | {"shows.outlives": spec.shows.outlives}).items():
        if span is not None and not _SPAN.fullmatch(span):
            yield f"{word}: not a span of time: {span!r} (write 15m, 2h or 90d)"
    if spec.levels is not None:
        yield from (f"levels.{fault}" for fault in _level_faults(spec.levels))


def _mapped(spec: Spec) -> set[str]:
    """Every name that a rule may speak of, over all carriers."""
    mapped = {name for carrier in spec.carrier for name in carrier.map} | {"status", NOTHING}
    return mapped | ({"_path", "_query"} if "url" in mapped else set())


def _carrier_faults(carrier: Carrier) -> Iterator[str]:
    groups = set(_groups(carrier.pattern)) if carrier.kind == "lines" else None
    if carrier.kind == "lines":
        yield from (f".pattern: {fault}" for fault in _pattern_faults(carrier.pattern or ""))
        if not groups:
            yield ".pattern: a line carrier needs a pattern with named groups"
    for word in ("all", "any", "none"):
        yield from (f".{word}: {fault}" for path in getattr(carrier, word) for fault in _path_faults(path))
    for path, wanted in (*carrier.match.items(), *carrier.match_any.items(), *carrier.unlike.items()):
        yield from (f".match: {fault}" for fault in (*_path_faults(path), *_pattern_faults(wanted)))
    yield from (f".each: {fault}" for fault in _each_faults(carrier))
    for name, entry in carrier.map.items():
        field = entry if isinstance(entry, Field) else Field(from_=entry)
        yield from (f".{name}: {fault}" for fault in _field_faults(field, groups))
        if field.otherwise is not None and field.otherwise not in carrier.map:
            yield f".{name}: otherwise {field.otherwise!r} is no field of the carrier"


def _each_faults(carrier: Carrier) -> Iterator[str]:
    if carrier.each is None:
        return
    yield from _path_faults(carrier.each)
    if "[" in carrier.each:
        yield f"the plain place of an array, not {carrier.each!r}"
    if carrier.kind == "lines":
        yield "a line tells one event"
    if not any(path.startswith(f"{EACH}.") for field in carrier.map.values() for path in _places(field)):
        yield f"nothing is mapped from its elements (write {EACH}.name)"


def _places(entry: str | Field) -> tuple[str, ...]:
    paths = entry if isinstance(entry, str) else entry.from_
    return (paths,) if isinstance(paths, str) else paths


def _groups(pattern: str | None) -> list[str]:
    try:
        return list(re.compile(pattern or "").groupindex)
    except re.error:
        return []


def _field_faults(field: Field, groups: set[str] | None) -> Iterator[str]:
    if field.const is not None:
        return
    paths = (field.from_,) if isinstance(field.from_, str) else field.from_
    for path in paths:
        if groups is None:
            yield from _path_faults(path)
        elif path not in groups:
            yield f"the pattern has no group {path!r}"
    if field.without is not None:
        yield from _path_faults(field.without)
        if field.capture is None:
            yield "without compares what `capture` finds in two places"
    if field.as_ == "second_nano" and len(paths) != 2:
        yield "second_nano reads two places: seconds and nanoseconds"
    if field.capture is not None:
        yield from _pattern_faults(field.capture, groups=1)


def _path_faults(text: str) -> Iterator[str]:
    try:
        path = parse_path(text)
    except SourceError as fault:
        yield f"{fault.what} ({fault.remedy})"
        return
    if not path:
        yield "an empty path"
    for segment in path:
        if segment.pick is not None and not _PICK.fullmatch(segment.pick):
            yield f"not a path: {text!r} ({HOW})"


def _pattern_faults(pattern: str, *, groups: int = 0) -> Iterator[str]:
    try:
        compiled = re.compile(pattern)
    except re.error as fault:
        yield f"not a regular expression: {pattern!r}: {fault}"
        return
    if _UNLIKE.search(pattern):
        yield f"no lookaround and no backreference, the engine has none: {pattern!r}"
    if compiled.groups < groups:
        yield f"{pattern!r} captures {compiled.groups} groups, {groups} are used"


def _event_faults(event: Event, mapped: set[str]) -> Iterator[str]:
    yield from _when_faults(event.when, mapped)
    for word, chosen in (("class", event.class_), ("activity", event.activity)):
        if isinstance(chosen, Choice) and chosen.from_ not in mapped:
            yield f"{word}: {chosen.from_!r} is mapped by no carrier"
    templates = [found for text in event.set.values() for found in TEMPLATE.finditer(text)]
    used = max((int(found[1]) for found in templates if found[1]), default=0)
    if event.capture is not None:
        yield from (f"capture: {fault}" for fault in _pattern_faults(event.capture.pattern, groups=used))
        if event.capture.field not in mapped:
            yield f"capture: {event.capture.field!r} is mapped by no carrier"
    for column, text in event.set.items():
        if column not in SETTABLE:
            yield f"set: no event column {column!r}"
        fields = [f"${found[3]}" for found in TEMPLATE.finditer(text) if found[3]]
        yield from (fault for one in (text, *fields) for fault in _named_faults("set", one, mapped))


def _rotation_faults(rotation: Rotation, mapped: set[str]) -> Iterator[str]:
    known = mapped | set(EVENTS.columns)
    yield from _when_faults(rotation.when, known)
    for word, text in (("credential", rotation.credential), ("principal", rotation.principal)):
        yield from _named_faults(word, text or "", known)


def _level_faults(levels: Levels) -> Iterator[str]:
    named = [("default", levels.default), *((f"needs.{one.access}", one.level) for one in levels.needs)]
    yield from (f"{word}: {level!r} is not in the order" for word, level in named if level not in levels.order)
    for code, told in levels.told.items():
        if told.startswith("$") and told != "$resource_uid":
            yield f"told.{code}: a level is told in $resource_uid or as `area : level`, not {told!r}"
        if not told.startswith("$") and told.rpartition(" : ")[2] not in levels.order:
            yield f"told.{code}: {told!r} is no `area : level` of the order"


def _named_faults(word: str, text: str, known: set[str]) -> Iterator[str]:
    if text.startswith("$") and text[1:] not in known:
        yield f"{word}: {text!r} is mapped by no carrier"


def _when_faults(when: dict[str, Condition], known: set[str]) -> Iterator[str]:
    for name, wanted in when.items():
        if name not in known:
            yield f"when: {name!r} is mapped by no carrier"
        if isinstance(wanted, Test) and wanted.matches is not None:
            yield from (f"when.{name}: {fault}" for fault in _pattern_faults(wanted.matches))
