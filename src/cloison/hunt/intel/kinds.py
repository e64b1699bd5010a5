"""Which kind of indicator does a word of a header, a type column or a feed name?"""

import re

from cloison.model.indicator import IndicatorKind

_K = IndicatorKind
_WORDS: dict[IndicatorKind, str] = {
    _K.IP: "ip ips ipv4 ipv6 ipaddr ipaddress ipaddresses ipv4addr ipv6addr ipsrc ipdst ipport ipdstport ipsrcport "
    "address adresseip addrip ipv4address ipv6address",
    _K.CIDR: "cidr subnet network netblock ipcidr",
    _K.RANGE: "range iprange",
    _K.DOMAIN: "domain domains domainname hostname hostnames host fqdn domaine nomdedomaine domainip dns hostnameport",
    _K.URL: "url urls uri link",
    _K.EMAIL: "email emails emailaddr emailaddress emailsrc emaildst emailreplyto mail courriel dnssoaemail "
    "whoisregistrantemail targetemail",
    _K.MD5: "md5 hashmd5 filemd5 md5hash filehashmd5",
    _K.SHA1: "sha1 hashsha1 filesha1 sha1hash filehashsha1",
    _K.SHA224: "sha224 filehashsha224",
    _K.SHA256: "sha256 hashsha256 filesha256 sha256hash filehashsha256 sha2",
    _K.SHA384: "sha384 filehashsha384",
    _K.SHA512: "sha512 hashsha512 filesha512 sha512hash filehashsha512",
    _K.FILE_NAME: "filename filenames file nomdefichier fichier attachment emailattachment",
    _K.USER_AGENT: "useragent useragents ua httpuseragent",
    _K.ACCOUNT: "account accounts user username login useraccount accountname compte utilisateur targetuser",
    _K.CREDENTIAL: "credential token apikey keyid accesskey accesskeyid sessionid clientid",
    _K.AS_NUMBER: "as asn asnumber asns autonomoussystem",
    _K.JA3: "ja3 ja3s ja3hash ja3fingerprint ja3fingerprintmd5 ja3md5",
    _K.JA4: "ja4 ja4fingerprint",
}
_KIND_OF = {word: kind for kind, words in _WORDS.items() for word in words.split()}

LITERAL_KINDS = frozenset({_K.FILE_NAME, _K.USER_AGENT, _K.ACCOUNT, _K.CREDENTIAL})
"""Kinds that any text can be a value of: only a type column can say so."""

SHAPED_KINDS = frozenset({_K.AS_NUMBER, _K.JA3, _K.JA4})
"""Kinds whose value has a shape that other things have as well: only a type, or standing alone, can say so."""

FOLDED_KINDS = frozenset({_K.FILE_NAME, _K.ACCOUNT})
"""Literal kinds that are compared without case, so their canonical spelling is lower-case."""

_UNHUNTED = frozenset(
    [
        "authentihash", "btc", "bankaccountnr", "bic", "cccn", "cdhash", "comment", "cookie", "counter", "cpe",
        "cveid", "cve", "datetime", "dash", "domainregistrant", "emailbody", "emailheader", "emailmessageid",
        "emailmimeboundary", "emailsubject", "emailthreadindex", "emailxmailer", "float", "gitcommitid", "hasshmd5",
        "hasshservermd5", "hex", "iban", "imphash", "impfuzzy", "imports", "jarm", "jarmfingerprint", "macaddress",
        "malwaresample", "malwaretype", "mimetype", "mobileapplicationid", "mutex", "namedpipe", "other",
        "patterninfile", "patterninmemory", "patternintraffic", "pdb", "pehash", "phonenumber", "port", "processname",
        "regkey", "regkeyvalue", "registrykey", "sigma", "snort", "ssdeep", "ssdeephash", "stix2pattern", "telfhash",
        "text", "threatactor", "tlsh", "tlshhash", "vhash", "vulnerability", "windowsscheduledtask",
        "windowsservicename", "whoisregistrar", "whoisregistrantname", "whoisregistrantorg", "x509fingerprintmd5",
        "x509fingerprintsha1", "x509fingerprintsha256", "xmr", "yara", "zeek",
    ]
)  # fmt: skip


def word_of(text: str) -> str:
    """A header or type word as its letters and figures alone, lower-case."""
    return re.sub(r"[\W_]+", "", text.lower())


def kind_of(text: str) -> IndicatorKind | None:
    """The kind a type word names; None when it names none."""
    return _KIND_OF.get(word_of(text))


def is_unhunted(text: str) -> bool:
    """Whether a type word names what is known and can be looked for nowhere: a mutex, an import hash, a port."""
    return word_of(text) in _UNHUNTED
