"""What does a new source begin with? A folder that is complete but for the words that only its writer knows."""

import json
import re
from pathlib import Path

from cloison.errors import InputError
from cloison.sources.words import BLANK

_NAME = re.compile(r"[a-z][a-z0-9_]*")

_SOURCE = f"""# What cloison knows of one log. Every word: docs/sources.md, "How to write a source".
# `cloison sources check FOLDER` says what is wrong or missing; `--rows` shows what the corpus becomes.

name = "@NAME@"                # as the folder
title = "{BLANK}"        # what a person calls the log
vendor = "{BLANK}"       # who makes the product
product = "{BLANK}"
system = "{BLANK}"       # lower case: the name under which exposed credentials and totals speak of the product
reference = "{BLANK}"    # the vendor's page that describes the log
identity = ["vendor_uid"]      # what makes two records the same event

# A shape in which records arrive. `all` and `any` are places in the record by which it is recognised: at least two, and
# such as no other log has. For lines of text: kind = "lines" and pattern = '^(?P<at>\\S+) (?P<who>\\S+) …$'
[[carrier]]
name = "record"
all = ["eventId", "eventTime", "eventName"]
# any = ["sourceAddress", "userName"]
# none = ["somethingThatOnlyAnotherLogHas"]

# Event column = place in the record; columns: docs/tables.md#events. Local names, for rules only, begin with _.
[carrier.map]
time = {{ from = "eventTime", as = "time" }}
vendor_uid = "eventId"
event_code = "eventName"
principal = {{ from = "userName", as = "account" }}
src_ip = {{ from = "sourceAddress", as = "ip" }}
user_agent = "userAgent"
credential_uid = "tokenId"
status = {{ from = "result", values = {{ ok = "success", denied = "failure" }}, default = "unknown" }}
resource_uid = "object"

# What records mean, the particular before the general: OCSF class and activity, and what it was done to.
[[event]]
when = {{ event_code = "login" }}
class = 3002                   # Authentication
activity = 1                   # Logon

[[event]]
when = {{ event_code = "token.delete" }}
class = 3004                   # Entity Management
activity = 4                   # Delete
set = {{ resource_kind = "token", target_credential_uid = "$resource_uid" }}

[[event]]                      # the last one takes the rest
class = 6003                   # API Activity
activity = 99                  # Other

# Which record ends a credential; proves = false for what only looks like it.
[[rotation]]
effect = "revoked"
when = {{ event_code = "token.delete" }}
kinds = ["api_token"]
credential = "$target_credential_uid"
says = "the log recorded that the token was deleted"
state = "deleted"

# What stands in the log whenever it happens, so that its silence says that it did not. Claim nothing that is not sure.
# [shows]
# uses = ["api_token"]
# access = ["logins"]

# What the log cannot show: this is what turns silence into unknown.
[[blind]]
text = "{BLANK}"
"""

_RECORDS: list[dict[str, str]] = [
    {"eventId": "e-1", "eventTime": "2025-03-04T02:00:00Z", "eventName": "login", "userName": "Ash.Rowan",
     "sourceAddress": "192.0.2.10", "userAgent": "curl/8", "result": "ok"},
    {"eventId": "e-2", "eventTime": "2025-03-04T02:01:00Z", "eventName": "token.delete", "userName": "ash.rowan",
     "sourceAddress": "192.0.2.10", "object": "tok-77", "result": "ok"},
    {"eventId": "e-3", "eventTime": "2025-03-04T02:02:00Z", "eventName": "report.read", "userName": "ash.rowan",
     "sourceAddress": "2001:db8::10", "tokenId": "tok-78", "object": "report/9", "result": "denied"},
]  # fmt: skip
_EXPECTED: list[dict[str, object]] = [
    {"system": BLANK, "time": "2025-03-04T02:00:00.000000", "class_uid": 3002, "activity_id": 1, "status_id": 1,
     "principal": "ash.rowan", "src_ip": "192.0.2.10"},
    {"system": BLANK, "time": "2025-03-04T02:01:00.000000", "class_uid": 3004, "activity_id": 4, "status_id": 1,
     "resource_kind": "token", "target_credential_uid": "tok-77", "rotation_effect": "revoked",
     "rotation_credential_uid": "tok-77"},
    {"system": BLANK, "time": "2025-03-04T02:02:00.000000", "class_uid": 6003, "activity_id": 99, "status_id": 2,
     "credential_uid": "tok-78", "resource_uid": "report/9"},
]  # fmt: skip


def make_source(name: str, below: Path) -> Path:
    """Write the folder of a new source below a folder; its path.

    Raises:
        InputError: the name cannot be one, or there is such a folder.
    """
    if not _NAME.fullmatch(name):
        raise InputError(f"{name!r} cannot be a name", remedy="lower case letters, digits and _, a letter first")
    folder = below / name
    try:
        (folder / "corpus").mkdir(parents=True)
        (folder / "source.toml").write_text(_SOURCE.replace("@NAME@", name), encoding="utf-8")
        records = "".join(json.dumps(one) + "\n" for one in _RECORDS)
        (folder / "corpus" / "record.raw").write_text(records, encoding="utf-8")
        expected = json.dumps([{"source": name, "carrier": "record", **one} for one in _EXPECTED], indent=1)
        (folder / "corpus" / "record.expected.json").write_text(expected + "\n", encoding="utf-8")
    except FileExistsError as fault:
        raise InputError("is there already", where=str(folder), remedy="choose another name") from fault
    except OSError as fault:
        raise InputError(
            f"cannot be written: {fault.strerror}", where=str(folder), remedy="name another folder with --in"
        ) from fault
    return folder
