"""Are STIX objects read for what can be looked for, and is the rest of them listed?"""

import json
from datetime import UTC, datetime

from cloison.hunt.intel import Reading, read_indicators

MD5 = "00112233445566778899aabbccddeeff"
SHA256 = MD5 + "ffeeddccbbaa99887766554433221100"
UUID = "11111111-2222-4333-8444-555555555555"
AMBER = "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421"


def indicator(pattern: str, **more: object) -> dict[str, object]:
    return {
        "type": "indicator",
        "id": f"indicator--{UUID}",
        "pattern": pattern,
        "pattern_type": "stix",
        "valid_from": "2024-01-02T00:00:00Z",
    } | more


def read(*objects: dict[str, object]) -> Reading:
    bundle = {"type": "bundle", "id": f"bundle--{UUID}", "objects": list(objects)}
    return read_indicators(json.dumps(bundle).encode(), origin="b.json")


def keys(pattern: str) -> list[tuple[str, str]]:
    return [(one.kind.value, one.value) for one in read(indicator(pattern)).indicators]


def reasons(*objects: dict[str, object]) -> list[str]:
    return [one.why for one in read(*objects).not_understood]


def test_an_indicator_keeps_what_is_said_of_it() -> None:
    said = indicator(
        "[domain-name:value = 'evil.example']",
        name="C2",
        description="seen in mail",
        valid_until="2024-02-03T04:05:06.5Z",
        object_marking_refs=[AMBER],
    )
    (one,) = read(said).indicators
    assert (one.kind.value, one.value, one.context, one.tlp) == ("domain", "evil.example", "C2 seen in mail", "amber")
    assert (one.origin, one.place) == ("b.json", f"indicator--{UUID}")
    assert one.valid_from == datetime(2024, 1, 2, tzinfo=UTC)
    assert one.valid_until == datetime(2024, 2, 3, 4, 5, 6, 500_000, tzinfo=UTC)


def test_each_property_has_its_kind() -> None:
    assert keys("[ipv4-addr:value = '192.0.2.7'] OR [ipv6-addr:value = '2001:db8::1']") == [
        ("ip", "192.0.2.7"),
        ("ip", "2001:db8::1"),
    ]
    assert keys("[ipv4-addr:value ISSUBSET '198.51.100.0/24']") == [("cidr", "198.51.100.0/24")]
    assert keys("[url:value = 'http://evil.example/a?b=(c).d']") == [("url", "http://evil.example/a?b=(c).d")]
    assert keys(f"[file:hashes.'SHA-256' = '{SHA256}' OR file:hashes.MD5 = '{MD5}']") == [
        ("sha256", SHA256),
        ("md5", MD5),
    ]
    assert keys("[email-message:from_ref.value = 'm@evil.example']") == [("email", "m@evil.example")]
    assert keys("[user-account:account_login = 'svc-X']") == [("account", "svc-x")]
    assert keys("[autonomous-system:number = 64500]") == [("as_number", "AS64500")]
    agent = "[network-traffic:extensions.'http-request-ext'.request_header.'User-Agent' = 'Evil/1 (it\\'s)']"
    assert keys(agent) == [("user_agent", "Evil/1 (it's)")]
    assert keys("[network-traffic:dst_ref.type = 'ipv4-addr' AND network-traffic:dst_ref.value = '192.0.2.7']") == [
        ("ip", "192.0.2.7")
    ]


def test_in_like_and_matches_where_one_value_says_them() -> None:
    assert keys("[domain-name:value IN ('a.example', 'b.example')]") == [
        ("domain", "a.example"),
        ("domain", "b.example"),
    ]
    assert keys("[domain-name:value LIKE '%.evil.example']") == [("domain", "evil.example")]
    assert keys("[url:value LIKE 'http://evil.example/%']") == [("domain", "evil.example")]
    assert keys(r"[domain-name:value MATCHES '^(.*\\.)?evil\\.example$']") == [("domain", "evil.example")]
    assert keys(r"[file:name MATCHES '^drop\\.exe$']") == [("file_name", "drop.exe")]
    for unsaid in (
        "[url:value LIKE '%/gate.php']",
        "[file:name LIKE 'drop%']",
        r"[domain-name:value MATCHES 'ev[i1]l\\.example']",
        "[domain-name:value != 'evil.example']",
        "[NOT domain-name:value = 'evil.example']",
        "[file:size > 42]",
        "[EXISTS file:name]",
        "[windows-registry-key:key = 'HKLM']",
        "[x509-certificate:hashes.MD5 = '00112233445566778899aabbccddeeff']",
    ):
        reading = read(indicator(unsaid))
        assert (reading.indicators, len(reading.not_understood)) == ((), 1), unsaid


