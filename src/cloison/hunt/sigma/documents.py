"""How is the YAML of rules, cases and placeholders read: safely, no key twice, and a time as the text that it is?"""

import yaml
from sigma.rule.base import SigmaYAMLLoader


class _Loader(SigmaYAMLLoader):
    """A safe loader that finds a key said twice, and makes no dates of texts."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in listed if tag != "tag:yaml.org,2002:timestamp"]
    for first, listed in SigmaYAMLLoader.yaml_implicit_resolvers.items()
}

FAULTS = (yaml.YAMLError, ValueError, RecursionError)


def documents(text: str) -> list[object]:
    """Every document that is not empty.

    Raises:
        one of FAULTS: it is no YAML.
    """
    return [one for one in yaml.load_all(text, Loader=_Loader) if one is not None]
