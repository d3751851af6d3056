"""The language of an answer: Chinese, or English where the caller's Accept-Language prefers it."""

from flask import request

CHINESE, ENGLISH = "zh_Hans_CN", "en"


def language() -> str:
    """The language of this request, as forms and queries name it."""
    best = request.accept_languages.best_match(("zh-Hans-CN", "zh-CN", "zh", "en"), default="zh")
    return ENGLISH if best == "en" else CHINESE
