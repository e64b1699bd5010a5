"""Is each vendor's own list of credentials read into the ledger, and is no secret in it kept or told?"""

import base64
import hashlib
import io
import json
import zipfile

import pytest

from cloison.errors import InputError
from cloison.service.inputs import Exposed, read_exposed

RAW = "ghp_" + "Zx9Yw8Vu7Ts6" * 3
LONG = "wJal" + "rX7t/Kq9ZbEM" * 2 + "aB3dE6gHjK5m"
"""Forty characters, as a secret of AWS has."""

LISTS: dict[str, tuple[object, list[tuple[str, str, str | None, str | None]]]] = {
    "okta": (
        [
            {
                "id": "00T1pump",
                "name": "ci",
                "userId": "00u1",
                "clientName": "Okta API",
                "created": "2023-01-02T00:00:00Z",
                "expiresAt": "2023-12-02T00:00:00Z",
                "tokenWindow": "P30D",
                "network": {"connection": "ANYWHERE"},
            }
        ],
        [("okta", "api_token", "00T1pump", "00u1")],
    ),
    "list-access-keys": (
        {
            "AccessKeyMetadata": [
                {
                    "UserName": "svc-pump",
                    "AccessKeyId": "AKIAPUMP000000000001",
                    "Status": "Active",
                    "CreateDate": "2021-01-01",
                },
                {
                    "UserName": "svc-pump",
                    "AccessKeyId": "AKIAPUMP000000000002",
                    "Status": "Inactive",
                    "CreateDate": "2022-01-01",
                },
            ]
        },
        [
            ("aws", "access_key", "AKIAPUMP000000000001", "svc-pump"),
            ("aws", "access_key", "AKIAPUMP000000000002", "svc-pump"),
        ],
    ),
    "key-last-used": (
        {"UserName": "svc-pump", "AccessKeyLastUsed": {"Region": "eu-west-1", "ServiceName": "s3"}},
        [("aws", "access_key", None, "svc-pump")],
    ),
    "github": (
        [
            {
                "id": 7,
                "token_id": 7001,
                "token_name": "deploy",
                "owner": {"login": "M-Alder", "id": 3},
                "permissions": {"repository": {"contents": "read"}},
                "token_last_used_at": None,
            }
        ],
        [("github", "pat", "7001", "m-alder")],
    ),
    "authorizations": (
        [
            {
                "login": "m-alder",
                "credential_id": 9,
                "credential_type": "SSH Key",
                "fingerprint": "SHA256:abc",
                "scopes": [],
            },
            {
                "login": "m-alder",
                "credential_id": 10,
                "credential_type": "personal access token",
                "token_last_eight": "12345678",
            },
        ],
        [("github", "ssh_key", "SHA256:abc", "m-alder"), ("github", "pat", "10", "m-alder")],
    ),
    "service tokens": (
        {
            "success": True,
            "result": [
                {
                    "id": "1628a3b3-0000-4000-8000-000000000001",
                    "client_id": "c0ffee.access",
                    "name": "helpdesk-bot",
                    "duration": "8760h",
                    "expires_at": "2024-01-01T00:00:00Z",
                }
            ],
        },
        [("cloudflare", "service_token", "1628a3b3-0000-4000-8000-000000000001", "helpdesk-bot")],
    ),
    "api tokens": (
        {
            "result": [
                {
                    "id": "0123456789abcdef0123456789abcdef",
                    "name": "dns",
                    "status": "active",
                    "issued_on": "2023-01-01T00:00:00Z",
                    "policies": [{"effect": "allow"}],
                }
            ]
        },
        [("cloudflare", "api_token", "0123456789abcdef0123456789abcdef", None)],
    ),
    "bitbucket": (
        {
            "values": [
                {
                    "id": "123456789012",
                    "name": "build",
                    "createdDate": 1,
                    "permissions": ["REPO_READ"],
                    "user": {"name": "svc-gitsync"},
                }
            ]
        },
        [("bitbucket", "pat", "123456789012", "svc-gitsync")],
    ),
    "entra": (
        {
            "value": [
                {
                    "appId": "0000aaaa-0000-4000-8000-000000000001",
                    "displayName": "Pump portal",
                    "passwordCredentials": [{"keyId": "k-1", "displayName": "ci", "endDateTime": "2026-01-01"}],
                    "keyCredentials": [{"keyId": "k-2", "type": "AsymmetricX509Cert"}],
                }
            ]
        },
        [
            ("entra", "oauth_secret", "k-1", "0000aaaa-0000-4000-8000-000000000001"),
            ("entra", "certificate", "k-2", "0000aaaa-0000-4000-8000-000000000001"),
        ],
    ),
    "google": (
        [
            {
                "name": f"projects/p/serviceAccounts/pump@p.example/keys/{'0a' * 20}",
                "validAfterTime": "2023-01-01",
                "keyAlgorithm": "KEY_ALG_RSA_2048",
            }
        ],
        [("gcp", "access_key", "0a" * 20, "pump@p.example")],
    ),
}


