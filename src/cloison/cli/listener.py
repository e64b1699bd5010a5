"""How does progress look on stderr: a bar at a terminal, a line a stage in a file?"""

import sys
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn


class Bar:
    """A progress listener that draws on stderr; quiet when stderr is no terminal, save one line a stage."""

    def __init__(self, *, quiet: bool = False) -> None:
        self._console = Console(stderr=True)
        self._quiet = quiet
        self._drawn = self._console.is_terminal and not quiet
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.percentage:>3.0f} %"),
            TimeElapsedColumn(),
        )
        self._progress = Progress(*columns, console=self._console, disable=not self._drawn)
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()

    def begin(self, what: str, total: int) -> None:
        """A stage begins."""
        if self._drawn:
            self._task = self._progress.add_task(what, total=max(total, 1))
        elif not self._quiet:
            sys.stderr.write(f"{what} …\n")

    def advance(self, amount: int) -> None:
        """So much more of the stage is done."""
        if self._task is not None:
            self._progress.advance(self._task, amount)

    def note(self, text: str) -> None:
        """A line of its own."""
        if not self._quiet:
            self._console.print(text, markup=False, highlight=False)
