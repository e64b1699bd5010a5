"""Which routes has the API?"""

from litestar import Router

from cloison.api.answers import answers, logbook, rules, sources, verify
from cloison.api.exports import export_answers, list_exports
from cloison.api.health import health
from cloison.api.keys import add_key, list_keys, revoke_key
from cloison.api.marks import add_mark, add_report, list_marks, take_back
from cloison.api.people import add_person, become, list_people, remove_person
from cloison.api.records import event, explain, places
from cloison.api.seals import add_seal, list_seals, preview_seal, remove_seal, seal_file, stop_seal
from cloison.api.tables import table_histogram, table_rows, table_tally, tables
from cloison.api.views import add_share, add_view, list_shares, list_views

API = "/api/v1"
_ROUTES = (
    *(health, answers, verify, logbook, rules, sources),
    *(tables, table_rows, table_histogram, table_tally),
    *(event, explain, places),
    *(list_marks, add_mark, add_report, take_back),
    *(list_views, add_view, list_shares, add_share),
    *(list_people, add_person, become, remove_person),
    *(list_keys, add_key, revoke_key),
    *(preview_seal, add_seal, list_seals, stop_seal, seal_file, remove_seal),
    *(list_exports, export_answers),
)


def api() -> Router:
    """All routes under `/api/v1`."""
    return Router(API, route_handlers=_ROUTES)
