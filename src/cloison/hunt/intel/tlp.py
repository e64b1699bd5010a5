"""Which level of the Traffic Light Protocol does a word, a tag or a STIX marking name?

Source: FIRST, Traffic Light Protocol 2.0; the identifiers are those of OASIS for STIX 2.1 and of its TLP 2.0 extension.
"""

from collections.abc import Iterable

LEVELS = ("clear", "green", "amber", "amber+strict", "red")
MARKINGS = {
    "clear": "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487",
    "green": "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb",
    "amber": "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421",
    "amber+strict": "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003",
    "red": "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1",
}
_FIRST_MARKINGS = {
    "marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9": "clear",
    "marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da": "green",
    "marking-definition--f88d31f6-486f-44da-b317-01333bde0b82": "amber",
    "marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed": "red",
}
LEVEL_OF_MARKING = {marking: level for level, marking in MARKINGS.items()} | _FIRST_MARKINGS


def level(text: str) -> str:
    """The level that `TLP:AMBER`, `tlp:amber+strict` or `white` names; empty when it names none."""
    word = text.strip().lower().removeprefix("tlp").lstrip(" :-_").strip()
    word = {"white": "clear", "amber_strict": "amber+strict", "amber-strict": "amber+strict"}.get(word, word)
    return word if word in LEVELS else ""


def strictest(texts: Iterable[str]) -> str:
    """The strictest level that any of the texts names; empty when none does."""
    return max(filter(None, map(level, texts)), key=LEVELS.index, default="")
