"""Who says that a case is as sealed? An in-toto statement about the manifest in a DSSE envelope, signed with Ed25519.

https://github.com/secure-systems-lab/dsse, https://in-toto.io/Statement/v1, RFC 8032. The key's id is the SHA-256 of
its public half as DER (SubjectPublicKeyInfo).
"""

import base64
import binascii
import hashlib
import json
from dataclasses import dataclass

import msgspec
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

PAYLOAD_TYPE = "application/vnd.in-toto+json"
STATEMENT_TYPE = "https://in-toto.io/Statement/v1"
PREDICATE_TYPE = "urn:cloison:seal:1"
ENVELOPE_BYTES = 1 << 20
"""A longer envelope is not read."""


class Sealed(msgspec.Struct, frozen=True):
    """What is signed beside the manifest's hash: the root over its lines, how many they are, when, and made by what."""

    root: str
    leaves: int
    sealed_at: str
    cloison: str
    duckdb: str


class _Subject(msgspec.Struct, frozen=True):
    name: str
    digest: dict[str, str]


class _Statement(msgspec.Struct, frozen=True):
    type_: str = msgspec.field(name="_type")
    subject: list[_Subject]
    predicateType: str  # noqa: N815 - in-toto's name
    predicate: Sealed


class _Signature(msgspec.Struct, frozen=True):
    keyid: str
    sig: str


class _Envelope(msgspec.Struct, frozen=True):
    payload: str
    payloadType: str  # noqa: N815 - DSSE's name
    signatures: list[_Signature]


@dataclass(frozen=True)
class Opened:
    """What an envelope says, whether or not it is true: the statement, the manifest's SHA-256, and the signature."""

    sealed: Sealed
    manifest: str
    payload: bytes
    key_id: str
    signature: bytes


class EnvelopeError(ValueError):
    """An envelope that is none, or not written as a seal writes it."""


def new_key(seed: bytes) -> Ed25519PrivateKey:
    """The key of 32 bytes that nobody else knows."""
    return Ed25519PrivateKey.from_private_bytes(seed)


def private_pem(key: Ed25519PrivateKey) -> bytes:
    """A key as PEM (PKCS 8) without a passphrase."""
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def read_private(pem: bytes) -> Ed25519PrivateKey | None:
    """The key in a PEM; None where there is none of Ed25519, or only behind a passphrase."""
    try:
        key = load_pem_private_key(pem, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return None
    return key if isinstance(key, Ed25519PrivateKey) else None


def public_pem(key: Ed25519PublicKey) -> bytes:
    """The public half as PEM."""
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def read_public(pem: bytes) -> Ed25519PublicKey | None:
    """The public key in a PEM; None where there is none of Ed25519."""
    try:
        key = load_pem_public_key(pem)
    except (ValueError, UnsupportedAlgorithm):
        return None
    return key if isinstance(key, Ed25519PublicKey) else None


def key_id(key: Ed25519PublicKey) -> str:
    """How a key is named."""
    return hashlib.sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()


def signed(manifest: bytes, sealed: Sealed, key: Ed25519PrivateKey) -> bytes:
    """The envelope around a statement about a manifest."""
    digest = {"sha256": hashlib.sha256(manifest).hexdigest()}
    statement = _Statement(STATEMENT_TYPE, [_Subject("MANIFEST", digest)], PREDICATE_TYPE, sealed)
    payload = _canonical(statement)
    name = key_id(key.public_key())
    return _wrapped(payload, name, key.sign(presented(payload)))


def opened(raw: bytes) -> Opened:
    """What an envelope says.

    Raises:
        EnvelopeError: it cannot be read, or holds a byte that a seal would not write.
    """
    try:
        envelope = msgspec.json.decode(raw, type=_Envelope)
        payload = base64.b64decode(envelope.payload, validate=True)
        [one] = envelope.signatures
        signature = base64.b64decode(one.sig, validate=True)
        statement = msgspec.json.decode(payload, type=_Statement)
        [subject] = statement.subject
        kinds = (statement.type_, statement.predicateType, subject.name, *subject.digest)
    except (msgspec.MsgspecError, UnicodeDecodeError, binascii.Error, ValueError) as fault:
        raise EnvelopeError(f"cannot be read: {fault}") from fault
    if kinds != (STATEMENT_TYPE, PREDICATE_TYPE, "MANIFEST", "sha256") or envelope.payloadType != PAYLOAD_TYPE:
        raise EnvelopeError("is not about the manifest of a sealed case")
    if raw != _wrapped(payload, one.keyid, signature):
        raise EnvelopeError("is not written as a seal writes it")
    return Opened(statement.predicate, subject.digest["sha256"], payload, one.keyid, signature)


def holds(found: Opened, key: Ed25519PublicKey) -> bool:
    """Whether this key has signed what the envelope says."""
    try:
        key.verify(found.signature, presented(found.payload))
    except InvalidSignature:
        return False
    return found.key_id == key_id(key)


def presented(payload: bytes) -> bytes:
    """The bytes that are signed: DSSE's pre-authentication encoding."""
    return b"DSSEv1 %d %s %d %s" % (len(PAYLOAD_TYPE), PAYLOAD_TYPE.encode(), len(payload), payload)


def _wrapped(payload: bytes, name: str, signature: bytes) -> bytes:
    envelope = _Envelope(
        base64.b64encode(payload).decode(), PAYLOAD_TYPE, [_Signature(name, base64.b64encode(signature).decode())]
    )
    return _canonical(envelope) + b"\n"


def _canonical(value: msgspec.Struct) -> bytes:
    told = msgspec.to_builtins(value)
    return json.dumps(told, ensure_ascii=True, sort_keys=True, separators=(",", ":")).encode()
