"""JSON that browsers send: whatever cannot be read is one kind of error."""

from typing import Any

from flask import Flask
from flask.json.provider import DefaultJSONProvider


class Texts(DefaultJSONProvider):
    """Flask's own, except that what is nested too deep to be read is no different from what is no JSON."""

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        """Raises ValueError."""
        try:
            return super().loads(s, **kwargs)
        except RecursionError:
            raise ValueError("nested too deep") from None


def init_app(app: Flask) -> None:
    app.json = Texts(app)