def _read(data: bytes, where: str = "list") -> list[Exposed]:
    return read_exposed(data, where, str.lower)


def _told(rows: list[Exposed]) -> list[tuple[str, str, str | None, str | None]]:
    return [(row.system, row.kind, row.credential_uid, row.principal) for row in rows]


@pytest.mark.parametrize(("listed", "wanted"), LISTS.values(), ids=LISTS.keys())
def test_each_list_is_known_by_its_members(
    listed: object, wanted: list[tuple[str, str, str | None, str | None]]
) -> None:
    assert _told(_read(json.dumps(listed).encode())) == wanted


def test_a_list_one_entry_a_line_is_the_same() -> None:
    lines = b"\n".join(json.dumps(one).encode() for one in LISTS["authorizations"][0])  # type: ignore[attr-defined]
    assert _told(_read(lines)) == LISTS["authorizations"][1]


def test_what_a_list_says_beside_is_kept() -> None:
    (row,) = _read(json.dumps(LISTS["okta"][0]).encode())
    assert json.loads(row.more or "") == {
        "name": "ci", "created": "2023-01-02T00:00:00Z", "expiresAt": "2023-12-02T00:00:00Z", "tokenWindow": "P30D",
        "network.connection": "ANYWHERE", "clientName": "Okta API",
    }  # fmt: skip
    assert not row.named


def test_tokens_of_jira_are_known_by_name_and_the_file_says_of_which_product() -> None:
    data = json.dumps(
        [{"id": 1, "name": "report", "createdAt": "x", "expiringAt": "y", "user": {"name": "svc-sheets"}}]
    )
    (row,) = _read(data.encode(), "in/jira-tokens.json")
    assert (row.system, row.credential_uid, row.principal, row.named) == ("jira", "report", "svc-sheets", True)
    with pytest.raises(InputError, match="does not say of which product"):
        _read(data.encode(), "in/tokens.json")


def test_the_credential_report_tells_whose_passwords_and_keys_there_are() -> None:
    report = (
        b"user,arn,user_creation_time,password_enabled,password_last_used,access_key_1_active,access_key_2_active\n"
        b"<root_account>,arn:aws:iam::111122223333:root,2020-01-01T00:00:00+00:00,not_supported,2023-01-01,false,false\n"
        b"m.alder,arn:aws:iam::111122223333:user/m.alder,2021-01-01T00:00:00+00:00,true,no_information,true,false\n"
    )
    assert _told(_read(report)) == [("aws", "password", None, "m.alder"), ("aws", "access_key", None, "m.alder")]


# -- tables that people make ---


def test_a_raw_token_becomes_the_name_that_the_audit_log_has_for_it() -> None:
    (row,) = _read(f"Platform,Type,Owner,Secret,Notes\ngithub,PAT,m-alder,{RAW},from a laptop\n".encode())
    assert row.credential_uid == base64.b64encode(hashlib.sha256(RAW.encode()).digest()).decode()
    assert RAW not in repr(row)


