"""How does a user write into a case, seal it, and verify what someone sealed?"""

import sys
from dataclasses import asdict
from pathlib import Path

import click

from cloison.cli import options
from cloison.cli.listener import Bar
from cloison.cli.options import PATH
from cloison.cli.output import console, emit
from cloison.cli.safe import shown
from cloison.cli.tables import print_table
from cloison.model.wording import many
from cloison.service import proving
from cloison.service.proving import SealedCase

_at = click.option("--at", default=None, metavar="TIME", help="UTC, in place of now.")


@click.command()
@click.argument("case", type=PATH)
@click.argument("text", required=False)
@click.option("--kind", type=click.Choice(proving.KINDS), default="note", show_default=True)
@click.option("--about", default="", metavar="UID", help="What of the case it is about, as the tables show it.")
@click.option("--by", "who", default=None, metavar="NAME", help="Who says so. Default: the user of this machine.")
@_at
@options.json
def note(case: Path, text: str | None, kind: str, about: str, who: str | None, at: str | None, as_json: bool) -> None:
    """Write TEXT into the logbook of CASE, where nothing is ever changed; without TEXT, show what was written.

    Each entry carries the hash of the one before it; a broken chain is an error that names the first broken entry.
    """
    entries = (
        proving.notes(case) if text is None else [proving.note(case, text, kind=kind, about=about, who=who, at=at)]
    )
    if as_json:
        emit([asdict(one) for one in entries])
        return
    names = ("number", "at", "who", "kind", "about", "text")
    rows: list[tuple[object, ...]] = [tuple(getattr(one, name) for name in names) for one in entries]
    print_table(console(), names, rows, len(rows))


@click.command()
@click.argument("case", type=PATH)
@click.option("--output", "-o", "out", type=PATH, required=True, help="The file to write.")
@click.option("--redact", "rules", type=PATH, help="TOML: which columns, values and principals to hide.")
@click.option(
    "--secrets", type=PATH, help="With --redact: where what opens the hidden cells is kept. Default: FILE.secrets"
)
@click.option("--with-evidence", is_flag=True, help="Put the raw evidence in, not only its hashes.")
@click.option(
    "--key",
    type=PATH,
    help=f"The Ed25519 key to sign with, PEM; made where there is none. Default: {proving.VARIABLE}, or your own.",
)
@_at
@options.json
@options.quiet
def seal(
    case: Path,
    out: Path,
    rules: Path | None,
    secrets: Path | None,
    with_evidence: bool,
    key: Path | None,
    at: str | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Seal CASE into one file that anyone can check: its answers, what they were made from, and a signature.

    The same case, sealed with the same key at the same time, is the same bytes.
    """
    with Bar(quiet=quiet) as bar:
        sealed = proving.seal(
            case, out, key=key, rules=rules, secrets=secrets, with_evidence=with_evidence, at=at, progress=bar
        )
    if as_json:
        emit(proving.sealed_json(sealed))
    else:
        _print(sealed)


def _print(sealed: SealedCase) -> None:
    click.echo(
        f"{shown(sealed.file)}: {sealed.bytes:,} bytes, {many(sealed.members, 'member')}, {many(sealed.rows, 'row')}, "
        f"{many(sealed.evidence, 'file')} of evidence by their hash"
    )
    if sealed.gone:
        click.echo(
            f"{len(sealed.gone):,} of these files are gone from where they were taken, the first is "
            f"{shown(sealed.gone[0])}: nothing can be made again without them"
        )
    for table, one in sorted(sealed.hidden.items()):
        click.echo(f"{table}: {one.told()}")
    if sealed.secrets:
        click.echo(f"what opens them is in {shown(sealed.secrets)}: keep it to yourself")
    made = "made now and " if sealed.key_made else ""
    click.echo(f"root {sealed.root}, sealed at {sealed.sealed_at}")
    click.echo(f"signed by the key {sealed.key_id}, {made}kept in {shown(sealed.key_kept)}")


@click.command()
@click.argument("file", type=PATH)
@click.option("--evidence", multiple=True, type=PATH, help="Where raw evidence lies, in any order. Repeatable.")
@click.option("--trust", default=None, metavar="KEY", help="The key that must have signed: a PEM file, or its id.")
@click.option(
    "--disclosed",
    multiple=True,
    type=PATH,
    help="Cells that were hidden: a file of secrets, or lines of one. Repeatable.",
)
@options.memory
@options.json
@options.quiet
def verify(
    file: Path,
    evidence: tuple[Path, ...],
    trust: str | None,
    disclosed: tuple[Path, ...],
    memory: str,
    as_json: bool,
    quiet: bool,
) -> None:
    """Verify a sealed case: every byte, every row and the signature; with --evidence, make every table again.

    Exit code: 0 as it was sealed, 10 something is not, 11 evidence is missing and the tables were not made again.
    """
    with Bar(quiet=quiet) as bar:
        found = proving.verify(file, list(evidence), trust=trust, told=disclosed, memory=memory, progress=bar)
    if as_json:
        emit(found.as_json())
    else:
        for line in found.as_lines():
            click.echo(shown(line))
    sys.exit(found.exit_code)
