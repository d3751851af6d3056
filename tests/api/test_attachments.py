"""附件 over the API."""

from io import BytesIO
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.api.conftest import REGISTRATION, Caller, Callers, problem_of

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def upload(caller: Caller, content: bytes = PDF, name: str = "判决书.pdf", **more: Any) -> TestResponse:
    return caller.send("POST", "/attachments", data={"file": (BytesIO(content), name)}, **more)


def test_a_paper_comes_back_as_it_was_uploaded(reporter: Caller) -> None:
    answer = upload(reporter)

    assert answer.status_code == 201
    assert answer.json["file_name"] == "判决书.pdf"
    assert (answer.json["size"], answer.json["media_type"]) == (len(PDF), "application/pdf")
    assert answer.headers["Location"] == f"/api/v1/attachments/{answer.json['id']}"
    paper = reporter.get(f"/attachments/{answer.json['id']}")
    assert paper.data == PDF
    assert paper.headers["Content-Type"] == "application/pdf"
    assert paper.headers["Content-Disposition"].startswith("attachment;")
    assert paper.headers["X-Content-Type-Options"] == "nosniff"


def test_a_paper_is_nobody_elses_business_until_a_submission_names_it(
    reporter: Caller, officer: Caller, callers: Callers
) -> None:
    paper = upload(reporter).json["id"]

    before = officer.get(f"/attachments/{paper}")
    reporter.open_case({**REGISTRATION, "papers": [paper]})
    after = officer.get(f"/attachments/{paper}")

    problem_of(before, 404)
    assert after.data == PDF
    hidden = callers("officer", county="nanhe").get(f"/attachments/{paper}")
    absent = callers("officer", county="nanhe").get("/attachments/nothing")
    problem_of(hidden, 404)
    assert hidden.data == absent.data


def test_somebody_elses_paper_cannot_be_submitted(reporter: Caller, callers: Callers) -> None:
    paper = upload(callers("reporter.lyj")).json["id"]

    document = problem_of(reporter.post("/cases", {"data": {**REGISTRATION, "papers": [paper]}}), 422)

    assert document["errors"][0]["field"].startswith("papers")


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "空.pdf"),
        (b"MZ\x90\x00", "程序.exe"),
        (b"MZ\x90\x00", "程序.pdf"),
        (b"<script>alert(1)</script>", "page.html"),
        (b"PK\x03\x04 not a zip", "报告.docx"),
        (PDF, "判决书\u202efdp.exe"),
        (PDF, "noending"),
    ],
)
def test_what_is_not_an_office_paper_is_refused_with_a_reason(reporter: Caller, content: bytes, name: str) -> None:
    problem_of(upload(reporter, content, name), 422)


def test_a_request_without_a_file_is_refused_by_field(reporter: Caller) -> None:
    document = problem_of(reporter.send("POST", "/attachments", data={"other": "x"}), 422)

    assert {error["field"] for error in document["errors"]} == {"file"}


def test_an_upload_beyond_the_limit_is_refused(reporter: Caller) -> None:
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n'
    body = head + PDF + b" " * (33 * 1024 * 1024) + b"\r\n--x--\r\n"

    answer = reporter.send("POST", "/attachments", data=body, content_type="multipart/form-data; boundary=x")

    problem_of(answer, 413)


def test_a_name_with_folders_keeps_only_its_last_part(reporter: Caller) -> None:
    assert upload(reporter, PDF, "../../etc/passwd.pdf").json["file_name"] == "passwd.pdf"


def test_a_key_that_another_act_has_used_is_refused(reporter: Caller) -> None:
    opened = reporter.post("/cases", {}, key="the-same")

    answer = upload(reporter, headers={"Idempotency-Key": "the-same"})

    assert opened.status_code == 201
    assert "已用于其他操作" in problem_of(answer, 409)["detail"]
