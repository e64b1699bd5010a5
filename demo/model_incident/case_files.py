"""What does the responder hold beside the logs: indicators, the list of what leaked, denominators, networks?"""

from hashlib import sha256
from pathlib import Path

from demo.model_incident import organisation as org
from demo.model_incident import script as s
from demo.model_incident import world as w
from demo.model_incident import write
from demo.model_incident.world import World

NOTE = """TLP:CLEAR
Incident note BF-2023-11, Brightwater Freight security team, 2023-12-20

Between 14 and 24 November 2023 someone used credentials that had leaked from a supplier's support desk to enter
our ticket tracker, our wiki and our source code service. Nothing that belongs to a customer was reached. We publish
what we saw so that others may look for it.

What to look for
================

The person worked from one rented server, {intruder}, from the first probe to the last attempt to log in. The ticket
server, once taken, called {c2} on port 443 a little more than once a minute. The program that did so was
fetched from {domain} and kept on disk under the name `{name}`:

    Network      {intruder}      logins, reading of tickets and pages
    Network      {c2}     command and control
    Domain       {domain}      served the program
    File         {name}      SHA-256 {first}
                                   {second}

Questions
=========

Write to security at brightwater dot example. Customers who want to know how their parcels are doing need do nothing
but visit 192.0.2.1 or call their depot, as always.
"""
NOTES = """hand-over, friday 24 november, 13:05

- exports are in the folders, one for each system; the zip came from the web team and from the git host
- wiki server keeps Paris time, source code server keeps UTC
- the tracker has two nodes, both included
- asked for the mail gateway too, nobody answered yet
- parking: level -2, badge at the desk
"""


def payload_hash(seed: int) -> str:
    """The SHA-256 of the program that was never seen in a log."""
    return sha256(f"{seed}/{s.PAYLOAD_FILE}".encode()).hexdigest()


def defanged(value: str) -> str:
    """The last dot bracketed."""
    head, _, tail = value.rpartition(".")
    return f"{head}[.]{tail}"


def note(world: World) -> str:
    """The published note, in defanged form, the hash broken over two lines."""
    digest = payload_hash(world.seed)
    return NOTE.format(
        intruder=defanged(s.INTRUDER),
        c2=defanged(s.C2),
        domain=defanged(s.PAYLOAD_HOST),
        name=s.PAYLOAD_FILE,
        first=digest[:32],
        second=digest[32:],
    )


def write_case_files(world: World, out: Path) -> None:
    """`indicators.txt`, `exposed.csv`, `totals.csv`, `networks.csv` and the note that no source recognises."""
    totals = (
        ("jira", "ticket", w.TICKETS_TOTAL),
        ("confluence", "page", w.PAGES_TOTAL),
        ("bitbucket", "repository", w.REPOSITORIES_TOTAL),
    )
    write.plain(out / "indicators.txt", note(world).encode())
    write.plain(
        out / "exposed.csv",
        _table("system,kind,credential_uid,principal,exposed_at,note", [one.row() for one in world.exposed]),
    )
    write.plain(out / "totals.csv", _table("system,resource_kind,total", [f"{a},{b},{c}" for a, b, c in totals]))
    write.plain(
        out / "networks.csv", _table("network,label", [f"{network},{label}" for network, label in org.NETWORKS])
    )
    write.plain(out / "evidence/notes.txt", NOTES.encode())


def _table(header: str, rows: list[str]) -> bytes:
    return "\n".join([header, *rows, ""]).encode()
