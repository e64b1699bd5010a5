"""What does an envelope carry, and is anything in it taken for what it is not?"""

import base64

import pytest

from cloison.evidence.formats.unwrap import inside

HIDDEN = base64.b64encode(b'{"a": "0123456789"}').decode()


@pytest.mark.parametrize(
    ("envelope", "carried"),
    [
        ({"message": '{"a": 1}'}, [{"a": 1}]),
        ({"message": " a line \n"}, ["a line"]),
        ({"message": "a line", "event": {"original": '{"a": 1}'}}, [{"original": '{"a": 1}'}, {"a": 1}, "a line"]),
        ({"data": HIDDEN}, [{"a": "0123456789"}]),
        ({"message": HIDDEN}, [HIDDEN]),
        ({"data": "no base64 at all"}, ["no base64 at all"]),
        ({"data": base64.b64encode(b"\xff" * 20).decode()}, [base64.b64encode(b"\xff" * 20).decode()]),
        ({"MESSAGE": [104, 105]}, ["hi"]),
        ({"MESSAGE": [104, 256]}, []),
        ({"MESSAGE": []}, []),
        ({"message": '{"torn'}, ['{"torn']),
        ({"message": 7, "log": None}, []),
        ({"unheard": '{"a": 1}'}, []),
    ],
)
def test_an_envelope_carries(envelope: dict[str, object], carried: list[object]) -> None:
    assert list(inside(envelope)) == carried
