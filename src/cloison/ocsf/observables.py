"""How is an address, a name, a hash, an e-mail or a URL spelled, so that two spellings of one thing compare equal?"""

import ipaddress
import re
from urllib.parse import urlsplit

import idna

_PORTED_V4 = re.compile(r"(\d{1,3}(?:\.\d{1,3}){3})(?::\d{1,5})?")
_BRACKETED = re.compile(r"\[([^\]\[]+)\](?::\d{1,5})?")
_HASH = re.compile(r"[0-9a-f]+")
_HASH_LENGTHS = frozenset({32, 40, 56, 64, 96, 128})
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_LOCAL_PART = re.compile(r"[^\s@<>\"(),:;\\\[\]]{1,64}")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_DEFAULT_PORTS = {"http": 80, "https": 443, "ftp": 21}
_MAX_NAME = 253

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def parse_ip(text: str) -> Address | None:
    """The address in `text`, without port, brackets or zone; an IPv4-mapped IPv6 address is its IPv4 address."""
    bare = text.strip()
    if bracketed := _BRACKETED.fullmatch(bare):
        bare = bracketed[1]
    elif ported := _PORTED_V4.fullmatch(bare):
        bare = ported[1]
    try:
        address = ipaddress.ip_address(bare.partition("%")[0])
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address


def canonical_ip(text: str) -> str | None:
    """One spelling per address: dotted IPv4, or IPv6 compressed and lower-case (RFC 5952); None when it is neither."""
    address = parse_ip(text)
    if address is None:
        return None
    return address.compressed


def ip_key(text: str) -> str | None:
    """32 hex characters that sort both families as one: IPv4 sits at ::ffff:0:0/96. None when not an address."""
    address = parse_ip(text)
    if address is None:
        return None
    number = int(address)
    return f"{number | 0xFFFF_0000_0000 if address.version == 4 else number:032x}"


def canonical_domain(text: str) -> str | None:
    """A host name in lower-case LDH (A-labels, RFC 5890), no trailing dot; None when it cannot be a name.

    Underscored labels are kept, because logs and DNS carry them. A dotted IPv4 address is not a name.
    """
    bare = text.strip().rstrip(".")
    if not bare or len(bare) > 4 * _MAX_NAME:
        return None
    name = _ascii_name(bare)
    if name is None or len(name) > _MAX_NAME:
        return None
    labels = name.split(".")
    if not all(_LABEL.fullmatch(label) for label in labels) or labels[-1].isdigit():
        return None
    return name


def _ascii_name(name: str) -> str | None:
    """Lower-case A-labels (UTS 46, non-transitional)."""
    if name.isascii():
        return name.lower()
    try:
        return idna.encode(name, uts46=True).decode("ascii").lower()
    except (idna.IDNAError, UnicodeError):
        return None


def canonical_hash(text: str) -> str | None:
    """Lower-case hex of an MD5, SHA-1 or SHA-2; None when the length or an alphabet is another."""
    bare = text.strip().lower()
    return bare if len(bare) in _HASH_LENGTHS and _HASH.fullmatch(bare) else None


def canonical_email(text: str) -> str | None:
    """Address lower-case on both sides of the @ (as mail systems compare it); None when it is not one."""
    bare = text.strip()
    if bare.lower().startswith("mailto:"):
        bare = bare[len("mailto:") :]
    local, at, host = bare.strip("<>").rpartition("@")
    domain = canonical_domain(host) if at else None
    if domain is None or "." not in domain or not _LOCAL_PART.fullmatch(local):
        return None
    return f"{local.lower()}@{domain}"


def canonical_url(text: str) -> str | None:
    """Scheme and host lower-case, default port and fragment off, an empty path is `/`; path and query keep their case.

    A URL without scheme keeps none (`host.example/path`). None when there is no usable host.
    """
    bare = text.strip()
    schemed = _SCHEME.match(bare) is not None
    try:
        parts = urlsplit(bare if schemed else f"//{bare}")
        port = parts.port
    except ValueError:
        return None
    host = _url_host(parts.hostname or "")
    if host is None:
        return None
    scheme = parts.scheme.lower()
    at = f"{host}:{port}" if port is not None and port != _DEFAULT_PORTS.get(scheme) else host
    query = f"?{parts.query}" if parts.query else ""
    return f"{scheme}://{at}{parts.path or '/'}{query}" if scheme else f"{at}{parts.path or '/'}{query}"


def _url_host(host: str) -> str | None:
    address = canonical_ip(host)
    if address is not None:
        return f"[{address}]" if ":" in address else address
    return canonical_domain(host)


def defang(value: str) -> str:
    """A spelling that no reader turns into a link: `hxxp://evil[.]example/a.b`, `a[@]evil[.]example`."""
    schemed = _SCHEME.match(value)
    cut = schemed.end() if schemed else 0
    scheme, rest = value[:cut], value[cut:]
    authority, slash, path = rest.partition("/")
    if not scheme and "." not in authority and ":" in authority:
        return value.replace(":", "[:]")
    safe = authority.replace(".", "[.]").replace("@", "[@]")
    return f"{re.sub('^http', 'hxxp', scheme)}{safe}{slash}{path}"
