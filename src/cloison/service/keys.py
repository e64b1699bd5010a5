"""With which key is a case sealed, and whose signature is trusted?"""

import os
import re
import secrets
import stat
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cloison.errors import InputError
from cloison.lake.seal import envelope

VARIABLE = "CLOISON_SEAL_KEY"
_MINE = 0o600
_OTHERS = 0o077


@dataclass(frozen=True)
class Signer:
    """A key, and where it is kept: a file's path, or the variable; `made` says that it was made now."""

    key: Ed25519PrivateKey
    kept: str
    made: bool


def signer(path: Path | None) -> Signer:
    """The key in the file, or in the environment, or in the user's own place; where there is no such file it is made.

    Raises:
        InputError: the file holds no Ed25519 key without a passphrase, others may read it, or it cannot be made.
    """
    told = os.environ.get(VARIABLE, "")
    if path is None and told:
        return Signer(_read(told.encode(), VARIABLE), VARIABLE, made=False)
    place = path or _own_place()
    if place.exists():
        return Signer(_read(_private(place), str(place)), str(place), made=False)
    return Signer(_made(place), str(place), made=True)


def trusted_id(text: str) -> str:
    """The id of the key that is named: by a PEM file of its public or private half, or by the id itself.

    Raises:
        InputError: it is neither.
    """
    path = Path(text)
    if path.is_file():
        pem = _bytes(path)
        private = envelope.read_private(pem)
        key = private.public_key() if private is not None else envelope.read_public(pem)
        if key is None:
            raise InputError("no Ed25519 key", where=text, remedy="give the KEY.pem that the sealer handed you")
        return envelope.key_id(key)
    if re.fullmatch(r"[0-9a-fA-F]{64}", text):
        return text.lower()
    raise InputError("no such key", where=text, remedy="name a PEM file, or the 64 hex digits of a key's id")


def _own_place() -> Path:
    below = os.environ.get("XDG_CONFIG_HOME", "") or str(Path.home() / ".config")
    return Path(below) / "cloison" / "seal-key.pem"


def _private(path: Path) -> bytes:
    try:
        if path.stat().st_mode & _OTHERS:
            raise InputError("others may read this key", where=str(path), remedy=f"chmod 600 {path}")
    except OSError as fault:
        raise InputError(f"the key cannot be read: {fault.strerror}", where=str(path)) from fault
    return _bytes(path)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as fault:
        raise InputError(f"the key cannot be read: {fault.strerror}", where=str(path)) from fault


def _read(pem: bytes, where: str) -> Ed25519PrivateKey:
    key = envelope.read_private(pem)
    if key is None:
        raise InputError(
            "no Ed25519 key without a passphrase",
            where=where,
            remedy="`openssl genpkey -algorithm ed25519 -out KEY.pem` makes one; or name a file that is not there",
        )
    return key


def _made(path: Path) -> Ed25519PrivateKey:
    key = envelope.new_key(secrets.token_bytes(32))
    write_private(path, envelope.private_pem(key))
    return key


def write_private(path: Path, data: bytes) -> None:
    """Write a file that only its owner may read, where there is none.

    Raises:
        InputError: it is there, or cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
        with os.fdopen(os.open(path, flags, stat.S_IMODE(_MINE)), "wb") as file:
            file.write(data)
    except OSError as fault:
        raise InputError(
            f"cannot be written: {fault.strerror}", where=str(path), remedy="name a file that can be made"
        ) from fault
