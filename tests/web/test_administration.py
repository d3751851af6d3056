"""The three administrators at their screens, the first run, and passwords that are too old or too simple."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import pyotp
import pytest
from flask import Flask
from sqlalchemy import select

from app.api.problems import refused
from app.domain.actors import Actor
from app.domain.confirmation import StepUpError
from app.domain.errors import NotAllowedError
from app.extensions import db
from app.services import accounts, first_run, tasks
from app.storage import security_rules
from app.storage.models import Account, JournalLine, RoleAssignment, Session
from app.storage.transaction import transaction
from tests.web import new_system
from tests.web.new_system import SignIn, add_officer, age, set_up_form
from tests.web.pages import Browser

sqlite_database, office = new_system.sqlite_database, new_system.office


def test_the_first_run_asks_for_the_code_of_the_console_and_happens_once(app: Flask) -> None:
    browser = Browser(app.test_client())
    with app.app_context():
        code = first_run.draw_code() or ""

    wrong = browser.post("/setup", set_up_form("guess"), status=422)
    same = browser.post("/setup", set_up_form(code, audit__admin__username="x"), status=422)
    weak = browser.post("/setup", {**set_up_form(code), "audit.admin.password": "password"}, status=422)
    made = browser.post("/setup", set_up_form(code))

    assert "一次性代码不正确" in wrong.text
    assert same.title.startswith("错误")
    assert "密码至少10位" in weak.text
    assert "三名管理员已建立" in made.text
    browser.get("/setup", status=404)
    with app.app_context():
        assert first_run.draw_code() is None
        assert not (app.config["WENZE_DATA"] / "setup.code").exists()


def test_an_account_is_inert_until_another_administrator_grants_a_role_and_lets_it_in(
    app: Flask, office: SignIn
) -> None:
    system, security = office("x"), office("y")
    first = add_officer(system)

    refused = Browser(app.test_client()).post("/sign-in", {"username": "jia.wang", "password": first}, status=403)
    early = security.post("/administration/people/jia.wang/account", {"act": "let-in", "username": "jia.wang"})
    security.post("/administration/people/jia.wang/roles", {"role": "jmo.officer"})
    security.post("/administration/people/jia.wang/account", {"act": "let-in", "username": "jia.wang"})
    officer = Browser(app.test_client())
    landed = officer.sign_in("jia.wang", first)

    assert "用户名或密码不正确" in refused.text
    assert "还没有任何岗位" in early.text
    assert landed.headings == ["更换密码"]
    assert officer.get("/cases").headings == ["更换密码"]


def test_each_administrator_does_his_own_part_and_nobody_his_own_account(office: SignIn) -> None:
    system, security, audit = office("x"), office("y"), office("z")
    add_officer(system)

    by_system = system.post("/administration/people/jia.wang/roles", {"role": "jmo.officer"})
    by_security = security.post("/administration/people", {"username": "jia.li", "name": "李"})
    by_audit = audit.post("/administration/security/policy", {"idle_minutes": "60"})
    own = security.post("/administration/people/admin.y/account", {"act": "shut-out", "username": "admin.y"})

    assert all("由另一名管理员办理" in page.text for page in (by_system, by_security, by_audit))
    assert "不能办理本人的账号" in own.text
    assert "王大明" in audit.get("/administration").text
    assert audit.get("/administration/people/jia.wang").headings == ["王大明"]
    assert audit.get("/administration/security").headings == ["登录与安全策略"]


def test_an_administrators_role_needs_a_second_pair_of_eyes_and_no_other_role(app: Flask, office: SignIn) -> None:
    system, security = office("x"), office("y")
    add_officer(system)
    system.post("/administration/people", {"username": "admin.v", "name": "新管理员"})

    asked = security.post("/administration/people/admin.v/roles", {"role": "audit.admin"})
    request_id = re.search(r"/administration/requests/(\w+)", system.client.get("/administration/security").text)
    assert request_id
    by_asker = security.post(f"/administration/requests/{request_id[1]}", {"agrees": "1"})
    system.post(f"/administration/requests/{request_id[1]}", {"agrees": "1"})
    business = security.post("/administration/people/admin.v/roles", {"role": "owner"})

    assert "须由另一名系统管理员复核" in asked.text
    assert "由另一名管理员办理" in by_asker.text
    assert "三员分立" in business.text
    with app.app_context():
        held = db.session.scalars(select(RoleAssignment.role).where(RoleAssignment.person_id == "admin.v")).all()
        assert held == ["audit.admin"]


def test_a_role_taken_away_and_an_account_shut_out_end_every_session_at_once(app: Flask, office: SignIn) -> None:
    system, security = office("x"), office("y")
    other = office("w")
    with app.app_context():
        token = accounts.create_token("admin.w", "tests", now=datetime.now(UTC))

    def over_the_api() -> int:
        return app.test_client().get("/api/v1/me", headers={"Authorization": f"Bearer {token}"}).status_code

    before = over_the_api()
    security.post("/administration/people/admin.w/account", {"act": "shut-out", "username": "admin.w"})

    assert other.get("/administration").title.startswith("登录")
    assert (before, over_the_api()) == (200, 401)
    assert system.get("/administration").headings == ["人员与权限"]
    with app.app_context():
        acts = db.session.scalars(select(JournalLine.act).where(JournalLine.object == "admin.w")).all()
        assert acts == ["disable"]


def test_a_locked_account_and_a_session_are_seen_and_lifted_by_the_security_administrator(
    app: Flask, office: SignIn
) -> None:
    security = office("y")
    for _ in range(5):
        Browser(app.test_client()).post("/sign-in", {"username": "admin.x", "password": "wrong"}, status=403)
    right = {"username": "admin.x", "password": "Own-x-Word-1"}
    locked = Browser(app.test_client()).post("/sign-in", right, status=403)

    seen = security.get("/administration/security")
    security.post("/administration/security/unlock", {"lock": "account/admin.x"})
    system = office("x")
    with app.app_context():
        digest = db.session.scalars(select(Session.digest).where(Session.username == "admin.x")).one()
    security.post("/administration/security/end-session", {"session": digest[:16]})

    assert "15分钟" in locked.text
    assert "admin.x" in seen.text
    assert system.get("/administration").title.startswith("登录")


def test_a_list_of_sessions_that_is_cut_says_so(office: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    security = office("y")
    office("x"), office("z")
    whole = security.get("/administration/security")
    monkeypatch.setattr("app.queries.administration.LONGEST_LIST", 2)
    cut = security.get("/administration/security")

    assert "只列最近操作" not in whole.text
    assert "3 项 · 只列最近操作的2项" in cut.text


def test_granting_asks_again_who_it_is_and_then_does_what_was_wanted(app: Flask, office: SignIn) -> None:
    system, security = office("x"), office("y")
    add_officer(system)
    age(app, Session, "confirmed_at", timedelta(minutes=6))
    wanted = {"role": "jmo.officer", "organ_id": "", "key": "once-only"}

    asked = security.post("/administration/people/jia.wang/roles", wanted, status=403)
    kept = {attrs["name"]: attrs["value"] for tag, attrs in asked.tags if attrs.get("type") == "hidden" and tag}
    wrong = security.post("/administration/people/jia.wang/roles", {**wanted, "confirm_password": "no"}, status=403)
    done = security.post("/administration/people/jia.wang/roles", {**wanted, "confirm_password": "Own-y-Word-1"})
    again = security.post("/administration/people/jia.wang/roles", {"role": "archivist"})

    assert asked.headings == ["再次验证身份"]
    assert {name: kept[name] for name in wanted} == wanted
    assert "密码或动态码不正确" in wrong.text
    assert "岗位已授予" in done.text
    assert "岗位已授予" in again.text


def test_a_second_factor_is_asked_for_from_then_on_and_no_code_counts_twice(app: Flask, office: SignIn) -> None:
    browser = office("x")
    secret, seed = second_factor(browser)
    now = datetime.now(UTC)

    wrong = [browser.post("/me/second-factor", {"seed": seed, "code": one}, status=422) for one in ("000000", "码")]
    done = browser.post("/me/second-factor", {"seed": seed, "code": pyotp.TOTP(secret).at(now)})
    recovery = re.search(r"[0-9a-f]{10}", done.text)
    used = enters(app, pyotp.TOTP(secret).at(now))
    fresh = enters(app, "".join(chr(0xFEE0 + ord(one)) for one in pyotp.TOTP(secret).at(now + timedelta(seconds=30))))

    assert all("动态码不正确" in one.text for one in wrong)
    assert recovery
    assert not enters(app, "")
    assert not used
    assert fresh
    assert enters(app, recovery[0])
    assert not enters(app, recovery[0])


def second_factor(browser: Browser) -> tuple[str, str]:
    """The secret and the seed that the page offers."""
    page = browser.get("/me/second-factor")
    found = re.search(r"密钥 ([A-Z2-7]{32})", page.text)
    assert found
    return found[1], next(attrs["value"] for _, attrs in page.tags if attrs.get("name") == "seed")


def enters(app: Flask, code: str) -> bool:
    """Whether the first administrator comes in with his password and this code."""
    form = {"username": "admin.x", "password": "Own-x-Word-1", "code": code}
    client = app.test_client()
    answer = client.post("/sign-in", data={**form, "csrf_token": Browser(client).token()})
    return answer.status_code == 302


def test_of_whom_the_policy_demands_a_second_factor_sets_it_up_before_anything_else(office: SignIn) -> None:
    system, security = office("x"), office("y")

    security.post("/administration/security/policy", {"second_factor": "1"})

    assert system.get("/administration").headings == ["双因素验证"]
    assert system.get("/me/second-factor").headings == ["双因素验证"]


def test_a_decision_is_signed_only_by_who_has_just_proved_who_he_is(app: Flask) -> None:
    now = datetime.now(UTC)
    actor = Actor(username="a", person_id="a", name="甲", county_id=None)
    steps = {("p", "T"): SimpleNamespace(properties={"legalEffect": "decision"})}
    offices = type("Offices", (), {"rules": property(lambda _: security_rules.current())})()
    definition, surroundings = SimpleNamespace(steps_by_process=steps), SimpleNamespace(offices=offices)
    command: Any = SimpleNamespace(definition=definition, surroundings=surroundings, now=now)
    task: Any = SimpleNamespace(process_key="p", step_id="T")
    with app.app_context():
        tasks._ensure_signer_is_there(command, task, actor)
        with transaction():
            security_rules.set_rule("step_up_signing", 1, by="test", now=now)

        with pytest.raises(StepUpError):
            tasks._ensure_signer_is_there(command, task, actor)
        tasks._ensure_signer_is_there(command, task, replace(actor, confirmed_at=now - timedelta(minutes=5)))


def test_a_machine_is_told_that_a_person_has_to_prove_who_he_is(app: Flask) -> None:
    with app.test_request_context("/api/v1/tasks"):
        answer = refused(StepUpError())

    assert answer.status_code == 403
    assert answer.get_json(force=True)["type"] == "urn:wenze:problem:step-up-required"


def change(browser: Browser, old: str, new: str, *, status: int = 200) -> Any:
    return browser.post("/me/password", {"old": old, "new": new, "again": new}, status=status)


@pytest.mark.parametrize(
    ("new", "sentence"),
    [
        ("short-A1", "密码至少10位"),
        ("alllowercaseletters", "密码至少10位"),
        ("Password123!", "常见密码"),
        ("Admin.x-2026", "不能包含账号"),
        ("My管理x-2026-ok", "不能包含账号"),
        ("Own-x-Word-1", "用过的密码"),
    ],
)
def test_a_password_that_the_policy_refuses_is_refused_in_words(office: SignIn, new: str, sentence: str) -> None:
    page = change(office("x"), "Own-x-Word-1", new, status=422)

    assert sentence in page.text


def test_a_new_password_ends_the_other_sessions_and_the_last_five_are_not_taken_again(
    app: Flask, office: SignIn
) -> None:
    here, there = office("x"), office("x")
    words = ["Own-x-Word-1", *(f"Different-{number}-Aa" for number in range(5))]

    for old, new in pairwise(words):
        change(here, old, new)
    refused = change(here, words[-1], words[1], status=422)
    taken = change(here, words[-1], words[0])

    assert there.get("/administration").title.startswith("登录")
    assert "用过的密码" in refused.text
    assert "密码已更换" in taken.text


def test_an_old_password_is_changed_before_anything_else(app: Flask, office: SignIn) -> None:
    browser = office("x")

    age(app, Account, "password_set_at", timedelta(days=91))

    assert browser.get("/administration").headings == ["更换密码"]
    change(browser, "Own-x-Word-1", "Different-1-Aa")
    assert browser.get("/administration").headings == ["人员与权限"]


def test_an_account_left_unused_for_ninety_days_is_frozen_until_it_is_let_in(app: Flask, office: SignIn) -> None:
    security = office("y")
    with app.app_context():
        db.session.get_one(Account, "admin.x").used_at = datetime.now(UTC) - timedelta(days=91)
        db.session.commit()
        with pytest.raises(NotAllowedError, match="冻结"):
            accounts.sign_in("admin.x", password="Own-x-Word-1", address="here", now=datetime.now(UTC))

    assert "闲置冻结" in security.get("/administration").text
    security.post("/administration/people/admin.x/account", {"act": "let-in", "username": "admin.x"})

    assert office("x").get("/administration").headings == ["人员与权限"]


def test_the_policy_is_set_within_its_limits_and_is_followed_at_once(app: Flask, office: SignIn) -> None:
    system, security = office("x"), office("y")

    wrong = security.post("/administration/security/policy", {"idle_minutes": "1"}, status=422)
    security.post("/administration/security/policy", {"idle_minutes": "10"})
    age(app, Session, "seen_at", timedelta(minutes=11))

    assert "允许范围" in wrong.text
    assert system.get("/administration").title.startswith("登录")


def test_who_is_no_administrator_finds_no_such_pages(app: Flask, office: SignIn) -> None:
    system, security = office("x"), office("y")
    first = add_officer(system)
    security.post("/administration/people/jia.wang/roles", {"role": "jmo.officer"})
    security.post("/administration/people/jia.wang/account", {"act": "let-in", "username": "jia.wang"})
    officer = Browser(app.test_client())
    officer.sign_in("jia.wang", first)
    change(officer, first, "Different-1-Aa")

    for address in ("/administration", "/administration/people/admin.x", "/administration/security"):
        officer.get(address, status=404)
