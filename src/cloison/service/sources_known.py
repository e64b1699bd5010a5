"""Which sources does a case know?"""

from cloison.service.case import Case
from cloison.sources.catalogue import SHIPPED, Catalogue, load, shipped


def catalogue_of(case: Case) -> Catalogue:
    """The shipped sources and the case's own, which replace shipped ones of the same name."""
    own = case.folder / "sources"
    return load((SHIPPED, own)) if own.is_dir() else shipped()
