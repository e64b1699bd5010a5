"""What is in each table, and what does each column mean? `docs/tables.md`, from the contracts and their comments."""

import ast
import re
from dataclasses import dataclass
from pathlib import Path

from scripts.pages.columns import meaning

from cloison.service.plan import ANSWERS

SOURCE = Path("src/cloison")
HEAD = """# The tables

Made from the contracts by `python -m scripts.write_docs`; do not edit.

`cloison show CASE TABLE` prints an answer; `--csv` and `--json` give it to other programs. In the case folder the
answers are `results/*.parquet`, with the hash of their rows in `results/manifest.json`. Times are UTC. Rows are ordered
by the key.

**Standing** says how surely something belongs to the intrusion:

| standing | meaning |
|---|---|
| proven | an indicator, or the misuse of an exposed credential, leads to it by rules that name each step |
| suspected | something ties it to the intrusion, but it could be ordinary: a person has to look |
| expected | it comes as this principal did before, or from an own network, and nothing ties it to the intrusion |
| unknown | new for this principal and tied to nothing; or the limit of steps cut the spreading off |

**Verdict** says whether an exposed credential is dead:

| verdict | meaning |
|---|---|
| proven | its issuer recorded its end after the exposure, and no log shows a success with it since |
| refuted | it worked after its exposure and no end is recorded, or it worked after the end that is recorded |
| unknown | neither; `why` names the log that would settle it |

`misused` is a question apart: a credential may be proven dead today and have been misused before.
"""


@dataclass(frozen=True)
class Told:
    """A table as its contract and the text around it tell it; a column is (name, type, comment)."""

    name: str
    question: str
    place: Path
    key: tuple[str, ...]
    columns: tuple[tuple[str, str, str], ...]


def tables_page(root: Path) -> str:
    """The page as Markdown."""
    told = {one.name: one for path in sorted((root / SOURCE).rglob("*.py")) for one in contracts_in(path, root)}
    between = sorted(name for name in told if name not in ANSWERS)
    answers = "\n".join(_table(told[name]) for name in ANSWERS)
    rest = "\n".join(_table(told[name]) for name in between)
    return f"{HEAD}\n## Answers\n\n{answers}\n## Tables between\n\nWhat the answers are made from.\n\n{rest}"


def contracts_in(path: Path, root: Path) -> list[Told]:
    """Every contract that a Python file states, with the comment at the end of each column's line."""
    text = path.read_text(encoding="utf-8")
    lines, tree = text.splitlines(), ast.parse(text)
    question = " ".join((ast.get_docstring(tree) or "").split("\n\n")[0].split())
    calls = [node.value for node in tree.body if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call)]
    stated = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "contract"]
    return [_told(call, lines, question, path.relative_to(root)) for call in stated]


def _told(call: ast.Call, lines: list[str], question: str, place: Path) -> Told:
    given = {one.arg: one.value for one in call.keywords if one.arg}
    key = ast.literal_eval(given.pop("key"))
    columns = [(name, str(ast.literal_eval(kind)), _comment(lines[kind.lineno - 1])) for name, kind in given.items()]
    return Told(str(ast.literal_eval(call.args[0])), question, place, key, tuple(columns))


def _comment(line: str) -> str:
    found = re.search(r"\s# (.*)$", line)
    return found[1] if found else ""


def _table(one: Told) -> str:
    rows = "".join(f"| `{name}` | {kind} | {_cell(one.name, name, comment)} |\n" for name, kind, comment in one.columns)
    key = ", ".join(f"`{part}`" for part in one.key)
    head = f"### {one.name}\n\n{one.question} Key: {key}. Stated in `{one.place.as_posix()}`.\n"
    return f"{head}\n| column | type | meaning |\n|---|---|---|\n{rows}"


def _cell(table: str, column: str, comment: str) -> str:
    return meaning(table, column, comment).replace("|", "\\|")
