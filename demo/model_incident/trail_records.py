"""What does one event of the cloud account's trail look like?"""

from random import Random
from typing import TypeAlias

import orjson

from demo.model_incident import clock
from demo.model_incident import script as s
from demo.model_incident.organisation import uuid

Record: TypeAlias = dict[str, object]
Timed: TypeAlias = tuple[int, Record]
ACCOUNT = "111122223333"


def user(name: str, key: str) -> Record:
    """A long-lived user as the caller."""
    stem = name.upper().replace("-", "").replace(".", "")
    return {
        "type": "IAMUser",
        "principalId": f"AIDA{stem:X<17}"[:21],
        "arn": f"arn:aws:iam::{ACCOUNT}:user/{name}",
        "accountId": ACCOUNT,
        "accessKeyId": key,
        "userName": name,
    }


def event(
    rng: Random,
    at: int,
    identity: Record,
    call: str,
    address: str,
    agent: str,
    parameters: Record | None = None,
    response: Record | None = None,
    error: str | None = None,
) -> Timed:
    """One call on the account and its answer."""
    service, name = call.split(":")
    read = name.startswith(("Get", "List", "Describe", "Assume", "Head"))
    record: Record = {
        "eventVersion": "1.08",
        "userIdentity": identity,
        "eventTime": clock.iso(at),
        "eventSource": f"{service}.amazonaws.com",
        "eventName": name,
        "awsRegion": "us-east-1",
        "sourceIPAddress": address,
        "userAgent": agent,
    }
    if error:
        caller = identity.get("arn", "unknown")
        record |= {"errorCode": error, "errorMessage": f"User: {caller} is not authorized to perform: {service}:{name}"}
    record |= {
        "requestParameters": parameters,
        "responseElements": response,
        "requestID": uuid(rng),
        "eventID": uuid(rng),
        "readOnly": read,
        "eventType": "AwsApiCall",
        "managementEvent": True,
        "recipientAccountId": ACCOUNT,
        "eventCategory": "Management",
    }
    if address.count(".") == 3 or ":" in address:
        record["tlsDetails"] = {
            "tlsVersion": "TLSv1.3",
            "cipherSuite": "TLS_AES_128_GCM_SHA256",
            "clientProvidedHostHeader": f"{service}.us-east-1.amazonaws.com",
        }
    return at, record


def lookup(records: list[Timed]) -> bytes:
    """The newest fifty that the lookup returns about one key, each a string in a string."""
    mine = [(at, one) for at, one in reversed(records) if one["sourceIPAddress"] == s.INTRUDER or at % 7 == 0][:50]
    events = [
        {
            "EventId": one["eventID"],
            "EventName": one["eventName"],
            "ReadOnly": "true" if one["readOnly"] else "false",
            "EventTime": clock.iso(at),
            "EventSource": one["eventSource"],
            "Resources": [],
            "CloudTrailEvent": orjson.dumps(one).decode(),
        }
        for at, one in mine
    ]
    return orjson.dumps({"Events": events, "NextToken": "AAAAexample"})
