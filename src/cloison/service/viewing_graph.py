"""How did compromise spread, as a picture and as a list that says the same?"""

from dataclasses import dataclass

from markupsafe import Markup

from cloison.report.lineage import Leads, Link, Node, laid_out, lineage
from cloison.service.viewing import View

_LINKS = """
SELECT kind, uid, coalesce(system, ''), since, standing, rule, cause_kind, cause_uid, closed_by IS NOT NULL
FROM compromised WHERE standing = 'proven' OR ? ORDER BY since, kind, uid, system"""
_WITHOUT = "SELECT count(*) FROM compromised WHERE standing <> 'proven'"


@dataclass(frozen=True)
class Graph:
    """The picture, its boxes in order, how many things are in none of them, and how many were left out as unproven."""

    picture: Markup
    nodes: tuple[Node, ...]
    beyond: int
    unproven: int


def graph(view: View, leads: Leads, *, whole: bool = False) -> Graph:
    """What is proven to be compromised and by what; `whole` has also what is suspected."""
    links = [Link(*row) for row in view.ask(_LINKS, [whole])]  # type: ignore[arg-type]  # as the contract says
    nodes, beyond = laid_out(links)
    [(unproven,)] = view.ask(_WITHOUT)
    return Graph(lineage(nodes, view.voice, leads), nodes, beyond, 0 if whole else int(str(unproven)))
