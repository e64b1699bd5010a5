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

    Each rule is a bit of a number: most rows meet none, and no list is made for them.

    Args:
        together: at most 60 rules.
        rows: the relation to read.
        identity: the columns to hand on.
    """
    shared = Shared({})
    parts, arms = [], []
    bits = dict(enumerate(together))
    for about, some in groupby(bits.items(), key=lambda item: item[1].about):
        tests = [
            f"CASE WHEN {condition_sql(one.rule.term, one.taxonomy, shared.hoist)} THEN {1 << bit} ELSE 0 END"
            for bit, one in some
        ]
        parts.append(about)
        arms.append(f"CASE WHEN {about} THEN {_sum(tests)} ELSE 0 END")
    kept = ", ".join(map(quoted, identity))
    hoisted = "".join(f", {sql} AS {name}" for sql, name in shared.names.items())
    numbers = ", ".join(str(one.number) for one in together)
    wanted = " OR ".join(f"({part})" for part in parts)
    return f"""SELECT unnest(CASE WHEN mask <> 0 THEN
        list_filter([{numbers}], lambda n, i: (mask >> (i - 1)) & 1 = 1) END) AS rule, {kept}
      FROM (SELECT {kept}, CAST({_sum(arms)} AS BIGINT) AS mask
        FROM (SELECT *{hoisted} FROM {rows} WHERE {wanted}))"""


def _sum(terms: Sequence[str]) -> str:
    """A sum as a balanced tree: the time to plan a deep one grows faster than the square of its depth."""
    if len(terms) == 1:
        return terms[0]
    half = len(terms) // 2
    return f"({_sum(terms[:half])} + {_sum(terms[half:])})"
