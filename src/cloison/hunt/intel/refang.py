"""Which characters of a line were altered to make its addresses harmless, and what did they stand for?

A repaired character becomes a private mark, so that a value can say by itself whether it had been made harmless.
"""

import re
from dataclasses import dataclass

DOT, AT, COLON, SLASH, SCHEME, WORD_DOT, WORD_AT = "\ue000", "\ue001", "\ue002", "\ue003", "\ue004", "\ue005", "\ue006"
MISPLACED = "\ue007"
"""A dot that had a bracket and a second dot, or a bracket around its neighbour."""

_PLAIN = {DOT: ".", MISPLACED: ".", WORD_DOT: ".", AT: "@", WORD_AT: "@", COLON: ":", SLASH: "/", SCHEME: ""}
_REPAIR = {
    DOT: "defanged dot",
    MISPLACED: "misplaced dot",
    WORD_DOT: "dot written as a word",
    AT: "defanged at sign",
    WORD_AT: "at sign written as a word",
    COLON: "defanged colon",
    SLASH: "defanged slash",
    SCHEME: "defanged scheme",
}
WRITTEN_OUT = frozenset({_REPAIR[WORD_DOT], _REPAIR[WORD_AT]})
"""Repairs that ordinary sentences call for as well (`the dot com years`)."""
ANY_MARK = "".join(_PLAIN)
_PRIVATE = re.compile(f"[{ANY_MARK}]")

_OPEN, _CLOSE = r"[\[({<]", r"[\])}>]"
_FORMS = re.compile(
    rf"""
      (?P<scheme>(?<![A-Za-z0-9])(?P<letters>h[tTxX*_]{{2}}ps?|h[ ]?t[ ]?t[ ]?ps?|meow|fxps?|ftps?|tcp|udp|wss?)
        (?P<sep>[ ]?{_OPEN}?:{_CLOSE}?[ ]?{_OPEN}?(?://|\\\\|/(?=[ ]*{_OPEN})|{_OPEN}/{_CLOSE}{_OPEN}?/{_CLOSE}?)
        {_CLOSE}?[ ]?))
    | (?P<at>[ ]{{0,4}}{_OPEN}{{1,4}}[ ]{{0,4}}(?:@|at)[ ]{{0,4}}{_CLOSE}{{1,4}}[ ]{{0,4}}|_at_|(?<=\w)[ ]?@[ ]?(?=\w))
    | (?P<dot>\.?[ ]{{0,4}}{_OPEN}{{1,4}}[ ]{{0,4}}(?:\.|dot|d0t|,)(?:[ ]{{0,4}}{_CLOSE}){{0,4}}\.?[ ]{{0,4}}(?=[^\s.]))
    | (?P<end>{_OPEN}\.{_CLOSE})
    | (?P<half>\.{_CLOSE}{{1,4}}(?=[A-Za-z0-9])|(?<!\\)\\{{1,16}}\.(?=[A-Za-z0-9]))
    | (?P<label>{_OPEN}(?P<first>[A-Za-z0-9-]*[A-Za-z][A-Za-z0-9-]*){_CLOSE}\.(?=[A-Za-z0-9]))
    | (?P<tail>\.{_OPEN}(?=[A-Za-z0-9-]+{_CLOSE}))
    | (?P<spaced>(?<=\d)[ ]\.[ ](?=\d))
    | (?P<colon>{_OPEN}:{_CLOSE})
    | (?P<slash>{_OPEN}/{_CLOSE})
    | (?P<worddot>(?<=[A-Za-z0-9])[ ]{{1,4}}dot[ ]{{1,4}}(?=[A-Za-z0-9]))
    | (?P<wordat>(?<=[A-Za-z0-9])[ ]{{1,4}}at[ ]{{1,4}}(?=[A-Za-z0-9]))
    """,
    re.VERBOSE | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Marked:
    """A line with its repairs marked; `places[i]` is where character `i` begins in `line`."""

    line: str
    text: str
    places: tuple[int, ...]

    def original(self, start: int, end: int) -> str:
        """The spelling in the line of `text[start:end]`."""
        return self.line[self.places[start] : self.places[end]].strip()


def marked(line: str) -> Marked:
    """`line` with every harmless-making form replaced by its mark."""
    safe = _PRIVATE.sub(" ", line)
    text: list[str] = []
    places: list[int] = []
    at = 0
    for found in _FORMS.finditer(safe):
        text.append(safe[at : found.start()])
        places.extend(range(at, found.start()))
        replacement = _replacement(found)
        text.append(replacement)
        places.extend(
            range(found.start(), found.end()) if replacement == found[0] else [found.start()] * len(replacement)
        )
        at = found.end()
    text.append(safe[at:])
    places.extend(range(at, len(safe) + 1))
    return Marked(safe, "".join(text), tuple(places))


def _replacement(found: "re.Match[str]") -> str:
    form = found.lastgroup
    if found["scheme"]:
        return _scheme(found["letters"], found["sep"])
    if found["label"]:
        return f"{found['first']}{MISPLACED}"
    if form == "dot":
        return MISPLACED if found[0].count(".") > 1 else DOT
    if form == "at":
        # `look_at_me` in a path is no address
        written_out = (
            found[0].lower() == "_at_"
            and "/" in found.string[found.string.rfind(" ", 0, found.start()) + 1 : found.start()]
        )
        return found[0] if found[0] == "@" or written_out else AT
    return {
        "half": DOT, "tail": MISPLACED, "end": DOT, "spaced": DOT, "colon": COLON, "slash": SLASH,
        "worddot": WORD_DOT, "wordat": WORD_AT,
    }[form or ""]  # fmt: skip


def _scheme(letters: str, sep: str) -> str:
    lower = letters.lower().replace(" ", "")
    name = {"meow": "http", "fxp": "ftp", "fxps": "ftps"}.get(lower, lower)
    if name.startswith("h"):
        name = "https" if name.endswith("s") else "http"
    harmless = name != letters.lower() or sep.rstrip(" ") != "://"
    return f"{name}{SCHEME}://" if harmless else f"{name}://{' ' if sep.endswith(' ') else ''}"


def plain(text: str) -> str:
    """Marked text with each mark as the character it stands for."""
    return "".join(_PLAIN.get(character, character) for character in text)


def repairs(text: str) -> tuple[str, ...]:
    """The repairs that marked text carries, in the order of their first appearance."""
    return tuple(dict.fromkeys(_REPAIR[character] for character in text if character in _REPAIR))
