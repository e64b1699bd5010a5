"""Who may use the console of a case?"""

import sys
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from cloison.cli import options
from cloison.cli.output import console, emit
from cloison.cli.safe import shown
from cloison.cli.tables import print_table
from cloison.cli.verbs.serve import user
from cloison.errors import InputError
from cloison.model.roles import Role

_ROLES = [role.value for role in Role if role is not Role.GUEST]
_role = click.option("--role", type=click.Choice(_ROLES), required=True, help="What they may do: see docs/console.md.")
_password = click.option(
    "--password-file", type=click.File("r"), help="Read the password from its first line, - for stdin, and do not ask."
)


def _managing() -> Any:
    try:
        return import_module("cloison.service.managing")
    except ModuleNotFoundError as fault:
        raise InputError(f"{fault.name} is not installed", remedy="pip install 'cloison[serve]'") from fault


@click.group(invoke_without_command=True, subcommand_metavar="[COMMAND [ARGS]...]")
@click.argument("case", type=options.PATH)
@options.json
@click.pass_context
def users(context: click.Context, case: Path, as_json: bool) -> None:
    """Who may use the console of CASE, and as what; without COMMAND, list them."""
    context.obj = case
    if context.invoked_subcommand is not None:
        return
    found = _managing().people_of(case)
    if as_json:
        emit([{"name": one.name, "role": one.role, "password": one.password, "outside": one.outside} for one in found])
        return
    rows: list[tuple[object, ...]] = [(one.name, str(one.role), one.outside or "password and code") for one in found]
    print_table(console(), ("name", "role", "logs in by"), rows, len(rows))


@users.command()
@click.argument("name")
@_role
@_password
@click.option("--oidc", "outside", default="", metavar="CLAIM=VALUE", help="email=ADDRESS or sub=ID, and no password.")
@click.pass_obj
def add(case: Path, name: str, role: str, password_file: Any, outside: str) -> None:
    """Let NAME in."""
    password = "" if outside else _asked(password_file)
    _print(_managing().add_person(case, name, Role(role), password=password, outside=outside, by=user()))


@users.command()
@click.argument("name")
@_password
@click.pass_obj
def renew(case: Path, name: str, password_file: Any) -> None:
    """Give NAME another password and other codes."""
    _print(_managing().renew_person(case, name, _asked(password_file), by=user()))


@users.command()
@click.argument("name")
@_role
@click.pass_obj
def become(case: Path, name: str, role: str) -> None:
    """Give NAME another role; it holds from their next request."""
    _managing().become(case, name, Role(role), by=user())


@users.command()
@click.argument("name")
@click.pass_obj
def remove(case: Path, name: str) -> None:
    """Let NAME in no more; an open session ends with its next request."""
    _managing().remove_person(case, name, by=user())


@users.group(invoke_without_command=True, subcommand_metavar="[COMMAND [ARGS]...]")
@options.json
@click.pass_context
def key(context: click.Context, as_json: bool) -> None:
    """Which keys programs ask the API with; without COMMAND, list them, also those that have ended."""
    if context.invoked_subcommand is not None:
        return
    found = _managing().keys_of(context.obj)
    if as_json:
        emit([asdict(one) for one in found])
        return
    names = ("name", "role", "key", "made", "by", "until", "last used", "ended")
    rows: list[tuple[object, ...]] = [
        (one.name, str(one.role), one.hint, one.made_at, one.made_by, one.until, one.used_at, one.ended_at)
        for one in found
    ]
    print_table(console(), names, rows, len(rows))


@key.command(name="add")
@click.argument("name")
@_role
@click.option("--days", type=int, default=30, show_default=True, help="For how many days it holds.")
@click.pass_obj
def add_key(case: Path, name: str, role: str, days: int) -> None:
    """Make a key called NAME, and print it this once."""
    made = _managing().make_key(case, name, Role(role), days=days, by=user(), at_most=Role.LEAD)
    sys.stderr.write(
        f"cloison: {shown(made.key.who)} is a {made.key.role} until {made.key.until}; its secret is told this once:\n"
    )
    click.echo(made.secret)


@key.command()
@click.argument("name")
@click.pass_obj
def revoke(case: Path, name: str) -> None:
    """End the key called NAME; it opens nothing from the next request on."""
    _managing().revoke_key(case, name, by=user())


def _asked(file: Any) -> str:
    if file is not None:
        return str(file.readline().rstrip("\n"))
    return str(click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True))


def _print(enrolled: Any) -> None:
    click.echo(f"{shown(enrolled.name)} is a {enrolled.role}")
    if enrolled.codes:
        sys.stderr.write("cloison: this is told once; put it into an app for codes:\n")
        click.echo(enrolled.codes)
