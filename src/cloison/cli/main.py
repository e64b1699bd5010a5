"""Which verbs does the command line know, and how does each end?

Exit codes: 0 done · 1 a fault of cloison · 2 an input or argument cannot be understood · 3 evidence cannot be read ·
4 the case cannot be used · 10 a sweep found something, a seal is not as it was sealed · 11 a sweep could not read all,
not all of a seal could be made again · 130 interrupted.
"""

import sys
from importlib import import_module

import click

from cloison import __version__
from cloison.cli.safe import shown
from cloison.errors import CloisonError

VERBS = {
    "investigate": "investigate",
    "take": "case",
    "show": "case",
    "explain": "case",
    "report": "case",
    "export": "export",
    "rules": "rules",
    "sources": "sources",
    "indicators": "indicators",
    "sweep": "indicators",
    "watch": "watch",
    "note": "seal",
    "seal": "seal",
    "verify": "seal",
    "serve": "serve",
    "users": "users",
}
"""Each verb and the module of `cloison.cli.verbs` that holds it under its name."""


class Verbs(click.Group):
    """A group that loads a verb when it is asked for, so that none waits for what another needs."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of the verbs, in the order in which they are met."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The verb of that name."""
        if cmd_name not in VERBS:
            return None
        verb = getattr(import_module(f"cloison.cli.verbs.{VERBS[cmd_name]}"), cmd_name)
        return verb if isinstance(verb, click.Command) else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Each verb with its whole first sentence: half a sentence helps nobody."""
        told = [(name, verb.get_short_help_str(limit=1000)) for name in VERBS if (verb := self.get_command(ctx, name))]
        with formatter.section("Commands"):
            formatter.write_dl(told)


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="cloison")
def cli() -> None:
    """What did a leaked credential do, how far did it reach, is it closed, and can we prove it?

    cloison answers from logs that you already have, offline. Start with `investigate`.
    """


def main() -> None:
    """Run the command line; errors are one line on stderr, an interrupt leaves nothing broken."""
    try:
        code = cli.main(standalone_mode=False)
    except click.exceptions.Exit as done:
        code = done.exit_code
    except click.Abort:
        code = _say("interrupted; what was committed stands, run the same command again to go on", 130)
    except click.ClickException as fault:
        fault.show()
        code = 2
    except CloisonError as fault:
        code = _say(str(fault), fault.exit_code)
    except BrokenPipeError:
        sys.stderr.close()
        code = 0
    except KeyboardInterrupt:
        code = _say("interrupted; what was committed stands, run the same command again to go on", 130)
    sys.exit(code if isinstance(code, int) else 0)


def _say(text: str, code: int) -> int:
    sys.stderr.write(f"cloison: {shown(text)}\n")
    return code
