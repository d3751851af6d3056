"""Whatever a caller sends, the answer is never a crash, and nothing half-done stays behind."""

from typing import Any
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from tests.api.conftest import REGISTRATION, Caller

DEEP = 100_000

RAW_BODIES = {
    "empty object in an array": b"[{}]",
    "a bare string": b'"data"',
    "a bare number": b"1",
    "a bare null": b"null",
    "a bare true": b"true",
    "an array of arrays": b"[[[[]]]]",
    "cut off": b'{"data": {',
    "a comma too many": b'{"data": {},}',
    "two documents": b'{"data": {}}{"data": {}}',
    "single quotes": b"{'data': {}}",
    "a comment": b'{"data": {}} // x',
    "only spaces": b"   ",
    "a byte order mark": b'\xef\xbb\xbf{"data": {}}',
    "utf-16": '{"data": {}}'.encode("utf-16"),
    "gbk": '{"data": {"matter": "中文"}}'.encode("gbk"),
    "invalid utf-8": b'{"data": {"matter": "\xff\xfe"}}',
    "overlong utf-8": b'{"data": {"matter": "\xc0\xaf"}}',
    "a raw NUL": b'{"data": {"matter": "a\x00b"}}',
    "an escaped NUL": b'{"data": {"matter": "a\\u0000b"}}',
    "an escaped NUL in a name": b'{"data": {"mat\\u0000ter": "b"}}',
    "half a character": b'{"data": {"matter": "\\ud800"}}',
    "the other half": b'{"data": {"matter": "\\udfff x"}}',
    "half a character in a name": b'{"data": {"\\ud83d": 1}}',
    "NaN": b'{"data": {"pages": NaN}}',
    "Infinity": b'{"data": {"pages": Infinity}}',
    "minus Infinity": b'{"data": {"pages": -Infinity}}',
    "an exponent beyond all": b'{"data": {"pages": 1e999}}',
    "a number of 5000 digits": b'{"data": {"pages": ' + b"9" * 5000 + b"}}",
    "a negative number of 5000 digits": b'{"data": {"pages": -' + b"9" * 5000 + b"}}",
    "a fraction of 5000 digits": b'{"data": {"pages": 0.' + b"3" * 5000 + b"}}",
    "beyond 64 bits": b'{"data": {"pages": 18446744073709551616}}',
    "beyond 53 bits": b'{"data": {"pages": 9007199254740993}}',
    "deep arrays": b'{"data": {"matter": ' + b"[" * DEEP + b"]" * DEEP + b"}}",
    "deep objects": b'{"data": ' + b'{"a":' * DEEP + b"1" + b"}" * (DEEP + 1),
    "unclosed arrays": b"[" * DEEP,
    "a little too deep": b'{"data": ' + b'{"a":' * 40 + b"1" + b"}" * 41,
    "doubled names": b'{"data": {"matter": "a"}, "data": {"matter": "b"}}',
    "doubled names inside": b'{"data": {"matter": "a", "matter": "b"}}',
    "an empty name": b'{"": 1}',
    "a prototype": b'{"__proto__": {"admin": true}, "data": {}}',
    "a class": b'{"data": {"__class__": "x", "__init__": {"__globals__": 1}}}',
}

DATA = {
    "a string for data": "x",
    "a list for data": [],
    "a number for data": 7,
    "no data": None,
    "true for data": True,
}

