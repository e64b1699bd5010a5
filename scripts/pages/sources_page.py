"""What can each source say, prove and not show, and how is a new one written? `docs/sources.md`, from the sources."""

import inspect
from typing import get_args

import msgspec
from scripts.pages.words import CONVERTERS, WORDS

from cloison.sources import spec as vocabulary
from cloison.sources.catalogue import shipped
from cloison.sources.spec import Carrier, Converter, Spec

HEAD = """# The sources

Made from the source folders by `python -m scripts.write_docs`; do not edit.

A source is a folder `src/cloison/sources/NAME/` with a `source.toml`, and `corpus/` beside it: raw records with the
event rows that they must become. It is data: no code of a source is run. A case may bring its own in
`CASE/sources/NAME/`, which replaces the shipped one of the same name.
"""
WRITE = """## How to write a source

`cloison sources new NAME --in CASE/sources` makes the folder of a source that is complete but for what only you know;
with `--in src/cloison/sources` it is a shipped one. `cloison sources check FOLDER` says all that is wrong with it,
each with its line, and ends with 0 when nothing is. Go on like this:

1. Put a few raw records into `corpus/SHAPE.raw`, just as the product writes them, one file a shape. Then make them
   up: other names, ids and addresses (192.0.2.0/24, 198.51.100.0/24, 203.0.113.0/24, 2001:db8::/32, `.example`).
   A corpus counts as written on 2025-03-10: a record that states no year is of the twelve months before.
2. Fill in `name`, `title`, `vendor`, `product`, `system`, `reference`. `system` is the word that your list of exposed
   credentials uses.
3. For each shape a `[[carrier]]`: two independent signs, or a grammar; never the file's name. Signs are places that
   this log has and others have not: `eventId` alone is had by many. A record is of the carrier of which it shows most
   signs, a line of the grammar with most named groups. A grammar is held against the whole line, so a syslog header
   stands in it: RFC 3164 and ISO times in one carrier, RFC 5424 in another (see `linux_auth`). Where the journal or a
   shipper keeps a bare message, `TIME HOST PROGRAM[PID]: MESSAGE` is made of it first, and the same grammar reads it.
4. `[carrier.map]`: an event column for each place that says something (columns: [tables.md](tables.md#events)). What
   makes most answers: `time`, `vendor_uid`, `principal`, `src_ip`, `credential_uid`, `vendor_session_uid`, `status`,
   `resource_uid`. A record without `time` is rejected. Map `status` only from what the log states: without it the
   outcome is *unknown*, unless an `http_status` says it. What no column holds stays in the raw record.
5. `[[event]]` for what the records mean, the particular before the general; the last one without `when` takes the
   rest. Classes and activities are OCSF's: 3002/1 logon, 3001 accounts, 3004 tokens and policies, 3005 rights, 3006
   groups, 4001 connections, 6001 pages and the like, 6003 any other call. Of a connection `action` is `connected`
   where `src_ip` is known to have called, with `host` and its address and port as `resource_kind` and `resource_uid`;
   else `exchanged`, for who may only have answered is not taken to have spoken to an indicator.
6. `[[rotation]]` for what ends a credential, and with `proves = false` for what only looks like it.
7. `[shows]` for what stands in the log whenever it happens, so that its silence means something; `[delivery]` and
   `[levels]` for when it does not. Claim too much here and a credential is called dead that is not.
8. `[[blind]]` for what the log cannot show: this is what turns silence into *unknown*.
9. `cloison sources check FOLDER --rows` prints the rows that the corpus becomes, by file. When you agree with them,
   write the columns that matter into `corpus/SHAPE.expected.json`: `source`, `carrier`, `time`, `system`, `class_uid`,
   `activity_id`, `status_id` always, and `null` for what must stay empty (the rows leave that out). From then on the
   check tells every difference, and every carrier, event and rotation that no record comes to.

No code of a source is run: it can come from anybody.

A word that is not listed here is an error that names its place.

**Places** in a record: `a.b` a member of a member; `a[].b` every element; `a[0].b` one element; `a[type=User|App].b`
the first element whose member is one of these values; `a{}.b` inside a text that holds JSON, `a{}` what that text says;
`a."b.c"` a name that has dots. In `kind = "lines"` a place is the name of a group.
"""


