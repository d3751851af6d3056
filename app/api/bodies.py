"""Reading what a caller sends. Hostile input ends here with a sentence, never deeper with a crash."""

import json
import math
import re
from collections.abc import Iterator
from functools import cache
from http import HTTPStatus
from typing import Any, NoReturn

import flask
import marshmallow
from flask import request
from marshmallow import ValidationError
from webargs import missing
from webargs.flaskparser import FlaskParser, is_json_request

from app.api.problems import SENTENCES, RequestRefusedError
from app.domain.errors import N_

LONGEST = 2 * 1024 * 1024
"""Bytes of a JSON body; papers go by their own route."""
DEEPEST = 32
"""Levels of nesting; the deepest form has four."""
LARGEST = 2**53 - 1
"""Beyond this a JSON number means different things to different readers (RFC 8259 section 6)."""

UNSTORABLE = re.compile("[\0\ud800-\udfff]")
NOT_JSON = N_("请求正文不是有效的 JSON。")
HAS_CONTROL = N_("内容含有不允许的控制字符。")


class Parser(FlaskParser):
    """webargs with a stricter reading of JSON, and our problem documents."""

    def _get_schema(self, argmap: Any, req: flask.Request) -> marshmallow.Schema:
        return _schema(argmap) if isinstance(argmap, type) else super()._get_schema(argmap, req)

    def _raw_load_json(self, req: flask.Request) -> Any:
        req.max_content_length = LONGEST
        content = req.get_data(cache=True)
        if not content:
            return missing
        if not is_json_request(req):
            raise RequestRefusedError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, SENTENCES[415])
        return read_json(content)

    def handle_error(
        self, error: ValidationError, req: flask.Request, schema: marshmallow.Schema, **kwargs: Any
    ) -> NoReturn:
        """Raises RequestRefusedError with a path for each message."""
        status = HTTPStatus(kwargs.get("error_status_code") or HTTPStatus.UNPROCESSABLE_ENTITY)
        found: dict[str, list[str]] = {}
        messages_by_location: dict[str, Any] = error.messages_dict
        for messages in messages_by_location.values():
            for path, sentence in _flat(messages, ()):
                found.setdefault(path, []).append(sentence)
        sentence = SENTENCES[422] if status is HTTPStatus.UNPROCESSABLE_ENTITY else SENTENCES[400]
        raise RequestRefusedError(status, sentence, fields=found)


@cache
def _schema(kind: type[marshmallow.Schema]) -> marshmallow.Schema:
    """One for all requests: making a schema copies all its fields."""
    return kind()


def _flat(messages: Any, path: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    if isinstance(messages, dict):
        for key, value in messages.items():
            yield from _flat(value, path if key == "_schema" else (*path, str(key)))
    else:
        for sentence in messages if isinstance(messages, list) else [messages]:
            yield ".".join(path), sentence if isinstance(sentence, str) else str(sentence)


def read_json(content: bytes) -> Any:
    """The value in a JSON text. Raises RequestRefusedError (400) for what another reader could read differently."""
    try:
        value = json.loads(
            content.decode("utf-8"),
            object_pairs_hook=_without_doubles,
            parse_int=_whole,
            parse_float=_finite,
            parse_constant=_finite,
        )
    except RecursionError:
        raise RequestRefusedError(HTTPStatus.BAD_REQUEST, N_("请求正文嵌套过深。")) from None
    except ValueError:  # not UTF-8, not JSON
        raise RequestRefusedError(HTTPStatus.BAD_REQUEST, NOT_JSON) from None
    _check(value, 0)
    return value


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise RequestRefusedError(HTTPStatus.BAD_REQUEST, N_("请求正文中有重复的字段名。"))
    return found


def _whole(digits: str) -> int:
    if len(digits) > 17 or abs(int(digits)) > LARGEST:  # the length first: Python refuses to read thousands of digits
        raise RequestRefusedError(HTTPStatus.BAD_REQUEST, N_("数字超出允许的范围。"))
    return int(digits)


def _finite(digits: str) -> float:
    number = float(digits)  # NaN and Infinity too, which Python's reader takes for JSON
    if not math.isfinite(number) or abs(number) > LARGEST:
        raise RequestRefusedError(HTTPStatus.BAD_REQUEST, N_("数字超出允许的范围。"))
    return number


def _check(value: Any, depth: int) -> None:
    if depth > DEEPEST:
        raise RequestRefusedError(HTTPStatus.BAD_REQUEST, N_("请求正文嵌套过深。"))
    if isinstance(value, str):
        ensure_storable(value)
    elif isinstance(value, dict):
        for key, item in value.items():
            ensure_storable(key)
            _check(item, depth + 1)
    elif isinstance(value, list):
        for item in value:
            _check(item, depth + 1)


def ensure_storable(text: str) -> None:
    """Raises RequestRefusedError (400) for a NUL (PostgreSQL cannot store it) and for half a character (nobody can)."""
    if UNSTORABLE.search(text):
        raise RequestRefusedError(HTTPStatus.BAD_REQUEST, HAS_CONTROL)


def check_address() -> None:
    """Before every view: the same rule for the path and the query."""
    ensure_storable(request.path)
    for key, value in request.args.items(multi=True):
        ensure_storable(key)
        ensure_storable(value)
