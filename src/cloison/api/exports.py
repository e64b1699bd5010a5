"""How does a browser or a program take the answers along, in a form that other programs read?"""

import shutil
import tempfile
import zipfile
from pathlib import Path
from typing import Annotated

from litestar import get
from litestar.background_tasks import BackgroundTask
from litestar.di import NamedDependency
from litestar.params import PathParameter
from litestar.response import File

from cloison.api.problems import A_FILE, FILE_OR_PROBLEMS, PROBLEMS
from cloison.model.roles import VERB, Verb
from cloison.service.desk import Desk
from cloison.service.exporting import ALL_FORMS, WHOLE, export

_ENDINGS = {"timesketch": "jsonl", "timesketch-csv": "csv", "ocsf": "jsonl"} | dict.fromkeys(WHOLE, "zip")
"""How a file of each form ends; else it is JSON."""


@get("/exports", opt={VERB: Verb.READ}, responses=PROBLEMS, sync_to_thread=False)
def list_exports() -> list[str]:
    """The forms. What reads them: docs/exports.md."""
    return list(ALL_FORMS)


@get(
    "/exports/{form:str}",
    opt={VERB: Verb.READ},
    responses=FILE_OR_PROBLEMS,
    sync_to_thread=True,
    media_type=A_FILE,
)
def export_answers(
    desk: NamedDependency[Desk], form: Annotated[str, PathParameter(description="One of the forms.", max_length=40)]
) -> File:
    """The answers in one form, as a file; every table, each a file, in a ZIP for csv and parquet."""
    desk.view()
    folder = Path(tempfile.mkdtemp(prefix="cloison-"))
    gone = BackgroundTask(shutil.rmtree, folder, ignore_errors=True)
    try:
        written = _written(desk, form, folder)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return File(written, filename=f"cloison-{form}.{_ENDINGS.get(form, 'json')}", background=gone)


def _written(desk: NamedDependency[Desk], form: str, folder: Path) -> Path:
    made = export(desk.case, form, folder / "out")
    if form not in WHOLE:
        return made[0]
    with zipfile.ZipFile(folder / "all.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for path in made:
            archive.write(path, path.name)
    return folder / "all.zip"
