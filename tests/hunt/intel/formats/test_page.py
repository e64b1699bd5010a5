"""Is a page read as one sees it, and in time that its length alone decides?"""

from cloison.hunt.intel import read_indicators
from cloison.hunt.intel.formats.page import is_page, lines_of

PAGE = """<!DOCTYPE html>
<html><head><title>evil[.]example</title></head>
<body><script>var x = "script[.]example";</script>
<h1>Report &amp; more</h1>
<p>It came from
192.0.2[.]7 and<br>192.0.2[.]8.</p>
<table>
<tr><th>Indicator</th><th>Type</th><th>Description</th></tr>
<tr><td><code>c2[.]example</code></td><td>domain</td><td>a <b>server</b><br>rented</td></tr>
</table>
<!-- hidden[.]example --><pre>a[.]example
b[.]example</pre>
</body></html>"""


def test_what_one_sees_and_where() -> None:
    assert is_page(PAGE)
    lines, numbers = lines_of(PAGE)
    assert list(zip(numbers, lines, strict=True)) == [
        (4, "Report & more"),
        (5, "It came from 192.0.2[.]7 and"),
        (6, "192.0.2[.]8."),
        (8, "| Indicator | Type | Description |"),
        (9, "| c2[.]example | domain | a server  rented |"),
        (11, "a[.]example"),
        (12, "b[.]example"),
    ]


def test_its_indicators() -> None:
    reading = read_indicators(PAGE.encode(), origin="p.html")
    assert [(one.kind.value, one.value, one.context, one.place) for one in reading.indicators] == [
        ("ip", "192.0.2.7", "It came from and", "line 5"),
        ("ip", "192.0.2.8", "", "line 6"),
        ("domain", "c2.example", "a server rented", "line 9"),
        ("domain", "a.example", "", "line 11"),
        ("domain", "b.example", "", "line 12"),
    ]


def test_what_is_never_closed_costs_no_more() -> None:
    for piece in ("<script>", "<!--", "<p ", "<td>", "<", "<svg><pre>", "&#"):
        text = "<html>" + piece * (400_000 // len(piece))
        lines, numbers = lines_of(text)
        assert len(lines) == len(numbers)
