"""What is drawn by lot, and the same for the same seed?"""

from collections.abc import Sequence
from random import Random

KEY_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
ID_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"


def stream(seed: int, name: str) -> Random:
    """A stream of lots of its own, so that one room's draws do not move another's."""
    return Random(f"{seed}/{name}")


def letters(rng: Random, count: int, alphabet: str = ID_LETTERS) -> str:
    """A made-up id."""
    return "".join(rng.choices(alphabet, k=count))


def digits(rng: Random, count: int) -> str:
    """A made-up number that does not begin with a nought."""
    return str(rng.randrange(10 ** (count - 1), 10**count))


def hexes(rng: Random, count: int) -> str:
    """Made-up hexadecimal digits."""
    return f"{rng.getrandbits(4 * count):0{count}x}"


def uuid(rng: Random) -> str:
    """A made-up UUID."""
    text = hexes(rng, 32)
    return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-a{text[17:20]}-{text[20:]}"


def some(rng: Random, things: Sequence[str], low: int, high: int) -> list[str]:
    """A few different things."""
    return rng.sample(things, min(len(things), rng.randint(low, high)))
