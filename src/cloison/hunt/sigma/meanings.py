"""Which values does a rule's author mean by the words of a detection, given the modifiers that they stand with?"""

from collections.abc import Mapping

from cloison.hunt.sigma.documents import Word

_TYPED = frozenset({"exists", "lt", "lte", "gt", "gte", "minute", "hour", "day", "week", "month", "year"})
"""Modifiers that take a truth or a number; all others but those of `_LINKS` take a text."""
_LINKS = frozenset({"all", "neq"})
_OLD = "timeframe"
"""Belonged to counting conditions, and says nothing of an event."""


def meant(document: Mapping[str, object]) -> dict[str, object]:
    """A document of a rule file with the values that are meant; whatever is no value of a detection is a text."""
    read = dict(document)
    for part in ("detection", "filter"):
        detection = read.get(part)
        if isinstance(detection, Mapping):
            read[part] = {name: _selection(name, said) for name, said in detection.items() if not _old(name, said)}
    correlation = read.get("correlation")
    if isinstance(correlation, Mapping) and isinstance(generate := correlation.get("generate"), Word):
        read["correlation"] = {**correlation, "generate": generate.read}
    return read


def _old(name: str, said: object) -> bool:
    return name == _OLD and not isinstance(said, Mapping | list)


def _selection(name: str, said: object) -> object:
    return said if name == "condition" else _items(said)


def _items(said: object) -> object:
    """A selection: fields with their values, keywords, or a list of either."""
    if isinstance(said, Mapping):
        return {key: _values(str(key), value) for key, value in said.items()}
    if isinstance(said, list):
        return [_items(one) for one in said]
    return str(said) if isinstance(said, Word) else said


def _values(key: str, said: object) -> object:
    field, *modifiers = key.split("|")
    listed = said if isinstance(said, list) else [said]
    if not any(isinstance(one, Word) for one in listed):
        return said
    each = [_meanings(one, field, frozenset(modifiers)) if isinstance(one, Word) else [one] for one in listed]
    found = [one for some in each for one in some]
    return found if isinstance(said, list) or len(found) > 1 else found[0]


def _meanings(word: Word, field: str, modifiers: frozenset[str]) -> list[str | bool | int | float]:
    if modifiers & _TYPED:
        return [word.read if word.plain else str(word)]
    if not field or modifiers - _LINKS:
        return [str(word)]
    return word.meant if "all" not in modifiers or len(word.meant) == 1 else [str(word)]
