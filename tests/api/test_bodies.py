"""Reading JSON strictly: what two readers could understand differently is not read at all."""

from typing import Any

import pytest

from app.api.bodies import DEEPEST, LARGEST, read_json
from app.api.problems import RequestRefusedError


@pytest.mark.parametrize(
    ("content", "value"),
    [
        (b"{}", {}),
        (b'{"a": [1, -2, 1.5, true, null, "\xe5\xad\x97"]}', {"a": [1, -2, 1.5, True, None, "字"]}),
        (b"9007199254740991", LARGEST),
        (b"-9007199254740991", -LARGEST),
        (b'"\\ud83d\\ude00"', "😀"),
        (b"[" * DEEPEST + b"]" * DEEPEST, None),
    ],
)
def test_proper_json_is_read(content: bytes, value: Any) -> None:
    read = read_json(content)

    if value is not None:
        assert read == value


@pytest.mark.parametrize(
    "content",
    [
        b"9007199254740992",
        b"-9007199254740992",
        b"[" * (DEEPEST + 2) + b"]" * (DEEPEST + 2),
        b'{"a": 1, "a": 1}',
        b"[NaN]",
        b"[1e400]",
        b"[-1e400]",
        b'"\\u0000"',
        b'"\\ud83d"',
        b"\xff",
        b"",
    ],
)
def test_improper_json_is_refused(content: bytes) -> None:
    with pytest.raises(RequestRefusedError) as refusal:
        read_json(content)

    assert refusal.value.code == 400
