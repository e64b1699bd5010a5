"""Is this word a host name that can exist, or does it only look like one?"""

from functools import cache

from publicsuffixlist import PublicSuffixList

from cloison.ocsf.observables import canonical_domain

# Reserved (RFC 2606, 6761, 7686) or customary inside an organisation: in no public list, yet in logs.
_UNLISTED = frozenset(
    {"example", "test", "invalid", "onion", "internal", "local", "lan", "corp", "home", "localdomain"}
)
# Top-level domains that are file name extensions far more often.
_EXTENSIONS = frozenset({"py", "sh", "zip", "mov", "rs", "md", "so", "pl", "ps", "cab", "bz", "app"})


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList(accept_unknown=False, only_icann=True)


def is_host_name(name: str) -> bool:
    """Whether a canonical domain ends in a known top-level domain and is more than a public suffix."""
    last = name.rpartition(".")[2]
    if "." not in name:
        return False
    if last in _UNLISTED:
        return True
    suffix = _suffixes().publicsuffix(name)
    return suffix is not None and suffix != name


def host_name(text: str) -> str | None:
    """The canonical domain in `text` when it is a host name that can exist."""
    name = canonical_domain(text)
    return name if name is not None and is_host_name(name) else None


def reads_as_file_name(name: str) -> bool:
    """Whether the name's last label is a file name extension as well (`script.py`, `readme.md`)."""
    return name.rpartition(".")[2] in _EXTENSIONS
