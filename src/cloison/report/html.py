"""How is the dossier told as one HTML file that needs no network?"""

from pathlib import Path

from cloison.report.dossier import Dossier


def write_report(dossier: Dossier, folder: Path) -> Path:
    """Write `report.html` below the folder and return its path."""
    path = folder / "report.html"
    path.write_text(dossier.title, encoding="utf-8")
    return path
