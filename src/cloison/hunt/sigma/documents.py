"""How is the YAML of rules, cases and placeholders read: safely, no key twice, names as the texts they are?"""

import re
from collections import Counter
from collections.abc import Hashable

import yaml

_TAG = "tag:yaml.org,2002:"
_MERGE = f"{_TAG}merge"
_TEXTS = {f"{_TAG}timestamp", f"{_TAG}value"}
"""Plain scalars of these kinds are texts."""

_TRUTHS = re.compile("true|false", re.IGNORECASE)
_NUMBERS = re.compile(r"[-+]?(0|[1-9][0-9]*)(\.[0-9]*)?([eE][-+]?[0-9]+)?")
_EITHER = re.compile("yes|no|on|off|[-+]?0x[0-9a-f]+", re.IGNORECASE)
_EXACT = 2**53
"""Whole numbers beyond are compared as texts."""

FAULTS = (yaml.YAMLError, ValueError, RecursionError)


class Word(str):
    """A plain scalar that YAML 1.1 reads as a truth or a number: the text that the author wrote, and `read`."""

    __slots__ = ("read",)
    read: bool | int | float

    @property
    def plain(self) -> bool:
        """Whether everybody reads it so: not `0755`, `1_000` and `12:30`, which are texts to most."""
        return any(one.fullmatch(self) for one in (_TRUTHS, _NUMBERS, _EITHER))

    @property
    def meant(self) -> "list[str | bool | int | float]":
        """What it stands for as a value: what is read, the text, or either of them."""
        if _EITHER.fullmatch(self):
            return [str(self), self.read]
        return [self.read if self.plain and abs(self.read) <= _EXACT else str(self)]


class _Loader(yaml.CSafeLoader):
    """A safe loader that finds a key said twice, takes keys for the texts that they are, and makes no dates."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, object]:
        """A mapping; what it merges with `<<` it may say otherwise."""
        _name(node)
        for name, times in Counter(key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)).items():
            if times > 1:
                raise yaml.YAMLError(f"Duplicate key {name!r}")
        return super().construct_mapping(node, deep)

    def flatten_mapping(self, node: yaml.MappingNode) -> None:
        """Take in what it merges."""
        super().flatten_mapping(node)
        _name(node)


class _RuleLoader(_Loader):
    """A loader that remembers how a truth or a number is written."""

    def construct_written(self, node: yaml.ScalarNode) -> Word:
        """A plain scalar as it is written, and as it is read."""
        word = Word(node.value)
        word.read = getattr(self, f"construct_yaml_{node.tag.removeprefix(_TAG)}")(node)
        return word


def _name(node: yaml.MappingNode) -> None:
    for key, _ in node.value:
        if isinstance(key, yaml.ScalarNode) and key.tag != _MERGE:
            key.tag = f"{_TAG}str"


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in listed if tag not in _TEXTS]
    for first, listed in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}
for _kind in ("bool", "int", "float"):
    _RuleLoader.add_constructor(f"{_TAG}{_kind}", _RuleLoader.construct_written)


def documents(text: str) -> list[object]:
    """Every document that is not empty.

    Raises:
        one of FAULTS: it is no YAML.
    """
    return _loaded(text, _Loader)


def rule_documents(text: str) -> list[object]:
    """Every document that is not empty; truths and numbers are `Word`s.

    Raises:
        one of FAULTS: it is no YAML.
    """
    return _loaded(text, _RuleLoader)


def _loaded(text: str, loader: type[_Loader]) -> list[object]:
    return [one for one in yaml.load_all(text, Loader=loader) if one is not None]
