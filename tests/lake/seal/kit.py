"""What do the tests of seals need: a small case of synthetic logs, sealed once, and what is found in a changed copy?"""

import hashlib
import io
import tempfile
import zlib
from collections.abc import Callable
from pathlib import Path

from tests.service.harness import access_lines, cloison, okta_lines

from cloison.lake.engine import open_engine
from cloison.lake.seal import container, envelope, integrity, manifest, merkle
from cloison.lake.seal.container import Entry
from cloison.lake.seal.envelope import Sealed
from cloison.lake.seal.integrity import Checked
from cloison.lake.seal.manifest import Line
from cloison.lake.seal.members import BLOCKS, ENVELOPE, KEY, MANIFEST
from cloison.lake.seal.reading import Damage, layout

AT = "2025-03-05T00:00:00Z"
EXPOSED = "system,kind,credential_uid,principal\nokta,password,,user3@corp.example\nokta,api_token,00tABC,svc-build\n"
TOTALS = "system,resource_kind,total\njira,ticket,2059\n"
NETWORKS = "network,label\n192.0.2.0/24,office\n"
INDICATORS = "198.51.100.7\n"


def small_case(folder: Path) -> Path:
    """A case of a few hundred records, with all that can be given; its evidence lies in `folder/logs`."""
    logs = folder / "logs"
    logs.mkdir(parents=True)
    (logs / "okta.jsonl").write_bytes(okta_lines(range(120)))
    (logs / "access.log").write_bytes(access_lines(range(90)))
    given = {"exposed": EXPOSED, "totals": TOTALS, "networks": NETWORKS, "indicators": INDICATORS}
    words = []
    for name, text in given.items():
        path = folder / f"{name}.{'txt' if name == 'indicators' else 'csv'}"
        path.write_text(text, encoding="utf-8")
        words += [f"--{name}", str(path)]
    ran = cloison("investigate", folder / "case", "--evidence", logs, *words, "--no-detect", "-q")
    assert ran.code == 0, ran.err
    return folder / "case"


def sealed(case: Path, out: Path, *words: "str | Path") -> Path:
    """A case, sealed at a fixed time with a key beside the file."""
    ran = cloison("seal", case, "-o", out, "--key", out.parent / "key.pem", "--at", AT, "-q", *words)
    assert ran.code == 0, ran.err
    return out


def entries(path: Path) -> dict[str, Entry]:
    with path.open("rb") as file:
        found = layout(file)
    assert found is not None
    return {one.name: one for one in found.entries}


def checked(raw: bytes, trusted: str = "") -> Checked | None:
    """What is found in the bytes of a file."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name, "a.seal")
        path.write_bytes(raw)
        folder = Path(name, "work")
        folder.mkdir()
        engine = open_engine()
        try:
            return integrity.check(path, engine, folder, trusted)
        finally:
            engine.close()


def damage_of(raw: bytes) -> tuple[Damage, ...]:
    found = checked(raw)
    assert found is not None
    return found.damage


def changed(raw: bytes, at: int, change: Callable[[int], int]) -> bytes:
    """The bytes with one of them changed."""
    return raw[:at] + bytes([change(raw[at])]) + raw[at + 1 :]


def members(seal: Path, raw: bytes) -> dict[str, bytes]:
    return {one.name: raw[one.begins : one.ends] for one in entries(seal).values()}


def written(held: dict[str, bytes]) -> bytes:
    """A well-formed file of these members."""
    measured = [(name, len(data), zlib.crc32(data)) for name, data in held.items()]
    out = io.BytesIO()
    assert container.write(out, container.laid_out(measured), lambda name: [held[name]]) == ""
    return out.getvalue()


def resigned(held: dict[str, bytes], lines: list[Line] | None = None) -> bytes:
    """The members with a manifest of their own and the signature of somebody else's key."""
    key = envelope.new_key(hashlib.sha256(b"somebody").digest())
    held = {name: data for name, data in held.items() if name not in {ENVELOPE, MANIFEST, BLOCKS}}
    held[KEY] = envelope.public_pem(key.public_key())
    told = manifest.read(written_lines(held))[0] if lines is None else lines
    text = manifest.written(told)
    sealed = Sealed(manifest.root(text).hex(), len(told), "2025-03-05T00:00:00Z", "0", "0")
    return written(held | {MANIFEST: text, ENVELOPE: envelope.signed(text, sealed, key)})


def written_lines(held: dict[str, bytes]) -> bytes:
    lines = [Line("file", hashlib.sha256(data).hexdigest(), len(data), name) for name, data in held.items()]
    for name, data in held.items():
        if name.endswith(".rows"):
            leaves = [data[at : at + 32] for at in range(0, len(data), 32)]
            lines.append(Line("table", merkle.root(leaves).hex(), len(leaves), name.removesuffix(".rows")))
    return manifest.written(lines)
