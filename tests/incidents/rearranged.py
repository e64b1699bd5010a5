"""Which other shapes may the same evidence arrive in: shuffled, cut in pieces, told twice?"""

from collections.abc import Sequence
from dataclasses import replace
from random import Random

from tests.incidents.files import LogFile


def shuffled(files: Sequence[LogFile], rng: Random) -> list[LogFile]:
    """The same records in another order, in files of other names."""
    made = []
    for number, one in enumerate(files):
        records = rng.sample(one.records, len(one.records))
        made.append(replace(one, path=f"{rng.randrange(1_000):03}/{number}.log", records=tuple(records)))
    return made


def cut(files: Sequence[LogFile], rng: Random) -> list[LogFile]:
    """Each file in pieces, cut between records."""
    made = []
    for one in files:
        size = rng.randint(1, 1 + len(one.records) // 2)
        for start in range(0, len(one.records), size):
            piece = one.records[start : start + size]
            made.append(replace(one, path=f"{start}/{one.path}", records=piece, packed=rng.random() < 0.5))
    return made


def repeated(files: Sequence[LogFile], rng: Random) -> list[LogFile]:
    """Everything twice, the second time in other files."""
    again = [replace(one, path=f"second/{one.path}", records=(*one.records, *one.records[:9])) for one in files]
    return [*files, *again]
