"""What does each word of a `source.toml` mean? One line a word, by the struct that holds it."""

WORDS = {
    "Spec": {
        "name": "the folder's name; lower case, digits and underscores",
        "title": "what a person calls the log",
        "vendor": "who makes the product",
        "product": "OCSF metadata.product",
        "system": "the name under which exposed credentials, totals and tables speak of the product",
        "carrier": "`[[carrier]]`: the shapes in which its records arrive",
        "event": "`[[event]]`: what its records mean; the first that matches speaks",
        "reference": "the vendor's page that describes the log",
        "system_aliases": "other spellings of the system in files that people write",
        "identity": "fields, also local ones, that together make two records the same event; the first must be "
        "present. Without it a line is identified by its text, an object by its place",
        "ids": "grammars of the ids of its credentials as people write them; the first group is the id as events "
        "have it. What has such a shape is no secret in the ledger of exposed credentials",
        "named": "kinds of credential whose id here is only a name, told apart by its owner",
        "fold": "lines with one `pair_uid` are one event: the one whose `[[event]]` comes first takes from the others "
        "what it does not say itself",
        "rotation": "`[[rotation]]`: what its records prove about a credential's life",
        "blind": "`[[blind]]`: what the log cannot show",
        "shows": "`[shows]`: what it shows whenever it happens",
        "delivery": "`[delivery]`: how late records come, and for how long they can be fetched",
        "levels": "`[levels]`: logging that can be turned up and down",
        "only": "field = pattern: its records are only those of the carriers in which the field matches",
        "never": "field = pattern: those are not its records; a source that extends it can say `only` of them",
        "extends": "a sibling source: its events, rotations and blind spots follow one's own; "
        "its other words hold where one says none",
    },
    "Carrier": {
        "name": "what the shape is called in `events.carrier`",
        "map": "`[carrier.map]`: event column ← place in the record. Names that begin with `_` are local; "
        "`status` is success, failure or unknown, and follows from `http_status` when not mapped",
        "kind": "`json` for objects (also rows of CSV, by their header), `lines` for a text grammar",
        "all": "places that every record has",
        "any": "places of which every record has at least one",
        "none": "places that no record has",
        "match": "place = pattern: every pattern must match; a number or truth value is matched as JSON spells it",
        "match_any": "place = pattern: one of the patterns must match",
        "unlike": "place = pattern: none of the patterns may match",
        "weak": "recognises only what no other carrier claims, and follows the rest of its file",
        "each": "the place of an array whose elements are an event each, with all the rest of the record: "
        "`each.name` is then a place in the element. One that is no array is one event",
        "pattern": "for `lines`: the grammar, with `(?P<name>…)` groups that `from` may name",
        "like": "a carrier above, or of the source that is extended: what is not said here is as there. "
        "A column can be mapped anew and not taken away",
    },
    "Field": {
        "from": 'a place, or several of which the first that is there counts (with `as = "ips"` all of them count)',
        "as": "the converter",
        "const": "the same text for every record",
        "null_if": "spellings that mean nothing, for example `-`",
        "values": 'their word = ours, upper and lower case alike; `"*"` is any other word: `"*" = "*"` leaves it, in '
        'lower case, and `"*" = "$"` keeps it as it is',
        "default": "when there is nothing",
        "capture": "a pattern whose first group is taken",
        "path": "a JSON path into text that holds JSON",
        "without": "a second place: what `capture` finds first in `from` and not there; a list before and after",
        "join": "what stands between several places that are read as one; nothing when one is missing",
        "decode": "undo percent escapes first",
        "otherwise": "another field of the carrier, taken as it is mapped where this one says nothing",
    },
    "Event": {
        "class": "OCSF class_uid, or a choice by a field as for `activity`",
        "activity": "OCSF activity_id, or a choice by a field: `{ from = …, values = { … }, default = 99 }`",
        "when": "field = text, a list of texts of which it is one, or a test; all must hold. Absent: always",
        "capture": "a grammar on one field; its groups are `{1}`, `{2}`, … in `set`, "
        "also `{1:lower}`, `{1:upper}`, `{1:decode}`",
        "set": "event column = text, `$field`, or a template of groups and fields such as `{_place}/{1}`, "
        "which is nothing when a field is missing",
        "status": "overrules the mapped status",
    },
    "Choice": {
        "from": "the field that decides",
        "values": "its value = the number; without any, the field itself holds the number",
        "default": "for every other value",
    },
    "Test": {
        "equals": "is exactly this",
        "not_in": "is none of these",
        "prefix": "begins with it",
        "suffix": "ends with it",
        "has": "contains it",
        "matches": "matches the pattern (RE2)",
        "present": "is there, or with `false` is not",
    },
    "Capture": {
        "field": "the field that the grammar reads; `_path` and `_query` come with every `url`",
        "pattern": "the grammar (RE2)",
        "has": "a plain text that every match contains; it makes the test cheap",
    },
    "Rotation": {
        "effect": "what happened to the credential",
        "when": "as for `[[event]]`; also event columns may be tested",
        "kinds": "which kinds of credential it speaks of",
        "says": "the sentence that goes into `rotations.why`",
        "state": "`deleted` where it is gone for good; else its state follows from the effect",
        "credential": "where the credential's id stands: `$column`",
        "principal": "where the account stands: `$column`",
        "proves": "whether it ends what leaked; `false` for what only looks like it",
        "any_status": "speaks even when the act did not succeed",
    },
    "Blind": {
        "text": "what cannot be seen",
        "level": "the logging level or product tier at which it could be",
    },
    "Shows": {
        "uses": "kinds of credential of which every use is here, under the credential's own id",
        "accounts": "kinds of credential of which every use is here, under its owner's name alone",
        "systems": "other systems whose credentials come in here, beside the log's own",
        "outlives": "how long what a credential minted may outlive it: `36h`",
        "access": "kinds of access of which every one is here, from the level on that `[levels]` names",
    },
    "Delivery": {
        "lag": "how late a record may come, as the vendor says: `15m`, `2h`; a quarter of an hour when nothing is said",
        "retention": "for how long the vendor keeps it: `90d`",
    },
    "Levels": {
        "order": "the levels, from silent to full",
        "default": "the level where no record tells one",
        "told": "event_code = `area : level`, or `$resource_uid` where the record itself holds that",
        "needs": "`[[levels.needs]]`: what is written only from a level on",
    },
    "Need": {
        "access": "the kind of access",
        "area": "the area of the log that it belongs to",
        "level": "the lowest level at which it is written",
    },
}

