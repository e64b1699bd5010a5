"""What do envelopes carry: nested, as JSON text, in Base64, or as a line of text?"""

from base64 import b64encode

import pytest

from cloison.evidence.formats.unwrap import inside

HIDDEN = b64encode(b'{"a": "0123456789"}').decode()
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
    assert not [one for one in inside(envelope) if isinstance(one, dict)]


@pytest.mark.parametrize(
    ("envelope", "carried"),
    [
        ({"message": " a line \n"}, ["a line"]),
        ({"message": "a line", "event": {"original": '{"a": 1}'}}, [{"original": '{"a": 1}'}, {"a": 1}, "a line"]),
        ({"data": HIDDEN}, [{"a": "0123456789"}]),
        ({"data": b64encode(b"a line of text").decode()}, ["a line of text"]),
        ({"message": b64encode(b"a line of text").decode()}, [b64encode(b"a line of text").decode()]),
        ({"data": "no base64 at all"}, ["no base64 at all"]),
        ({"data": b64encode(b"\xff" * 20).decode()}, [b64encode(b"\xff" * 20).decode()]),
        ({"MESSAGE": [104, 105]}, ["hi"]),
        ({"MESSAGE": [104, 256]}, []),
        ({"MESSAGE": []}, []),
        ({"message": '{"torn'}, ['{"torn']),
        ({"message": 7, "log": None}, []),
        ({"unheard": '{"a": 1}'}, []),
    ],
)
def test_text_is_carried_behind_objects(envelope: dict[str, object], carried: list[object]) -> None:
    assert list(inside(envelope)) == carried
