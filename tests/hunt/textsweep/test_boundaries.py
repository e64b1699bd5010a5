"""Is an indicator sighted where it stands alone, and nowhere else?"""

import pytest

from cloison.hunt.textsweep import TextSweep
from cloison.model.indicator import Indicator, IndicatorKind

CASES: list[tuple[str, str, str, list[str]]] = [
    # kind, value, text, the pieces of text that are sightings
    ("ip", "192.0.2.7", "192.0.2.7", ["192.0.2.7"]),
    ("ip", "192.0.2.7", '"192.0.2.7"', ["192.0.2.7"]),
    ("ip", "192.0.2.7", "192.0.2.7:443", ["192.0.2.7"]),
    ("ip", "192.0.2.7", "src=192.0.2.7,dst=192.0.2.7", ["192.0.2.7", "192.0.2.7"]),
    ("ip", "192.0.2.7", "::ffff:192.0.2.7", ["::ffff:192.0.2.7"]),
    ("ip", "192.0.2.7", "[::FFFF:192.0.2.7]:443", ["::FFFF:192.0.2.7"]),
    ("ip", "192.0.2.7", "::ffff:c000:207", ["::ffff:c000:207"]),
    ("ip", "192.0.2.7", "0:0:0:0:0:ffff:c000:0207", ["0:0:0:0:0:ffff:c000:0207"]),
    ("ip", "192.0.2.7", "The end is 192.0.2.7.", ["192.0.2.7"]),
    ("ip", "192.0.2.7", "addr:192.0.2.7", ["192.0.2.7"]),
    ("ip", "192.0.2.7", "443:192.0.2.7", ["192.0.2.7"]),
    ("ip", "192.0.2.7", "192.0.2.7-192.0.2.9", ["192.0.2.7"]),
    ("ip", "192.0.2.7", "192.0.2.7/24", ["192.0.2.7"]),
    ("ip", "192.0.2.7", "\u201c192.0.2.7\u201d", ["192.0.2.7"]),
    ("ip", "192.0.2.7", '{"ip":"\\n192.0.2.7\\n"}', ["192.0.2.7"]),
    ("ip", "192.0.2.7", "ip%3D192.0.2.7%20", ["192.0.2.7"]),
    ("ip", "192.0.2.7", "192%2E0%2E2%2E7", ["192%2E0%2E2%2E7"]),
    ("ip", "192.0.2.7", "\\x22192.0.2.7\\x22", ["192.0.2.7"]),
    ("ip", "192.0.2.7", "1192.0.2.7", []),
    ("ip", "192.0.2.7", "192.0.2.71", []),
    ("ip", "192.0.2.7", "192.0.2.7.5", []),
    ("ip", "192.0.2.7", "5.192.0.2.7", []),
    ("ip", "192.0.2.7", "v192.0.2.7", []),
    ("ip", "192.0.2.7", "192.0.2.7a", []),
    ("ip", "192.0.2.7", "192.0.2.7.host.example", []),
    ("ip", "192.0.2.7", "2001:db8::192.0.2.7", []),
    ("ip", "192.0.2.7", "192.000.002.007", []),
    ("ip", "201.2.3.4", "q=%201.2.3.4", []),
    ("ip", "2001:db8::1", "2001:db8::1", ["2001:db8::1"]),
    ("ip", "2001:db8::1", "2001:0DB8::0001", ["2001:0DB8::0001"]),
    ("ip", "2001:db8::1", "2001:db8:0:0:0:0:0:1", ["2001:db8:0:0:0:0:0:1"]),
    ("ip", "2001:db8::1", "[2001:db8::1]:443", ["2001:db8::1"]),
    ("ip", "2001:db8::1", "fe80::9 2001:db8::1%eth0", ["2001:db8::1"]),
    ("ip", "2001:db8::1", "addr:2001:db8::1", ["2001:db8::1"]),
    ("ip", "2001:db8::1", "at 2001:db8::1.", ["2001:db8::1"]),
    ("ip", "2001:db8::1", "2001%3Adb8%3A%3A1", ["2001%3Adb8%3A%3A1"]),
    ("ip", "2001:db8::1", "%5B2001:db8::1%5D", ["2001:db8::1"]),
    ("ip", "2001:db8::1", "2001:db8::12", []),
    ("ip", "2001:db8::1", "12001:db8::1", []),
    ("ip", "2001:db8::1", "2001:db8::1:1", []),
    ("ip", "2001:db8::1", "x2001:db8::1", []),
    ("cidr", "198.51.100.0/28", "198.51.100.15", ["198.51.100.15"]),
    ("cidr", "198.51.100.0/28", "198.51.100.0:80", ["198.51.100.0"]),
    ("cidr", "198.51.100.0/28", "::ffff:198.51.100.1", ["::ffff:198.51.100.1"]),
    ("cidr", "198.51.100.0/28", "198.51.100.16", []),
    ("cidr", "198.51.100.0/28", "198.51.100.1.2", []),
    ("cidr", "128.0.0.0/2", "191.255.255.255 192.0.2.1", ["191.255.255.255"]),
    ("cidr", "2001:db8:1::/48", "2001:DB8:1:ffff::9", ["2001:DB8:1:ffff::9"]),
    ("cidr", "2001:db8:1::/48", "2001:db8:2::", []),
    ("range", "203.0.113.5-203.0.113.9", "203.0.113.4 203.0.113.5", ["203.0.113.5"]),
    ("range", "203.0.113.5-203.0.113.9", "203.0.113.9 203.0.113.10", ["203.0.113.9"]),
    ("range", "2001:db8::5-2001:db8::9", "2001:db8::4 2001:db8::9 2001:db8::a", ["2001:db8::9"]),
    ("domain", "evil.example", "evil.example", ["evil.example"]),
    ("domain", "evil.example", "EVIL.Example", ["EVIL.Example"]),
    ("domain", "evil.example", "a.b.evil.example", ["evil.example"]),
    ("domain", "evil.example", "evil.example.", ["evil.example"]),
    ("domain", "evil.example", "evil.example:443", ["evil.example"]),
    ("domain", "evil.example", "http://evil.example/path", ["evil.example"]),
    ("domain", "evil.example", "m@evil.example", ["evil.example"]),
    ("domain", "evil.example", "- evil.example -", ["evil.example"]),
    ("domain", "evil.example", "_evil.example_", ["evil.example"]),
    ("domain", "evil.example", '{"q":"\\nevil.example"}', ["evil.example"]),
    ("domain", "evil.example", '{"q":"a\\u0026evil.example"}', ["evil.example"]),
    ("domain", "evil.example", '{"u":"http:\\/\\/evil.example\\/"}', ["evil.example"]),
    ("domain", "evil.example", "host%3Devil.example", ["evil.example"]),
    ("domain", "evil.example", "host%253Devil.example", ["evil.example"]),
    ("domain", "evil.example", "evil%2Eexample", ["evil%2Eexample"]),
    ("domain", "evil.example", "%65vil.example", ["%65vil.example"]),
    ("domain", "evil.example", "\\\\nevil.example", ["evil.example"]),
    ("domain", "evil.example", "notevil.example", []),
    ("domain", "evil.example", "not-evil.example", []),
    ("domain", "evil.example", "evil.example.com", []),
    ("domain", "evil.example", "evil.examples", []),
    ("domain", "evil.example", "evil.example-mail.com", []),
    ("domain", "evil.example", "evilxexample", []),
    ("domain", "evil.example", "\u00e9evil.example", []),
    ("domain", "xn--bcher-kva.example", "xn--bcher-kva.example", ["xn--bcher-kva.example"]),
    ("domain", "xn--bcher-kva.example", "a.B\u00dcCHER.example", ["B\u00dcCHER.example"]),
    ("domain", "xn--bcher-kva.example", "\u201cb\u00fccher.example\u201d", ["b\u00fccher.example"]),
    ("domain", "xn--bcher-kva.example", '"b\\u00fccher.example"', ["b\\u00fccher.example"]),
    ("domain", "xn--bcher-kva.example", "b%C3%BCcher.example", ["b%C3%BCcher.example"]),
    ("domain", "xn--bcher-kva.example", "einb\u00fccher.example", []),
    ("url", "http://evil.example/g.php", "GET http://evil.example/g.php HTTP/1.1", ["http://evil.example/g.php"]),
    ("url", "http://evil.example/g.php", "HTTP://EVIL.example/g.php?x=1", ["HTTP://EVIL.example/g.php"]),
    ("url", "http://evil.example/g.php", "http://evil.example:80/g.php", ["http://evil.example:80/g.php"]),
    ("url", "http://evil.example/g.php", "http:\\/\\/evil.example\\/g.php", ["http:\\/\\/evil.example\\/g.php"]),
    ("url", "http://evil.example/g.php", "u=http%3A%2F%2Fevil.example%2Fg.php", ["http%3A%2F%2Fevil.example%2Fg.php"]),
    ("url", "http://evil.example/g.php", "http://evil.example/g.php5", []),
    ("url", "http://evil.example/g.php", "https://evil.example/g.php", []),
    ("url", "http://evil.example/", "http://evil.example http://evil.example/", ["http://evil.example"] * 2),
    ("url", "http://evil.example/", "http://evil.example/other http://evil.example:81/", []),
    ("email", "m@evil.example", "<M@Evil.example>", ["M@Evil.example"]),
    ("email", "m@evil.example", "m%40evil.example", ["m%40evil.example"]),
    ("email", "m@evil.example", "m\\u0040evil.example", ["m\\u0040evil.example"]),
    ("email", "m@evil.example", "jim@evil.example j.m@evil.example x+m@evil.example", []),
    ("email", "m@evil.example", "m@evil.example.com", []),
    ("md5", "00112233445566778899aabbccddeeff", "MD5=00112233445566778899AABBCCDDEEFF;",
     ["00112233445566778899AABBCCDDEEFF"]),
    ("md5", "00112233445566778899aabbccddeeff", "000112233445566778899aabbccddeeff", []),
    ("file_name", "jvm-agent", "/opt/jvm-agent --x", ["jvm-agent"]),
    ("file_name", "jvm-agent", "C:\\\\tmp\\\\JVM-agent", ["JVM-agent"]),
    ("file_name", "jvm-agent", "jvm-agent.log my-jvm-agent jvm-agents", []),
    ("file_name", "bad file.exe", "ran 'bad file.exe'", ["bad file.exe"]),
    ("file_name", "\u043e\u0442\u0447\u0451\u0442.exe", "\u041e\u0422\u0427\u0401\u0422.exe",
     ["\u041e\u0422\u0427\u0401\u0422.exe"]),
    ("account", "svc-sheet", "CORP\\svc-sheet", ["svc-sheet"]),
    ("account", "svc-sheet", '"actor":"SVC-Sheet"', ["SVC-Sheet"]),
    ("account", "svc-sheet", "svc-sheet2 my.svc-sheet svc-sheet@corp.example", []),
    ("user_agent", "EvilClient/1.2", "UA: evilclient/1.2 (x)", ["evilclient/1.2"]),
    ("user_agent", "EvilClient/1.2", "EvilClient/1.20 EvilClient/1.2.3", []),
    ("credential", "AKxExample1", "key=AKxExample1", ["AKxExample1"]),
    ("credential", "AKxExample1", "key=akxexample1", []),
]  # fmt: skip


def pieces(indicators: list[Indicator], text: str) -> list[str]:
    raw = text.encode()
    found = TextSweep(indicators).block(raw)
    return [raw[one.offset : one.offset + one.length].decode() for one in found if one.indicator.origin == "case"]


@pytest.mark.parametrize(("kind", "value", "text", "expected"), CASES)
def test_one_indicator(kind: str, value: str, text: str, expected: list[str]) -> None:
    assert pieces([Indicator(IndicatorKind(kind), value, value, "case")], text) == expected


@pytest.mark.parametrize(("kind", "value", "text", "expected"), CASES)
def test_among_many_indicators(kind: str, value: str, text: str, expected: list[str]) -> None:
    others = [Indicator(IndicatorKind.FILE_NAME, f"other{n}.dat", "", "other") for n in range(50)]
    assert pieces([*others, Indicator(IndicatorKind(kind), value, value, "case")], text) == expected