ANSWERS: dict[str, Any] = {
    "an object for a text": {"matter": {"a": 1}},
    "a list for a text": {"matter": ["a"]},
    "a number for a text": {"matter": 12},
    "a boolean for a text": {"matter": True},
    "null for a text": {"matter": None},
    "a very long text": {"matter": "字" * 100_000},
    "direction marks": {"matter": "\u202eabc\u202c"},
    "only combining marks": {"matter": "\u0301" * 70},
    "every control character": {"matter": "".join(map(chr, range(1, 32)))},
    "noncharacters": {"matter": "\ufffe\uffff\U0010ffff"},
    "sql": {"matter": "'; DROP TABLE cases; --"},
    "a template": {"matter": "{{ 7*7 }} {% raw %} %(count)s %s ${x}"},
    "markup": {"matter": "<script>alert(1)</script>"},
    "a list for a choice": {"case_type": ["REVOKE", "REVOKE"]},
    "an object for a choice": {"case_type": {"$ne": ""}},
    "a number for a choice": {"case_type": 0},
    "an empty choice": {"case_type": ""},
    "a text for a number": {"pages": "twelve"},
    "a numeric text for a number": {"pages": "12"},
    "full-width digits": {"pages": "\uff11\uff12"},
    "a fraction for a whole number": {"pages": 1.5},
    "a huge number": {"pages": 2**53 - 1},
    "a huge negative number": {"pages": -(2**53) + 1},
    "a tiny number": {"pages": 5e-324},
    "a negative zero": {"pages": -0.0},
    "a boolean for a number": {"pages": True},
    "a list for a number": {"pages": [1]},
    "a day that does not exist": {"served_date": "2026-02-30"},
    "a year beyond all": {"served_date": "99999-01-01"},
    "the year nought": {"served_date": "0000-01-01"},
    "a moment for a day": {"served_date": "2026-02-03T04:05:06Z"},
    "a number for a day": {"served_date": 20260203},
    "a list for a day": {"served_date": ["2026-02-03"]},
    "Arabic digits in a day": {"served_date": "٢٠٢٦-٠٢-٠٣"},
    "a text for papers": {"papers": "abc"},
    "numbers for papers": {"papers": [1, 2]},
    "objects for papers": {"papers": [{"id": "x"}]},
    "nested papers": {"papers": [["x"]]},
    "ten thousand papers": {"papers": ["x"] * 10_000},
    "the same paper twice": {"papers": ["x", "x"]},
    "many unknown fields": {f"f{number}": number for number in range(5000)},
    "a name with dots": {"matter.x.0": "a"},
    "a very long name": {"x" * 50_000: 1},
    "thirty levels": {"matter": [[[[[[[[[[[[[[[[[[[[[[[[["x"]]]]]]]]]]]]]]]]]]]]]]]]]},
}


def refused(status: int) -> bool:
    return 400 <= status < 500


@pytest.mark.parametrize("body", RAW_BODIES.values(), ids=RAW_BODIES)
def test_no_body_makes_the_server_stumble(reporter: Caller, body: bytes) -> None:
    task = reporter.open_case(None)["task_id"]

    for method, path in (("POST", "/cases"), ("POST", f"/tasks/{task}/complete"), ("PUT", f"/tasks/{task}/draft")):
        answer = reporter.send(
            method, path, headers={"Idempotency-Key": "hostile"}, data=body, content_type="application/json"
        )
        # A draft keeps whatever can be kept.
        assert refused(answer.status_code) or (method == "PUT" and answer.status_code == 200), answer.text
        if answer.status_code >= 400:
            assert answer.content_type == "application/problem+json"
    assert reporter.get("/cases").json["total"] == 1
    assert reporter.get(f"/tasks/{task}").status_code == 200


@pytest.mark.parametrize("data", DATA.values(), ids=DATA)
def test_data_must_be_an_object(reporter: Caller, data: Any) -> None:
    task = reporter.open_case(None)["task_id"]

    answer = reporter.post(f"/tasks/{task}/complete", {"data": data})

    assert answer.status_code == 422
    assert answer.json["errors"][0]["field"] == "data"


