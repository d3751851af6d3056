"""The OpenAPI document: it lists every route and says only what can be resolved."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

WORDS = {"get", "post", "put", "patch", "delete"}


@pytest.fixture
def document(anonymous: FlaskClient) -> dict[str, Any]:
    answer = anonymous.get("/api/v1/openapi.json")
    assert answer.status_code == 200
    assert answer.content_type == "application/json"
    found: dict[str, Any] = answer.json
    return found


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if method in WORDS:
                yield method, path, operation


def nodes(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for item in value.values():
            yield from nodes(item)
    elif isinstance(value, list):
        for item in value:
            yield from nodes(item)


def resolved(document: dict[str, Any], reference: str) -> Any:
    value: Any = document
    for part in reference.removeprefix("#/").split("/"):
        value = value[part.replace("~1", "/").replace("~0", "~")]
    return value


def test_it_is_openapi_3_1(document: dict[str, Any]) -> None:
    assert document["openapi"] == "3.1.0"
    assert document["info"]["title"]
    assert document["info"]["version"]
    assert document["security"] == [{"token": []}]
    assert document["components"]["securitySchemes"]["token"] == {"type": "http", "scheme": "bearer"}


def test_it_lists_every_route_of_the_api(app: Flask, document: dict[str, Any]) -> None:
    routes = {
        (method.lower(), re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule))
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/")
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }

    assert {(method, path) for method, path, _ in operations(document)} == routes
    assert len(routes) >= 18


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    references = [node["$ref"] for node in nodes(document) if isinstance(node.get("$ref"), str)]

    assert references
    for reference in references:
        assert resolved(document, reference)


def test_every_operation_says_what_it_does_and_answers(document: dict[str, Any]) -> None:
    for method, path, operation in operations(document):
        name = f"{method} {path}"
        assert operation["summary"], name
        assert operation["responses"], name
        assert "default" in operation["responses"], name
        assert any(status.startswith("2") for status in operation["responses"]), name
        if method in ("post", "put") and not path.endswith(("/claim", "/follows/{proceeding_id}")):
            assert operation["requestBody"]["content"], name


def test_parameters_of_the_path_are_declared_and_required(document: dict[str, Any]) -> None:
    for path, item in document["paths"].items():
        wanted = set(re.findall(r"{(\w+)}", path))
        for method in WORDS & set(item):
            declared = [*item.get("parameters", []), *item[method].get("parameters", [])]
            found = {entry["name"]: entry for entry in declared if entry["in"] == "path"}
            assert set(found) == wanted, path
            assert all(entry["required"] is True and entry["schema"] for entry in found.values())
            names = [(entry["in"], entry["name"]) for entry in declared]
            assert len(names) == len(set(names)), path


def test_acts_that_must_not_happen_twice_want_a_key(document: dict[str, Any]) -> None:
    wanting = {
        path
        for _, path, operation in operations(document)
        for entry in operation.get("parameters", [])
        if entry["name"] == "Idempotency-Key" and entry["in"] == "header" and entry["required"]
    }

    opening = {f"/api/v1/{what}" for what in ("cases", "meetings", "procedures")}
    case = {f"/api/v1/cases/{{key}}/{act}" for act in ("suspend", "resume", "series", "separation")}
    subjects = "/api/v1/cases/{proceeding_id}/subjects"
    recusals = "/api/v1/proceedings/{proceeding_id}/recusals"
    tasks = {f"/api/v1/tasks/{{task_id}}/{act}" for act in ("complete", "extend")}
    beside = {subjects, f"{subjects}/{{subject_id}}/status", recusals, f"{recusals}/{{recusal_id}}/decide"}
    verbs = {
        *(f"tasks/{{task_id}}/{act}" for act in ("return", "take-back", "delegate", "hand-back", "recall", "ask")),
        *(f"tasks/{{task_id}}/{act}" for act in ("urge", "extension-requests", "sheets")),
        *(f"asked/{{side_task_id}}/{act}" for act in ("answer", "withdraw")),
        *(f"sheets/{{sheet_id}}/{act}" for act in ("answer", "close")),
        *("extension-requests/{request_id}/decide", "cases/{key}/revoke", "me/deputies"),
        *("proceedings/{proceeding_id}/remarks", "definitions/{release_id}/migration-runs"),
        "migration-runs/{run_id}/undo",
    }
    assert wanting == {*tasks, *opening, *case, *beside, *(f"/api/v1/{path}" for path in verbs)}


def test_refusals_are_problem_documents(document: dict[str, Any]) -> None:
    for name, response in document["components"]["responses"].items():
        assert set(response["content"]) == {"application/problem+json"}, name


def test_only_the_document_itself_is_open_to_everybody(document: dict[str, Any]) -> None:
    open_ = [path for _, path, operation in operations(document) if operation.get("security") == []]

    assert open_ == ["/api/v1/openapi.json"]


def test_the_upload_is_a_file(document: dict[str, Any]) -> None:
    body = document["paths"]["/api/v1/attachments"]["post"]["requestBody"]["content"]["multipart/form-data"]
    schema = resolved(document, body["schema"]["$ref"])

    assert schema["properties"]["file"]["format"] == "binary"
    assert schema["required"] == ["file"]
