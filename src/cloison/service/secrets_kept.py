"""Where is kept what opens the hidden cells of a seal, and how is it handed on and read back?"""

import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import msgspec

from cloison.errors import InputError
from cloison.lake.seal.hiding import SECRET_BYTES, Cell
from cloison.service.keys import write_private

FILE_BYTES = 1 << 30
"""A longer file of disclosed cells is not read."""


class _Head(msgspec.Struct, frozen=True):
    """The first line: of which seal, and what its salts are made from; who hands on single cells leaves it out."""

    root: str
    secret: str


@dataclass(frozen=True)
class Secrets:
    """A file of its own, which only its owner may read: the secret, and each hidden cell with its value and salt."""

    path: Path
    secret: bytes

    def write(self, root: str, cells: Iterable[Cell]) -> None:
        """Write the file anew.

        Raises:
            InputError: it cannot be written.
        """
        lines = [msgspec.json.encode(_Head(root, self.secret.hex())), *(msgspec.json.encode(one) for one in cells)]
        draft = self.path.with_name(f".{self.path.name}.draft")
        draft.unlink(missing_ok=True)
        write_private(draft, b"\n".join(lines) + b"\n")
        draft.replace(self.path)


def secrets_at(path: Path) -> Secrets:
    """The secrets in a file, or new ones to be kept there: with the same secret the same case is hidden alike.

    Raises:
        InputError: the file is there and holds none.
    """
    if not path.exists():
        return Secrets(path, secrets.token_bytes(SECRET_BYTES))
    try:
        with path.open("rb") as file:
            head = msgspec.json.decode(file.readline(1 << 12), type=_Head)
        secret = bytes.fromhex(head.secret)
    except (OSError, ValueError, msgspec.MsgspecError) as fault:
        raise InputError(
            f"holds no secrets of a seal: {fault}", where=str(path), remedy="name another file with --secrets"
        ) from fault
    if len(secret) != SECRET_BYTES:
        raise InputError("holds no whole secret", where=str(path), remedy="name another file with --secrets")
    return Secrets(path, secret)


def disclosed(path: Path) -> list[Cell]:
    """The cells in a file of secrets, or in some lines of one.

    Raises:
        InputError: a line is none.
    """
    cells = []
    try:
        if path.stat().st_size > FILE_BYTES:
            raise InputError(f"is larger than {FILE_BYTES} bytes", where=str(path))
        for number, line in enumerate(path.read_bytes().splitlines(), start=1):
            try:
                if line.strip() and not (number == 1 and "secret" in json.loads(line)):
                    cells.append(msgspec.json.decode(line, type=Cell))
            except ValueError as fault:
                raise InputError(
                    f"line {number} is no disclosed cell: {fault}", where=str(path), remedy="hand on whole lines"
                ) from fault
    except OSError as fault:
        raise InputError(f"cannot be read: {fault.strerror}", where=str(path)) from fault
    return cells
