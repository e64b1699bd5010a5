"""Are carriers told apart stream by stream, with their signs parsed once?"""

import pytest
from tests.service.harness import okta

from cloison.errors import SourceError
from cloison.sources import recognise
from cloison.sources.catalogue import shipped
from cloison.sources.mapping import Mapping
from cloison.sources.recognise import Recogniser, Recognisers, Signs


def test_each_stream_remembers_what_it_saw_itself() -> None:
    recognisers = Recognisers(shipped())
    one, two = recognisers.of(), recognisers.of()
    found = one.record(okta(1))
    assert found is not None
    assert found.spec.name == "okta_system_log"
    assert dict(one.seen) == {"okta_system_log": 1}
    assert not two.seen
    assert two.record(okta(2)) is found is Recogniser.of(shipped().mappings).record(okta(2))


def test_signs_are_parsed_once_however_many_streams(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[Mapping] = []
    really = recognise.signs_of

    def noted(mapping: Mapping) -> Signs:
        parsed.append(mapping)
        return really(mapping)

    monkeypatch.setattr(recognise, "signs_of", noted)
    recognisers = Recognisers(shipped())
    for _ in range(3):
        recognisers.of()
        recognisers.of("okta_system_log")
    assert len(parsed) == len(shipped().mappings) + len(shipped().only("okta_system_log"))


def test_of_one_source_only_its_carriers_are_known() -> None:
    recognisers = Recognisers(shipped())
    assert recognisers.of("slack_audit").record(okta(1)) is None
    with pytest.raises(SourceError, match="no source 'nothing'"):
        recognisers.of("nothing")
