"""Which indicators does a STIX 2 bundle, envelope or object give?

Source: OASIS, STIX 2.1. An indicator's pattern is read into single values where it says such; an observed object counts
as it stands. What is revoked, what only describes, and what no single value says is listed.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from cloison.hunt.intel.cell import Beside, indicators_in_cell
from cloison.hunt.intel.find import canonical_range, networks_of_range
from cloison.hunt.intel.formats.pattern import (
    Comparison,
    PatternError,
    comparisons,
    literal_of_like,
    literal_of_regex,
)
from cloison.hunt.intel.ids import EXTENSION
from cloison.hunt.intel.kinds import LITERAL_KINDS, kind_of
from cloison.hunt.intel.reading import Item, left_out
from cloison.hunt.intel.table import moment_of
from cloison.hunt.intel.tlp import LEVEL_OF_MARKING, level, strictest
from cloison.model.indicator import HASH_KINDS, Indicator, IndicatorKind
from cloison.model.wording import many

_K = IndicatorKind
_Object = Mapping[str, Any]
_ID = re.compile(r"[a-z][a-z0-9-]{2,249}--[0-9a-fA-F-]{36}")
_PROPERTIES: dict[tuple[str, str], IndicatorKind] = {
    ("ipv4-addr", "value"): _K.IP,
    ("ipv6-addr", "value"): _K.IP,
    ("domain-name", "value"): _K.DOMAIN,
    ("url", "value"): _K.URL,
    ("email-addr", "value"): _K.EMAIL,
    ("file", "name"): _K.FILE_NAME,
    ("user-account", "account_login"): _K.ACCOUNT,
    ("user-account", "user_id"): _K.ACCOUNT,
    ("autonomous-system", "number"): _K.AS_NUMBER,
    ("x-cloison-credential", "uid"): _K.CREDENTIAL,
}
_HASHED = frozenset({"file", "artifact"})
_DESCRIBED = {"directory", "mac-addr", "mutex", "process", "software", "windows-registry-key", "x509-certificate"}
_OPENED = datetime(1970, 1, 1, tzinfo=UTC)
"""STIX demands a `valid_from`; this one stands for none."""
_CONTEXT_LIMIT = 500
_ID_LIMIT = 120
JOINED = "read apart from what an AND joins to it"
_WILDCARD = "wildcard taken off"
_UNORDERED = "read without the order or time that the pattern asks for"
_APART = "counts only together with other values, and alone it would be seen everywhere"


def objects_in(document: object) -> list[_Object] | None:
    """The objects of a bundle, a TAXII envelope, a list, or the one object; None when the document is no STIX."""
    listed = document.get("objects", [document]) if isinstance(document, dict) else document
    if not isinstance(listed, list) or not listed:
        empty = isinstance(document, dict) and document.get("type") == "bundle"
        return [] if empty else None
    objects: list[_Object] = [one for one in listed if isinstance(one, dict)]
    known = sum(isinstance(one.get("type"), str) and bool(_ID.fullmatch(str(one.get("id")))) for one in objects)
    return objects if known * 2 > len(listed) else None


def stix_items(objects: list[_Object], origin: str) -> Iterator[Item]:
    """The items of STIX objects; of several versions of one object the newest counts."""
    markings = {str(one.get("id")): _level_of(one) for one in objects if one.get("type") == "marking-definition"}
    levels = LEVEL_OF_MARKING | {marking: said for marking, said in markings.items() if said}
    newest: dict[str, _Object] = {}
    for one in objects:
        held = newest.get(str(one.get("id")))
        if held is None or str(one.get("modified", "")) >= str(held.get("modified", "")):
            newest[str(one.get("id"))] = one
    told = _told_of_incidents(newest)
    for one in newest.values():
        beside = _beside(one, origin, levels)
        if one.get("id") in told and one.get("type") in _READ - {"indicator", "observed-data"}:
            yield left_out(beside.place, str(one.get("type")), "what an incident reached, or what was seen in it")
        else:
            yield from _object_items(one, beside)
    for kind, count in sorted(Counter(str(one.get("type"))[:_ID_LIMIT] for one in newest.values()).items()):
        if kind not in _READ and kind not in _SILENT:
            yield left_out(kind, many(count, kind), "a kind of object that gives no value to look for")


def _told_of_incidents(objects: Mapping[str, _Object]) -> set[str]:
    """The ids of what an incident is told to have reached, and of what was seen of an indicator."""
    told: set[str] = set()
    for one in objects.values():
        if one.get("type") == "relationship" and str(one.get("source_ref", "")).startswith("incident--"):
            told.add(str(one.get("target_ref")))
        refs = one.get("observed_data_refs") if one.get("type") == "sighting" else None
        for ref in refs if isinstance(refs, list) else ():
            observed = objects.get(str(ref), {}).get("object_refs")
            told.update(map(str, observed if isinstance(observed, list) else ()))
    return told


def _beside(one: _Object, origin: str, levels: Mapping[str, str]) -> Beside:
    marked = one.get("object_marking_refs")
    refs = [str(ref) for ref in marked] if isinstance(marked, list) else []
    ours = isinstance(one.get("extensions"), dict) and EXTENSION in one["extensions"]
    told = " ".join(str(one[name]) for name in ("name", "description")[ours:] if isinstance(one.get(name), str))
    start = moment_of(str(one.get("valid_from", "")))
    return Beside(
        origin,
        str(one.get("id"))[:_ID_LIMIT],
        context=" ".join(told.split())[:_CONTEXT_LIMIT],
        valid_from=None if start == _OPENED else start,
        valid_until=moment_of(str(one.get("valid_until", ""))),
        tlp=strictest(levels.get(ref, "") for ref in refs),
    )


def _level_of(marking: _Object) -> str:
    """The TLP level of a marking, in any of the three ways to say it."""
    definition = marking.get("definition")
    named = [str(definition.get("tlp", ""))] if isinstance(definition, dict) else []
    extensions = marking.get("extensions")
    if isinstance(extensions, dict):
        named += [str(one.get("tlp_2_0", "")) for one in extensions.values() if isinstance(one, dict)]
    return next(filter(None, map(level, (*named, str(marking.get("name", ""))))), "")


def _object_items(one: _Object, beside: Beside) -> Iterator[Item]:
    kind = str(one.get("type"))
    if one.get("revoked") is True:
        yield left_out(beside.place, str(one.get("pattern", kind)), "revoked by who published it")
    elif kind == "indicator":
        yield from _indicator_items(one, beside)
    elif kind == "observed-data":
        inner = one.get("objects")
        for observed in inner.values() if isinstance(inner, dict) else ():
            if isinstance(observed, dict):
                yield from _observable_items(observed, replace(beside, valid_from=None, valid_until=None))
    elif kind in _READ:
        yield from _observable_items(one, beside)


def _indicator_items(one: _Object, beside: Beside) -> Iterator[Item]:
    pattern, language = str(one.get("pattern", "")), str(one.get("pattern_type", "stix"))
    if language != "stix":
        yield left_out(beside.place, pattern, f"a rule in {language[:_ID_LIMIT]}, which is no list of values")
        return
    try:
        told, qualified = comparisons(pattern)
    except PatternError as fault:
        yield left_out(beside.place, pattern, f"no STIX pattern: {fault}")
        return
    beside = replace(beside, repairs=(_UNORDERED,) if qualified else ())
    items = [item for comparison in told for item in _comparison_items(comparison, beside)]
    yield from items if (whole := _range_of(one, items)) is None else (whole,)


def _comparison_items(one: Comparison, beside: Beside) -> Iterator[Item]:
    said = f"{one.object_type}:{'.'.join(one.path)} {one.op} {', '.join(one.values)}"
    kind, known = _kind_of(one.object_type, one.path)
    if one.negated or one.op not in _OPS:
        yield left_out(beside.place, f"NOT {said}" if one.negated else said, "no single value says this comparison")
    elif not known:
        yield left_out(beside.place, said, "a property that can be looked for nowhere")
    elif one.joined and kind in LITERAL_KINDS:
        if not (kind is _K.FILE_NAME and one.hashed):  # then it describes the hash
            yield left_out(beside.place, said, _APART)
    else:
        context = " ".join((*one.names, beside.context)) if kind in HASH_KINDS else beside.context
        notes = (*beside.repairs, JOINED) if one.joined else beside.repairs
        beside = replace(beside, kind=kind, context=context.strip()[:_CONTEXT_LIMIT], repairs=notes)
        for value in one.values:
            yield from _value_items(value, one.op, said, beside)


_OPS = frozenset({"=", "IN", "ISSUBSET", "LIKE", "MATCHES"})


def _value_items(value: str, op: str, said: str, beside: Beside) -> Iterator[Item]:
    if op not in ("LIKE", "MATCHES"):
        yield from indicators_in_cell(value, beside)
        return
    found = literal_of_like(value) if op == "LIKE" else literal_of_regex(value)
    host = found.text.rpartition("://")[2].rstrip("/") if found else ""
    if found is None or (found.behind and beside.kind not in (_K.DOMAIN, _K.URL)):
        yield left_out(beside.place, said, "no single value says this wildcard")
    elif beside.kind is _K.URL and (found.before or found.behind):
        if re.search(r"[/?#]", host):
            yield left_out(beside.place, said, "no single value says this wildcard")
        else:
            yield from indicators_in_cell(host, replace(beside, kind=_K.DOMAIN, repairs=(*beside.repairs, _WILDCARD)))
    else:
        notes = (_WILDCARD,) if found.before or found.behind else ()
        yield from indicators_in_cell(found.text, replace(beside, repairs=(*beside.repairs, *notes)))


def _kind_of(object_type: str, path: tuple[str, ...]) -> tuple[IndicatorKind | None, bool]:
    """The kind that a property holds (None: its value shows it), and whether it can be looked for at all."""
    last = path[-1]
    owner = path[-3] if len(path) > 2 and path[-2] == "hashes" else path[-2] if len(path) > 1 else ""
    if (object_type, last) in _PROPERTIES and len(path) == 1:
        return _PROPERTIES[object_type, last], True
    if len(path) > 1 and path[-2] == "hashes":
        kind = kind_of(last)
        files = object_type in _HASHED or owner.endswith(("_ref", "_refs"))
        return kind, files and kind in HASH_KINDS
    if last == "value" and owner.endswith(("_ref", "_refs")):
        return None, True
    if last == "name" and owner in ("image_ref", "binary_ref", "content_ref"):
        return _K.FILE_NAME, True
    kind = kind_of(last)
    return kind, kind in (_K.USER_AGENT, _K.JA3, _K.JA4)


def _observable_items(one: _Object, beside: Beside) -> Iterator[Item]:
    """The values of one observed object: a file's hashes, with its name beside them, or the name alone."""
    kind = str(one.get("type"))
    hashes = one.get("hashes") if isinstance(one.get("hashes"), dict) else {}
    name = str(one["name"]) if kind == "file" and isinstance(one.get("name"), str) else ""
    if kind == "file":
        beside = replace(beside, context="")
    told = 0
    for algorithm, value in hashes.items() if kind in _HASHED and hashes else ():
        hash_kind = kind_of(str(algorithm))
        if hash_kind in HASH_KINDS:
            told += 1
            yield from indicators_in_cell(str(value), replace(beside, kind=hash_kind, context=name or beside.context))
        else:
            yield left_out(beside.place, f"{algorithm} {value}", "a hash that can be looked for nowhere")
    for (owner, field), said in _PROPERTIES.items():
        if owner == kind and isinstance(one.get(field), str | int) and not told:
            told += 1
            yield from indicators_in_cell(str(one[field]), replace(beside, kind=said))
    if kind in _DESCRIBED:
        yield left_out(
            beside.place,
            str(one.get("name", one.get("key", one.get("value", kind)))),
            f"a {kind} can be looked for nowhere",
        )


_READ = {"indicator", "observed-data", *_DESCRIBED, *_HASHED, *(owner for owner, _ in _PROPERTIES)}
_SILENT = {
    "marking-definition",
    "extension-definition",
    "identity",
    "language-content",
    "relationship",
    "email-message",
    "network-traffic",
}
"""Objects that say how to read others, or refer to others that stand beside them."""


def _range_of(one: _Object, items: list[Item]) -> Item | None:
    """The range whose networks the pattern lists, when our own extension names it and the networks agree."""
    extensions = one.get("extensions")
    ours = extensions.get(EXTENSION) if isinstance(extensions, dict) else None
    named = ours.get("range") if isinstance(ours, dict) else None
    networks = [item for item in items if isinstance(item, Indicator)]
    if not isinstance(named, str) or not networks or len(networks) != len(items):
        return None
    whole = canonical_range(*named.split("-", 1)) if "-" in named else None
    if whole is None or networks_of_range(whole) != [item.value for item in networks]:
        return None
    return replace(networks[0], kind=_K.RANGE, value=whole, original=whole)
