"""A page's form carries a key made when it was rendered: a second click and a second try change nothing more."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

from flask import Flask, request

from app.services.once import once as once_for
from app.web import clock
from app.web.permission import actor

_KEY = re.compile(r"[!-~]{1,128}")


@contextmanager
def once() -> Iterator[None]:
    """The act inside takes effect once for the form that was sent. Raises AlreadyDoneError the second time."""
    with once_for(key_of_form(), actor=actor(), action=f"{request.method} {request.path}", now=clock.now()):
        yield


def key_of_form() -> str:
    """The key in the form that was sent; a new one where there is none that can be kept."""
    key = request.form.get("key", "")
    return key if _KEY.fullmatch(key) else new_key()


def new_key() -> str:
    return uuid4().hex


def init_app(app: Flask) -> None:
    app.add_template_global(new_key)
