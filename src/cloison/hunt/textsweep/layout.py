"""How do the compiled kernel and what calls it lay out what they share in memory?"""

PAD = 64
"""Bytes of zero before and behind a text."""
COUNTS = 5
FOUND_LIMIT, WAYS_LIMIT = 1 << 16, 1 << 17
"""More candidates or escapes do not fit."""

SECTIONS = (
    "word_bits",
    "word_keys",
    "word_slots",
    "word_begins",  # of each slot's group: where its needles begin among the needles
    "needle_ref",
    "needle_begin",  # in the letters
    "needle_length",
    "needle_key",  # how far from the needle's beginning its key begins
    "gram_bits",
    "gram_keys",
    "gram_slots",
    "gram_begins",
    "gram_needles",  # those that are keyed by a gram
    "tail_bits",  # of the last words of names
    "name_bits",
    "name_keys",
    "name_slots",
    "v4_first",
    "v4_last",
    "v4_begins",  # of each /16: its first interval that does not end before it
    "v6_first_high",
    "v6_first_low",
    "v6_last_high",
    "v6_last_low",
)
"""The tables, one behind the other in one array of 64 bits: handing over many arrays costs more than a look-up.

A hash leads over a filter of bits to a key, and the key's slot to a place in a list. Before the tables stand where each
begins, how long each is, and at last the refs of the first IPv4 and IPv6 interval, and whether names in their own
script are looked for.
"""

LENGTHS = len(SECTIONS)
HEADER = 2 * LENGTHS + 3
