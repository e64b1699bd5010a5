"""Which indicators does a file give, whatever its form?"""

import codecs
import re
from collections.abc import Callable, Iterator

import orjson

from cloison.errors import InputError
from cloison.hunt.intel.cell import Beside, indicators_in_cell
from cloison.hunt.intel.formats import page
from cloison.hunt.intel.formats.misp import events_in, is_manifest, misp_items
from cloison.hunt.intel.formats.openioc import openioc_items
from cloison.hunt.intel.formats.records import record_items, records_in, text_items
from cloison.hunt.intel.formats.stix import objects_in, stix_items
from cloison.hunt.intel.listing import list_items, reads_as_list
from cloison.hunt.intel.plainly import plain_items
from cloison.hunt.intel.prose import prose_items
from cloison.hunt.intel.reading import Item, Reading, at_line, gathered
from cloison.hunt.intel.said import Said, said
from cloison.hunt.intel.table import table_in, table_items
from cloison.model.indicator import Indicator

# Larger than any list or report people exchange; a log given by mistake is refused here.
MAX_BYTES = 64 << 20
_JSON = re.compile(r'\s*(?:\[\s*)?\{\s*"[^"\n]{0,200}"\s*:')
_JSON_TEXTS = re.compile(r'\s*\[\s*"')
_XML = re.compile(r"\s*(?:<\?xml\b|<!DOCTYPE\s+(?!html)|<(?:\w+:)?(?:ioc|OpenIOC|iocs)\b)", re.IGNORECASE)
_OPENIOC = re.compile(r"<(?:[\w-]+:)?(?:ioc|OpenIOC|iocs)\b", re.IGNORECASE)
_VALUE_HASH = re.compile(r"[0-9a-f]{32},[0-9a-f]{8}-[0-9a-f-]{27}")
_HEAD = 4096
_PDF_WITHIN = 1024
_SAMPLE = 20

Form = tuple[str, Iterator[Item]]


def read_indicators(data: bytes, *, origin: str) -> Reading:
    """The indicators in `data`, deduplicated on (kind, value), in order of first appearance.

    Raises InputError when `data` is empty, larger than `MAX_BYTES`, of a form that is none of ours, or damaged.
    """
    if not data.strip():
        raise InputError("the file of indicators is empty", where=origin, remedy="give a file with one value per line")
    if len(data) > MAX_BYTES:
        raise InputError(
            f"the file of indicators is larger than {MAX_BYTES >> 20} MiB", where=origin, remedy="split the file"
        )
    if b"%PDF-" in data[:_PDF_WITHIN]:
        from cloison.hunt.intel.formats import pdf  # noqa: PLC0415, its reader takes longer to load than all else here

        lines, places, unread = pdf.lines_of(data, origin)
        return gathered((*unread, *_account_items(said(lines, places, origin))), "pdf")
    text = _text(data, origin).replace("\r\n", "\n").replace("\r", "\n")
    for reader in _READERS:
        found = reader(text, origin)
        if found is not None:
            form, items = found
            return gathered(items, form)
    if (listed := plain_items(text, origin)) is not None:
        return gathered(listed, "list")
    lines = text.split("\n")
    spoken = said(lines, [at_line(number) for number in range(1, len(lines) + 1)], origin)
    if reads_as_list(spoken.lines):
        return gathered((*spoken.too_long, *list_items(spoken)), "list")
    return gathered(_account_items(spoken), "account")


def refanged(text: str) -> str:
    """One value as indicators spell it, whether it is defanged or not; as it stands when it is none."""
    found = [item.value for item in indicators_in_cell(text, Beside("", "")) if isinstance(item, Indicator)]
    return found[0] if len(found) == 1 else text.strip()


def _account_items(spoken: Said) -> Iterator[Item]:
    yield from spoken.too_long
    yield from prose_items(spoken)


def _json(text: str, origin: str) -> Form | None:
    if _JSON_TEXTS.match(text):
        return _json_texts(text, origin)
    if not _JSON.match(text):
        return None
    document = _parsed(text, origin)
    objects = objects_in(document)
    if objects is not None:
        return "stix", stix_items(objects, origin)
    events = events_in(document)
    if events is not None:
        return "misp", misp_items(events, origin)
    if is_manifest(document):
        raise InputError(
            "a MISP feed's manifest names events and holds no values", where=origin, remedy="give the events themselves"
        )
    records = records_in(document)
    if records is not None:
        return "records", record_items(records, origin)
    raise InputError(
        "JSON that is neither STIX nor MISP nor has a column of values",
        where=origin,
        remedy="give STIX 2, MISP, or records with `value` and `type`",
    )


def _json_texts(text: str, origin: str) -> Form | None:
    """A JSON list of texts; what only begins like one may be prose."""
    try:
        listed = orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
    texts = [one for one in listed if isinstance(one, str)]
    return ("records", text_items(texts, origin)) if len(texts) == len(listed) else None


def _parsed(text: str, origin: str) -> object:
    """The document; of JSON lines, the list of them."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as fault:
        lines = [line for line in text.split("\n") if line.strip()]
        try:
            return [orjson.loads(line) for line in lines] if len(lines) > 1 else _broken(fault, origin)
        except orjson.JSONDecodeError:
            return _broken(fault, origin)


def _broken(fault: orjson.JSONDecodeError, origin: str) -> object:
    raise InputError(f"JSON that cannot be read: {fault}", where=origin, remedy="export it again") from fault


def _xml(text: str, origin: str) -> Form | None:
    if not _XML.match(text):
        return None
    if page.is_page(text):
        return _page(text, origin)
    if _OPENIOC.search(text[:_HEAD]):
        return "openioc", openioc_items(text, origin)
    raise InputError(
        "XML that is no OpenIOC", where=origin, remedy="give STIX 2, MISP, OpenIOC, or a table; STIX 1 is not read"
    )


def _page(text: str, origin: str) -> Form | None:
    if not page.is_page(text):
        return None
    lines, numbers = page.lines_of(text)
    return "page", _account_items(said(lines, [at_line(number) for number in numbers], origin))


def _table(text: str, origin: str) -> Form | None:
    sample = [line for line in text.split("\n", _SAMPLE)[:_SAMPLE] if line.strip()]
    if all(map(_VALUE_HASH.fullmatch, sample)):
        raise InputError(
            "a MISP feed's hashes.csv holds hashes of values, not values",
            where=origin,
            remedy="give the feed's events themselves",
        )
    table = table_in(text)
    return ("table", table_items(text, table, origin)) if table is not None else None


_READERS: tuple[Callable[[str, str], Form | None], ...] = (_json, _xml, _page, _table)


def _text(data: bytes, origin: str) -> str:
    wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        text = data.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            f"byte {error.start} of the file of indicators is not UTF-8", where=origin, remedy="save it as UTF-8 text"
        ) from error
    if "\x00" in text:
        raise InputError("the file of indicators is binary", where=origin, remedy="save it as UTF-8 text")
    return text
