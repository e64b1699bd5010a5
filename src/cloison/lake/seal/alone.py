"""Is this sealed case as it was sealed? One file, no cloison: `python3 verify.py SEALED [KEY.pem]`.

It checks the layout's plain rules, every member against the manifest, the rows' leaves against each table's root, the
root over the manifest, and the signature. With KEY.pem it must be that key. The rows themselves and the recomputation
from raw evidence: see docs/verify.md of cloison. Exit code: 0 as sealed, 10 not, 11 the signature was not checked.
"""

import base64
import hashlib
import json
import re
import sys
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key
except ImportError:
    LIBRARY = False
else:
    LIBRARY = True

NAME = re.compile(r"[A-Za-z0-9_]+(?:[.-][A-Za-z0-9_]+)*(?:/[A-Za-z0-9_]+(?:[.-][A-Za-z0-9_]+)*)*")
UNLISTED = {"ENVELOPE.json", "MANIFEST"}
WHOLE = 256 << 20  # no member that is held in memory may be larger


def say(text: str) -> None:
    """Print a line in which nothing moves the terminal."""
    sys.stdout.write(text.encode("unicode_escape").decode() + "\n")


def root(leaves: Iterable[bytes]) -> bytes:
    """The root over leaves, RFC 6962."""
    full: list[tuple[int, bytes]] = []
    for leaf in leaves:
        height, top = 0, leaf
        while full and full[-1][0] == height:
            top = hashlib.sha256(b"\1" + full.pop()[1] + top).digest()
            height += 1
        full.append((height, top))
    top = full.pop()[1] if full else hashlib.sha256().digest()
    while full:
        top = hashlib.sha256(b"\1" + full.pop()[1] + top).digest()
    return top


def measured(archive: zipfile.ZipFile, name: str) -> tuple[str, int, str]:
    """A member's hash, its size and the root over its bytes as leaves of 32 bytes; of nothing where it is damaged."""
    found, size, leaves = hashlib.sha256(), 0, []
    try:
        with archive.open(name) as member:
            while piece := member.read(32 if name.endswith(".rows") else 1 << 20):
                found.update(piece)
                size += len(piece)
                leaves += [piece] if name.endswith(".rows") else []
    except zipfile.BadZipFile:
        return "", 0, ""
    return found.hexdigest(), size, root(leaves).hex()


def strange(archive: zipfile.ZipFile) -> Iterator[str]:
    """What is wrong with the layout: packed members, names that are places, a name twice, links, bytes around them."""
    seen: set[str] = set()
    for one in archive.infolist():
        if one.filename in seen or not NAME.fullmatch(one.filename):
            yield f"{one.filename}: is there twice, or is no name of a member"
        seen.add(one.filename)
        if one.compress_type or one.flag_bits or one.compress_size != one.file_size:
            yield f"{one.filename}: is packed or encrypted"
        if one.external_attr >> 16 != 0o100644:
            yield f"{one.filename}: is no plain file"
    if archive.comment or min((one.header_offset for one in archive.infolist()), default=0):
        yield "there are bytes before the first member or behind the end"


def unlike(archive: zipfile.ZipFile, lines: list[list[str]]) -> Iterator[str]:
    """What of the members is not as the manifest says."""
    found = {one.filename: measured(archive, one.filename) for one in archive.infolist()}
    listed = {name for kind, _, _, name in lines if kind == "file"}
    for name in sorted(set(found) - listed - UNLISTED):
        yield f"{name}: is not in the manifest"
    for kind, digest, number, name in lines:
        if kind == "file" and found.get(name, ("", 0, ""))[:2] != (digest, int(number)):
            yield f"{name}: was changed" if name in found else f"{name}: is missing"
        if kind == "table" and found.get(f"{name}.rows", ("", 0, ""))[1:] != (int(number) * 32, digest):
            yield f"{name}: the leaves of its rows do not lead to its root"


def signature(statement: bytes, envelope: dict[str, Any], pem: bytes, trusted: bytes | None) -> bool | None:
    """Whether the key has signed; None where no library can tell."""
    if trusted is not None and trusted.split() != pem.split():
        say("KEY.pem: is another key than the one that you trust")
        return False
    if not LIBRARY:
        return None
    kind = envelope["payloadType"].encode()
    signed = b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(statement), statement)
    try:
        key = load_pem_public_key(pem)
        if not isinstance(key, Ed25519PublicKey):
            return False
        key.verify(base64.b64decode(envelope["signatures"][0]["sig"]), signed)
    except (InvalidSignature, ValueError):
        return False
    return True


def main(path: str, trusted: bytes | None = None) -> int:
    """Check a file; the exit code."""
    with zipfile.ZipFile(path) as archive:
        wrong = list(strange(archive))
        if wrong or any(archive.getinfo(name).file_size > WHOLE for name in UNLISTED):
            for line in wrong:
                say(line)
            return 10
        manifest, envelope = archive.read("MANIFEST"), json.loads(archive.read("ENVELOPE.json"))
        statement = base64.b64decode(envelope["payload"])
        said = json.loads(statement)
        lines = [line.split(" ") for line in manifest.decode().splitlines()]
        wrong += unlike(archive, lines)
        leaves = (hashlib.sha256(b"\0" + line).digest() for line in manifest.splitlines())
        if said["subject"][0]["digest"]["sha256"] != hashlib.sha256(manifest).hexdigest():
            wrong.append("MANIFEST: is not the one that was signed")
        if said["predicate"]["root"] != root(leaves).hex():
            wrong.append("MANIFEST: does not lead to the root that was signed")
        fits = signature(statement, envelope, archive.read("KEY.pem"), trusted)
    if fits is False:
        wrong.append("ENVELOPE.json: the signature does not fit")
    for line in wrong:
        say(line)
    say(f"root {said['predicate']['root']}, sealed at {said['predicate']['sealed_at']}")
    if not wrong and fits is None:
        say("the signature was not checked: install cryptography, or use openssl as docs/verify.md says")
    say("NOT as it was sealed" if wrong else "every member is as it was sealed")
    return 10 if wrong else 11 if fits is None else 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1], Path(sys.argv[2]).read_bytes() if sys.argv[2:] else None))
    except (zipfile.BadZipFile, OSError, KeyError, ValueError, IndexError, RuntimeError, NotImplementedError) as fault:
        say(f"NOT a sealed case that can be read: {fault}")
        sys.exit(10)
