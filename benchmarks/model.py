"""How long does the model incident take from a folder of exports to the report, and how much memory at most?"""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from demo.model_incident.generate import generate

_ROOT = Path(__file__).parents[1]
_GIVEN = {
    "--evidence": "evidence",
    "--indicators": "indicators.txt",
    "--exposed": "exposed.csv",
    "--networks": "networks.csv",
    "--totals": "totals.csv",
}


@dataclass(frozen=True)
class Investigated:
    """Wall seconds and peak resident memory of the one command, in a process of its own."""

    evidence_megabytes: float
    seconds: float
    peak_megabytes: float

    def told(self) -> str:
        """One line."""
        return (
            f"the model incident ({self.evidence_megabytes:.1f} MB of evidence, as exported): "
            f"{self.seconds:.1f} s, {self.peak_megabytes:.0f} MB of memory at most"
        )


def investigated(scale: float = 1.0) -> Investigated:
    """Generate the incident with `scale` times its ordinary life, and investigate it."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        generate(folder / "incident", seed=1, scale=scale)
        size = sum(path.stat().st_size for path in (folder / "incident/evidence").rglob("*") if path.is_file())
        seconds, peak = _investigate(folder / "case", folder / "incident")
    return Investigated(size / 1e6, seconds, peak / 1e6)


def _investigate(case: Path, incident: Path) -> tuple[float, int]:
    """Seconds, and bytes of resident memory at most."""
    given = [word for option, name in _GIVEN.items() for word in (option, str(incident / name))]
    command = [sys.executable, "-m", "cloison", "investigate", str(case), "-q", *given]
    begun = perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, env={"PYTHONPATH": str(_ROOT / "src")})
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"cloison investigate ended with {child.returncode}")
    return perf_counter() - begun, usage.ru_maxrss * 1024