@pytest.mark.parametrize("header", ["secret access key", "SecretAccessKey", "notes", "token"])
def test_a_secret_in_any_column_is_kept_by_its_name_only(header: str) -> None:
    (row,) = _read(f"system,kind,key id,owner,{header}\naws,access key,AKIAPUMP000000000001,svc,{LONG}\n".encode())
    assert row.credential_uid == "AKIAPUMP000000000001"
    assert LONG not in repr(row)
    assert "wJal…jK5m" in (row.more or "")


@pytest.mark.parametrize("table", [f"system,exposed_at,id\nokta,{RAW},00T1\n", f"{RAW},b\n1,2\n",
                                   f"system,id,found_in\nokta,00T1,{RAW}\n"])  # fmt: skip
def test_no_message_tells_a_secret(table: str) -> None:
    with pytest.raises(InputError) as told:
        _read(table.encode())
    assert RAW not in str(told.value)


def test_broken_json_is_told_without_its_text() -> None:
    with pytest.raises(InputError) as told:
        _read(b'[{"token": "' + RAW.encode())
    assert RAW not in str(told.value)
    assert told.value.__cause__ is None


def test_an_unknown_list_names_the_known_ones() -> None:
    with pytest.raises(InputError, match=r"entry 1 is of no list of credentials that is known.*Okta API tokens"):
        _read(b'[{"pump": 1}]')


# -- spreadsheets ---


def _xlsx(*rows: tuple[str, ...], shared: str = "") -> bytes:
    """The smallest workbook that holds these rows as text."""
    cells = "".join(
        f'<row r="{n}">' + "".join(f'<c r="{chr(65 + at)}{n}" t="inlineStr"><is><t>{text}</t></is></c>'
                                    for at, text in enumerate(row)) + "</row>"
        for n, row in enumerate(rows, 1)
    )  # fmt: skip
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
        f'Type="{rel}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook {main} xmlns:r="{rel}"><sheets><sheet name="Ledger" sheetId="1" r:id="r1"/>'
        "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
        f'Type="{rel}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f"{shared}<worksheet {main}><sheetData>{cells}</sheetData></worksheet>",
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return out.getvalue()


def test_a_workbook_is_a_table_of_its_sheets() -> None:
    book = _xlsx(("System", "Type", "Key ID", "Account", "Exposed at"),
                 ("aws", "access key", "AKIAPUMP000000000001", "svc-pump", "2023-10-18T00:00:00Z"))  # fmt: skip
    (row,) = _read(book)
    assert _told([row]) == [("aws", "access_key", "AKIAPUMP000000000001", "svc-pump")]
    assert row.exposed_at is not None
    assert row.exposed_at.isoformat() == "2023-10-18T00:00:00"


def test_a_fault_in_a_workbook_names_its_row() -> None:
    with pytest.raises(InputError, match="line 3: neither credential_uid nor principal"):
        _read(_xlsx(("System", "Key ID"), ("aws", "AKIAPUMP000000000001"), ("aws", "")))


def test_a_workbook_that_unpacks_without_end_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", bytes(65 << 20))
    with pytest.raises(InputError, match="unpacks to more than 67108864 bytes"):
        _read(out.getvalue())


def test_entities_of_a_workbook_are_not_expanded() -> None:
    book = _xlsx(
        ("System", "Key ID"), ("aws", "&big;"), shared='<!DOCTYPE x [<!ENTITY big SYSTEM "file:///etc/passwd">]>'
    )
    with pytest.raises(InputError):
        _read(book)


@pytest.mark.parametrize("data", [b"PK\x03\x04 torn", _xlsx()[:200]])
def test_a_torn_workbook_is_told(data: bytes) -> None:
    with pytest.raises(InputError, match="not a readable spreadsheet"):
        _read(data)
