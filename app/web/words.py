"""gettext with a type: words of the reader's language at the edge.

A page has a thousand words: which catalogue is the right one is found out once a request, not for each of them, and
what it says for a sentence is looked up once a process.
"""

from typing import Any

import flask_babel
from flask import Flask, g
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup, escape

MOST = 20_000
"""Sentences kept of a language: names that owners gave to steps and fields come here too."""


class _Words(dict[str, tuple[str, Markup]]):
    """What a catalogue says, and how that stands in a page.

    Escaped like anything else: names that owners gave to steps, forms and tables are looked up here too, and no
    sentence of our own has markup in it.
    """

    def __init__(self, catalogue: Any) -> None:
        super().__init__()
        self.catalogue = catalogue

    def __missing__(self, sentence: str) -> tuple[str, Markup]:
        said = str(self.catalogue.ugettext(sentence))
        found = said, escape(said)
        if len(self) < MOST:
            self[sentence] = found
        return found


def gettext(sentence: str, **values: Any) -> str:
    """The sentence in the language of the request, with its values."""
    found = _words()[sentence][0]
    return found % values if values else found


def ngettext(one: str, many: str, number: int | None, **values: Any) -> str:
    """The sentence for so many things, in the language of the request. Chinese has one form for all numbers."""
    return str(_words().catalogue.ungettext(one, many, number or 0)) % {"num": number or 0, **values}


def _words() -> _Words:
    kept = g._get_current_object()  # through the proxy each look would search the context anew
    found: _Words | None = kept.get("words")
    if found is None:
        catalogue = flask_babel.get_domain().get_translations()
        known: _Words = vars(catalogue).setdefault("as_it_stands_in_pages", _Words(catalogue))
        found = kept.words = known
    return found


@pass_eval_context
def _sentence(evaluated: EvalContext, sentence: str, **values: Any) -> str:
    return _filled(*_words()[sentence], values, escaped=evaluated.autoescape)


@pass_eval_context
def _counted(evaluated: EvalContext, one: str, many: str, number: int, **values: Any) -> str:
    said = str(_words().catalogue.ungettext(one, many, number))
    return _filled(said, escape(said), {"num": number, **values}, escaped=evaluated.autoescape)


def _filled(said: str, found: Markup, values: dict[str, Any], *, escaped: bool | None) -> str:
    """What is put into a page's sentence is escaped. Names that owners gave come here too: a % alone is no place."""
    sentence = found if escaped else said
    if values:
        return sentence % values
    return sentence.replace("%%", "%") if "%" in sentence else sentence


def init_app(app: Flask) -> None:
    """Templates find their words the same way.

    jinja's own functions ask for the whole context, and where a loop sets a variable the context is copied for every
    word: a third of what the workbench cost. These ask only whether the page is escaped.
    """
    app.jinja_env.globals.update({"_": _sentence, "gettext": _sentence, "ngettext": _counted})
