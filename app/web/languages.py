"""Chinese first, English on request. The choice lies in a cookie and, once signed in, with the session."""

from babel import Locale
from flask import Flask, request
from flask_babel import get_locale

from app.web import words

CHINESE, ENGLISH = "zh_Hans_CN", "en"
LOCALES = {CHINESE: "中文", ENGLISH: "English"}
COOKIE = "wenze_locale"


def choose() -> str:
    """The language of this request."""
    wanted = request.cookies.get(COOKIE, "")
    return wanted if wanted in LOCALES else CHINESE


def current() -> str:
    """The language of this request, as forms and queries name it."""
    locale = get_locale()
    return ENGLISH if isinstance(locale, Locale) and locale.language == "en" else CHINESE


def init_app(app: Flask) -> None:
    """After the application factory has bound Babel: screens choose, the API has its own way."""
    app.extensions["babel"].locale_selector = choose
    words.init_app(app)
    app.jinja_env.globals.update(
        html_lang=lambda: "en" if current() == ENGLISH else "zh-CN",
        other_locale=lambda: CHINESE if current() == ENGLISH else ENGLISH,
        locale_names=LOCALES,
    )
