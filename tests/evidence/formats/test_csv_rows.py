"""Does cutting into rows give what Python's csv gives, in chunks of any size, with every row in its place?"""

import csv
import io

from hypothesis import example, given
from hypothesis import strategies as st

from cloison.evidence.formats.csv_rows import (
    WORDS,
    Row,
    as_object,
    header_again,
    header_of,
    is_directive,
    split_rows,
    words_of,
)

CELL = st.text(alphabet='ab ,;"\n\u00e9\u2028=', max_size=6)
TABLE = st.lists(st.lists(CELL, min_size=3, max_size=3), max_size=6)


def rows(data: bytes, size: int = 1 << 20, limit: int = 1 << 20) -> list[Row]:
    return list(split_rows((data[at : at + size] for at in range(0, len(data), size)), limit=limit))


def written(table: list[list[str]], line_end: str = "\n") -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator=line_end).writerows(table)
    return out.getvalue().encode()


@given(TABLE, st.integers(1, 30), st.sampled_from(["\n", "\r\n"]))
@example([["a\nb", '"', ""]], 1, "\r\n")
def test_rows_are_those_of_the_csv_module(table: list[list[str]], size: int, line_end: str) -> None:
    data = written([["x", "y", "z"], *table], line_end)
    found = rows(data, size)
    assert [as_object(["x", "y", "z"], ",", row.data) for row in found[1:]] == [
        {"x": a or None, "y": b or None, "z": c or None} for a, b, c in table
    ]
    for row in found:
        raw = data[row.offset : row.offset + row.length]
        assert raw.replace(b"\r\n", b"\n") == row.data


@given(
    st.lists(st.sampled_from([b"a", b",", b'"', b"\n", b"\r\n", b"\xff", b"\0", b"0123456789abc"])).map(b"".join),
    st.integers(1, 20),
)
def test_no_byte_of_any_table_is_lost_and_chunks_change_nothing(data: bytes, size: int) -> None:
    found = rows(data, size, limit=12)
    assert found == rows(data, limit=12)
    mask = bytearray(data)
    for row in found:
        mask[row.offset : row.offset + row.length] = b"\n" * row.length
    assert bytes(mask).strip(b"\r\n") == b""


def test_row_that_one_stray_quote_runs_away_with_ends_at_the_limit() -> None:
    found = rows(b'a,b,c\n1,"2,3\n4,5,6\n7,8,9\n0,0,0\n', limit=12)
    assert [(row.offset, row.length) for row in found] == [(0, 5), (6, 12), (19, 5), (25, 5)]
    assert found[1].lines == ((6, b'1,"2,3'), (13, b"4,5,6"))


def test_row_over_the_limit_is_a_fault() -> None:
    found = rows(b"a,b,c\n" + b"x" * 30 + b"\n1,2,3\n", size=4, limit=12)
    assert [(row.offset, row.length, row.fault) for row in found] == [
        (0, 5, ""),
        (6, 30, "line of 30 bytes is over the limit of 12"),
        (37, 5, ""),
    ]


def test_many_lines_in_one_pair_of_quotes_take_linear_time() -> None:
    data = b'a,b,c\n1,2,"' + b"line\n" * 200_000 + b'"\n'
    assert [row.length for row in rows(data, limit=4 << 20)] == [5, 1_000_006]


def test_header() -> None:
    assert header_of(b"\xef\xbb\xbfa.b,c,d\r\n") == (["a.b", "c", "d"], ",")
    assert header_of(b"a;b;c") == (["a", "b", "c"], ";")
    assert header_of(b"a,b,a") is None
    assert header_of(b"a,,b") is None
    assert header_of(b'{"a":1,"b":2,"c":3}') is None
    assert header_of(b"just words") is None


def test_header_with_a_cell_of_a_megabyte_is_no_crash() -> None:
    assert header_of(b"a,b," + b"x" * (1 << 20)) == (["a", "b", "x" * (1 << 20)], ",")


def test_cells_nest_by_their_dotted_names_and_empty_is_null() -> None:
    assert as_object(["actor.id", "actor.name", "at"], ",", b'7,"Ada, A",') == {
        "actor": {"id": "7", "name": "Ada, A"},
        "at": None,
    }


def test_row_of_another_width_is_none() -> None:
    assert as_object(["a", "b", "c"], ",", b"1,2") is None
    assert as_object(["a", "b", "c"], ",", b"1,2,3,4") is None


def test_cell_over_the_csv_modules_own_limit_is_read() -> None:
    found = as_object(["a", "b", "c"], ",", b"1,2," + b"x" * 200_000)
    assert found is not None
    assert found["c"] == "x" * 200_000


def test_names_with_spaces_between() -> None:
    assert words_of(b"\xef\xbb\xbfversion account-id  srcaddr\r") == (["version", "account-id", "srcaddr"], WORDS)
    assert words_of(b"#Fields: date time cs(Host)") == (["date", "time", "cs(Host)"], WORDS)
    assert words_of(b"two names") is None
    assert words_of(b"one two one") is None
    assert words_of(b"2 111122223333 eni-1") is None


def test_row_of_words_has_the_width_of_its_header_and_no_quotes() -> None:
    assert as_object(["a", "b", "c"], WORDS, b'1  "2 -\r') == {"a": "1", "b": '"2', "c": "-"}
    assert as_object(["a", "b", "c"], WORDS, b"1 2") is None


def test_directives_speak_of_the_table() -> None:
    assert is_directive(b"\xef\xbb\xbf#Version: 1.0")
    assert not is_directive(b"#Fields: a b c")
    assert not is_directive(b"# a comment")


def test_header_among_the_rows() -> None:
    names = ["type", "name", "size"]
    assert header_again(names, ",", b'"type","name","size"\r') == (names, ",")
    assert header_again(names, ",", b"name,owner,type") == (["name", "owner", "type"], ",")
    assert header_again(names, ",", b"name,x,1") is None
    assert header_again(names, ",", b"a,name,type") is None
    assert header_again(names, ",", b"") is None
    assert header_again(names, WORDS, b"#Fields: size name when") == (["size", "name", "when"], WORDS)
    assert header_again(names, WORDS, b"name is a word") is None


def test_zone_behind_the_name_of_a_column_is_no_part_of_it() -> None:
    assert header_of(b'"TimeGenerated [UTC]",OperationName,Result') == (
        ["TimeGenerated", "OperationName", "Result"],
        ",",
    )