CONVERTERS = {
    "text": "as it is, trimmed; empty is nothing",
    "lower": "lower case",
    "upper": "upper case",
    "int": "a whole number; what is none is nothing",
    "time": "ISO 8601 (UTC without a zone), the zone with or without a space before it; `20250304021130.020`; "
    "`Tue, 04 Mar 2025 02:11:30 +0000`; `3/24/2025 2:42:35 PM`; or seconds, milli-, micro- or nanoseconds since 1970, "
    "told by their length",
    "clf_time": "`04/Mar/2025:02:11:30 +0000`",
    "comma_time": "`2025-03-04 02:11:30,020`, no zone: taken as UTC",
    "syslog_time": "`Mar  4 02:11:30`, in the last year that is not after its file was written; "
    "`Tue Mar 04 02:11:30 2025`; else as `time`",
    "second_nano": "two places: seconds and nanoseconds",
    "ip": "one address without port, brackets or zone; IPv4 in IPv6 becomes IPv4",
    "ips": "every address of a comma-separated list, a list, or several places, in order, each once",
    "host": "a host name, lower case, without the last dot; an address is none",
    "account": "a login, lower case; `-`, `anonymous`, `unknown`, `unset` are nobody",
    "json": "text that holds JSON, for `path`",
    "hex_text": "text in quotes as it is, bare hex digits as the text that they spell, its NULs as spaces",
    "ssh_key": "the fingerprint of a public key, as sshd logs it: `SHA256:…`",
    "socket_ip": "the address of a socket as the kernel holds it, in hex digits",
    "socket_port": "the port of one",
    "decode": "percent escapes and `+` undone",
}
