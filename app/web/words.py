"""gettext with a type: words of the reader's language at the edge."""

from typing import Any

import flask_babel


def gettext(sentence: str, **values: Any) -> str:
    """The sentence in the language of the request, with its values."""
    return str(flask_babel.gettext(sentence, **values))


def ngettext(one: str, many: str, number: int | None, **values: Any) -> str:
    """The sentence for so many things, in the language of the request. Chinese has one form for all numbers."""
    return str(flask_babel.ngettext(one, many, number or 0, **values))
