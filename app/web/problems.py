"""Refusals as pages: the status is chosen here, the sentence comes from the refusal, the next step is always named."""

from contextlib import suppress
from http import HTTPStatus

import structlog
from flask import Flask, current_app, flash, g, make_response, redirect, render_template, request, url_for
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import BadHost, HTTPException, InternalServerError, NotFound
from werkzeug.wrappers import Response

from app.domain import errors
from app.domain.confirmation import StepUpError
from app.domain.errors import (
    AlreadyDoneError,
    ConflictError,
    DomainError,
    InvalidAnswersError,
    NotAllowedError,
    NotFoundError,
    values_in_words,
)
from app.domain.statuses import status_of
from app.extensions import FULL, OUTAGES
from app.web import languages
from app.web.permission import find_actor
from app.web.words import gettext

log = structlog.get_logger()

REFUSED = (NotAllowedError, ConflictError, InvalidAnswersError)
"""What leads back to the page of a small form, with the reason."""
AWAY = errors.N_("系统暂时无法读写数据。请稍后在原页面重新提交，已经生效的内容不会重复办理。")
AGAIN = errors.N_("请返回上一页重试；仍不行请联系系统管理员。")
RETRY_AFTER = "5"
"""Seconds."""


def sentence_of(error: DomainError) -> str:
    """The refusal in the reader's language."""
    sentence = gettext(error.sentence)
    return sentence % values_in_words(error.values, gettext, english=_english()) if error.values else sentence


def in_words(sentence: str) -> str:
    """A sentence in the reader's language; sentences inside it are translated too."""
    return errors.in_words(sentence, gettext, english=_english())


def _english() -> bool:
    return languages.current() == languages.ENGLISH


def wants_json() -> bool:
    best = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return best == "application/json"


def page(status: int, title: str, sentence: str) -> Response | tuple[str, int] | tuple[dict[str, object], int]:
    """A problem as a page, or as JSON where a script asks."""
    if wants_json():
        return {"title": title, "detail": sentence, "status": status}, status
    if status < 500:
        with suppress(*OUTAGES):  # then the page is made for nobody: what it says is true all the same
            find_actor()  # nobody else has, where no route matched
    g.setdefault("actor", None)
    return render_template("problem.html", status=status, title=title, sentence=sentence), status


def title_of(status: int) -> str:
    return {
        400: gettext("请求无法处理"),
        403: gettext("不能办理"),
        404: gettext("页面打不开"),
        405: gettext("请求方式不对"),
        409: gettext("内容已有变化"),
        413: gettext("文件过大"),
        422: gettext("内容需要修改"),
        429: gettext("请求过于频繁"),
        503: gettext("系统暂不可用"),
    }.get(status, gettext("出现问题"))


def back_with(error: DomainError, target: str) -> Response:
    """After a refused small act (签收, 退回待领, 转办) or a repeated one: back to the page, with the reason on top.

    What was typed waits in the browser (static/js/entered.js); a reason that belongs to a field names it, so that it is
    told there too. What only wants the password again is no refusal: `app.web.confirmation` asks for it.
    """
    if isinstance(error, StepUpError):
        raise error
    g.refused = int(status_of(error))
    if isinstance(error, InvalidAnswersError):
        for field, sentences in error.fields.items():
            flash("".join(in_words(sentence) for sentence in sentences), f"bad {field}")
    else:
        flash(sentence_of(error), "done" if isinstance(error, AlreadyDoneError) else "bad")
    return redirect(target)


def away(error: Exception) -> Response:
    """The database or the disk is at fault, not the request; the page is made without them."""
    log.error("database outage", action=request.endpoint, why=str(error).partition("\n")[0])
    answer = make_response(page(503, title_of(503), gettext(AWAY)))
    answer.headers["Retry-After"] = RETRY_AFTER
    return answer


def full(error: OSError) -> Response:
    """Nothing more can be written to the data folder. Any other error is raised again."""
    if error.errno not in FULL:
        raise error
    return away(error)


def misaddressed(error: BadHost) -> Response:
    """Without a host that can be read there is no address that a page of ours could lead to."""
    return error.get_response()


def _too_much() -> str:
    limit = current_app.config["MAX_CONTENT_LENGTH"]
    if (request.content_length or 0) > limit:
        return gettext("一次上传不能超过%(limit)s MB，请压缩文件或者分几次上传。", limit=limit // 1024**2)
    return gettext("填写的内容过多，请减少文字或者行数后再提交。")


def init_app(app: Flask) -> None:
    @app.errorhandler(DomainError)
    def refused(error: DomainError):  # type: ignore[no-untyped-def]
        status = status_of(error)
        log.info("refused", action=request.endpoint, error=type(error).__name__, status=int(status))
        if status is HTTPStatus.NOT_FOUND:  # one answer for what is hidden and what never was
            return page(404, title_of(404), gettext(NotFoundError.sentence))
        return page(status, title_of(status), sentence_of(error))

    for outage in OUTAGES:
        app.register_error_handler(outage, away)
    app.register_error_handler(OSError, full)
    app.register_error_handler(BadHost, misaddressed)

    @app.errorhandler(CSRFError)
    def stale(error: CSRFError):  # type: ignore[no-untyped-def]
        if request.endpoint == "auth.sign_in":
            flash(gettext("页面已过期，请重新登录。"), "bad")
            return redirect(url_for("auth.show"))
        return page(400, gettext("页面已过期"), gettext("请返回上一页，刷新后重新提交；已自动保存的内容不会丢失。"))

    @app.errorhandler(HTTPException)
    def failed(error: HTTPException):  # type: ignore[no-untyped-def]
        status = error.code or 500
        if isinstance(error, NotFound):
            return page(404, title_of(404), gettext(NotFoundError.sentence))
        if isinstance(error, InternalServerError):
            return page(
                500, gettext("系统出现故障"), gettext("您提交的内容没有生效。请稍后重试，仍不行请联系系统管理员。")
            )
        if status < 400:
            return error.get_response()
        return page(status, title_of(status), _too_much() if status == 413 else gettext(AGAIN))
