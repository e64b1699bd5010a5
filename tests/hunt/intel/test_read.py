"""Are tables, lists, hosts files and written accounts read as what they are?"""

from datetime import UTC, datetime

import pytest

from cloison.errors import InputError
from cloison.hunt.intel import Reading, read_indicators

MD5 = "00112233445566778899aabbccddeeff"
SHA1 = "00112233445566778899aabbccddeeff00112233"
SHA256 = MD5 + "ffeeddccbbaa99887766554433221100"


def read(text: str) -> Reading:
    return read_indicators(text.encode(), origin="t")


def keys(text: str) -> list[tuple[str, str]]:
    return [(one.kind.value, one.value) for one in read(text).indicators]


def test_a_list_needs_no_defanging() -> None:
    text = (
        f"# feed\n192.0.2.7\nevil.example ; sink\n10.0.0.1\n198.51.100.0/24\n203.0.113.5-203.0.113.9\n{SHA1}\n// end\n"
    )
    assert keys(text) == [
        ("ip", "192.0.2.7"),
        ("domain", "evil.example"),
        ("ip", "10.0.0.1"),
        ("cidr", "198.51.100.0/24"),
        ("range", "203.0.113.5-203.0.113.9"),
        ("sha1", SHA1),
    ]
    assert read(text).indicators[1].context == "sink"


def test_a_list_says_what_it_did_not_understand() -> None:
    reading = read("192.0.2.7\nscript.py\n192.0.2.8\n0123456789abcdef0123456789\n192.0.2.9\n")
    assert len(reading.indicators) == 3
    assert [(one.place, one.text, one.why) for one in reading.not_understood] == [
        ("line 2", "script.py", "may be a file name: say which with a type column"),
        ("line 4", "0123456789abcdef0123456789", "26 hex characters are no known hash"),
    ]


def test_the_first_of_two_spellings_stays() -> None:
    (one,) = read("evil[.]example\nEVIL.example\n").indicators
    assert (one.original, one.repairs) == ("evil[.]example", ("defanged dot",))


def test_a_hosts_file() -> None:
    reading = read("127.0.0.1 localhost\n0.0.0.0 bad.example ads.example # feed\n::1 localhost\n")
    assert [(one.value, one.context) for one in reading.indicators] == [
        ("bad.example", "feed"),
        ("ads.example", "feed"),
    ]
    assert {one.why for one in reading.not_understood} == {"the name of the machine itself"}


def test_a_table_with_types() -> None:
    text = (
        "indicator,type,description,valid_from,valid_until\n"
        'evil[.]example,domain,"mail, first",2024-01-02,2024-02-03T04:05:06Z\n'
        "script.py,filename,dropped,,\n"
        "script.py,domain,,,\n"
        "svc-Sheet,account,,,\n"
        "EvilClient/1.0 (x),user-agent,,soon,\n"
    )
    reading = read(text)
    assert [(one.kind.value, one.value) for one in reading.indicators] == [
        ("domain", "evil.example"),
        ("file_name", "script.py"),
        ("domain", "script.py"),
        ("account", "svc-sheet"),
        ("user_agent", "EvilClient/1.0 (x)"),
    ]
    first = reading.indicators[0]
    assert first.context == "mail, first"
    assert first.valid_from == datetime(2024, 1, 2, tzinfo=UTC)
    assert first.valid_until == datetime(2024, 2, 3, 4, 5, 6, tzinfo=UTC)
    assert [(one.place, one.text) for one in reading.not_understood] == [("line 6", "soon")]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_a_table_of_any_delimiter(delimiter: str) -> None:
    text = "\n".join(delimiter.join(row) for row in (("ioc", "kind"), ("192.0.2.7", "ipv4"), (MD5, "md5")))
    assert keys(text) == [("ip", "192.0.2.7"), ("md5", MD5)]


def test_a_commented_header_and_quoted_fields() -> None:
    header = '# a feed\n# "first_seen_utc","ioc_value","ioc_type"\n'
    text = f'{header}"2024-01-02","192.0.2.7:443","ip:port"\n"","{MD5}","md5"\n'
    assert keys(text) == [("ip", "192.0.2.7"), ("md5", MD5)]


def test_composite_values_are_taken_apart() -> None:
    reading = read(f"type,value\nfilename|md5,drop.exe|{MD5}\nip-dst|port,192.0.2.7|443\n")
    assert [(one.kind.value, one.value, one.context) for one in reading.indicators] == [
        ("md5", MD5, "drop.exe"),
        ("ip", "192.0.2.7", ""),
    ]


def test_a_cell_of_several_values() -> None:
    assert keys('indicator,type\n"192.0.2.7<br>192.0.2.8, 192.0.2.9",ip\n') == [
        ("ip", "192.0.2.7"),
        ("ip", "192.0.2.8"),
        ("ip", "192.0.2.9"),
    ]


def test_a_value_that_contradicts_its_type() -> None:
    reading = read("indicator,type\nevil.example,sha256\n")
    assert reading.indicators == ()
    assert reading.not_understood[0].why == "said to be a sha256, reads as a domain"


ACCOUNT = f"""A quiet intrusion

On 22 November 10:44 the actor came in, and script.py was run. Visit 192.0.2.99 to start.

Indicators of compromise
Indicator Type SHA256 Description
192.0.2[.]7 IPv4 n/a Main
infrastructure, rented
evil[.].example Domain n/a Server
jvm-agent File name {SHA256[:32]} {SHA256[32:]} Payload
We protect networks of every size, help people to build applications and keep what is theirs.

Ask 203.0.113.1 from any device.
Jo Doe|@jodoe
"""


