"""How are pages made of templates, so that text out of a log stays text?

Whatever a template prints goes through the case's voice, which makes it inert and the intruder's addresses defanged,
and is then escaped. Addresses of pages are built by `asking.address` and are markup already.
"""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.template import TemplateConfig
from markupsafe import Markup

from cloison.model.inert import inert
from cloison.model.wording import plural
from cloison.service.viewing_words import Voice

FOLDER = Path(__file__).parent
TEMPLATES, STATIC = FOLDER / "templates", FOLDER / "static"
_PLAIN = Voice()


def templates() -> TemplateConfig[JinjaTemplateEngine]:
    """The console's templates: everything is escaped, and a name that is not there is an error."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        finalize=_spoken,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"plural": plural, "exact": exact, "lines": lines}
    return TemplateConfig(instance=JinjaTemplateEngine.from_environment(environment))


@pass_context
def _spoken(context: Context, value: object) -> object:
    voice = context.get("voice", _PLAIN)
    return voice(value) if isinstance(voice, Voice) else value


def exact(value: object) -> Markup:
    """A value escaped and otherwise as it is, for an attribute that a form sends back."""
    return Markup.escape("" if value is None else str(value))


def lines(text: str) -> Markup:
    """A text of several lines, each inert; tabs stay."""
    parts = (part.replace("\t", "    ") for part in text.splitlines() or [""])
    return Markup("\n").join(Markup.escape(inert(part)) for part in parts)
