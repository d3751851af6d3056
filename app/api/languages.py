"""The language of an answer: Chinese, or English where the caller's Accept-Language prefers it."""

from functools import lru_cache

from flask import request
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

CHINESE, ENGLISH = "zh_Hans_CN", "en"


def language() -> str:
    """The language of this request, as forms and queries name it."""
    return _best(request.headers.get("Accept-Language", ""))


@lru_cache(maxsize=256)
def _best(header: str) -> str:
    """Callers send few different ones, and each is asked for at every word of an answer."""
    accepted = parse_accept_header(header, LanguageAccept)
    best = accepted.best_match(("zh-Hans-CN", "zh-CN", "zh", "en"), default="zh")
    return ENGLISH if best == "en" else CHINESE
