"""Every door of the product: the addresses that take something, found by asking the application and its sources.

What is valid at a writing address the crash recipes know (a test there names an address without one); here each part
of such a request is exchanged for something hostile. What a view reads beyond it, its source says.
"""

import ast
import json
import os
import re
import resource
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from io import BytesIO
from typing import Any
from urllib.parse import quote

from flask import Flask
from werkzeug.datastructures import FileStorage
from werkzeug.routing import Rule
from werkzeug.test import stream_encode_multipart

from config import ROOT
from tests.faults.crash_ground import Ground
from tests.faults.crash_recipes import RECIPES
from tests.faults.crash_requests import Sent
from tests.faults.crash_world import COUNTY, cookie_of, token_of
from tests.pace import watched

LONG = os.environ.get("WENZE_HOSTILE") == "long"
"""At every door six texts in every place and every file, in turn (seven minutes each); else doors take turns."""
READERS = ("jmo.officer", "organ.reporter.zjj", "owner", "operator", "jmo.director")
SLOWEST = 2.0
"""Seconds of processor time for one request."""
LARGEST = 100 * 1024
"""Kilobytes that one request may make the process larger."""
Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Answer:
    status: int
    seconds: float
    grown: int
    """Kilobytes."""
    body: bytes
    headers: Mapping[str, str]

    def complaint(self) -> str | None:
        if self.status >= 500:
            return f"answered {self.status}: {self.body[:300]!r}"
        if self.seconds > SLOWEST:
            return f"took {self.seconds:.1f} s"
        return f"grew by {self.grown // 1024} MB" if self.grown > LARGEST else None


def send(
    app: Flask,
    sent: Sent,
    *,
    method: str,
    key: str,
    raw: bytes | None = None,
    kind: str = "application/json",
    **headers: str,
) -> Answer:
    """One request; what the application does not catch is a 500 too."""
    client, said = app.test_client(), {"Idempotency-Key": key, **headers}
    if sent.path.startswith("/api/"):
        said["Authorization"] = f"Bearer {token_of(f'{COUNTY}.{sent.who}')}"
    elif sent.who:
        client.set_cookie("wenze_session", cookie_of(f"{COUNTY}.{sent.who}"))
    more = {"data": raw, "content_type": kind} if raw is not None else _content(sent, key)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with watched() as watch:
        try:
            answer = client.open(sent.path, method=method, headers=said, buffered=True, **more)
            found = Answer(answer.status_code, 0, 0, answer.get_data(), dict(answer.headers))
        except Exception as error:  # noqa: BLE001  (the test client hands on what a server would answer with 500)
            found = Answer(599, 0, 0, f"{type(error).__name__}: {error}".encode("utf-8", "backslashreplace"), {})
    return replace(found, seconds=watch.seconds, grown=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - grown)


def _content(sent: Sent, key: str) -> dict[str, Any]:
    if sent.body is not None:
        return {"data": json.dumps(sent.body), "content_type": "application/json"}
    files = {
        name: FileStorage(BytesIO(content), filename=_sendable(called), name=name)
        for name, (content, called) in sent.files.items()
    }
    form = {name: _sendable(value) if isinstance(value, str) else value for name, value in sent.form.items()}
    if files:
        return _multipart({"key": key, **form, **files})
    return {"data": {"key": key, **form}} if form or not sent.path.startswith("/api/") else {}


def _multipart(values: Mapping[str, Any]) -> dict[str, Any]:
    """In memory: what the client of the tests puts into a temporary file it never closes."""
    stream, _, boundary = stream_encode_multipart(values, use_tempfile=False)
    return {"data": stream.read(), "content_type": f'multipart/form-data; boundary="{boundary}"'}


def _sendable(text: str) -> str:
    """No client can send half a character outside JSON."""
    return text.encode("utf-8", "replace").decode()


# ---- writing


def writing_addresses() -> list[str]:
    return sorted(address for address in RECIPES if not address.startswith("worker"))


