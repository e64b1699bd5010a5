"""What can a user do with indicators? Apart from the other acts, so that a sweep of raw logs waits for no case."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from cloison.errors import InputError
from cloison.service.case import MEMORY, is_case, open_case
from cloison.service.indicators import FORMS, Understood, hand_on, understand
from cloison.service.progress import Progress
from cloison.service.sweeping import Swept, indicators_in, sweep_paths

if TYPE_CHECKING:
    from cloison.service.case_sweep import CaseSwept

__all__ = ["FORMS", "MEMORY", "Understood", "hand_on", "sweep", "sweep_json", "understand"]


def sweep(
    indicators: Path, paths: list[Path], *, cautions: Sequence[Path] = (), memory: str = MEMORY, progress: Progress
) -> "Swept | CaseSwept":
    """Sweep raw logs for indicators, or the events of one case, which has cautions of its own.

    Raises:
        InputError: no indicator is understood, or a case is named beside other paths or cautions.
    """
    if not any(is_case(path) for path in paths):
        return sweep_paths(indicators, paths, progress, cautions)
    if len(paths) > 1:
        raise InputError(
            "a case is swept by itself", where=", ".join(map(str, paths)), remedy="name one case, or raw logs alone"
        )
    if cautions:
        raise InputError(
            "a case has cautions of its own",
            where=", ".join(map(str, cautions)),
            remedy=f"give them to it: `cloison investigate {paths[0]} --cautions {cautions[0]}`",
        )
    from cloison.service.case_sweep import sweep_case  # noqa: PLC0415, raw logs need no case, and none of its imports
    from cloison.service.sources_known import catalogue_of  # noqa: PLC0415, nor this

    case = open_case(paths[0])
    return sweep_case(case, indicators_in(indicators), catalogue_of(case), progress, memory=memory)


def sweep_json(swept: "Swept | CaseSwept") -> dict[str, object]:
    """A sweep's answer as JSON holds it."""
    return {**asdict(swept), "answer": swept.answer()}
