"""Is every floor, circle and forbidden import caught? The tree keeps each contract; each way to break one is tried."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LINTER = Path(sys.executable).with_name("lint-imports")

FLOORS = "floors: a lower floor never imports a higher one"
CIRCLES = "circles: no two rooms and no two files import each other"
FACES = "faces: a face sees service, model and errors only"
MODEL = "model: the nouns hold no machinery"
ANALYSES = "analyses: no engine, network, clock or file"
OUTSIDE = "outside: what reaches a network knows nothing of what it carries"
WORLD = "world: below service nothing reaches a network, a clock or chance"


def verdicts(tree: Path) -> dict[str, str]:
    """Contract name to KEPT or BROKEN, for the package below `tree/src` and the contracts of `tree/pyproject.toml`."""
    told = subprocess.run(
        [LINTER, "--no-cache", "--no-logo", "--config", str(tree / "pyproject.toml")],
        cwd=tree / "src",  # where the linter is run is where it finds the package first
        capture_output=True,
        text=True,
        check=False,
    )
    found = re.findall(r"^(\w+: .*?) (KEPT|BROKEN)\b", told.stdout, re.MULTILINE)
    assert found, told.stdout + told.stderr
    return dict(found)


def broken(tree: Path) -> set[str]:
    return {name for name, verdict in verdicts(tree).items() if verdict == "BROKEN"}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of the package and its contracts that a test may break."""
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__", "corpus"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def add(tree: Path, place: str, line: str) -> None:
    """Append a line to a file of the package, made if absent."""
    path = tree / "src/cloison" / place
    path.parent.mkdir(exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(f"\n{line}\n")


def test_the_tree_keeps_every_contract() -> None:
    assert verdicts(ROOT) == {
        FLOORS: "KEPT",
        CIRCLES: "KEPT",
        FACES: "KEPT",
        MODEL: "KEPT",
        ANALYSES: "KEPT",
        OUTSIDE: "KEPT",
        WORLD: "KEPT",
    }


WAYS = [
    ("lake/coverage.py", "from cloison.scope.acts import ACTS", {FLOORS, CIRCLES}),
    ("scope/drawn.py", "from cloison.respond.rotations import ROTATIONS", {FLOORS, CIRCLES}),
    ("service/progress.py", "from cloison.cli.safe import shown", {FLOORS, CIRCLES}),
    ("ocsf/observables.py", "from cloison.evidence.custody import keep", {FLOORS}),
    ("evidence/custody.py", "from cloison.ocsf.observables import defang", {FLOORS}),
    ("gossip/__init__.py", "", {FLOORS}),
    ("scope/acts.py", "from cloison.scope.answers import SCOPE", {CIRCLES}),
    ("evidence/custody.py", "from cloison.evidence.chain import LINK", {CIRCLES}),
    ("cli/screen.py", "from cloison.report.dossier import Dossier as Answer", {FACES}),
    ("cli/tables.py", "from cloison.sources.catalogue import shipped", {FACES}),
    ("cli/main.py", "import duckdb", {FACES}),
    ("model/limits.py", "import duckdb", {MODEL}),
    ("model/secret.py", "import sqlite3", {MODEL}),
    ("model/contract.py", "import pyarrow", {MODEL}),
    ("errors.py", "import os", {MODEL}),
    ("scope/drawn.py", "import duckdb", {ANALYSES}),
    ("hunt/sweep.py", "from cloison.lake.engine import open_engine", {ANALYSES}),
    ("respond/rotations.py", "import socket", {ANALYSES, WORLD}),
    ("report/timeline.py", "import time", {ANALYSES, WORLD}),
    ("scope/answers.py", "from pathlib import Path", {ANALYSES}),
    ("respond/rotations.py", "from cloison.evidence.custody import keep", {ANALYSES}),
    ("lake/coverage.py", "import random", {WORLD}),
    ("watch/folding.py", "import time", {WORLD}),
    ("watch/forms.py", "from cloison.connect.telling import Lines", {FLOORS}),
    ("api/health.py", "from cloison.console.routes import pages", {FLOORS}),
    ("console/routes.py", "from cloison.api.routes import api", {FLOORS}),
    ("cli/verbs/serve.py", "from cloison.api.routes import api", {FLOORS}),
    ("api/routes.py", "from cloison.server.guard import allowed", {FLOORS, CIRCLES}),
    ("service/desk.py", "from cloison.server.guard import allowed", {FLOORS, CIRCLES}),
    ("api/health.py", "import duckdb", {FACES}),
    ("console/routes.py", "from cloison.report.dossier import Dossier", {FACES}),
    ("server/door.py", "import sqlite3", {FACES}),
    ("connect/telling.py", "from cloison.evidence.custody import keep", {OUTSIDE}),
    ("cli/verbs/watch.py", "from cloison.watch.message import Message", {FACES}),
    ("sources/convert.py", "from urllib.request import urlopen", {WORLD}),
    ("evidence/custody.py", "import uuid", {WORLD}),
]


@pytest.mark.parametrize(("place", "line", "expected"), WAYS, ids=[f"{place}-{line[:40]}" for place, line, _ in WAYS])
def test_each_way_to_break_a_contract_is_caught_by_its_name(
    tree: Path, place: str, line: str, expected: set[str]
) -> None:
    add(tree, "evidence/chain.py", "from cloison.evidence.custody import place_of\nLINK = place_of")
    add(tree, place, line)
    assert broken(tree) == expected
