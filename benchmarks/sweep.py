"""How many megabytes a second are swept for 10, 1,000 and 100,000 indicators, and are the sightings right?

Each tool is a process of its own on the same files in the same run, from its start to its end; `after start` takes off
what the same command needs for a file of one line, which is reading the indicators and building what it searches with.
`core s` are the seconds that it kept a core busy, which other work on the machine hardly changes; of what is packed,
ripgrep and grep leave the unpacking to another process.
`x ripgrep` compares the whole. Literal tools know no networks, sub-domains, escapes or boundaries: of the lines that
they report, how many are right? hyperscan is given the beginning of a log alone.
"""

import gzip
import importlib.util
import json
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import zstandard

from benchmarks.sweeps.logs import write_indicators, write_log
from benchmarks.sweeps.running import Ran, best, numbered, ran

SIZES = {"access": 2_000, "nested": 1_000}
"""Megabytes (10^6 bytes) of each log."""
COUNTS = (10, 1_000, 100_000)
RUNS = 3
HEAD = 50
_PACKERS = {"gz": ("gzip", "-dc"), "zst": ("zstd", "-dc")}


@dataclass(frozen=True)
class Tool:
    """A way to look for indicators: its command for a list and a file, and the lines that it reports."""

    name: str
    command: Callable[[Path, Path], Sequence[str]]
    lines: Callable[[bytes], frozenset[int]]
    piped: bool = False  # what is packed is unpacked by another process
    packed: bool = True  # reads what is packed at all
    head: bool = False  # is given the first HEAD megabytes of a file: the whole would take hours

    def run(self, listed: Path, file: Path) -> Ran:
        """Once."""
        beginning = file.with_suffix(".head")
        file = beginning if self.head and beginning.exists() else file
        unpacked = _PACKERS.get(file.suffix[1:], ()) if self.piped else ()
        return ran(self.command(listed, file), packed=[*unpacked, str(file)] if unpacked else [])


def _json_lines(output: bytes) -> frozenset[int]:
    return frozenset(one["line"] for one in json.loads(output)["sightings"])


def _cloison(listed: Path, file: Path) -> list[str]:
    return [sys.executable, "-m", "cloison", "sweep", str(listed), str(file), "--json", "--quiet"]


def tools() -> list[Tool]:
    """Ours, and those of the others that this machine has."""
    found = [Tool("cloison", _cloison, _json_lines)]
    if shutil.which("rg"):
        command = ("rg", "-z", "-n", "--no-filename", "--no-config", "-F", "-f")
        found.append(Tool("ripgrep -F", lambda listed, file: [*command, str(listed), str(file)], numbered))
    if shutil.which("grep"):
        found.append(Tool("grep -F", _grep, numbered, piped=True))
    if importlib.util.find_spec("hyperscan"):
        found.append(Tool("hyperscan", _hyperscan, numbered, packed=False, head=True))
    return found


def _grep(listed: Path, file: Path) -> list[str]:
    return ["grep", "-a", "-n", "-F", "-f", str(listed), *([] if file.suffix[1:] in _PACKERS else [str(file)])]


def _hyperscan(listed: Path, file: Path) -> list[str]:
    return [sys.executable, "-m", "benchmarks.sweeps.hyperscan_lines", str(listed), str(file)]


def swept(
    share: float = 1.0, counts: Sequence[int] = COUNTS, runs: int = RUNS, folder: Path | None = None
) -> Iterator[str]:
    """A line for each tool, file and number of indicators."""
    with TemporaryDirectory(dir=folder) as made:
        lists = {count: Path(made) / f"{count}.txt" for count in counts}
        for count, path in lists.items():
            write_indicators(path, count)
        for kind, megabytes in SIZES.items():
            yield from _log(Path(made), kind, round(megabytes * share * 1e6), lists, runs)


def _log(folder: Path, kind: str, size: int, lists: dict[int, Path], runs: int) -> Iterator[str]:
    plain = folder / f"{kind}.log"
    truth = write_log(plain, kind, size)
    megabytes = plain.stat().st_size / 1e6
    ahead = _beginning(plain)
    tiny = folder / "tiny.log"
    tiny.write_bytes(b"nothing\n")
    for tool in tools():
        tool.run(lists[min(lists)], tiny)  # what is compiled at its first use is kept
    starts = {count: {tool.name: tool.run(listed, tiny) for tool in tools()} for count, listed in lists.items()}
    for file in (plain, *_packed(plain)):
        form = file.suffix[1:].replace("log", "plain")
        chosen = [tool for tool in tools() if file is plain or tool.packed]
        for count, listed in lists.items():
            yield f"{kind}, {form}, {megabytes:,.0f} MB, {count:,} indicators, {len(truth)} lines hold one"
            measured = {
                tool.name: best([tool.run(listed, file) for _ in range(runs if file is plain else 1)])
                for tool in chosen
            }
            rival = measured.get("ripgrep -F", measured["cloison"])
            beside = megabytes / rival.seconds
            for tool in chosen:
                whole = (ahead[0], truth & ahead[1]) if tool.head else (megabytes, truth)
                yield _told(tool, *whole, measured[tool.name], starts[count][tool.name], beside)


def _beginning(plain: Path) -> tuple[float, frozenset[int]]:
    """Write the first whole lines of a log beside it; their megabytes and their numbers."""
    with plain.open("rb") as file:
        text = file.read(HEAD * 1_000_000)
    text = text[: text.rfind(b"\n") + 1]
    plain.with_suffix(".head").write_bytes(text)
    return len(text) / 1e6, frozenset(range(1, text.count(b"\n") + 1))


def _told(tool: Tool, megabytes: float, truth: frozenset[int], run: Ran, start: Ran, beside: float) -> str:
    reported = tool.lines(run.output)
    speed, after = megabytes / run.seconds, megabytes / max(0.001, run.seconds - start.seconds)
    return (
        f"  {tool.name:<12}{speed:>8,.0f} MB/s   start {start.seconds:>5.1f} s   after start {after:>8,.0f} MB/s   "
        f"{speed / beside:>5.1f} x ripgrep   "
        f"{run.core_seconds:>6.1f} core s (start {start.core_seconds:>4.1f})   {run.megabytes:>5,.0f} MB   "
        f"right {len(reported & truth)} of {len(truth)}, wrong {len(reported - truth)}"
    )


def _packed(plain: Path) -> Iterator[Path]:
    packed = plain.with_suffix(".gz")
    with plain.open("rb") as file, gzip.open(packed, "wb", compresslevel=1) as out:
        shutil.copyfileobj(file, out, 1 << 20)
    yield packed
    packed = plain.with_suffix(".zst")
    with plain.open("rb") as file, packed.open("wb") as out:
        zstandard.ZstdCompressor(level=3).copy_stream(file, out)
    yield packed
