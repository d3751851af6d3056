"""Refusals as RFC 9457 problem documents. Whatever goes wrong below /api answers in this one shape."""

from collections.abc import Iterable, Iterator, Mapping
from http import HTTPStatus
from typing import Any

import structlog
from flask import Flask, Response, g, json, request
from flask_babel import force_locale, gettext
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect
from werkzeug.wrappers import Response as BaseResponse

from app.api.languages import ENGLISH, language
from app.domain.confirmation import StepUpError
from app.domain.definitions import Finding
from app.domain.errors import (
    N_,
    DomainError,
    InvalidAnswersError,
    InvalidDefinitionError,
    NotFoundError,
    Sentence,
    in_words,
    values_in_words,
)
from app.domain.statuses import status_of
from app.extensions import FULL

MEDIA_TYPE = "application/problem+json"
PREFIX = "/api/"

TITLES = {
    400: N_("请求无法处理"),
    401: N_("需要有效的令牌"),
    403: N_("不能办理"),
    404: N_("找不到该内容"),
    405: N_("请求方式不对"),
    409: N_("内容已有变化"),
    413: N_("内容过大"),
    415: N_("内容格式不对"),
    422: N_("内容需要修改"),
    429: N_("请求过于频繁"),
    500: N_("系统出现故障"),
    503: N_("系统暂不可用"),
}
SENTENCES = {
    400: N_("请求格式不正确，请对照接口说明修改后重试。"),
    404: NotFoundError.sentence,
    405: N_("该地址不支持这种请求方式。"),
    413: N_("请求内容超过允许的大小。"),
    415: N_("请按接口说明的内容类型提交。"),
    422: N_("请按提示修改后重新提交。"),
    500: N_("您提交的内容没有生效。请稍后重试，仍不行请联系系统管理员。"),
    503: N_("系统暂时无法读写数据。请稍后用同一请求标识重新提交，已经生效的内容不会重复办理。"),
}
RETRY_AFTER = "5"
"""Seconds after which a caller may try again while the database is away."""

log = structlog.get_logger()


class RequestRefusedError(HTTPException):
    """The request itself is wrong; `fields` maps paths in it to sentences."""

    def __init__(
        self, status: HTTPStatus, sentence: str, *, fields: Mapping[str, list[str]] | None = None, **values: Any
    ) -> None:
        super().__init__(sentence)
        self.code = int(status)
        self.sentence = sentence
        self.fields = fields or {}
        self.values = values


class TokenRefusedError(RequestRefusedError):
    """No token, or one that is unknown, revoked or of a disabled account (the answer is the same)."""

    def __init__(self, *, given: bool) -> None:
        sentence = N_("令牌无效或已停用。") if given else N_("请在 Authorization 头中提供 Bearer 令牌。")
        super().__init__(HTTPStatus.UNAUTHORIZED, sentence)
        self.challenge = 'Bearer realm="wenze"' + (', error="invalid_token"' if given else "")

    def get_headers(self, *args: Any, **kwargs: Any) -> list[tuple[str, str]]:
        return [("WWW-Authenticate", self.challenge)]


def problem(
    status: int,
    sentence: str,
    *,
    values: Mapping[str, Any] | None = None,
    fields: Mapping[str, list[str]] | None = None,
    headers: list[tuple[str, str]] | None = None,
    kind: str = "",
) -> Response:
    """A problem document in the caller's language. Sentences are message ids; `kind` names it where its status is not
    enough."""
    with force_locale(language()):
        document: dict[str, Any] = {
            "type": f"urn:wenze:problem:{kind or HTTPStatus(status).phrase.lower().replace(' ', '-')}",
            "title": gettext(TITLES.get(status, N_("出现问题"))),
            "status": status,
            "detail": _in_words(sentence, values or {}),
        }
        if fields:
            document["errors"] = list(_errors(fields))
    response = Response(json.dumps(document), status=status, content_type=MEDIA_TYPE)
    response.headers.extend(headers or [])
    return response


def _in_words(sentence: str, values: Mapping[str, Any]) -> str:
    translated = gettext(sentence)
    return str(translated % values_in_words(values, gettext, english=_english()) if values else translated)


def _errors(fields: Mapping[str, list[str]]) -> Iterator[dict[str, str]]:
    for field, sentences in fields.items():
        for sentence in sentences:
            yield {"field": field, "detail": _said(sentence)}


def _said(sentence: str) -> str:
    """A sentence at a field, which may be a finished one that still knows its message id."""
    return in_words(sentence, gettext, english=_english())


def _english() -> bool:
    return language() == ENGLISH


def refused(error: DomainError) -> Response:
    status = status_of(error)
    log.info("refused", action=request.endpoint, error=type(error).__name__, status=int(status))
    if status is HTTPStatus.NOT_FOUND:  # one answer for what is hidden and what never was
        return problem(404, NotFoundError.sentence)
    fields = error.fields if isinstance(error, InvalidAnswersError) else None
    if isinstance(error, InvalidDefinitionError):
        fields = _found(error.findings)
    kind = "step-up-required" if isinstance(error, StepUpError) else ""
    if kind:
        g.asked_again = True  # no refusal: see app.web.traces
    return problem(status, error.sentence, values=error.values, fields=fields, kind=kind)


def _found(findings: Iterable[Finding]) -> dict[str, list[str]]:
    """`file#element` -> sentences."""
    found: dict[str, list[str]] = {}
    for finding in findings:
        place = f"{finding.file}#{finding.element_id}" if finding.element_id else finding.file
        found.setdefault(place, []).append(Sentence(finding.sentence, **finding.values))
    return found


def away(error: Exception) -> Response:
    """The database is at fault, not the request."""
    log.error("database outage", action=request.endpoint, why=str(error).partition("\n")[0])
    return problem(503, SENTENCES[503], headers=[("Retry-After", RETRY_AFTER)])


def full(error: OSError) -> Response:
    """Nothing more can be written to the data folder. Any other error is raised again."""
    if error.errno not in FULL:
        raise error
    return away(error)


def failed(error: HTTPException) -> BaseResponse:
    status = error.code or 500
    if status < 400:
        return error.get_response()
    headers = [(name, value) for name, value in error.get_headers() if name != "Content-Type"]
    if isinstance(error, RequestRefusedError):
        return problem(status, error.sentence, values=error.values, fields=error.fields, headers=headers)
    return problem(status, SENTENCES.get(status, SENTENCES[400]), headers=headers)


def init_app(app: Flask) -> None:
    @app.before_request
    def unrouted() -> BaseResponse | None:
        """An address or method below /api that no route has: no blueprint's handler would ever see it."""
        error = request.routing_exception
        if error is None or isinstance(error, RequestRedirect) or not request.path.startswith(PREFIX):
            return None
        return failed(error)
