"""Are MISP events read for what they mean for detection, and is the rest of them listed?"""

import json

import pytest

from cloison.errors import InputError
from cloison.hunt.intel import Reading, read_indicators

MD5 = "00112233445566778899aabbccddeeff"


def attribute(kind: str, value: str, **more: object) -> dict[str, object]:
    return {"uuid": "u1", "type": kind, "value": value, "to_ids": True, "comment": ""} | more


def read(document: object) -> Reading:
    return read_indicators(json.dumps(document).encode(), origin="m.json")


def test_attributes_alone_and_in_objects() -> None:
    reading = read(
        {
            "Event": {
                "info": "a campaign",
                "Tag": [{"name": "tlp:amber"}],
                "Attribute": [
                    attribute("ip-dst|port", "192.0.2.7|443"),
                    attribute("domain", "evil.example", comment="c2", Tag=[{"name": "tlp:red"}]),
                    attribute("AS", "64500"),
                    attribute("ja3-fingerprint-md5", MD5),
                ],
                "Object": [{"name": "file", "Attribute": [attribute("filename|md5", f"drop.exe|{MD5}", uuid="u2")]}],
            }
        }
    )
    assert [(one.kind.value, one.value, one.context, one.tlp, one.place) for one in reading.indicators] == [
        ("ip", "192.0.2.7", "a campaign", "amber", "u1"),
        ("domain", "evil.example", "c2", "red", "u1"),
        ("as_number", "AS64500", "a campaign", "amber", "u1"),
        ("ja3", MD5, "a campaign", "amber", "u1"),
        ("md5", MD5, "drop.exe a campaign", "amber", "u2"),
    ]
    assert reading.not_understood == ()


def test_what_is_not_for_detection_is_listed() -> None:
    reading = read(
        [
            {
                "Event": {
                    "Attribute": [
                        attribute("domain", "news.example", to_ids=False),
                        attribute("domain", "gone.example", deleted=True),
                        attribute("imphash", MD5),
                        attribute("x509-fingerprint-md5", MD5),
                        attribute("mutex", "m"),
                        attribute("never-heard-of", "evil.example"),
                    ],
                    "Object": [{"deleted": True, "Attribute": [attribute("domain", "old.example")]}],
                    "EventReport": [{"uuid": "r", "name": "the story", "content": "evil.example"}],
                }
            }
        ]
    )
    assert reading.indicators == ()
    assert [(one.text, one.why) for one in reading.not_understood] == [
        ("news.example", "not meant for detection (to_ids is off)"),
        ("gone.example", "deleted by who published it"),
        (MD5, "imphash: a kind that can be looked for nowhere"),
        (MD5, "x509-fingerprint-md5: a kind that can be looked for nowhere"),
        ("m", "mutex: a kind that can be looked for nowhere"),
        ("evil.example", "never-heard-of: a kind that can be looked for nowhere"),
        ("old.example", "deleted by who published it"),
        ("the story", "a written report: give its text as a file of its own"),
    ]


@pytest.mark.parametrize(
    "document",
    [
        {"response": [{"Event": {"Attribute": [attribute("domain", "evil.example")]}}]},
        {"response": {"Attribute": [attribute("domain", "evil.example")]}},
        {"Attribute": [attribute("domain", "evil.example")]},
        [{"Event": {"Attribute": attribute("domain", "evil.example")}}],
    ],
)
def test_every_wrapping(document: object) -> None:
    assert [one.value for one in read(document).indicators] == ["evil.example"]


def test_a_csv_export() -> None:
    text = (
        "uuid,event_id,category,type,value,comment,to_ids,date,attribute_tag\n"
        'u,1,Network activity,ip-dst,192.0.2.7,c2,1,20240102,"x:y,tlp:green"\n'
        f"u,1,Payload delivery,imphash,{MD5},,1,20240102,\n"
        "u,1,Network activity,domain,news.example,,0,20240102,\n"
    )
    reading = read_indicators(text.encode(), origin="m.csv")
    assert [(one.value, one.context, one.tlp) for one in reading.indicators] == [("192.0.2.7", "c2", "green")]
    assert [one.why for one in reading.not_understood] == [
        "imphash: a kind that can be looked for nowhere",
        "not meant for detection (to_ids is off)",
    ]


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (json.dumps({"u": {"info": "x", "Orgc": {"name": "o"}}}).encode(), "manifest"),
        (f"{MD5},11111111-2222-4333-8444-555555555555\n".encode(), "hashes of values"),
    ],
)
def test_what_a_feed_holds_beside_its_events(data: bytes, what: str) -> None:
    with pytest.raises(InputError, match=what):
        read_indicators(data, origin="feed")