@pytest.mark.parametrize("answers", ANSWERS.values(), ids=ANSWERS)
def test_no_answer_makes_the_server_stumble(reporter: Caller, answers: dict[str, Any]) -> None:
    task = reporter.open_case(None)["task_id"]

    draft = reporter.send("PUT", f"/tasks/{task}/draft", json={"data": answers})
    shown = reporter.get(f"/tasks/{task}")
    done = reporter.post(f"/tasks/{task}/complete", {"data": {**REGISTRATION, **answers}})

    assert draft.status_code == 200
    assert shown.status_code == 200
    assert done.status_code in (200, 422), done.text
    if done.status_code == 422:
        assert done.json["errors"]
    assert reporter.get("/cases").status_code == 200
    assert reporter.get(f"/tasks/{task}").status_code == 200


@pytest.mark.parametrize(
    "key",
    [
        "%00",
        "a%00b",
        "%ff%fe",
        "%c0%af",
        "%ED%A0%80",
        "..%2f..%2fetc",
        "x" * 6000,
        "'%20OR%201=1",
        quote("〔〕" * 200),
        "%F0%9F%98%80",
        "%25s",
        "{id}",
        "null",
        "-1",
    ],
)
def test_no_address_makes_the_server_stumble(reporter: Caller, officer: Caller, key: str) -> None:
    reporter.open_case()

    for path in (f"/cases/{key}", f"/cases/{key}/history", f"/meetings/{key}", f"/tasks/{key}", f"/attachments/{key}"):
        assert officer.send("GET", path).status_code in (400, 404)
    assert officer.send("POST", f"/tasks/{key}/claim").status_code in (400, 404)


@pytest.mark.parametrize(
    "value", ["%00", "%ff", "%ED%A0%80", "%25", "_", "\\", "'", quote("字" * 99), "a&text=b", "[]"]
)
@pytest.mark.parametrize("name", ["text", "number", "step", "lead_organ", "cursor"])
def test_no_query_makes_the_server_stumble(officer: Caller, name: str, value: str) -> None:
    assert officer.send("GET", f"/tasks?box=claimable&{name}={value}").status_code in (200, 400, 422)
    if name != "step":
        assert officer.send("GET", f"/cases?{name}={value}").status_code in (200, 400, 422)


@pytest.mark.parametrize(
    "body",
    [
        {"to_person": "x" * 201, "reason": "x"},
        {"to_person": ["x"], "reason": "x"},
        {"to_person": {}, "reason": "x"},
        {"to_person": "nobody", "reason": 5},
        {"to_person": "nobody", "reason": "x" * 501},
        {"to_person": "nobody"},
        {"reason": "x"},
        {"to_person": None, "reason": None},
        {"to_person": "nobody", "reason": "x", "more": 1},
        [],
    ],
)
def test_no_handing_over_makes_the_server_stumble(reporter: Caller, body: Any) -> None:
    task = reporter.open_case(None)["task_id"]

    answer = reporter.send("POST", f"/tasks/{task}/transfer", json=body)

    assert answer.status_code == 422
    assert answer.json["errors"]


def test_broken_multipart_is_refused(reporter: Caller) -> None:
    for body, media_type in (
        (b"", "multipart/form-data"),
        (b"--x", "multipart/form-data; boundary=x"),
        (
            b"--x\r\nContent-Disposition: form-data; name=file\r\n\r\n%PDF",
            "multipart/form-data; boundary=x",
        ),
        (b"--x--", "multipart/form-data; boundary="),
        (b"x" * 1000, "multipart/form-data; boundary=" + "y" * 300),
        (b"{}", "application/json"),
    ):
        answer = reporter.send("POST", "/attachments", data=body, content_type=media_type)
        assert refused(answer.status_code)
        assert answer.content_type == "application/problem+json"


def test_strange_headers_are_refused_or_ignored(anonymous: FlaskClient) -> None:
    for headers in (
        {"Accept": "\x7f"},
        {"Accept-Language": ",;q=x,,-"},
        {"Content-Length": "-1"},
        {"Content-Type": "\x01"},
        {"Authorization": "Bearer " + "\x80" * 50},
        {"Authorization": "Digest username=x"},
        {"Host": "[bad"},
    ):
        assert anonymous.get("/api/v1/me", headers=headers).status_code in (400, 401)
