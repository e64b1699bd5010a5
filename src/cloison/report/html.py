"""How is a document set as one HTML file that needs no network?

Every text that the templates print is escaped by Jinja; drawings were built element by element, their texts escaped.
"""

from collections.abc import Callable
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from cloison.report.document import Document, spans

_TEMPLATES = Path(__file__).parent / "templates"
_CODE = Markup("<code>{}</code>")


def write(document: Document) -> bytes:
    """The whole page; the same document gives the same bytes."""
    page = _environment().get_template("report.html.j2")
    return page.render(document=document, ref=_referring(document)).encode()


def _referring(document: Document) -> Callable[[str], Markup]:
    """What writes the mark that leads to the query behind a figure."""

    def ref(name: str) -> Markup:
        number = document.references.get(name)
        if number is None:
            return Markup()
        said = document.words["reference"].format(number=number)
        return Markup(' <a class="ref" href="#ref-{}">{}</a>').format(name, said)

    return ref


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        finalize=_written,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.tests["kind"] = lambda block, name: type(block).__name__ == name
    return environment


def _written(value: object) -> object:
    """Text escaped, what is code in it marked as such; markup as it is."""
    return marked(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def marked(text: str) -> Markup:
    """Text escaped, what is typed into a machine marked as such."""
    return Markup().join(_CODE.format(piece) if code else escape(piece) for piece, code in spans(text))