def sources_page() -> str:
    """The page as Markdown."""
    specs = shipped().specs.values()
    listed = "".join(f"| [{one.name}](#{one.name}) | {one.title} | {one.system} | {_proofs(one)} |\n" for one in specs)
    table = f"| source | what it is | system | proves the end of |\n|---|---|---|---|\n{listed}"
    return "\n".join([HEAD, table, *(_source(one) for one in specs), WRITE, *_words(), _converters()])


def _proofs(spec: Spec) -> str:
    kinds = dict.fromkeys(kind for rule in spec.rotation if rule.proves for kind in rule.kinds)
    return ", ".join(kinds)


def _source(spec: Spec) -> str:
    says = list(dict.fromkeys(rule.says for rule in spec.rotation if rule.proves))
    only = list(dict.fromkeys(rule.says for rule in spec.rotation if not rule.proves))
    blind = [f"{one.text}{f' (level: {one.level})' if one.level else ''}" for one in spec.blind]
    parts = [
        f"## {spec.name}\n\n{spec.title}. System `{spec.system}`. [{spec.vendor}: {spec.product}]({spec.reference})\n",
        _list("Arrives as", [_carrier(one) for one in spec.carrier]),
        _list("Proves", says),
        _list("Says, but proves nothing", only),
        _list("Shows, whenever it happens", _shown(spec)),
        _list("Cannot show", blind),
    ]
    return "\n".join(part for part in parts if part)


def _shown(spec: Spec) -> list[str]:
    shows, delivery, levels = spec.shows, spec.delivery, spec.levels
    needs = {one.access: f" (from level {one.level} of {one.area} on)" for one in levels.needs} if levels else {}
    told = {
        "use by the credential's id": ", ".join(shows.uses),
        "use under its owner's name": ", ".join(shows.accounts),
        "also for credentials of": ", ".join(f"`{one}`" for one in shows.systems),
        "access": ", ".join(f"{one.replace('_', ' ')}{needs.get(one, '')}" for one in shows.access),
        "may come as late as": delivery.lag or "",
        "is kept for": delivery.retention or "",
    }
    return [f"{head}: {text}" for head, text in told.items() if text]


def _list(head: str, lines: list[str]) -> str:
    return f"{head}:\n\n" + "".join(f"- {line}\n" for line in lines) if lines else ""


def _carrier(one: Carrier) -> str:
    if one.kind == "lines":
        return f"`{one.name}`: lines of text, by their grammar"
    signs = [f"`{path}`" for path in one.all] + ([_either(list(one.any))] if one.any else [])
    signs += [f"`{path}` like `{wanted}`" for path, wanted in one.match.items()]
    signs += [_either(list(one.match_any)) + " of the product's own kind"] if one.match_any else []
    signs += [f"`{path}` not like `{wanted}`" for path, wanted in one.unlike.items()]
    weak = ", where the rest of the file is of this source" if one.weak else ""
    return f"`{one.name}`: objects with {', '.join(signs)}{weak}".replace("|", "\\|")


def _either(paths: list[str]) -> str:
    return " or ".join(f"`{path}`" for path in paths)


def _words() -> list[str]:
    return [_struct(name, words) for name, words in WORDS.items()]


def _struct(name: str, words: dict[str, str]) -> str:
    struct = getattr(vocabulary, name)
    fields = {one.encode_name: one for one in msgspec.structs.fields(struct)}
    rows = "".join(
        f"| `{word}` | {_need(fields[word])} | {text}{_choices(fields[word].type, text)} |\n"
        for word, text in words.items()
    )
    return f"### {name}\n\n{inspect.getdoc(struct)}\n\n| word | | meaning |\n|---|---|---|\n{rows}"


def _choices(kind: object, told: str) -> str:
    """The texts of which a word must be one, where they are not told; converters have a table of their own."""
    texts = [] if kind == Converter else [f"`{one}`" for one in _members(kind) if isinstance(one, str)]
    return "" if all(one in told for one in texts) else f": {', '.join(texts)}"


def _members(kind: object) -> list[object]:
    return [below for one in get_args(kind) for below in (_members(one) or [one])]


def _need(field: msgspec.structs.FieldInfo) -> str:
    return "needed" if field.required else ""


def _converters() -> str:
    rows = "".join(f"| `{name}` | {CONVERTERS[name]} |\n" for name in get_args(Converter))
    head = "### Converters\n\nWhat `as` may be; `text` when nothing is said.\n\n| converter | makes |\n|---|---|\n"
    return head + rows
