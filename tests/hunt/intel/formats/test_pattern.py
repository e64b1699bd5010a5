"""Does the reader of STIX patterns follow the grammar, and stay within its bounds?"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cloison.hunt.intel.formats.pattern import PatternError, comparisons


def test_strings_numbers_and_steps() -> None:
    (one,), ordered = comparisons(r"[file:extensions.'x-y'.list[*].hashes.'SHA-1' = 'a\'b\\c']")
    assert (one.object_type, one.path) == ("file", ("extensions", "x-y", "list", "hashes", "SHA-1"))
    assert (one.op, one.values, one.joined, ordered) == ("=", ("a'b\\c",), False, False)


def test_alternatives_are_not_joined_and_conjunctions_are() -> None:
    found, _ = comparisons("[a:b = 'c' OR (a:d = 'e' AND a:f = 1)] OR [g:h IN ('i', 'j')]")
    assert [(one.path, one.values, one.joined) for one in found] == [
        (("b",), ("c",), False),
        (("d",), ("e",), True),
        (("f",), ("1",), True),
        (("h",), ("i", "j"), False),
    ]


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        ("", "'[' is missing at character 0"),
        ("[a:b = 'c'", "']' is missing at character 10"),
        ("[a:b ~ 'c']", "no word of a pattern begins at character 4"),
        ("[a:b LIKES 'c']", "'LIKES' is no comparison"),
        ("[a:b = 'c'] x", "nothing is expected at character 11"),
        ("[" + "(" * 100 + "a:b = 'c'" + ")" * 100 + "]", "it is nested more than 40 deep"),
        ("[a:b = '" + "c" * (1 << 20) + "']", "it is longer than 1 Mi characters"),
    ],
)
def test_what_is_no_pattern(pattern: str, why: str) -> None:
    with pytest.raises(PatternError) as fault:
        comparisons(pattern)
    assert str(fault.value) == why


WORDS = (
    "[",
    "]",
    "(",
    ")",
    "a:b",
    "=",
    "'c'",
    "AND",
    "OR",
    "NOT",
    "FOLLOWEDBY",
    "WITHIN",
    "5",
    "SECONDS",
    "IN",
    ",",
    "'x",
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=40))
def test_any_words_are_a_pattern_or_a_fault(words: list[str]) -> None:
    try:
        found, _ = comparisons(" ".join(words))
    except PatternError:
        return
    assert found
