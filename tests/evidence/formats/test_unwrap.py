"""What do envelopes carry: nested, as JSON text, or in Base64?"""

from base64 import b64encode

import pytest

from cloison.evidence.formats.unwrap import inside

CARRIED = {
    "nested": {"detail": {"a": 1}},
    "as text": {"message": ' {"a": 1}'},
    "in Base64": {"data": b64encode(b'{"a": 1}').decode()},
    "in Base64, spaced": {"data": b64encode(b'{\n  "a": 1}').decode()},
}
NOTHING = {
    "a token": {"data": "eyJhbGciOiJub25lIn0.eyJhIjoxfQ."},
    "Base64 of no object": {"data": b64encode(b'{"a": ').decode()},
    "a word that begins alike": {"message": "eyelid"},
    "Base64 of bytes": {"data": b64encode(b'{"\xff').decode()},
    "text": {"message": "a: 1"},
    "a list": {"data": [{"a": 1}]},
}


@pytest.mark.parametrize("envelope", CARRIED.values(), ids=CARRIED)
def test_an_object_is_found(envelope: dict[str, object]) -> None:
    assert list(inside(envelope)) == [{"a": 1}]


@pytest.mark.parametrize("envelope", NOTHING.values(), ids=NOTHING)
def test_what_is_no_object_is_left(envelope: dict[str, object]) -> None:
    assert list(inside(envelope)) == []
