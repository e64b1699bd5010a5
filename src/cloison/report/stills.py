"""How does a drawing stand where no style sheet and no pointer is: its colours written in, its hidden titles out?"""

import re
from collections.abc import Mapping
from pathlib import Path

from markupsafe import Markup

_TEMPLATES = Path(__file__).parent / "templates"
_LIGHT = re.compile(r":root \{(.*?)\}", re.DOTALL)
_COLOUR = re.compile(r"--([\w-]+): (#[0-9a-f]{6})\b")
_TITLE = re.compile(r"<title>[^<]*</title>")
_BOX = re.compile(r'<svg [^>]*?viewBox="0 0 (\d+) (\d+)"[^>]*>')


def palette() -> Mapping[str, str]:
    """The colours by day, by their names in the style sheet."""
    css = (_TEMPLATES / "report.css").read_text(encoding="utf-8")
    light = _LIGHT.search(css)
    return dict(_COLOUR.findall(light[1] if light else ""))


def still(svg: Markup, colours: Mapping[str, str]) -> tuple[str, int, int]:
    """The drawing as a file of its own, and how wide and high it is."""
    rules = (_TEMPLATES / "figures.css").read_text(encoding="utf-8").replace("svg ", "")
    style = re.sub(r"var\(--([\w-]+)\)", lambda found: colours[found[1]], rules)
    bare = _TITLE.sub("", str(svg))
    box = _BOX.match(bare)
    if box is None:
        raise ValueError("no drawing")
    wide, high = int(box[1]), int(box[2])
    opened = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" width="{wide}" height="{high}">'
    return f"{opened}<style>text{{font-family:'{FONT}'}}{style}</style>{bare[box.end() :]}", wide, high


FONT = "Libertinus Serif"
"""The face of paper: it comes with the typesetter, so that no machine's own fonts change a page."""
