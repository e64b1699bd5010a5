"""How does a test push events?"""

import json
import socket
import urllib.error
import urllib.request
from typing import Any

TOKEN = "a-token-of-a-test-run"


def post(url: str, body: bytes, *, token: str = TOKEN, **headers: str) -> tuple[int, Any]:
    """Post a body; the answer's code and what it says."""
    said = {"Authorization": f"Bearer {token}"} | {name.replace("_", "-"): value for name, value in headers.items()}
    asked = urllib.request.Request(url, body, said)
    try:
        with urllib.request.urlopen(asked, timeout=20) as answer:
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as answer:
        return answer.code, json.loads(answer.read())


def address(said: str) -> tuple[str, int]:
    """Host and port of a note such as `udp://127.0.0.1:5140`."""
    host, _, port = said.rpartition("//")[2].partition("/")[0].rpartition(":")
    return host, int(port)


def datagram(where: tuple[str, int], message: bytes) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.sendto(message, where)


def stream(where: tuple[str, int], *pieces: bytes) -> None:
    with socket.create_connection(where, timeout=20) as sender:
        for piece in pieces:
            sender.sendall(piece)
