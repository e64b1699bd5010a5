"""Does the verb say what a file gives, what is flagged, and what it leaves out, and write it for others?"""

from pathlib import Path

import pytest

from cloison.errors import InputError
from cloison.service.sweep_acts import hand_on, understand

LIST = "evil[.]example\n8.8.8.8\nAS64500\nfoo(bar)\n"


def given(folder: Path, text: str, name: str = "list.txt") -> Path:
    path = folder / name
    path.write_text(text)
    return path


def test_what_is_understood_and_what_is_not(tmp_path: Path) -> None:
    assert list(understand([given(tmp_path, LIST)]).as_lines()) == [
        "list.txt: read as a list: 3 indicators, 1 not understood",
        "  1 as number, to be looked for in raw text only: no event carries the number of an autonomous system",
        "  1 domain",
        "  1 ip",
        "flagged: ip 8[.]8[.]8[.]8: a public DNS resolver (list.txt, line 2)",
        "not understood: list.txt, line 4: foo(bar) (no known kind of value)",
        "3 indicators understood, 1 of them flagged, 1 value not understood",
    ]


def test_as_json(tmp_path: Path) -> None:
    answer = understand([given(tmp_path, LIST)]).as_json()
    assert answer["counts"] == {"as_number": 1, "domain": 1, "ip": 1}
    assert isinstance(answer["indicators"], list)
    assert answer["indicators"][0] == {
        "kind": "domain",
        "value": "evil.example",
        "original": "evil[.]example",
        "repairs": ["defanged dot"],
        "context": "",
        "valid_from": None,
        "valid_until": None,
        "tlp": None,
        "origin": "list.txt",
        "place": "line 1",
        "flagged": None,
        "not_in_events": None,
    }


def test_a_user_decides(tmp_path: Path) -> None:
    cautions = given(tmp_path, "value,why,follow\n8.8.8.8,,yes\nevil[.]example,ours,\n", "cautions.csv")
    assert understand([given(tmp_path, LIST)], [cautions]).cautions == {("domain", "evil.example"): "ours"}


def test_a_fault_in_the_cautions_names_its_line(tmp_path: Path) -> None:
    cautions = given(tmp_path, "value,why,follow\n8.8.8.8,,perhaps\n", "cautions.csv")
    with pytest.raises(InputError, match="line 2: follow 'perhaps' is neither yes nor no"):
        understand([given(tmp_path, LIST)], [cautions])


@pytest.mark.parametrize("form", ["stix", "misp", "csv", "defanged"])
def test_what_is_handed_on_is_understood_again(tmp_path: Path, form: str) -> None:
    understood = understand([given(tmp_path, LIST)])
    to = tmp_path / "out"
    assert hand_on(understood, form, to) == f"3 indicators written as {form} to {to}"
    again = understand([to])
    assert [one.key for one in again.indicators] == [one.key for one in understood.indicators]


def test_a_secret_is_named_and_not_kept(tmp_path: Path) -> None:
    secret = "ghp_" + "a1B2" * 9
    understood = understand([given(tmp_path, f"indicator,type\n{secret},credential\n")])
    assert understood.indicators == ()
    assert secret not in "".join(understood.as_lines())
