"""Which comparisons does a STIX 2.1 pattern make, and which of them does it join by AND?

Grammar: OASIS, STIX 2.1, section 9. Depth and length are bounded; a pattern beyond them is a fault and never half read.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_TOKEN = re.compile(
    r"\s*(?:(?P<typed>[thb]'(?:[^'\\]|\\.)*')|(?P<text>'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")"
    r"|(?P<number>[+-]?\d+(?:\.\d+)?(?![\w-]))|(?P<op><=|>=|!=|<>|==|[=<>])|(?P<mark>[\[\]():,.*])"
    r"|(?P<word>[A-Za-z_][A-Za-z0-9_-]*))",
    re.DOTALL,
)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_SAYS = frozenset({"=", "==", "!=", "<>", "<", ">", "<=", ">=", "IN", "LIKE", "MATCHES", "ISSUBSET", "ISSUPERSET"})
_QUALIFIERS = frozenset({"WITHIN", "REPEATS", "START", "STOP"})
MAX_LENGTH = 1 << 20
_MAX_DEPTH = 40
_ANYTHING_FIRST = re.compile(r"^(?:\(\^\|\\\.\)|\((?:\?:)?\.\*\\\.\)\?|\((?:\?:)?\.\+\\\.\)\?|\.\*(?:\\\.)?)")
_ANYTHING_LAST = re.compile(r"(?<!\\)\.\*$")
_OPEN_MARK = re.compile(r"(?<!\\)(?:\\\\)*(?:[.^$*+?{}\[\]|()]|\\[A-Za-z0-9])")


class PatternError(ValueError):
    """The pattern does not follow the grammar; the message says at which character."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """`object_type:path op values`; `path` has its steps in order, list places left out.

    `joined` says that an AND joins it to others, `hashed` that a hash is among them, `names` the file names among them.
    """

    object_type: str
    path: tuple[str, ...]
    op: str
    values: tuple[str, ...]
    negated: bool = False
    joined: bool = False
    hashed: bool = False
    names: tuple[str, ...] = ()


@dataclass
class _Leaf:
    """A comparison while the joins around it are still being read."""

    object_type: str
    path: tuple[str, ...]
    op: str
    values: tuple[str, ...]
    negated: bool
    joined: bool = False
    hashed: bool = False
    names: dict[str, None] = field(default_factory=dict)


@dataclass
class _Reader:
    """The tokens of a pattern, and how far they have been read."""

    tokens: list[tuple[str, str, int]]
    at: int = 0
    depth: int = 0
    qualified: bool = False

    def peek(self) -> str:
        kind, text, _ = self.tokens[self.at]
        return text.upper() if kind == "word" else text if kind in ("mark", "op") else ""

    def take(self) -> tuple[str, str]:
        kind, text, _ = self.tokens[self.at]
        if kind == "end":
            raise PatternError("it ends too early")
        self.at += 1
        return kind, text

    def accept(self, word: str) -> bool:
        found = self.peek() == word
        self.at += found
        return found

    def expect(self, word: str) -> None:
        if not self.accept(word):
            raise PatternError(f"{word!r} is missing at character {self.tokens[self.at][2]}")

    def deeper(self) -> None:
        self.depth += 1
        if self.depth > _MAX_DEPTH:
            raise PatternError(f"it is nested more than {_MAX_DEPTH} deep")


def comparisons(pattern: str) -> tuple[tuple[Comparison, ...], bool]:
    """The comparisons of a pattern, and whether it asks for an order or a time between them as well.

    Raises:
        PatternError: it does not follow the grammar, or is beyond the bounds.
    """
    reader = _Reader(list(_tokens(pattern)))
    leaves = _observations(reader)
    if reader.tokens[reader.at][0] != "end":
        raise PatternError(f"nothing is expected at character {reader.tokens[reader.at][2]}")
    told = tuple(
        Comparison(one.object_type, one.path, one.op, one.values, one.negated, one.joined, one.hashed, tuple(one.names))
        for one in leaves
    )
    return told, reader.qualified


def _tokens(pattern: str) -> Iterator[tuple[str, str, int]]:
    if len(pattern) > MAX_LENGTH:
        raise PatternError(f"it is longer than {MAX_LENGTH >> 20} Mi characters")
    end = len(pattern.rstrip())
    at = 0
    while at < end:
        found = _TOKEN.match(pattern, at)
        if not found or not found.lastgroup:
            raise PatternError(f"no word of a pattern begins at character {at}")
        yield found.lastgroup, found[found.lastgroup], at
        at = found.end()
    yield "end", "", end


def _observations(reader: _Reader) -> list[_Leaf]:
    """Observations joined by FOLLOWEDBY, OR and AND: their comparisons."""
    alternatives = [_observation(reader)]
    joined = False
    while reader.peek() in ("AND", "OR", "FOLLOWEDBY"):
        joined = joined or reader.peek() != "OR"
        reader.qualified = reader.qualified or reader.peek() == "FOLLOWEDBY"
        reader.take()
        alternatives.append(_observation(reader))
    leaves = [leaf for one in alternatives for leaf in one]
    return _join(leaves) if joined else leaves


def _observation(reader: _Reader) -> list[_Leaf]:
    reader.deeper()
    if reader.accept("("):
        leaves = _observations(reader)
        reader.expect(")")
    else:
        reader.expect("[")
        leaves = _any(reader)
        reader.expect("]")
    reader.depth -= 1
    while reader.peek() in _QUALIFIERS:
        reader.qualified = True
        reader.take()
        while reader.tokens[reader.at][0] in ("number", "typed") or reader.peek() in ("SECONDS", "TIMES"):
            reader.take()
    return leaves


def _any(reader: _Reader) -> list[_Leaf]:
    leaves = _all(reader)
    while reader.accept("OR"):
        leaves += _all(reader)
    return leaves


def _all(reader: _Reader) -> list[_Leaf]:
    leaves, several = _one(reader), False
    while reader.accept("AND"):
        leaves += _one(reader)
        several = True
    return _join(leaves) if several else leaves


def _join(leaves: list[_Leaf]) -> list[_Leaf]:
    """Note on each that it counts only together with the others; `x_ref.type = 'ipv4-addr'` only says what x is."""
    told = [leaf for leaf in leaves if leaf.path[-1] != "type"]
    files = [leaf for leaf in told if (leaf.object_type, leaf.path) == ("file", ("name",))]
    hashed = any("hashes" in leaf.path for leaf in told)
    names = dict.fromkeys(value for leaf in files for value in leaf.values)
    for leaf in told if len(told) > 1 else ():
        leaf.joined = True
        leaf.hashed = leaf.hashed or hashed
        leaf.names |= names
    return told


def _one(reader: _Reader) -> list[_Leaf]:
    negated = reader.accept("NOT")
    if reader.peek() == "(":
        reader.deeper()
        reader.take()
        leaves = _any(reader)
        reader.expect(")")
        reader.depth -= 1
        for leaf in leaves:
            leaf.negated = leaf.negated or negated
        return leaves
    if reader.accept("EXISTS"):
        object_type, path = _path(reader)
        return [_Leaf(object_type, path, "EXISTS", (), negated)]
    object_type, path = _path(reader)
    negated = reader.accept("NOT") or negated
    op = reader.take()[1].upper()
    if op not in _SAYS:
        raise PatternError(f"{op!r} is no comparison")
    return [_Leaf(object_type, path, {"==": "=", "<>": "!="}.get(op, op), _values(reader), negated)]


def _path(reader: _Reader) -> tuple[str, tuple[str, ...]]:
    object_type = _step(reader)
    reader.expect(":")
    steps = [_step(reader)]
    while reader.peek() in (".", "["):
        if reader.take()[1] == "[":
            reader.take()
            reader.expect("]")
        else:
            steps.append(_step(reader))
    return object_type, tuple(steps)


def _step(reader: _Reader) -> str:
    kind, text = reader.take()
    if kind not in ("word", "text"):
        raise PatternError(f"{text!r} is no name of a property")
    return _plain(text) if kind == "text" else text


def _values(reader: _Reader) -> tuple[str, ...]:
    if not reader.accept("("):
        return (_value(reader),)
    found = [_value(reader)]
    while reader.accept(","):
        found.append(_value(reader))
    reader.expect(")")
    return tuple(found)


def _value(reader: _Reader) -> str:
    kind, text = reader.take()
    if kind not in ("text", "typed", "number", "word"):
        raise PatternError(f"{text!r} is no value")
    return _plain(text.lstrip("thb") if kind == "typed" else text) if kind in ("text", "typed") else text


def _plain(quoted: str) -> str:
    return _ESCAPED.sub(r"\1", quoted[1:-1])


@dataclass(frozen=True, slots=True)
class Literal:
    """The one text that a wildcard pattern looks for, and whether anything may stand before or behind it."""

    text: str
    before: bool
    behind: bool


def literal_of_like(text: str) -> Literal | None:
    """What a LIKE looks for when `%` stands at its edges only; `_` is taken for itself, which it matches as well."""
    bare = re.sub(r"^%(?:://|\.|[/\\]+)?|%$", "", text)
    return Literal(bare, text.startswith("%"), text.endswith("%")) if bare and "%" not in bare else None


def literal_of_regex(text: str) -> Literal | None:
    """The same for a MATCHES in which every mark is escaped, save what stands for anything at its edges."""
    begun = text.removeprefix("^")
    bare = _ANYTHING_FIRST.sub("", begun)
    ended = bare.removesuffix("$")
    whole = _ANYTHING_LAST.sub("", ended)
    if not whole or _OPEN_MARK.search(whole):
        return None
    return Literal(
        _ESCAPED.sub(r"\1", whole), bare != text.removeprefix("^") or begun == text, whole == bare or whole != ended
    )
