"""Which kind of indicator does a word of a header or type column name?"""

import re

from cloison.model.indicator import IndicatorKind

_K = IndicatorKind
_WORDS: dict[IndicatorKind, str] = {
    _K.IP: "ip ips ipv4 ipv6 ipaddr ipaddress ipaddresses ipv4addr ipv6addr ipsrc ipdst ipport ipdstport ipsrcport "
    "address adresseip addrip",
    _K.CIDR: "cidr subnet network netblock ipcidr",
    _K.RANGE: "range iprange",
    _K.DOMAIN: "domain domains domainname hostname hostnames host fqdn domaine nomdedomaine domainip dns",
    _K.URL: "url urls uri link",
    _K.EMAIL: "email emails emailaddr emailaddress emailsrc emaildst mail courriel",
    _K.MD5: "md5 hashmd5 filemd5 md5hash filehashmd5",
    _K.SHA1: "sha1 hashsha1 filesha1 sha1hash filehashsha1",
    _K.SHA256: "sha256 hashsha256 filesha256 sha256hash filehashsha256 sha2",
    _K.SHA512: "sha512 hashsha512 filesha512 sha512hash filehashsha512",
    _K.FILE_NAME: "filename filenames file nomdefichier fichier",
    _K.USER_AGENT: "useragent useragents ua httpuseragent",
    _K.ACCOUNT: "account accounts user username login useraccount accountname compte utilisateur",
    _K.CREDENTIAL: "credential token apikey keyid accesskey accesskeyid sessionid clientid",
}
_KIND_OF = {word: kind for kind, words in _WORDS.items() for word in words.split()}

LITERAL_KINDS = frozenset({_K.FILE_NAME, _K.USER_AGENT, _K.ACCOUNT, _K.CREDENTIAL})
"""Kinds that any text can be a value of: only a type column can say so."""

FOLDED_KINDS = frozenset({_K.FILE_NAME, _K.ACCOUNT})
"""Literal kinds that are compared without case, so their canonical spelling is lower-case."""


def word_of(text: str) -> str:
    """A header or type word as its letters and figures alone, lower-case."""
    return re.sub(r"[\W_]+", "", text.lower())


def kind_of(text: str) -> IndicatorKind | None:
    """The kind a type word names; None when it names none."""
    return _KIND_OF.get(word_of(text))
