"""What does CloudTrail say of a deed?"""

import json
from random import Random

from tests.incidents import chance, files
from tests.incidents.deeds import Deed, iso
from tests.incidents.files import LogFile
from tests.incidents.organisation import Organisation

ACCOUNT = "111122223333"
CALLS = {
    "metric": "monitoring:PutMetricData",
    "list": "s3:ListBuckets",
    "identity": "sts:GetCallerIdentity",
    "get_object": "s3:GetObject",
    "get_secret": "secretsmanager:GetSecretValue",
    "create_account": "iam:CreateUser",
    "grant": "iam:AddUserToGroup",
    "mint": "iam:CreateAccessKey",
    "assume": "sts:AssumeRole",
}


def written(org: Organisation, deeds: list[Deed], rng: Random) -> list[LogFile]:
    """Files of a bucket, and one page of the lookup API with some of them again."""
    records = [(deed.at, record(deed, rng)) for deed in deeds]
    lines = [(at, json.dumps(one).encode()) for at, one in records]
    made = files.by_days("aws/cloudtrail-*.json", files.RECORDS, lines, rng)
    again = [one for at, one in records if at % 17 == 0][:40]
    if again:
        made.append(LogFile("aws/lookup.json", files.LOOKUP, tuple(json.dumps(_lookup(one)).encode() for one in again)))
    return made


def _lookup(one: dict[str, object]) -> dict[str, object]:
    return {
        "EventId": one["eventID"],
        "EventName": one["eventName"],
        "EventTime": one["eventTime"],
        "EventSource": one["eventSource"],
        "Resources": [],
        "CloudTrailEvent": json.dumps(one),
    }


def record(deed: Deed, rng: Random) -> dict[str, object]:
    """One call and its answer."""
    call, parameters, response = _call(deed)
    service, name = call.split(":")
    made: dict[str, object] = {
        "eventVersion": "1.09",
        "userIdentity": _identity(deed),
        "eventTime": iso(deed.at),
        "eventSource": f"{service}.amazonaws.com",
        "eventName": name,
        "awsRegion": "us-east-1",
        "sourceIPAddress": deed.address,
        "userAgent": deed.agent,
        "requestParameters": parameters,
        "responseElements": None if deed.refused else response,
        "requestID": chance.uuid(rng),
        "eventID": chance.uuid(rng),
        "readOnly": name.startswith(("Get", "List", "Assume")),
        "eventType": "AwsApiCall",
        "managementEvent": name != "GetObject",
        "recipientAccountId": ACCOUNT,
        "eventCategory": "Data" if name == "GetObject" else "Management",
    }
    return made | ({"errorCode": "AccessDenied", "errorMessage": "not authorized"} if deed.refused else {})


def _identity(deed: Deed) -> dict[str, object]:
    if deed.credential.startswith("ASIA"):
        role = deed.who.split("/")[0]
        issuer = {"type": "Role", "arn": f"arn:aws:iam::{ACCOUNT}:role/{role}", "userName": role}
        return {
            "type": "AssumedRole",
            "principalId": f"AROA{role.upper():X<17}:s1",
            "arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/{deed.who}",
            "accountId": ACCOUNT,
            "accessKeyId": deed.credential,
            "sessionContext": {"sessionIssuer": issuer, "attributes": {"mfaAuthenticated": "false"}},
        }
    return {
        "type": "IAMUser",
        "principalId": f"AIDA{deed.who.upper().replace('-', '').replace('.', ''):X<17}"[:21],
        "arn": f"arn:aws:iam::{ACCOUNT}:user/{deed.who}",
        "accountId": ACCOUNT,
        "accessKeyId": deed.credential,
        "userName": deed.who,
    }


def _call(deed: Deed) -> tuple[str, dict[str, object] | None, dict[str, object] | None]:
    """The call, with what it asked for and what it was answered."""
    verb, thing, extra = deed.verb, deed.thing, deed.extra
    if verb in {"end", "enable"}:
        return _ended(deed)
    bucket, _, key = thing.partition("/")
    parameters: dict[str, dict[str, object]] = {
        "get_object": {"bucketName": bucket, "key": key},
        "get_secret": {"secretId": thing},
        "create_account": {"userName": thing},
        "grant": {"userName": thing, "groupName": extra},
        "mint": {"userName": extra},
        "assume": {"roleArn": thing, "roleSessionName": deed.who},
    }
    responses: dict[str, dict[str, object]] = {
        "create_account": {"user": {"userName": thing, "arn": f"arn:aws:iam::{ACCOUNT}:user/{thing}"}},
        "mint": {"accessKey": {"userName": extra, "accessKeyId": thing, "status": "Active"}},
        "assume": {"credentials": {"accessKeyId": extra, "sessionToken": "redacted", "expiration": "later"}},
    }
    return CALLS[verb], parameters.get(verb), responses.get(verb)


def _ended(deed: Deed) -> tuple[str, dict[str, object], None]:
    _, how, owner = deed.extra.split()
    key: dict[str, object] = {"userName": owner, "accessKeyId": deed.thing}
    if deed.verb == "enable":
        return "iam:UpdateAccessKey", key | {"status": "Active"}, None
    return ("iam:DeleteAccessKey", key, None) if how == "delete" else (
        "iam:UpdateAccessKey", key | {"status": "Inactive"}, None,
    )  # fmt: skip
