"""How is an incident told in CASE/UCO: the evidence with its hashes, what is compromised, and how one led to another?

Source: the CASE ontology 1.4 over UCO 1.4, as JSON-LD.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime

from cloison.report.exports.told import Row, Told, document, moment, text, uid

Json = dict[str, object]
_CONTEXT = {
    "kb": "http://example.org/kb/",
    "case-investigation": "https://ontology.caseontology.org/case/investigation/",
    "uco-core": "https://ontology.unifiedcyberontology.org/uco/core/",
    "uco-identity": "https://ontology.unifiedcyberontology.org/uco/identity/",
    "uco-observable": "https://ontology.unifiedcyberontology.org/uco/observable/",
    "uco-types": "https://ontology.unifiedcyberontology.org/uco/types/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_FACETS: Mapping[str, tuple[str, str, str]] = {
    "principal": ("uco-observable:UserAccount", "uco-observable:AccountFacet", "uco-observable:accountIdentifier"),
    "app": ("uco-observable:Application", "uco-observable:ApplicationFacet", "uco-observable:applicationIdentifier"),
}
_ADDRESSES = frozenset({"address", "host"})


def write(told: Told) -> Iterator[bytes]:
    """One graph."""
    evidence = [part for row in _files(told) for part in _evidence(row)]
    things = [_thing(told, row) for row in told.rows("compromised")]
    records = [one for one in evidence if one["@type"] == "case-investigation:ProvenanceRecord"]
    investigation = {
        "@id": _id("Investigation", told.title),
        "@type": "case-investigation:Investigation",
        "uco-core:name": told.title,
        "uco-core:description": f"Answers as of {moment(told.as_of)}.",
        "uco-core:object": [{"@id": one["@id"]} for one in (*records, *things)],
    }
    relations = [_relation(told, row, thing) for row, thing in zip(told.rows("compromised"), things, strict=True)]
    marks = [one for found in relations for one in found]
    yield document({"@context": _CONTEXT, "@graph": [investigation, *evidence, *things, *marks]})


def _files(told: Told) -> Iterator[Row]:
    """Each evidence stream once: a file is accounted for once a source."""
    seen = set()
    for row in told.rows("account"):
        if row["evidence_uid"] not in seen:
            seen.add(row["evidence_uid"])
            yield row


def _evidence(row: Row) -> Iterator[Json]:
    """The file with its hash, and the record of where it came from."""
    name, digest = text(row["evidence"]), text(row["evidence_uid"])
    hashed: Json = {
        "@id": _id("Hash", digest),
        "@type": "uco-types:Hash",
        "uco-types:hashMethod": "SHA256",
        "uco-types:hashValue": _typed(digest, "xsd:hexBinary"),
    }
    content: Json = {"@id": _id("ContentDataFacet", digest), "@type": "uco-observable:ContentDataFacet"}
    if len(digest) == _SHA256 and set(digest) <= set("0123456789abcdef"):
        content["uco-observable:hash"] = [hashed]
    file: Json = {
        "@id": _id("File", digest),
        "@type": "uco-observable:File",
        "uco-core:name": name,
        "uco-core:hasFacet": [content],
    }
    yield file
    yield {
        "@id": _id("ProvenanceRecord", digest),
        "@type": "case-investigation:ProvenanceRecord",
        "uco-core:description": "Evidence in custody: an unpacked stream of log records.",
        "uco-core:object": [{"@id": file["@id"]}],
        "case-investigation:exhibitNumber": digest,
    }


_SHA256 = 64


def _thing(told: Told, row: Row) -> Json:
    kind, name = text(row["kind"]), text(row["uid"])
    facet = _facet(told, kind, name, text(row["system"]))
    return {
        "@id": _of(told, row),
        "@type": facet[0],
        "uco-core:name": name,
        "uco-core:description": f"{row['standing']}: {row['why']}",
        "uco-core:hasFacet": [facet[1]],
    }


def _facet(told: Told, kind: str, name: str, system: str) -> tuple[str, Json]:
    if kind in _ADDRESSES:
        version = "IPv6" if ":" in name else "IPv4"
        own, facet, holds = f"uco-observable:{version}Address", f"uco-observable:{version}AddressFacet", "addressValue"
        holds = f"uco-observable:{holds}"
    elif kind in _FACETS:
        own, facet, holds = _FACETS[kind]
    else:
        own, facet, holds = "uco-observable:ObservableObject", "uco-core:Facet", "uco-core:name"
    body: Json = {"@id": _id("Facet", told.title, kind, system, name), "@type": facet}
    return own, body | ({holds: name} if facet != "uco-core:Facet" else {})


def _relation(told: Told, row: Row, thing: Json) -> Iterator[Json]:
    """That it was reached, when, and by which rule."""
    mark: Json = {
        "@id": _id("Relationship", text(thing["@id"])),
        "@type": "uco-observable:ObservableRelationship",
        "uco-core:source": {"@id": thing["@id"]},
        "uco-core:target": {"@id": _id("Cause", told.title, row["cause_kind"], row["cause_uid"])},
        "uco-core:kindOfRelationship": "Compromised_By",
        "uco-core:isDirectional": True,
        "uco-core:description": f"{row['rule']}: {row['why']}",
        "uco-observable:startTime": _typed(moment(row["since"]), "xsd:dateTime"),
    }
    if isinstance(row["until"], datetime):
        mark["uco-observable:endTime"] = _typed(moment(row["until"]), "xsd:dateTime")
    yield mark
    yield {
        "@id": _id("Cause", told.title, row["cause_kind"], row["cause_uid"]),
        "@type": "uco-observable:ObservableObject",
        "uco-core:name": f"{row['cause_kind']} {row['cause_uid']}",
    }


def _of(told: Told, row: Row) -> str:
    return _id("Thing", told.title, row["kind"], row["system"], row["uid"])


def _id(kind: str, *key: object) -> str:
    return f"kb:{kind}-{uid('case-uco', kind, *key)}"


def _typed(value: str, kind: str) -> Json:
    return {"@type": kind, "@value": value}
