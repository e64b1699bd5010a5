"""How does each language of a report write a phrase, a number, a moment, a share, and so many of a kind?"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from cloison.report.document import CODE, PROSE
from cloison.report.tongues import english, french

__all__ = ["TONGUES", "Tongue"]

_TYPED = re.compile(r"`([^`]*)`")


@dataclass(frozen=True)
class Tongue:
    """One language: its table of phrases, its nouns, and how it sets numbers and times."""

    lang: str
    phrases: Mapping[str, str]
    words: Mapping[str, str]
    """Nouns: one and many, with a bar between."""
    systems: Mapping[str, str]
    sentences: Mapping[str, str]
    """Fixed sentences that a table holds in English."""
    rules: Mapping[str, str]
    """The titles of the product's own rules, by their English ones."""
    instant: Callable[[datetime], str]
    number: Callable[[int], str]
    share: Callable[[int, int], str]
    is_one: Callable[[int], bool]
    guessed: Callable[[str, int], str]
    space: str
    day: Callable[[datetime], str]
    tick: Callable[[datetime, str], str]
    decimal: Callable[[float], str]
    definite: Callable[[str], str]
    """A noun, or a noun with a name, with its article."""

    def phrase(self, name: str) -> str:
        """The phrase of that name, what is typed into a machine marked as code."""
        return _TYPED.sub(rf"{CODE}\1{PROSE}", self.phrases[name])

    def kind(self, value: str) -> str:
        """The word for one of a kind; empty where the language has none."""
        return self.words.get(value, "").partition("|")[0]

    def nouns(self, count: int, kind: str) -> str:
        """The word for so many of a kind; empty where the language has none."""
        one, _, many = self.words.get(kind, "").partition("|")
        return one if self.is_one(count) else many

    def unknown_nouns(self, count: int, kind: str) -> str:
        """What is said of so many of a kind that has no word in this language."""
        return self.guessed(kind, count)

    def system(self, name: str, otherwise: str) -> str:
        """How a system is called; most have a name of their own."""
        return self.systems.get(name, otherwise)


TONGUES: Mapping[str, Tongue] = {
    one.LANG: Tongue(
        one.LANG,
        one.PHRASES,
        one.WORDS,
        one.SYSTEMS,
        one.SENTENCES,
        one.TITLES,
        one.instant,
        one.number,
        one.share,
        one.is_one,
        one.guessed,
        one.SPACE,
        one.day,
        one.tick,
        one.decimal,
        one.definite,
    )
    for one in (english, french)
}
"""Every language, by its tag (BCP 47)."""
