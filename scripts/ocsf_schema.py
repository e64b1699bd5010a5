"""Is an event valid under the OCSF JSON schema of its class, with the profiles that it declares?"""

import json
from collections.abc import Mapping
from functools import cache

from jsonschema import Draft202012Validator
from ocsf_json_schema import OcsfJsonSchemaEmbedded, get_ocsf_schema

VERSION = "1.8.0"


@cache
def _schema() -> OcsfJsonSchemaEmbedded:
    return OcsfJsonSchemaEmbedded(get_ocsf_schema(VERSION))


@cache
def _validator(class_uid: int, profiles: tuple[str, ...]) -> Draft202012Validator:
    name = _schema().lookup_class_name_from_uid(class_uid)
    return Draft202012Validator(_schema().get_class_schema(name, list(profiles)))


def faults(event: Mapping[str, object]) -> list[str]:
    """What is wrong with the event, place by place; empty when it is valid."""
    sent = json.loads(json.dumps(event))
    validator = _validator(sent["class_uid"], tuple(sent["metadata"].get("profiles", ())))
    return [f"{'.'.join(map(str, one.path))}: {one.message}"[:200] for one in validator.iter_errors(sent)]
