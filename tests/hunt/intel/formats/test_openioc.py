"""Is OpenIOC read by a parser that takes nothing from outside?"""

import pytest

from cloison.errors import InputError
from cloison.hunt.intel import read_indicators

MD5 = "00112233445566778899aabbccddeeff"
HEAD = '<?xml version="1.0" encoding="utf-8"?>\n<ioc xmlns="http://schemas.mandiant.com/2010/ioc" id="i">'


def item(search: str, content: str, condition: str = "is", more: str = "") -> str:
    return (
        f'<IndicatorItem id="{search}" condition="{condition}"{more}>'
        f'<Context document="x" search="{search}" type="mir"/>'
        f'<Content type="string">{content}</Content></IndicatorItem>'
    )


def test_items_by_their_terms() -> None:
    text = (
        f"{HEAD}<short_description>A tool</short_description><definition><Indicator operator='OR' id='a'>"
        f"{item('FileItem/Md5sum', MD5)}{item('Network/DNS', 'evil.example', 'contains')}"
        f"{item('PortItem/remoteIP', '192.0.2.7')}"
        f"{item('RegistryItem/Path', 'HKLM')}{item('FileItem/FileName', 'x', 'matches')}"
        f"{item('Network/DNS', 'good.example', more=' negate=&quot;true&quot;'.replace('&quot;', chr(34)))}"
        f"<Indicator operator='AND' id='b'>{item('FileItem/FileName', 'svchost.exe')}"
        f"{item('FileItem/Sha1sum', MD5 + '00112233')}"
        "</Indicator></Indicator></definition></ioc>"
    )
    reading = read_indicators(text.encode(), origin="o.ioc")
    assert [(one.kind.value, one.value, one.context, one.place) for one in reading.indicators] == [
        ("md5", MD5, "A tool", "FileItem/Md5sum"),
        ("domain", "evil.example", "A tool", "Network/DNS"),
        ("ip", "192.0.2.7", "A tool", "PortItem/remoteIP"),
        ("sha1", MD5 + "00112233", "svchost.exe A tool", "FileItem/Sha1sum"),
    ]
    assert [(one.text, one.why) for one in reading.not_understood] == [
        ("RegistryItem/Path is HKLM", "a term that can be looked for nowhere"),
        ("FileItem/FileName matches x", "no single value says this condition"),
        ("NOT Network/DNS is good.example", "no single value says this condition"),
        (
            "FileItem/FileName is svchost.exe",
            "counts only together with other values, and alone it would be seen everywhere",
        ),
    ]


def test_version_1_1() -> None:
    text = (
        '<OpenIOC xmlns="http://openioc.org/schemas/OpenIOC_1.1"><criteria><Indicator operator="OR">'
        f"{item('UrlHistoryItem/URL', 'http://evil.example/a')}</Indicator></criteria></OpenIOC>"
    )
    assert [one.value for one in read_indicators(text.encode(), origin="o").indicators] == ["http://evil.example/a"]


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (
            f'<?xml version="1.0"?><!DOCTYPE ioc [<!ENTITY l0 "ha">{LAUGHS}]><ioc>&l9;</ioc>',
            "document type or an entity",
        ),
        ('<?xml version="1.0"?><!DOCTYPE ioc SYSTEM "file:///etc/passwd"><ioc/>', "document type or an entity"),
        ("<ioc>" + "<a>" * 100_000, "nested more than 100 deep"),
        ("<ioc><definition>", "XML that cannot be read"),
        ('<?xml version="1.0"?><stix:STIX_Package xmlns:stix="x"/>', "XML that is no OpenIOC"),
    ],
)
def test_hostile_and_foreign_documents(text: str, what: str) -> None:
    with pytest.raises(InputError, match=what):
        read_indicators(text.encode(), origin="o")
