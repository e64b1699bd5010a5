"""Which pages are there?"""

from litestar import Router

from cloison.console import keeping, keys, looking, sealing, searching
from cloison.console.help import help_page


def pages() -> Router:
    """All pages of the console."""
    looked = [
        looking.overview_page,
        looking.graph_page,
        looking.credentials_page,
        looking.coverage_page,
        looking.detections_page,
    ]
    searched = [
        searching.timeline_page,
        searching.scope_page,
        searching.session_page,
        searching.record_page,
        searching.pivot_page,
        searching.table_page,
    ]
    kept = [
        keeping.mark_row,
        keeping.report_row,
        keeping.withdraw_mark,
        keeping.notes_page,
        keeping.save_page,
        keeping.share_page,
        keeping.view_page,
    ]
    admitted = [keys.keys_page, keys.make_key, keys.revoke_key]
    sealed = [
        sealing.seal_page,
        sealing.preview_page,
        sealing.seal_case,
        sealing.stop_page,
        sealing.seal_download,
        sealing.remove_page,
    ]
    return Router(
        "/", route_handlers=[*looked, *searched, *kept, *admitted, *sealed, help_page], include_in_schema=False
    )
