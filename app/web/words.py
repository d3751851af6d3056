"""gettext with a type: words of the reader's language at the edge.

A page has a thousand words: which catalogue is the right one is found out once a request, not for each of them.
"""

from typing import Any

import flask_babel
from flask import Flask, g
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup


def gettext(sentence: str, **values: Any) -> str:
    """The sentence in the language of the request, with its values."""
    found = str(_catalogue().ugettext(sentence))
    return found % values if values else found


def ngettext(one: str, many: str, number: int | None, **values: Any) -> str:
    """The sentence for so many things, in the language of the request. Chinese has one form for all numbers."""
    return str(_catalogue().ungettext(one, many, number or 0)) % {"num": number or 0, **values}


def _catalogue() -> Any:
    kept = g._get_current_object()  # through the proxy each look would search the context anew
    found = kept.get("catalogue")
    if found is None:
        found = kept.catalogue = flask_babel.get_domain().get_translations()
    return found


@pass_eval_context
def _sentence(evaluated: EvalContext, sentence: str, **values: Any) -> str:
    return _filled(evaluated, gettext(sentence), values)


@pass_eval_context
def _counted(evaluated: EvalContext, one: str, many: str, number: int, **values: Any) -> str:
    found = str(_catalogue().ungettext(one, many, number))
    return _filled(evaluated, found, {"num": number, **values})


def _filled(evaluated: EvalContext, found: str, values: dict[str, Any]) -> str:
    """What is put into a page's sentence is escaped. Names that owners gave come here too: a % alone is no place."""
    if evaluated.autoescape:
        found = Markup(found)  # the sentences are the product's own
    return found % values if values else found.replace("%%", "%")


def init_app(app: Flask) -> None:
    """Templates find their words the same way.

    jinja's own functions ask for the whole context, and where a loop sets a variable the context is copied for every
    word: a third of what the workbench cost. These ask only whether the page is escaped.
    """
    app.jinja_env.globals.update({"_": _sentence, "gettext": _sentence, "ngettext": _counted})
