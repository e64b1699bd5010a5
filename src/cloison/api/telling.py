"""How are the values of a case told as JSON? Times in UTC that say so, bytes as the text that they are."""

from collections.abc import Mapping
from dataclasses import asdict, is_dataclass
from datetime import UTC, datetime
from typing import Any

Told = dict[str, Any]


def told(value: object) -> Any:
    """A value, and all in it, as JSON holds it."""
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if is_dataclass(value) and not isinstance(value, type):
        return told(asdict(value))
    if isinstance(value, Mapping):
        return {str(name): told(one) for name, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [told(one) for one in value]
    return value
