"""Is every verb found where the table of verbs says, and only what is asked for loaded?"""

import subprocess
import sys

import click
import pytest

from cloison.cli.main import VERBS, cli


@pytest.mark.parametrize("name", VERBS)
def test_a_verb_lies_where_the_table_says(name: str) -> None:
    verb = cli.get_command(click.Context(cli), name)
    assert verb is not None
    assert verb.name == name


def test_a_word_that_is_no_verb_is_refused() -> None:
    ran = subprocess.run([sys.executable, "-m", "cloison", "investigat"], capture_output=True, check=False)
    assert ran.returncode == 2
    assert b"No such command 'investigat'." in ran.stderr


def test_the_command_line_itself_loads_no_verb() -> None:
    code = "import sys, cloison.cli.main; print([one for one in sys.modules if one.startswith('cloison.cli.verbs')])"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


@pytest.mark.parametrize("name", ["jinja2", "pypdf", "pyarrow.parquet", "numba"])
def test_a_verb_loads_nothing_that_few_acts_need(name: str) -> None:
    verbs = ", ".join(f"cloison.cli.verbs.{module}" for module in sorted(set(VERBS.values())))
    code = f"import sys, {verbs}; print({name!r} in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "False\n"
