"""What every route tells the browser, what it wants with a form, and that looking at something changes nothing."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import event
from werkzeug.routing import Rule

from app.extensions import Base, db
from config import Config
from tests.conftest import application_on
from tests.faults.crash_ground import Ground
from tests.faults.crash_requests import Sent
from tests.faults.crash_world import COUNTY, cookie_of
from tests.hostile.doors import reading_rules, send, writing_addresses

POLICY = {"default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "object-src 'none'", "form-action 'self'"}
OWN_POLICY = {
    "attachments.open_file",
    "papers.content",
    "api.get_attachment",
    "letters.issued_pdf",
    "letters.preview_pdf",
    "letters.preview_docx",
}
"""What is inside a paper gets no right at all: their policies are stricter, and tested in test_attachments.py."""
WRITES_WHILE_READ = {
    "sessions": "the time at which a session was used last: the idle time-out is counted from it",
    "paper_readings": "who opened a paper is a fact of the record (签阅)",
    "tasks": "when its holder opened a step first (seen_at): until then it can be taken back",
    "feeds": "when a calendar program asked last",
    "api_tokens": "when a token was used last",
    "journal": "the reading of a paper, an export, a refusal and a question of the auditor are told in the journal",
    "journal_heads": "where the chains of these end",
}
"""Tables that a GET may write, and why."""
WHO = (
    "jmo.officer",
    "organ.reporter.zjj",
    "owner",
    "operator",
    "jmo.director",
    "",
    "organ.legal_reviewer.zjj",
    "keeper",
)
WRITING = re.compile(r"\s*(INSERT INTO|UPDATE|DELETE FROM|REPLACE INTO)\s+\"?(\w+)", re.IGNORECASE)


def addresses(ground: Ground, rule: Rule) -> Iterator[str]:
    """Addresses of a rule with ids that exist, wherever the built world has such a thing."""
    kinds = kinds_of(ground)
    wanted = re.findall(r"<(?:\w+(?:\([^)]*\))?:)?(\w+)>", rule.rule)
    tries = max([len(kinds.get(name) or ("nothing",)) for name in wanted] or [1])
    for number in range(min(tries, 4)):
        place = rule.rule
        for name in wanted:
            found = kinds.get(name) or ("nothing",)
            place = re.sub(
                rf"<(?:\w+(?:\([^)]*\))?:)?{name}>", found[number % len(found)].replace("\\", ""), place, count=1
            )
        yield place


def kinds_of(ground: Ground) -> dict[str, tuple[str, ...]]:
    """Parameter of an address -> ids that exist: of the table of that name, else of proceedings."""
    from app.storage import models as m  # noqa: PLC0415  (see tests.conftest)

    ids = tuple(ground.built.proceedings.values())[:4]
    kinds = {"key": ids, "proceeding_id": ids, "suffix": ("csv", "xlsx"), "box": ("todo", "pool", "done", "notices")}
    with ground.app.app_context():
        for mapper in m.Base.registry.mappers if hasattr(m, "Base") else Base.registry.mappers:
            keys = mapper.primary_key
            if len(keys) == 1:
                rows = db.session.execute(db.select(keys[0]).limit(4)).scalars()
                name = re.sub(r"(?<!^)(?=[A-Z])", "_", mapper.class_.__name__).lower()
                kinds.setdefault(f"{name}_id", tuple(map(str, rows)))
        kinds["process_key"] = tuple(db.session.scalars(db.select(m.Release.process_key).distinct().limit(4)))
        kinds["regulation_id"] = tuple(
            filter(None, db.session.scalars(db.select(m.Release.regulation_id).distinct().limit(4)))
        )
        db.session.rollback()
    return kinds


def test_every_page_carries_the_headers_that_keep_it_in_its_place(ground: Ground) -> None:
    ground.fresh("headers")
    wanting, nonces = [], []
    for number, rule in enumerate(reading_rules(ground.app)):
        for who in ("", WHO[number % 5]):
            place = next(addresses(ground, rule))
            answer = send(ground.app, Sent(place, who), method="GET", key="k")
            wanting += [f"{rule.rule} as {who or 'nobody'}: {lack}" for lack in lacking(rule.endpoint, answer)]
            nonces += re.findall(r"'nonce-([^']+)'", answer.headers.get("Content-Security-Policy", ""))

    assert wanting == []
    assert len(nonces) == len(set(nonces)), "a nonce is used once"


def lacking(endpoint: str, answer: Any) -> Iterator[str]:
    policy = set(answer.headers.get("Content-Security-Policy", "").split("; "))
    wanted = {
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Referrer-Policy": "same-origin",
    }
    if answer.status >= 500 and endpoint != "health.readyz":  # without a worker it is not ready, and says so
        yield f"answers {answer.status}"
    yield from (name for name, value in wanted.items() if answer.headers.get(name) != value)
    if "default-src 'none'" not in policy:
        yield "a policy that lets something in"
    if endpoint not in OWN_POLICY and not policy >= POLICY:
        yield f"policy lacks {POLICY - policy}"
    if any("unsafe" in part for part in policy):
        yield "an unsafe policy"
    if "Permissions-Policy" not in answer.headers or "Cache-Control" not in answer.headers:
        yield "permissions or cache"
    if "Server" in answer.headers or "X-Powered-By" in answer.headers:
        yield "says what it is made with"


def test_a_refused_form_carries_them_too(ground: Ground) -> None:
    ground.fresh("headers")
    ground.app.config["WTF_CSRF_ENABLED"] = True
    wanting = []
    for rule in ground.app.url_map.iter_rules():
        for method in (rule.methods or set()) - {"GET", "HEAD", "OPTIONS"}:
            place = next(addresses(ground, rule))
            answer = send(ground.app, Sent(place, "jmo.officer", form={"x": "1"}), method=method, key="k")
            wanting += [f"{method} {rule.rule}: {lack}" for lack in lacking(rule.endpoint, answer)]

    assert wanting == []


def test_every_form_of_a_page_wants_its_token(ground: Ground) -> None:
    ground.app.config["WTF_CSRF_ENABLED"] = True
    taken = []
    for address in writing_addresses():
        method, _, rule = address.partition(" ")
        if rule.startswith("/api/"):
            continue
        ground.fresh("csrf")
        sent = ground.prepared(address)
        with writes_of(ground.app) as written:
            answer = send(ground.app, sent, method=method, key="csrf")  # type: ignore[arg-type]
        refused = answer.status == 400 or (rule == "/sign-in" and answer.status == 302)
        if not refused or written:
            taken.append(f"{address} answered {answer.status} and wrote {sorted(written)}")

    assert taken == []


@contextmanager
def writes_of(app: Flask) -> Iterator[set[str]]:
    """Tables that are written meanwhile."""
    written: set[str] = set()

    def watch(_c: Any, _u: Any, statement: str, *_rest: Any) -> None:
        if found := WRITING.match(statement):
            written.add(found[2].lower())

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", watch)
    try:
        yield written
    finally:
        event.remove(engine, "before_cursor_execute", watch)


def test_the_api_never_looks_at_a_cookie(ground: Ground) -> None:
    ground.fresh("cookies")
    believed = []
    for rule in ground.app.url_map.iter_rules():
        if not rule.rule.startswith("/api/") or rule.endpoint == "api.get_document":
            continue
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            client = ground.app.test_client()
            client.set_cookie("wenze_session", cookie_of(f"{COUNTY}.jmo.officer"))
            if client.open(next(addresses(ground, rule)), method=method, json={}).status_code != 401:
                believed.append(f"{method} {rule.rule}")

    assert believed == []


def test_looking_changes_nothing(ground: Ground) -> None:
    ground.fresh("looking")
    ground.app.config["WTF_CSRF_ENABLED"] = False
    written: dict[str, set[str]] = {}
    rules = reading_rules(ground.app)
    seen: set[str] = set()
    for rule in rules:
        with writes_of(ground.app) as tables:
            for place in addresses(ground, rule):
                for who in WHO:
                    if send(ground.app, Sent(place, who), method="GET", key="k").status in (200, 304):
                        seen.add(rule.rule)
                        break
        for table in tables:
            written.setdefault(table, set()).add(rule.rule)

    assert {table: sorted(by) for table, by in written.items() if table not in WRITES_WHILE_READ} == {}
    unseen = sorted({rule.rule for rule in rules} - seen)
    assert len(unseen) < len(rules) // 3, f"nobody could open these: {unseen}"


def test_under_tls_cookies_are_bound_to_the_host(sqlite_template: Path, tmp_path: Path) -> None:
    file = tmp_path / "wenze.db"
    file.write_bytes(sqlite_template.read_bytes())
    for plain in application_on(f"sqlite:///{file}", tmp_path):
        real = Config.from_environment({"WENZE_TLS": "1", "WENZE_DATA": str(tmp_path)})
        names = ("WENZE_TLS", "SESSION_COOKIE_NAME", "SESSION_COOKIE_SECURE")
        config = Config.for_tests(f"sqlite:///{file}", tmp_path, **{name: getattr(real, name) for name in names})
        assert plain.config["SESSION_COOKIE_HTTPONLY"]
    app = secure(config)

    client = app.test_client()
    answer = client.get("/sign-in", base_url="https://localhost")

    cookies = answer.headers.getlist("Set-Cookie")
    assert cookies
    for cookie in cookies:
        assert cookie.startswith("__Host-")
        assert "Secure" in cookie
        assert "HttpOnly" in cookie
        assert "SameSite=" in cookie
        assert "Path=/" in cookie
        assert "Domain=" not in cookie
    assert "max-age=" in answer.headers["Strict-Transport-Security"]


def secure(config: Config) -> Flask:
    from app import create_app  # noqa: PLC0415  (see tests.conftest)

    return create_app(replace(config))