def test_a_written_account() -> None:
    reading = read(ACCOUNT)
    assert [(one.kind.value, one.value, one.original, one.repairs, one.context) for one in reading.indicators] == [
        ("ip", "192.0.2.7", "192.0.2[.]7", ("defanged dot",), "IPv4 n/a Main infrastructure, rented"),
        ("domain", "evil.example", "evil[.].example", ("misplaced dot",), "Domain n/a Server"),
        (
            "sha256",
            SHA256,
            f"{SHA256[:32]} {SHA256[32:]}",
            ("hash joined from its parts",),
            "jvm-agent File name Payload",
        ),
    ]
    assert [(one.place, one.text) for one in reading.not_understood] == [
        ("line 3", "192.0.2.99"),
        ("line 13", "203.0.113.1"),
    ]


def test_an_account_that_defangs_nothing() -> None:
    text = f"The actor used 192.0.2.7 and https://evil.example/x, ran script.py from README.md on 10.0.0.1; file {MD5}."
    reading = read(text)
    assert [(one.kind.value, one.value, one.repairs) for one in reading.indicators] == [
        ("ip", "192.0.2.7", ("not defanged",)),
        ("url", "https://evil.example/x", ("not defanged",)),
        ("ip", "10.0.0.1", ("not defanged",)),
        ("md5", MD5, ()),
    ]
    assert reading.not_understood == ()


def test_two_hashes_on_two_lines_stay_two() -> None:
    text = f"The files that were found on the server are these two here:\n{MD5}\n{MD5[::-1]}\n"
    assert keys(text) == [("md5", MD5), ("md5", MD5[::-1])]


def test_a_hash_cut_by_a_line_end_is_joined() -> None:
    text = f"The file that was found on the server, we are sure, is:\n{SHA256[:40]}\n{SHA256[40:]}\n"
    assert keys(text) == [("sha256", SHA256)]


def test_a_checksum_beside_a_hash_is_not_its_rest() -> None:
    assert keys(f"The files that were found on the server:\n{MD5} 89abcdef\n") == [("md5", MD5)]


def test_parts_that_add_up_to_nothing_stay_apart() -> None:
    assert keys(f"The file that was found on the server was {SHA256[:40]}\n{SHA256[40:60]}\n") == [
        ("sha1", SHA256[:40])
    ]


def test_a_markdown_table_knows_its_columns() -> None:
    text = (
        "Some words that open the account of what was seen.\n\n| Indicator | Type | Description |\n|---|---|---|\n"
        f"| `evil[.]example` | domain | server |\n| drop.py | filename | tool |\n| {MD5} | md5 | payload |\n"
    )
    assert [(one.kind.value, one.value, one.context) for one in read(text).indicators] == [
        ("domain", "evil.example", "server"),
        ("file_name", "drop.py", "tool"),
        ("md5", MD5, "payload"),
    ]


def test_mark_up_is_read_through() -> None:
    text = (
        "<table><tr><td>evil[.]example</td><td>a &amp; b</td></tr>\n"
        "<tr><td>192.0.2[.]7<br>192.0.2[.]8</td></tr></table>"
    )
    assert keys(text) == [("domain", "evil.example"), ("ip", "192.0.2.7"), ("ip", "192.0.2.8")]


def test_a_reference_is_no_indicator() -> None:
    text = "Indicators of compromise\n\nIt at https://news.example/a[the news] and\nhttps://news.example/b\n\nevil[.]example\n"
    assert keys(text) == [("domain", "evil.example")]


def test_a_shortened_hash_is_reported() -> None:
    reading = read("We saw abcdef0123... and evil[.]example in the logs that day.")
    assert [(one.text, one.why) for one in reading.not_understood] == [
        ("abcdef0123...", "a shortened hash cannot be compared")
    ]


@pytest.mark.parametrize("spelled", ["192.0.02.7", "0300.0.2.1", "198.051.100.7"])
def test_an_address_with_a_leading_zero_is_never_made_another(spelled: str) -> None:
    why = "a figure with a leading zero is decimal to some and octal to others: write the address without"
    for text, line in ((f"type,value\nip,{spelled}\n", 2), (f"203.0.113.1\n203.0.113.2\n{spelled}\n", 3)):
        reading = read(text)
        assert [(one.place, one.text, one.why) for one in reading.not_understood] == [(f"line {line}", spelled, why)]
        assert {one.value for one in reading.indicators} <= {"203.0.113.1", "203.0.113.2"}


def test_what_was_defanged_and_is_no_value_is_reported() -> None:
    reading = read("We saw evil[.]example and thing[.]notatld in the logs that day.")
    assert [(one.place, one.text) for one in reading.not_understood] == [("line 1", "thing[.]notatld")]


def test_words_of_the_dot_com_years_are_no_domain() -> None:
    assert keys("In the dot com years we saw evil[.]example quite often.") == [("domain", "evil.example")]


def test_an_endless_line_is_reported() -> None:
    reading = read("evil.example\n" + "192.0.2.7 " * 30_000 + "\n")
    assert [one.value for one in reading.indicators] == ["evil.example"]
    assert [(one.place, one.why) for one in reading.not_understood] == [
        ("line 2", "a line longer than 256 Ki characters")
    ]


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", "empty"),
        (b" \n\t", "empty"),
        (b"evil.example\n\xff\xfe", "not UTF-8"),
        (b"evil.example\x00", "binary"),
    ],
)
def test_what_is_no_text_is_an_error(data: bytes, what: str) -> None:
    with pytest.raises(InputError, match=what):
        read_indicators(data, origin="feed.csv")
