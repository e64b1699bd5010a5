"""Which indicators does an OpenIOC document give?

Source: OpenIOC 1.0 and 1.1 (Mandiant). The parser takes no entity, no document type and nothing from outside.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import XMLParser

from cloison.errors import InputError
from cloison.hunt.intel.cell import Beside, indicators_in_cell
from cloison.hunt.intel.kinds import LITERAL_KINDS
from cloison.hunt.intel.reading import Item, left_out
from cloison.model.indicator import HASH_KINDS, IndicatorKind

_K = IndicatorKind
_MAX_DEPTH = 100
_TEXT_LIMIT = 8192
_TERMS: dict[str, IndicatorKind | None] = {
    "fileitem/md5sum": _K.MD5,
    "fileitem/sha1sum": _K.SHA1,
    "fileitem/sha256sum": _K.SHA256,
    "fileitem/filename": _K.FILE_NAME,
    "processitem/name": _K.FILE_NAME,
    "processitem/sectionlist/memorysection/md5sum": _K.MD5,
    "driveritem/drivername": _K.FILE_NAME,
    "serviceitem/servicedllmd5sum": _K.MD5,
    "serviceitem/pathmd5sum": _K.MD5,
    "taskitem/md5sum": _K.MD5,
    "taskitem/sha1sum": _K.SHA1,
    "taskitem/sha256sum": _K.SHA256,
    "dnsentryitem/host": _K.DOMAIN,
    "dnsentryitem/recordname": _K.DOMAIN,
    "dnsentryitem/recorddata/host": _K.DOMAIN,
    "dnsentryitem/recorddata/ipv4address": _K.IP,
    "network/dns": _K.DOMAIN,
    "network/string": None,
    "network/uri": _K.URL,
    "network/useragent": _K.USER_AGENT,
    "network/http_host": _K.DOMAIN,
    "portitem/remoteip": _K.IP,
    "portitem/localip": _K.IP,
    "processitem/portlist/portitem/remoteip": _K.IP,
    "processitem/portlist/portitem/localip": _K.IP,
    "routeentryitem/destination": _K.IP,
    "routeentryitem/gateway": _K.IP,
    "arpentryitem/ipv4address": _K.IP,
    "systeminfoitem/networkarray/networkinfo/ipaddress": _K.IP,
    "urlhistoryitem/url": _K.URL,
    "urlhistoryitem/hostname": _K.DOMAIN,
    "cookiehistoryitem/hostname": _K.DOMAIN,
    "filedownloadhistoryitem/sourceurl": _K.URL,
    "formhistoryitem/url": _K.URL,
    "email/from": _K.EMAIL,
    "email/to": _K.EMAIL,
    "email/attachment/name": _K.FILE_NAME,
    "email/attachment/content/md5sum": _K.MD5,
    "useritem/username": _K.ACCOUNT,
    "processitem/username": _K.ACCOUNT,
}
_CONDITIONS = frozenset({"is", "contains", "", "equals"})
_APART = "counts only together with other values, and alone it would be seen everywhere"
_JOINED = "read apart from what an AND joins to it"


@dataclass
class _Term:
    """One thing to look for, the conjunction it stands in, and how it is said."""

    group: int
    place: str = ""
    condition: str = ""
    negated: bool = False
    search: str = ""
    content: str = ""


@dataclass
class _Collector:
    """What the parser is handed: it keeps the terms and what the head says, and nothing of the tree."""

    terms: list[_Term] = field(default_factory=list)
    head: dict[str, str] = field(default_factory=dict)
    path: list[str] = field(default_factory=list)
    groups: list[tuple[int, str]] = field(default_factory=lambda: [(0, "OR")])
    text: list[str] = field(default_factory=list)
    counted: int = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = _local(tag)
        self.path.append(name)
        if len(self.path) > _MAX_DEPTH:
            raise ParseError(f"elements are nested more than {_MAX_DEPTH} deep")
        self.text.clear()
        if name == "indicator":
            operator = attributes.get("operator", "OR").upper()
            self.counted += operator == "AND"
            # What stands inside an AND is joined by it, however deep.
            inside = self.groups[-1][1] == "AND" and operator != "AND"
            self.groups.append(self.groups[-1] if inside else (self.counted, operator))
        elif name == "indicatoritem":
            group, operator = self.groups[-1]
            negated = attributes.get("negate", "").lower() == "true"
            condition = attributes.get("condition", "").lower()
            place = attributes.get("id", "")[:120]
            self.terms.append(_Term(group if operator == "AND" else 0, place, condition, negated))
        elif name == "context" and self.terms:
            self.terms[-1].search = attributes.get("search", "")[:_TEXT_LIMIT]

    def data(self, text: str) -> None:
        if sum(map(len, self.text[-2:])) < _TEXT_LIMIT:
            self.text.append(text)

    def end(self, _tag: str) -> None:
        name = self.path.pop()
        said = "".join(self.text).strip()[:_TEXT_LIMIT]
        self.text.clear()
        if name == "content" and self.terms and "indicatoritem" in self.path:
            self.terms[-1].content = said
        elif name == "indicator":
            self.groups.pop()
        elif name in ("short_description", "description") and said and not self.terms:
            self.head.setdefault(name, " ".join(said.split())[:500])

    def close(self) -> "_Collector":
        return self


def _local(tag: str) -> str:
    return tag.rpartition("}")[2].lower()


def openioc_items(text: str, origin: str) -> Iterator[Item]:
    """The items of an OpenIOC document.

    Raises:
        InputError: it is no well-formed XML, or declares a document type or an entity.
    """
    parser = XMLParser(target=_Collector(), forbid_dtd=True)
    try:
        parser.feed(text)
        found: _Collector = parser.close()
    except ParseError as fault:
        raise InputError(f"XML that cannot be read: {fault}", where=origin, remedy="export it again") from fault
    except DefusedXmlException as fault:
        raise InputError(
            "XML that declares a document type or an entity", where=origin, remedy="take these declarations out"
        ) from fault
    context = found.head.get("short_description") or found.head.get("description", "")
    names: dict[int, list[str]] = {}
    sizes: dict[int, int] = {}
    for term in found.terms:
        sizes[term.group] = sizes.get(term.group, 0) + 1
        if _TERMS.get(term.search.lower()) is _K.FILE_NAME:
            names.setdefault(term.group, []).append(term.content)
    for term in found.terms:
        joined = term.group > 0 and sizes[term.group] > 1
        beside = Beside(origin, term.place, context=context, repairs=(_JOINED,) if joined else ())
        yield from _term_items(term, beside, names.get(term.group, []) if joined else [], joined=joined)


def _term_items(term: _Term, beside: Beside, names: list[str], *, joined: bool) -> Iterator[Item]:
    search = term.search.lower()
    said = f"{term.search} {term.condition} {term.content}"
    if term.negated or term.condition not in _CONDITIONS:
        yield left_out(beside.place, f"NOT {said}" if term.negated else said, "no single value says this condition")
    elif search not in _TERMS:
        yield left_out(beside.place, said, "a term that can be looked for nowhere")
    elif joined and _TERMS[search] in LITERAL_KINDS:
        yield left_out(beside.place, said, _APART)
    else:
        kind = _TERMS[search]
        context = " ".join((*names, beside.context)).strip() if kind in HASH_KINDS else beside.context
        yield from indicators_in_cell(term.content, replace(beside, kind=kind, context=context[:500]))
