"""Which indicators does a file give, whatever its form: table, list, hosts file or written account?"""

from cloison.errors import InputError
from cloison.hunt.intel.clean import cleaned
from cloison.hunt.intel.joining import join_hashes
from cloison.hunt.intel.listing import list_items, reads_as_list
from cloison.hunt.intel.prose import prose_items
from cloison.hunt.intel.reading import Reading, gathered, left_out
from cloison.hunt.intel.table import table_in, table_items

# Larger than any list or report people exchange; a log given by mistake is refused here.
MAX_BYTES = 64 << 20
# A longer line outside a table is reported, not read: nothing that people wrote has one.
MAX_LINE = 256 << 10


def read_indicators(data: bytes, *, origin: str) -> Reading:
    """The indicators in `data`, deduplicated on (kind, value), in order of first appearance.

    Raises InputError when `data` is empty, larger than `MAX_BYTES` or not UTF-8 text.
    """
    text = _text(data, origin).replace("\r\n", "\n").replace("\r", "\n")
    table = table_in(text)
    if table is not None:
        return gathered(table_items(text, table, origin))
    lines = text.split("\n")
    too_long = [
        left_out(number, line, f"a line longer than {MAX_LINE >> 10} Ki characters")
        for number, line in enumerate(lines, 1)
        if len(line) > MAX_LINE
    ]
    joined = join_hashes([cleaned(line) if len(line) <= MAX_LINE else "" for line in lines])
    items = list_items(joined.lines, origin) if reads_as_list(joined.lines) else prose_items(joined, origin)
    return gathered((*too_long, *items))


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
