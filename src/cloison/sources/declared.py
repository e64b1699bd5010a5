"""What do the sources declare about themselves, as small tables that analyses read?"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import get_args

from cloison.sources.spec import Rotation, Spec, Use

USUAL_LAG_MINUTES = 15
"""How late a record may come where the source does not say."""

_MINUTES = {"m": 1, "h": 60, "d": 1440}
_STATES = {"revoked": "revoked", "disabled": "disabled", "changed": "changed", "refreshed": "refreshed"}
Row = tuple[object, ...]


@dataclass(frozen=True)
class Table:
    """A small table: its name, its columns with their SQL types, and its rows."""

    name: str
    columns: dict[str, str]
    rows: list[Row]


def declared(specs: Iterable[Spec]) -> tuple[Table, ...]:
    """Everything that the sources declare beside their mappings.

    `shown_uses`: of which kind of credential of which system a log shows every use, by the credential's id or by
    its account. `use_kinds`: the words for kinds of credential. `shown_access`: which kinds of access a log shows,
    and from which logging level on. `deliveries`: lag and retention. `level_words`: which record tells a level, in
    words or in which column. `level_ranks`: the order of the levels. `rotation_states`: what a credential is after
    a record spoke. `rule_sources`: which logsources of Sigma rules a source is, all null where it is none, and the
    form of its records: json, lines, or lines of pairs. `rule_fields`: where a field of such rules stands.
    """
    known = tuple(specs)
    return (
        _table("shown_uses", "source kind system by_id:BOOLEAN outlives_minutes:BIGINT", known, _uses),
        Table("use_kinds", {"kind": "VARCHAR"}, [(kind,) for kind in get_args(Use)]),
        _table("shown_access", "source system access area rank:BIGINT default_rank:BIGINT level", known, _access),
        _table("deliveries", "source lag_minutes:BIGINT retention_days:BIGINT", known, _delivery),
        _table("level_words", "source event_code place words", known, _words),
        _table("level_ranks", "source level rank:BIGINT", known, _ranks),
        _table("rotation_states", "rule state", known, _states),
        _table("rule_sources", "source product category service form", known, _rule_sources),
        _table("rule_fields", "source name place", known, _rule_fields),
    )


def _table(name: str, columns: str, specs: tuple[Spec, ...], rows_of: Callable[[Spec], list[Row]]) -> Table:
    split = (word.partition(":") for word in columns.split())
    return Table(name, {column: kind or "VARCHAR" for column, _, kind in split}, [r for s in specs for r in rows_of(s)])


def _uses(spec: Spec) -> list[Row]:
    systems = dict.fromkeys((spec.system, *spec.shows.systems))
    told = [*((kind, True) for kind in spec.shows.uses), *((kind, False) for kind in spec.shows.accounts)]
    outlives = 0 if spec.shows.outlives is None else _span_minutes(spec.shows.outlives)
    return [(spec.name, kind, system, by_id, outlives) for system in systems for kind, by_id in told]


def _access(spec: Spec) -> list[Row]:
    levels = spec.levels
    needs = {one.access: one for one in levels.needs} if levels else {}
    rows: list[Row] = []
    for access in spec.shows.access:
        need = needs.get(access)
        ranked = (need.area, levels.order.index(need.level), levels.order.index(levels.default), need.level) if (
            levels and need
        ) else (None, None, None, None)  # fmt: skip
        rows.append((spec.name, spec.system, access, *ranked))
    return rows


def _delivery(spec: Spec) -> list[Row]:
    lag, retention = spec.delivery.lag, spec.delivery.retention
    days = None if retention is None else _span_minutes(retention) // 1440
    return [(spec.name, USUAL_LAG_MINUTES if lag is None else _span_minutes(lag), days)]


def _span_minutes(text: str) -> int:
    return int(text[:-1]) * _MINUTES[text[-1]]


def _words(spec: Spec) -> list[Row]:
    told = spec.levels.told.items() if spec.levels else ()
    return [
        (spec.name, code, said[1:] if said.startswith("$") else None, None if said.startswith("$") else said)
        for code, said in told
    ]


def _ranks(spec: Spec) -> list[Row]:
    return [(spec.name, level, rank) for rank, level in enumerate(spec.levels.order)] if spec.levels else []


def _states(spec: Spec) -> list[Row]:
    return [(f"{spec.name}/{number}", _state(rule)) for number, rule in enumerate(spec.rotation)]


def _state(rule: Rotation) -> str:
    return rule.state or _STATES.get(rule.effect, "none")


def _rule_sources(spec: Spec) -> list[Row]:
    lines = all(carrier.kind == "lines" for carrier in spec.carrier)
    pairs = any(one.pairs for one in spec.sigma)
    form = "pairs" if pairs else "lines" if lines else "json"
    said = [(one.product, one.category, one.service) for one in spec.sigma] or [(None, None, None)]
    return [(spec.name, *parts, form) for parts in said]


def _rule_fields(spec: Spec) -> list[Row]:
    return [
        (spec.name, name, place)
        for one in spec.sigma
        for name, places in one.fields.items()
        for place in ((places,) if isinstance(places, str) else places)
    ]
