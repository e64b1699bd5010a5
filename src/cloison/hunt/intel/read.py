"""Which indicators does a file give, whatever its form: table, list, hosts file or written account?"""

from cloison.errors import InputError
from cloison.hunt.intel.clean import cleaned
from cloison.hunt.intel.joining import join_hashes
from cloison.hunt.intel.listing import list_items, reads_as_list
from cloison.hunt.intel.prose import prose_items
from cloison.hunt.intel.reading import Reading, gathered
from cloison.hunt.intel.table import table_in, table_items

# Larger than any list or report people exchange; a log given by mistake is refused here.
MAX_BYTES = 64 << 20


def read_indicators(data: bytes, *, origin: str) -> Reading:
    """The indicators in `data`, deduplicated on (kind, value), in order of first appearance.

    Raises InputError when `data` is empty, larger than `MAX_BYTES` or not UTF-8 text.
    """
    text = _text(data, origin).replace("\r\n", "\n").replace("\r", "\n")
    table = table_in(text)
    if table is not None:
        return gathered(table_items(text, table, origin))
    joined = join_hashes([cleaned(line) for line in text.split("\n")])
    if reads_as_list(joined.lines):
        return gathered(list_items(joined.lines, origin))
    return gathered(prose_items(joined, origin))


def _text(data: bytes, origin: str) -> str:
    if not data.strip():
        raise InputError("the file of indicators is empty", where=origin, remedy="give a file with one value per line")
    if len(data) > MAX_BYTES:
        raise InputError(
            f"the file of indicators is larger than {MAX_BYTES >> 20} MiB", where=origin, remedy="split the file"
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            f"byte {error.start} of the file of indicators is not UTF-8", where=origin, remedy="save it as UTF-8 text"
        ) from error
    if "\x00" in text:
        raise InputError("the file of indicators is binary", where=origin, remedy="save it as UTF-8 text")
    return text
