"""What does each verb of the command line take and do? `docs/cli.md`, from the command tree itself."""

import inspect
import re
from collections.abc import Iterator

import click

from cloison.cli import main

HEAD = """# The command line

Made from the command tree by `python -m scripts.write_docs`; do not edit.

The answer goes to stdout, progress and errors go to stderr. `--json` answers as JSON where a verb answers.
An error is one line: where, what, and what to do about it.
"""


def cli_page() -> str:
    """The page as Markdown."""
    context = click.Context(main.cli, info_name="cloison")
    return "\n".join([HEAD, exit_codes(), *_verbs(main.cli, context)])


def _verbs(group: click.Group, parent: click.Context) -> Iterator[str]:
    """Every verb, and behind a group its own."""
    for command in filter(None, (group.get_command(parent, name) for name in group.list_commands(parent))):
        yield _verb(command, parent)
        if isinstance(command, click.Group):
            yield from _verbs(command, click.Context(command, info_name=command.name, parent=parent))


def exit_codes() -> str:
    """The table of exit codes, out of the docstring of the command line's module."""
    told = inspect.getdoc(main) or ""
    listed = re.findall(r"(?:^|[·:]\s+)(\d+) ([^·.]+)", told.split("Exit codes:", 1)[1].replace("\n", " "))
    rows = "\n".join(f"| {code} | {meaning.strip()} |" for code, meaning in [*_first(told), *listed] if meaning.strip())
    return f"## Exit codes\n\n| code | meaning |\n|---|---|\n{rows}\n"


def _first(told: str) -> list[tuple[str, str]]:
    found = re.search(r"Exit codes: (\d+) ([^·]+)", told.replace("\n", " "))
    return [(found[1], found[2])] if found else []


def _verb(command: click.Command, parent: click.Context) -> str:
    context = click.Context(command, info_name=command.name, parent=parent)
    usage = " ".join([context.command_path, *command.collect_usage_pieces(context)])
    text = inspect.cleandoc(command.help or "").replace("\b\n", "")
    rows = [record for one in command.params if (record := one.get_help_record(context)) and record[1]]
    options = "".join(f"| `{_cell(names)}` | {_cell(meaning)} |\n" for names, meaning in rows)
    table = f"\n| option | meaning |\n|---|---|\n{options}" if options else ""
    return f"## {context.command_path}\n\n```\n{usage}\n```\n\n{text}\n{table}"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
