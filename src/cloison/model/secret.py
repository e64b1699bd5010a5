"""Does a text look like a secret, and how is it named without being written: prefix, last four, fingerprint?"""

import base64
import hashlib
import math
import re
from collections import Counter

_SECRET = re.compile(
    r"^(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_\w{60,}|xox[abeprs]-[\w-]{20,}|00[\w-]{40}|AT(?:ATT3|CTT3|BB)[\w=-]{20,}"
    r"|hv[sbr]\.[\w-]{20,}|eyJ[\w-]+\.[\w-]+\.[\w-]*|ya29\.[\w-]{20,}|GOCSPX-[\w-]{20,}|AIza[\w-]{30,}"
    r"|cf[ua]t_[\w-]{30,}|[A-Za-z0-9+/]{40}|[0-9a-f]{64}|[A-Za-z0-9+/]{43}=|-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*)$"
)
_GITHUB = re.compile(r"^(?:gh[pousr]_|github_pat_)\w{30,}$")
_RANDOM = re.compile(r"^[A-Za-z0-9_~+/=.-]{24,}$")
_BITS = 3.6
_SHORT = 16

_WORDS = {
    "secret", "client_secret", "secret_access_key", "secret_key", "secret_text", "secret_value", "password", "passwd",
    "passphrase", "private_key", "access_token", "refresh_token", "token", "token_value", "bearer_token", "api_key",
    "api_token_value", "key_value", "raw", "raw_v2", "match",
}  # fmt: skip


def is_secret(text: str) -> bool:
    """Whether the text has the shape of a secret value rather than of an id; a SHA-256 alone is taken for a secret."""
    return bool(_SECRET.match(text.strip()))


def is_random(text: str) -> bool:
    """Whether the text looks drawn by chance: long, of all kinds of letters, none much oftener than another."""
    bare = text.strip()
    mixed = all(re.search(kind, bare) for kind in ("[a-z]", "[A-Z]", "[0-9]"))
    if not mixed or not _RANDOM.match(bare):
        return False
    shares = [count / len(bare) for count in Counter(bare).values()]
    return -sum(share * math.log2(share) for share in shares) >= _BITS


def names_secret(title: str) -> bool:
    """Whether a column or member with this title is there to hold a secret's value."""
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", title.strip())
    return re.sub(r"[\s_-]+", "_", apart).lower() in _WORDS


def fingerprint(secret: str) -> str:
    """The name of a secret: its first four characters, its last four, and 16 digits of its SHA-256.

    Of a short one, which these would give away, only how long it is.
    """
    text = secret.strip()
    if len(text) < _SHORT:
        return f"a secret of {len(text)} characters"
    return f"{text[:4]}…{text[-4:]} sha256:{hashlib.sha256(text.encode()).hexdigest()[:16]}"


def logged_name(secret: str) -> str:
    """The name under which logs tell of a secret where they do; GitHub's writes the SHA-256 of a token in Base64."""
    text = secret.strip()
    if _GITHUB.match(text):
        return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return fingerprint(text)


def tellable(title: str, text: str) -> str:
    """What may be kept or shown of a cell: the text itself, or the name of the secret that it is."""
    return fingerprint(text) if is_secret(text) or is_random(text) or names_secret(title) else text
