"""What does the cloud account's trail hold?"""

from pathlib import Path
from random import Random

import orjson

from demo.model_incident import clock, write
from demo.model_incident import organisation as org
from demo.model_incident import script as s
from demo.model_incident import trail_records as trail
from demo.model_incident.clock import DAY, HOUR, MINUTE, SECOND
from demo.model_incident.credentials import KEY_LETTERS, Exposed, missed
from demo.model_incident.organisation import hexes, token
from demo.model_incident.trail_records import ACCOUNT, Record, Timed
from demo.model_incident.world import World

BOTO = "Boto3/1.28.62 md/Botocore#1.31.62 ua/2.0 os/linux#5.15.0 md/arch#x86_64 lang/python#3.11.5"
CLI = "aws-cli/2.13.25 Python/3.11.5 Linux/6.1.0 exe/x86_64.debian.12"
FILE_SPAN = 3 * HOUR
LOOKUP_DAY = "2023-11-14"
DENIED = "AccessDenied"


def write_cloudtrail(world: World, evidence: Path) -> None:
    """Small files of three hours, one digest, and one page of the lookup API with the day of the probing again."""
    rng = world.stream("cloudtrail")
    records = [
        *_apps(rng, world),
        *_others(rng, world),
        *_services(rng, world),
        *_rotation(rng, world),
        *_left_alive(rng, world),
        *_intruder(rng, world),
    ]
    records = sorted((one for one in records if one[0] < clock.END), key=lambda one: one[0])
    spans: dict[int, list[Record]] = {}
    for at, record in records:
        spans.setdefault((at - clock.START) // FILE_SPAN, []).append(record)
    for span, group in spans.items():
        write.gz(evidence / "aws" / _file_name(rng, clock.START + span * FILE_SPAN), orjson.dumps({"Records": group}))
    write.plain(
        evidence / "aws/lookup-events.json",
        trail.lookup([one for one in records if clock.date_of(one[0]) == LOOKUP_DAY]),
    )
    _write_digest(rng, evidence)


def _file_name(rng: Random, start: int) -> str:
    day, stamp = clock.date_of(start).replace("-", "/"), clock.iso(start)[:16].replace("-", "").replace(":", "")
    return (
        f"AWSLogs/{ACCOUNT}/CloudTrail/us-east-1/{day}/{ACCOUNT}_CloudTrail_us-east-1_{stamp}Z_{token(rng, 16)}.json.gz"
    )


def _write_digest(rng: Random, evidence: Path) -> None:
    digest = {
        "awsAccountId": ACCOUNT,
        "digestStartTime": "2023-11-14T09:00:00Z",
        "digestEndTime": "2023-11-14T10:00:00Z",
        "digestS3Bucket": "brightwater-trail",
        "digestSignatureAlgorithm": "SHA256withRSA",
        "logFiles": [
            {
                "s3Bucket": "brightwater-trail",
                "s3Object": "AWSLogs/",
                "hashValue": hexes(rng, 64),
                "hashAlgorithm": "SHA-256",
            }
        ],
    }
    folder = f"AWSLogs/{ACCOUNT}/CloudTrail-Digest/us-east-1/2023/11/14"
    name = f"{ACCOUNT}_CloudTrail-Digest_us-east-1_trail_20231114T100000Z.json.gz"
    write.gz(evidence / "aws" / folder / name, orjson.dumps(digest))


def _apps(rng: Random, world: World) -> list[Timed]:
    """The marketplace's own job, with the very key that leaked."""
    who = trail.user(s.AWS_ACCOUNT, missed(world.exposed)[s.AWS_ACCOUNT].uid)
    calls: tuple[tuple[str, Record | None], ...] = (
        ("monitoring:PutMetricData", None),
        ("s3:ListBuckets", None),
        ("s3:GetBucketLocation", {"bucketName": "bw-apps-assets"}),
        ("logs:DescribeLogGroups", None),
        ("monitoring:DescribeAlarms", None),
    )
    made = []
    for t in clock.every(rng, 10, 60):
        call, parameters = rng.choice(calls)
        made.append(trail.event(rng, t, who, call, org.APPS_EGRESS, BOTO, parameters))
    return made


def _others(rng: Random, world: World) -> list[Timed]:
    """Other accounts: the leaked keys while they lived, fresh ones afterwards; some calls are denied."""
    keys = world.rotated("aws", "access_key")
    calls = (
        "ec2:DescribeInstances",
        "s3:GetBucketPolicy",
        "sts:GetCallerIdentity",
        "iam:ListRoles",
        "ecs:UpdateService",
        "lambda:ListFunctions20150331",
        "kms:DescribeKey",
    )
    made = []
    for t in clock.arrivals(rng, world.some(5_500)):
        _, one = rng.choice(keys)
        key = one.uid if one.alive_at(t) else "AKIA" + hexes(rng, 16).upper().translate(str.maketrans("0189", "WXYZ"))
        error = DENIED if rng.random() < 0.03 else None
        address = rng.choice((*org.CI_RUNNERS, "192.0.2.70", "2001:db8:10:4::2f"))
        made.append(
            trail.event(
                rng,
                t,
                trail.user(one.principal, key),
                rng.choice(calls),
                address,
                rng.choice((BOTO, CLI)),
                None,
                None,
                error,
            )
        )
    return made


def _services(rng: Random, world: World) -> list[Timed]:
    """The provider's own services take roles on; people sign in to the console."""
    made = []
    for t in clock.every(rng, 20, 200):
        service = rng.choice(("ecs-tasks.amazonaws.com", "lambda.amazonaws.com"))
        role = {"roleArn": f"arn:aws:iam::{ACCOUNT}:role/service-task", "roleSessionName": hexes(rng, 16)}
        minted: Record = {
            "credentials": {
                "accessKeyId": "ASIA" + token(rng, 16, KEY_LETTERS),
                "sessionToken": "redacted",
                "expiration": "Nov 30, 2023, 3:00:10 AM",
            }
        }
        made.append(
            trail.event(
                rng,
                t,
                {"type": "AWSService", "invokedBy": service},
                "sts:AssumeRole",
                service,
                service,
                dict(role),
                minted,
            )
        )
    for t in clock.arrivals(rng, world.some(500) + 10):
        one, failed = rng.choice(world.people[:60]), rng.random() < 0.06
        at, record = trail.event(
            rng, t, trail.user(one.login, ""), "signin:ConsoleLogin", org.address_of(rng, one, t), one.agent
        )
        record |= {
            "responseElements": {"ConsoleLogin": "Failure" if failed else "Success"},
            "eventType": "AwsConsoleSignIn",
            "additionalEventData": {
                "LoginTo": "https://console.aws.amazon.com/console/home",
                "MobileVersion": "No",
                "MFAUsed": "No" if failed else "Yes",
            },
        }
        made.append((at, record | ({"errorMessage": "Failed authentication"} if failed else {})))
    return made


def _admin(world: World, number: int) -> tuple[Record, str]:
    one = world.people[number]
    return trail.user(one.login, "ASIA" + f"{one.login.upper().replace('.', ''):X<16}"[:16]), one.desk


def _rotation(rng: Random, world: World) -> list[Timed]:
    made = []
    for killed, one in world.rotated("aws", "access_key"):
        made += _retired(rng, world, killed, one)
    return made


def _retired(rng: Random, world: World, killed: int, one: Exposed) -> list[Timed]:
    """A successor is made, the old key switched off and mostly deleted the day after, or deleted at once."""
    (who, desk), made = _admin(world, rng.randrange(4)), []
    key: Record = {"userName": one.principal, "accessKeyId": one.uid}
    if rng.random() < 0.7:
        new: Record = {
            "accessKey": {
                "userName": one.principal,
                "accessKeyId": "AKIA" + token(rng, 16, KEY_LETTERS),
                "status": "Active",
            }
        }
        made.append(
            trail.event(
                rng, killed - 20 * MINUTE, who, "iam:CreateAccessKey", desk, CLI, {"userName": one.principal}, new
            )
        )
    if rng.random() < 0.6:
        made.append(trail.event(rng, killed, who, "iam:UpdateAccessKey", desk, CLI, key | {"status": "Inactive"}))
        if rng.random() < 0.8:
            made.append(trail.event(rng, killed + DAY, who, "iam:DeleteAccessKey", desk, CLI, key))
        return made
    return [*made, trail.event(rng, killed, who, "iam:DeleteAccessKey", desk, CLI, key)]


def _left_alive(rng: Random, world: World) -> list[Timed]:
    """The key of the apps account got a successor that no one used; the old one stayed."""
    who, desk = _admin(world, 2)
    new: Record = {
        "accessKey": {
            "userName": s.AWS_ACCOUNT,
            "accessKeyId": "AKIA" + token(rng, 16, KEY_LETTERS),
            "status": "Active",
        }
    }
    at = clock.at("2023-10-20T14:05:31")
    return [trail.event(rng, at, who, "iam:CreateAccessKey", desk, CLI, {"userName": s.AWS_ACCOUNT}, new)]


def _intruder(rng: Random, world: World) -> list[Timed]:
    """In with the leaked key, a look around, and no way on."""
    who = trail.user(s.AWS_ACCOUNT, missed(world.exposed)[s.AWS_ACCOUNT].uid)
    steps: tuple[tuple[int, str, Record | None, str | None], ...] = (
        (14, "sts:GetCallerIdentity", None, None),
        (31, "s3:ListBuckets", None, None),
        (75, "iam:ListUsers", None, DENIED),
        (98, "iam:ListAttachedUserPolicies", {"userName": s.AWS_ACCOUNT}, DENIED),
        (140, "secretsmanager:ListSecrets", None, DENIED),
        (201, "sts:AssumeRole", {"roleArn": f"arn:aws:iam::{ACCOUNT}:role/deploy", "roleSessionName": "s1"}, DENIED),
        (233, "sts:AssumeRole", {"roleArn": f"arn:aws:iam::{ACCOUNT}:role/admin", "roleSessionName": "s1"}, DENIED),
        (390, "ec2:DescribeInstances", None, "Client.UnauthorizedOperation"),
        (2_805, "s3:ListBuckets", None, None),
    )
    start = s.PROBE_STARTS + 12 * MINUTE
    return [
        trail.event(
            rng,
            start + delay * SECOND,
            who,
            call,
            s.INTRUDER,
            CLI.replace("2.13.25", "2.13.33"),
            parameters,
            None,
            error,
        )
        for delay, call, parameters, error in steps
    ]
