"""gettext with a type: words of the reader's language at the edge."""

from typing import Any

import flask_babel


def gettext(sentence: str, **values: Any) -> str:
    """The sentence in the language of the request, with its values."""
    return str(flask_babel.gettext(sentence, **values))
