"""How is a thing told in the report's language, and its name written, or left out, for whom it is told?

A `Teller` is the one way by which text reaches a document. Phrases come from the language's table; whatever came out of
a log or was given by a user is a value, and passes `name`, which makes it inert and, for the public, another name by
rule.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from cloison.report.document import CODE, PROSE, Safe
from cloison.report.tongues import Tongue
from cloison.report.words import Voice, indicator

Value = Safe | int | datetime

PUBLIC: Mapping[str, str] = {
    "account": "account",
    "address": "address",
    "network": "place",
    "host": "host",
    "credential": "credential",
    "app": "app",
    "group": "group",
    "grant": "grant",
    "entity": "entity",
    "object": "object",
    "session": "session",
    "indicator": "indicator",
    "other": "other",
}
"""By which word the public hears of each kind of name. There is no kind that the public hears by its name."""

OF_KIND: Mapping[str, str] = {
    "principal": "account",
    "session": "session",
    "address": "address",
    "host": "host",
    "app": "app",
    "credential": "credential",
    "exposed": "credential",
    "grant": "grant",
    "entity": "entity",
    "object": "object",
    "indicator": "indicator",
    "service_account": "account",
    "account": "account",
    "user": "account",
}
"""What kind of name a thing of that kind in the tables has; of any other kind it is that of a credential."""


_TWICE = re.compile(r"\b(\w+)\s+(?=\1\s[A-Z]+\b)")
"""A word before a name that begins with the same word."""
_TYPED = re.compile(rf"(?:\s*:\s*)?{CODE}[^{PROSE}]*{PROSE}")
"""What is typed into a machine that the public does not have."""


@dataclass
class Teller:
    """Writes phrases in one language for one audience. `known` are the systems that the product itself names."""

    tongue: Tongue
    voice: Voice
    public: bool = False
    known: frozenset[str] = frozenset()
    _letters: dict[str, Safe] = field(default_factory=dict)
    _counts: dict[str, int] = field(default_factory=dict)

    def say(self, phrase: str, **values: Value) -> Safe:
        """A phrase of the language's table with its values in place."""
        told = {name: self.value(value) for name, value in values.items()}
        if not self.public:
            return Safe(self.tongue.phrase(phrase).format(**told))
        own = f"{phrase}_public"
        said = self.tongue.phrase(own if own in self.tongue.phrases else phrase).format(**told)
        return Safe(_TYPED.sub("", _TWICE.sub("", said)))

    def value(self, value: Value) -> Safe:
        """A number with its thousands apart, a time as the language writes it, or text that is told already."""
        if isinstance(value, datetime):
            return Safe(self.tongue.instant(value))
        return Safe(self.tongue.number(value)) if isinstance(value, int) else value

    def name(self, kind: str, value: object) -> Safe:
        """A name out of the case: inert as it is, or for the public the word of its kind and a letter."""
        if value is None or value == "":
            return Safe("")
        return self._letter(PUBLIC[kind], str(value)) if self.public else Safe(self.voice(value))

    def of_kind(self, kind: str, value: object) -> Safe:
        """The name of a thing of that kind in the tables."""
        if kind == "grant" and not self.public:
            return self._granted(str(value))
        return self.name(OF_KIND.get(kind, "credential"), value)

    def _granted(self, value: str) -> Safe:
        """A grant is told by who has it and by what it lets them into."""
        who, inside, group = value.partition(" in ")
        if not inside:
            return Safe(self.voice(value))
        return self.say("grant.in", who=Safe(self.voice(who)), group=Safe(self.voice(group)))

    def thing(self, kind: str, value: object) -> Safe:
        """A thing with the word for its kind: `host 192.0.2.130`; the public's names begin with one."""
        named = self.of_kind(kind, value)
        return named if self.public else Safe(f"{self.kind(kind)} {named}")

    def definite(self, told: Safe) -> Safe:
        """The same thing with its article, where the language has one."""
        return Safe(self.tongue.definite(told))

    def system(self, value: str | None) -> Safe:
        """A system: the public hears of those that the product knows, and of any other by a letter."""
        if not value:
            return Safe("")
        if self.public and value not in self.known:
            return self._letter("system", value)
        return Safe(self.tongue.system(value, self.voice(value.replace("_", " "))))

    def source(self, value: str) -> Safe:
        """A source, in the same way."""
        if self.public and value not in self.known:
            return self._letter("source", value)
        return Safe(self.voice(value))

    def indicator(self, kind: str, value: str) -> Safe:
        """An indicator, which makes no link."""
        return self.name("indicator", indicator(kind, value))

    def text(self, value: object) -> Safe:
        """Free text out of the case, which the public does not hear at all."""
        return self.say("left_out") if self.public and value else Safe(self.voice(value))

    def kind(self, value: str) -> Safe:
        """A kind of thing, in the language; one that it does not know the public hears as a thing."""
        told = self.tongue.kind(value)
        return Safe(told or (self.tongue.phrase("kind.other") if self.public else self.voice(value.replace("_", " "))))

    def nouns(self, count: int, kind: str) -> Safe:
        """The kind's word for so many."""
        told = self.tongue.nouns(count, kind)
        if told:
            return Safe(told)
        return self.kind("object") if self.public else Safe(self.voice(self.tongue.unknown_nouns(count, kind)))

    def counted(self, count: int, kind: str) -> Safe:
        """So many of a kind: `36 tickets`."""
        return Safe(f"{self.tongue.number(count)}{self.tongue.space}{self.nouns(count, kind)}")

    def share(self, part: int, whole: int) -> Safe:
        """How much of the whole."""
        return Safe(self.tongue.share(part, whole))

    def listed(self, told: list[Safe]) -> Safe:
        """Several things in a row."""
        return Safe(", ".join(told))

    def apart(self, told: list[Safe]) -> Safe:
        """Several things in a row that have commas in them."""
        return Safe(self.tongue.phrase("apart").join(told))

    def _letter(self, word: str, value: str) -> Safe:
        """`account A` for the first account that is named, and so on; the same value is always the same."""
        key = value.casefold().removesuffix("/32").removesuffix("/128")
        if key not in self._letters:
            number = self._counts.get(word, 0)
            self._counts[word] = number + 1
            self._letters[key] = Safe(self.tongue.phrase(f"public.{word}").format(letter=letters(number)))
        return self._letters[key]


def letters(number: int) -> str:
    """A, B, … Z, AA, AB: the name of the so-manyth thing."""
    found = chr(ord("A") + number % 26)
    return letters(number // 26 - 1) + found if number >= 26 else found
