"""How is a case investigated from the command line?"""

from pathlib import Path

import click

from cloison.cli import options, output
from cloison.cli.listener import Bar
from cloison.cli.safe import shown
from cloison.cli.screen import print_screen
from cloison.service import acts


@click.command()
@click.argument("case", type=options.PATH)
@click.option(
    "--evidence", multiple=True, type=options.PATH, help="A file or folder of logs, as they come. Repeatable."
)
@click.option(
    "--indicators",
    multiple=True,
    type=options.PATH,
    help="Indicators in any form that `cloison indicators` reads. Repeatable.",
)
@click.option(
    "--exposed",
    multiple=True,
    type=options.PATH,
    help="CSV: system,kind,credential_uid,principal,exposed_at and, where a secret lies in an object, found_in.",
)
@click.option("--networks", multiple=True, type=options.PATH, help="CSV: network,label of your own networks.")
@click.option("--totals", multiple=True, type=options.PATH, help="CSV: system,resource_kind,total: the denominators.")
@click.option(
    "--cautions",
    multiple=True,
    type=options.PATH,
    help="CSV: value,why,follow: what shall not be followed blindly, and with follow = yes what shall all the same.",
)
@click.option(
    "--rules",
    "rule_folders",
    multiple=True,
    type=options.PATH,
    help="Sigma rules to run beside those that ship. Repeatable.",
)
@click.option("--from", "since", default=None, metavar="TIME", help="UTC. Nothing before it counts as compromise.")
@click.option("--to", "until", default=None, metavar="TIME", help="UTC. Events from then on are left out.")
@click.option(
    "--zone", default=None, metavar="ZONE", help="IANA name of the zone of logs that state none. Default UTC."
)
@click.option(
    "--detect/--no-detect", "detecting", default=True, help="Run the detection rules once the answer is told."
)
@options.sources
@options.reference
@options.memory
@options.json
@options.quiet
def investigate(
    case: Path,
    evidence: tuple[Path, ...],
    indicators: tuple[Path, ...],
    exposed: tuple[Path, ...],
    networks: tuple[Path, ...],
    totals: tuple[Path, ...],
    cautions: tuple[Path, ...],
    rule_folders: tuple[Path, ...],
    since: str | None,
    until: str | None,
    zone: str | None,
    sources: list[tuple[str, Path]],
    reference: bool,
    memory: str,
    as_json: bool,
    quiet: bool,
    detecting: bool,
) -> None:
    """Take evidence into CASE (a folder, made if absent), investigate it, and print the answer on one screen.

    Running it again with more evidence adds to the case; the same evidence twice changes nothing.
    """
    inputs = {
        "indicators": list(indicators),
        "exposed": list(exposed),
        "networks": list(networks),
        "totals": list(totals),
        "cautions": list(cautions),
    }
    with Bar(quiet=quiet) as bar:
        done = acts.investigate_all(
            case,
            list(evidence),
            sources,
            inputs,
            rules=rule_folders,
            since=since,
            until=until,
            zone=zone,
            by_reference=reference,
            memory=memory,
            progress=bar,
        )
    if as_json:
        output.emit(done.dossier_json())
    else:
        print_screen(output.console(), done.dossier, str(done.report))
    if detecting:
        with Bar(quiet=quiet) as bar:
            found = acts.detect(case, memory=memory, progress=bar)
        click.echo(f"{found.told()}. `cloison show {shown(case)} detections` lists them.", err=as_json)
