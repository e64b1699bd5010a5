"""Which forms can a case's answers be handed on in?"""

from collections.abc import Callable, Iterator, Mapping

from cloison.report.exports import case_uco, misp, navigator, ocsf, sarif, stix, timesketch
from cloison.report.exports.told import Told

__all__ = ["FORMS", "Told"]

FORMS: Mapping[str, Callable[[Told], Iterator[bytes]]] = {
    "stix": stix.write,
    "misp": misp.write,
    "navigator": navigator.write,
    "timesketch": timesketch.write_lines,
    "timesketch-csv": timesketch.write_csv,
    "ocsf": ocsf.write,
    "case-uco": case_uco.write,
    "sarif": sarif.write,
}
"""Each form by its name, as pieces of one file."""
