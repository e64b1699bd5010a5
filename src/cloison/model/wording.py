"""How is a word of the product spelled for so many?"""


def plural(word: str, count: int = 2) -> str:
    """The word for so many: `repository`, `repositories`; only the last word of several changes."""
    spaced = word.replace("_", " ")
    if count == 1:
        return spaced
    if spaced.endswith("y") and spaced[-2:-1] not in "aeiou":
        return f"{spaced[:-1]}ies"
    return f"{spaced}es" if spaced.endswith(("s", "x", "ch", "sh")) else f"{spaced}s"


def many(count: int, word: str) -> str:
    """So many of them: `1 file`, `3,000 repositories`."""
    return f"{count:,} {plural(word, count)}"