class Door:
    """One writing address on a built world; the world is had anew as soon as something took effect."""

    def __init__(self, ground: Ground, address: str) -> None:
        self.ground, self.address = ground, address
        self.method, _, self.rule = address.partition(" ")
        self._number = 0
        self._renew()

    def _renew(self) -> None:
        self._number += 1
        self.key = f"hostile-{self._number}"
        self.ground.fresh(self.key)
        self.sent: Sent = self.ground.prepared(self.address)  # type: ignore[assignment]

    def leaves(self) -> list[Path]:
        found: list[Path] = [("form", name) for name in self.sent.form if name != "data"]
        found += [("data", *path) for path in _leaves(_answers(self.sent))]
        found += [("body", *path) for path in _leaves(self.sent.body)]
        return found + [("name", name) for name in self.sent.files]

    def answers(self) -> Any:
        """What a valid request says in the form of a task."""
        return _answers(self.sent)

    def takes_json(self) -> bool:
        return self.sent.body is not None

    def try_with(
        self, change: Mapping[Path, Any], *, raw: bytes | None = None, more: Mapping[str, str] | None = None
    ) -> Answer:
        sent = _changed(self.sent, change)
        if more and sent.body is None:
            sent = replace(sent, form={**more, **sent.form})
        answer = send(self.ground.app, sent, method=self.method, key=self.key, raw=raw)
        if answer.status < 400:
            self._renew()
        return answer


def _answers(sent: Sent) -> Any:
    """What a form of a task says: one field holds it as JSON."""
    try:
        return json.loads(sent.form.get("data") or "null")
    except ValueError:
        return None


def _leaves(value: Any, path: Path = ()) -> Iterator[Path]:
    if isinstance(value, dict):
        for name, item in value.items():
            yield from _leaves(item, (*path, name))
    elif isinstance(value, list):
        for number, item in enumerate(value[:2]):
            yield from _leaves(item, (*path, number))
    elif path:
        yield path


def _changed(sent: Sent, change: Mapping[Path, Any]) -> Sent:
    form, files = dict(sent.form), dict(sent.files)
    body, answers = json.loads(json.dumps(sent.body)), _answers(sent)
    for (part, *path), value in change.items():
        if part == "form":
            form[str(path[0])] = value
        elif part == "name":
            files[str(path[0])] = (files[str(path[0])][0], str(value))
        elif part == "file":
            files[str(path[0])] = value
        else:
            target = body if part == "body" else answers
            for step in path[:-1]:
                target = target[step]
            target[path[-1]] = value
    if answers is not None:
        form["data"] = json.dumps(answers)
    return replace(sent, form=form, files=files, body=body)


# ---- what views read, by their sources


@cache
def names_read(part: str) -> frozenset[str]:
    """Names that views take from `request.form`, `request.args` or `request.files`, and of filters of lists."""
    found: set[str] = set()
    for path in (*(ROOT / "app" / "web").rglob("*.py"), *(ROOT / "app" / "api").rglob("*.py")):
        text = path.read_text("utf-8")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and ast.unparse(node.func).startswith(
                (f"request.{part}.get", "args.get", "form.get")
            ):
                found |= {
                    item.value
                    for item in node.args[:1]
                    if isinstance(item, ast.Constant) and isinstance(item.value, str)
                }
    if part == "args":
        for name in ("boxes", "case_filters", "standing_steps"):
            text = (ROOT / "app" / "queries" / f"{name}.py").read_text("utf-8")
            found |= set(re.findall(r"^    (\w+): (?:str|int|bool|date)", text, re.MULTILINE))
    return frozenset(found)


# ---- reading


def reading_rules(app: Flask) -> list[Rule]:
    return sorted(
        (rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ()) and rule.endpoint != "static"),
        key=lambda rule: rule.rule,
    )


def address_with(rule: Rule, text: str, ids: Mapping[str, str]) -> str:
    """The address of a rule: known ids where there are some, else the text."""
    spoken = quote(_sendable(text)[:1500] or "x", safe="")
    return re.sub(
        r"<(?:(\w+)(?:\([^)]*\))?:)?(\w+)>", lambda found: ids.get(found[2]) or _fitting(found, spoken), rule.rule
    )


def _fitting(found: re.Match[str], spoken: str) -> str:
    choices = re.search(r"any\(([^),]+)", found[0])
    return choices[1] if choices else spoken


def said(address: str, place: object, what: object, answer: Any) -> list[str]:
    complaint = answer.complaint() if address != "/readyz" else None  # without a worker it is not ready, and says so
    return [f"{address} {place} {str(what)[:60]!r} {complaint}"] if complaint else []


def ids_of(ground: Ground) -> dict[str, str]:
    """Some ids, so that views are entered and not only looked up."""
    case = ground.built.proceedings["checked"]
    return {"key": case, "proceeding_id": case}
