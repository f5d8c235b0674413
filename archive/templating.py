"""Templates in a language: strict about names, escaping everything.

What a page or picture adds to them, as filters, its own room adds.
"""

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from archive.texts import TEMPLATES, translations
from schemas.vocabulary import Language


def environment_in(language: Language) -> Environment:
    """Return a new environment whose templates speak a language."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.policies["ext.i18n.trimmed"] = True
    # The extension adds this method when it is loaded; no annotation knows it.
    install = getattr(environment, "install_gettext_translations")  # noqa: B009
    install(translations(language), newstyle=True)
    return environment
