"""On which machine, with which versions, was this measured?"""

import os
import platform
from importlib.metadata import version
from pathlib import Path

_CPU = Path("/proc/cpuinfo")
_MEGABYTE = 1_000_000


def machine() -> list[str]:
    """A line for the machine and a line for the software."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // _MEGABYTE
    libraries = ", ".join(f"{name} {version(name)}" for name in ("duckdb", "pyarrow", "orjson", "msgspec"))
    return [
        f"{os.cpu_count()} cores ({_model()}), {memory:,} MB of memory, {platform.system()} {platform.machine()}",
        f"Python {platform.python_version()}, {libraries}",
    ]


def _model() -> str:
    try:
        with _CPU.open(encoding="utf-8") as file:
            named = [line.partition(":")[2].strip() for line in file if line.startswith("model name")]
    except FileNotFoundError:
        named = []
    return named[0] if named else platform.processor() or "unnamed"
