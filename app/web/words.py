"""gettext with a type: words of the reader's language at the edge.

A page has a thousand words: which catalogue is the right one is found out once a request, not for each of them.
"""

from typing import Any

import flask_babel
from flask import Flask, g


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


def init_app(app: Flask) -> None:
    """Templates find their words the same way."""
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # of the extension that flask-babel adds
        gettext=lambda sentence: _catalogue().ugettext(sentence),
        ngettext=lambda one, many, number: _catalogue().ungettext(one, many, number),
        newstyle=True,
    )
