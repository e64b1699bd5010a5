"""In which field of a JSON record does a byte stand?"""

import re

_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*+"?|[{}\[\],:]|[^\s"{}\[\],:]+', re.DOTALL)


def field_at(record: bytes, at: int) -> str | None:
    """The path of the value, or of the key, that byte `at` of an object or array belongs to, such as `actor.emails[0]`.

    None where the record is neither, or the byte belongs to no value. Nothing is checked but the nesting.
    """
    if record.lstrip()[:1] not in (b"{", b"["):
        return None
    steps: list[str | int] = []
    for found in _TOKEN.finditer(record):
        token = found[0]
        if token in (b"{", b"["):
            steps.append("" if token == b"{" else 0)
        elif token in (b"}", b"]"):
            del steps[-1:]
        elif token == b"," and steps:
            last = steps[-1]
            steps[-1] = "" if isinstance(last, str) else last + 1
        elif token != b":":
            if steps and steps[-1] == "":
                steps[-1] = token.strip(b'"').decode("utf-8", "replace")
            if found.start() <= at < found.end():
                return _spelled(steps)
    return None


def _spelled(steps: list[str | int]) -> str:
    path = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps)
    return path.removeprefix(".")