def test_what_an_and_joins() -> None:
    reading = read(indicator(f"[file:name = 'Drop.exe' AND file:hashes.MD5 = '{MD5}' AND file:size > 42]"))
    assert [(one.value, one.context, one.repairs) for one in reading.indicators] == [
        (MD5, "Drop.exe", ("read apart from what an AND joins to it",))
    ]
    assert [one.text for one in reading.not_understood] == ["file:size > 42"]
    alone = "counts only together with other values, and alone it would be seen everywhere"
    assert reasons(indicator("[file:name = 'svchost.exe' AND file:parent_directory_ref.path = 'C:\\\\Temp']")) == [
        alone,
        "a property that can be looked for nowhere",
    ]


def test_qualifiers_are_noted() -> None:
    (one, other) = read(
        indicator("([domain-name:value = 'a.example'] FOLLOWEDBY [ipv4-addr:value = '192.0.2.7']) WITHIN 5 SECONDS")
    ).indicators
    assert (one.value, other.value) == ("a.example", "192.0.2.7")
    assert "read without the order or time that the pattern asks for" in one.repairs


def test_what_does_not_count_is_listed() -> None:
    assert reasons(indicator("[domain-name:value = 'evil.example']", revoked=True)) == ["revoked by who published it"]
    assert reasons(indicator("rule x {}", pattern_type="yara")) == ["a rule in yara, which is no list of values"]
    assert reasons(indicator("[domain-name:value = ")) == ["no STIX pattern: it ends too early"]
    malware: dict[str, object] = {"type": "malware", "id": f"malware--{UUID}", "name": "x"}
    assert reasons(malware) == ["a kind of object that gives no value to look for"]


def test_the_newest_version_counts() -> None:
    old = indicator("[domain-name:value = 'old.example']", modified="2024-01-01T00:00:00Z")
    new = indicator("[domain-name:value = 'new.example']", modified="2024-01-02T00:00:00Z")
    assert [one.value for one in read(new, old).indicators] == ["new.example"]


def test_observed_objects_count_as_they_stand() -> None:
    reading = read(
        {"type": "ipv4-addr", "id": f"ipv4-addr--{UUID}", "value": "192.0.2.0/24"},
        {"type": "file", "id": f"file--{UUID}", "name": "drop.exe", "hashes": {"MD5": MD5, "SSDEEP": "3:a:b"}},
        {"type": "file", "id": "file--11111111-2222-4333-8444-555555555556", "name": "Other.EXE"},
        {"type": "observed-data", "id": f"observed-data--{UUID}", "objects": {"0": {"type": "url", "value": "http://evil.example/"}}},
        {"type": "mutex", "id": f"mutex--{UUID}", "name": "m"},
    )  # fmt: skip
    assert [(one.kind.value, one.value, one.context) for one in reading.indicators] == [
        ("cidr", "192.0.2.0/24", ""),
        ("md5", MD5, "drop.exe"),
        ("file_name", "other.exe", ""),
        ("url", "http://evil.example/", ""),
    ]
    assert [one.text for one in reading.not_understood] == ["SSDEEP 3:a:b", "m"]


def test_an_envelope_and_a_marking_of_its_own() -> None:
    marking = {
        "type": "marking-definition",
        "id": f"marking-definition--{UUID}",
        "definition_type": "tlp",
        "definition": {"tlp": "red"},
    }
    said = indicator("[domain-name:value = 'evil.example']", object_marking_refs=[f"marking-definition--{UUID}"])
    data = json.dumps({"more": False, "objects": [marking, said]}).encode()
    (one,) = read_indicators(data, origin="e").indicators
    assert one.tlp == "red"
