"""Which rules describe which rows? Groups of rules in one pass each, so that a row is read once for many rules."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from cloison.hunt.sigma.compiling import condition_sql
from cloison.hunt.sigma.places import Taxonomy
from cloison.hunt.sigma.rules import Rule
from cloison.sources.paths import quoted

AT_ONCE = 40
"""So many rules share a pass: with more the pass itself slows down, with fewer the rows are read more often."""


@dataclass(frozen=True)
class Numbered:
    """A rule with its number among all that run, the SQL condition of the rows, and where its fields stand in them."""

    number: int
    rule: Rule
    about: str
    taxonomy: Taxonomy


@dataclass
class Shared:
    """Expressions that the rules of a pass share, each with the name of the column that holds it."""

    names: dict[str, str]

    def hoist(self, sql: str) -> str:
        """The column of an expression."""
        return self.names.setdefault(sql, f"shared_{len(self.names)}")


def passes(rules: Iterable[Numbered]) -> Iterator[list[Numbered]]:
    """Rules about the same rows side by side, so many in a pass."""
    ordered = sorted(rules, key=lambda one: (one.about, one.number))
    for start in range(0, len(ordered), AT_ONCE):
        yield ordered[start : start + AT_ONCE]


def pass_sql(together: Sequence[Numbered], rows: str, identity: Sequence[str]) -> str:
    """A query that yields `rule` and the `identity` columns for each row that a rule describes.

    Most rows meet no rule: for them one condition is asked, and no list is made. Both are flat, since the time in which
    the engine plans a sum or a tree of conditions grows with the square of how many they are.

    Args:
        together: the rules.
        rows: the relation to read.
        identity: the columns to hand on.
    """
    shared = Shared({})
    arms: list[str] = []
    each: list[str] = []
    abouts: list[str] = []
    for about, some in groupby(together, key=lambda one: one.about):
        tests = {one.number: condition_sql(one.rule.term, one.taxonomy, shared.hoist) for one in some}
        abouts.append(f"({about})")
        arms.append(f"({about}) AND ({' OR '.join(f'({test})' for test in tests.values())})")
        each += [f"CASE WHEN ({about}) AND ({test}) THEN {number} END" for number, test in tests.items()]
    kept = ", ".join(map(quoted, identity))
    hoisted = "".join(f", {sql} AS {name}" for sql, name in shared.names.items())
    met = " OR ".join(f"({arm})" for arm in arms)
    return f"""SELECT unnest(CASE WHEN {met} THEN
        list_filter([{", ".join(each)}], lambda n: n IS NOT NULL) END) AS rule, {kept}
      FROM (SELECT *{hoisted} FROM {rows} WHERE {" OR ".join(abouts)})"""
