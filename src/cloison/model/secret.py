"""Does a text look like a secret, and how is it named without being written: prefix, last four, fingerprint?"""

import hashlib
import re

_SECRET = re.compile(
    r"^(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_\w{60,}|xox[abeprs]-[\w-]{20,}|00[\w-]{40}|AT(?:ATT3|CTT3|BB)[\w=-]{20,}"
    r"|hv[sbr]\.[\w-]{20,}|eyJ[\w-]+\.[\w-]+\.[\w-]*|ya29\.[\w-]{20,}|GOCSPX-[\w-]{20,}|AIza[\w-]{30,}"
    r"|cf[ua]t_[\w-]{30,}|[A-Za-z0-9+/]{40}|[0-9a-f]{64})$"
)


def is_secret(text: str) -> bool:
    """Whether the text has the shape of a secret value rather than of an id; a SHA-256 alone is taken for a secret."""
    return bool(_SECRET.match(text.strip()))


def fingerprint(secret: str) -> str:
    """The name of a secret: its first four characters, its last four, and 16 digits of its SHA-256."""
    text = secret.strip()
    return f"{text[:4]}…{text[-4:]} sha256:{hashlib.sha256(text.encode()).hexdigest()[:16]}"
