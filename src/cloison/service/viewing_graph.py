"""How did compromise spread, as a picture and as a list that says the same?"""

from dataclasses import dataclass

from markupsafe import Markup

from cloison.report.lineage import Leads, Link, laid_out, lineage
from cloison.report.lineage import Node as Box
from cloison.service.viewing import View

_LINKS = """
SELECT c.kind, c.uid, coalesce(c.system, ''), c.since, c.standing, c.rule, c.cause_kind, c.cause_uid,
  c.closed_by IS NOT NULL, coalesce(nullif(s.principal, ''), s.network, '')
FROM compromised AS c LEFT JOIN sessions AS s ON c.kind = 'session' AND s.session_uid = c.uid
WHERE c.standing = 'proven' OR ? ORDER BY c.since, c.kind, c.uid, c.system"""
_WITHOUT = "SELECT count(*) FROM compromised WHERE standing <> 'proven'"


__all__ = ["Box", "Graph", "graph"]


@dataclass(frozen=True)
class Graph:
    """The picture, its boxes in order, how many things are in none of them, and how many were left out as unproven."""

    picture: Markup
    nodes: tuple[Box, ...]
    beyond: int
    unproven: int


def graph(view: View, leads: Leads, *, whole: bool = False) -> Graph:
    """What is proven to be compromised and by what; `whole` has also what is suspected."""
    links = [Link(*row) for row in view.ask(_LINKS, [whole])]  # type: ignore[arg-type]  # as the contract says
    nodes, beyond = laid_out(links)
    [(unproven,)] = view.ask(_WITHOUT)
    return Graph(lineage(nodes, view.voice, leads), nodes, beyond, 0 if whole else int(str(unproven)))
