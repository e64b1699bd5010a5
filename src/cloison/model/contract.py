"""What shape does a table promise? Its name, columns, types, and the key that orders and identifies its rows."""

from dataclasses import dataclass

TYPES = {
    "string": "VARCHAR",
    "strings": "VARCHAR[]",
    "timestamp": "TIMESTAMP",
    "int": "BIGINT",
    "bool": "BOOLEAN",
    "float": "DOUBLE",
}


@dataclass(frozen=True)
class Contract:
    """A table's promise. `columns` maps a name to one of `TYPES`; `key` names the columns that order its rows."""

    name: str
    key: tuple[str, ...]
    columns: dict[str, str]

    def sql_columns(self) -> dict[str, str]:
        """Column name to SQL type, in order."""
        return {name: TYPES[kind] for name, kind in self.columns.items()}


def contract(name: str, *, key: tuple[str, ...], **columns: str) -> Contract:
    """State a table's promise; every key column must be one of its columns and every type one of `TYPES`."""
    unknown = [kind for kind in columns.values() if kind not in TYPES] + [part for part in key if part not in columns]
    if unknown:
        raise ValueError(f"contract {name}: unknown types or key columns {unknown}")
    return Contract(name, key, dict(columns))
