"""Is an exposed credential found by its id however people write it, and never by its secret or by a mere name?"""

import pytest

from cloison.service.inputs import Exposed, Issued, read_exposed
from cloison.sources.catalogue import shipped

KEY = "0123456789abcdef0123456789abcdef01234567"
HASH = "xK+qxn4eXCotV42O7mW1q60Irn3qmNYZ/ZZiUOpwBgk="


def exposed(system: str, kind: str, credential: str) -> Exposed:
    known = shipped()
    ledger = f"system,kind,credential_uid,principal\n{system},{kind},{credential},ada\n"
    [row] = read_exposed(ledger.encode(), "exposed.csv", str, Issued(known.ids(), known.named()))
    return row


WRITTEN = {
    "the id of a key": ("gcp", "access_key", KEY, KEY),
    "the name of a key": ("gcp", "access_key", f"projects/p/serviceAccounts/s@p.example/keys/{KEY}", KEY),
    "the hash of a token": ("github", "pat", HASH, HASH),
    "the number of a token": ("github", "pat", "55511", "55511"),
}


@pytest.mark.parametrize(("system", "kind", "credential", "uid"), WRITTEN.values(), ids=WRITTEN)
def test_an_id_is_read_as_events_have_it(system: str, kind: str, credential: str, uid: str) -> None:
    row = exposed(system, kind, credential)
    assert (row.credential_uid, row.named) == (uid, False)


def test_what_looks_like_a_secret_elsewhere_is_kept_as_its_fingerprint() -> None:
    assert exposed("okta", "api_token", KEY).credential_uid == "0123…4567 sha256:deb87fabd17715bb"


NAMES = {
    "a token by its name": ("github", "pat", "deploy from laptop", True),
    "a token of Jira": ("jira", "pat", "reports", True),
    "a grant by the app's id": ("google_workspace", "access_token", "1234567890-abc.apps.example", True),
    "a token of Bitbucket by its id": ("bitbucket", "access_token", "252973515069", False),
}


@pytest.mark.parametrize(("system", "kind", "credential", "named"), NAMES.values(), ids=NAMES)
def test_a_name_is_told_apart_by_its_owner(system: str, kind: str, credential: str, named: bool) -> None:
    assert exposed(system, kind, credential).named is named
