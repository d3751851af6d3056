"""Further procedures: who may open one, once; what it sees of its case; who sees it; who may examine it."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.domain.errors import ConflictError, NotAllowedError, NotFoundError
from app.domain.history import Act
from app.domain.proceedings import ProceedingKind
from app.extensions import db
from app.queries.cases import case_page
from app.queries.inbox import Box, box_counts
from app.queries.procedures import procedure_page, procedure_register
from app.services import accounts, procedures, tasks
from app.services.cases import Opened
from app.storage.models import (
    CaseFact,
    CaseSubject,
    HistoryEntry,
    Procedure,
    Proceeding,
    RoleAssignment,
    Submission,
    Task,
)
from app.storage.transaction import transaction
from tests.services.conftest import MORNING, PASSWORD, Office

DECISION_NO = "决〔2026〕1号"


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.api.clock.now", lambda: MORNING)
    monkeypatch.setattr("app.web.clock.now", lambda: MORNING)


@pytest.fixture
def case(office: Office) -> str:
    return office.open_case()


def decide(
    office: Office,
    case: str,
    who: str = "blamed",
    *,
    served: bool = True,
    number: str = DECISION_NO,
    served_on: date = date(2026, 3, 2),
) -> str:
    """A decision on a person of the case, as the shipped procedure would have left it."""
    person = office.actor(who)
    with transaction():
        subject = CaseSubject(
            id=uuid4().hex,
            proceeding_id=case,
            kind="PERSON",
            organ_id="beishan.zjj",
            person_id=person.person_id,
            name=person.name,
            role="HANDLER",
            status="DECIDED",
            decision_kind="ACCOUNTABLE",
            decision_no=number,
            sanctions=["ADMONITION"],
            decided_at=office.now,
        )
        db.session.add(subject)
        submission = db.session.query(Submission).filter_by(proceeding_id=case).first()
        assert submission is not None
        if served:
            fact = {"name": "served_on", "type": "date", "value": served_on.isoformat()}
            db.session.add(CaseFact(proceeding_id=case, scope=subject.id, submission_id=submission.id, **fact))
        return subject.id


def open_(office: Office, who: str, about: str | None, county: str = "beishan", **more: Any) -> Opened:
    kind = more.pop("kind", "appeal")
    key = more.pop("key", uuid4().hex)
    return procedures.open_procedure(kind, about, actor=office.actor(who, county), now=office.now, key=key, **more)


def test_a_served_person_opens_one_on_his_own_decision_with_a_number_of_its_own(office: Office, case: str) -> None:
    subject = decide(office, case)

    opened = open_(office, "blamed", case, subject_id=subject)

    assert opened.number == "beishan申〔2026〕01号"
    assert office.open_steps(opened.proceeding_id) == ["T_apply"]
    row = db.session.get(Procedure, opened.proceeding_id)
    assert row is not None
    assert (row.parent_id, row.subject_id) == (case, subject)


def test_a_decision_published_in_public_counts_and_opens_nothing_before_its_day(office: Office, case: str) -> None:
    subject = decide(office, case, served_on=date(2026, 3, 4))

    with pytest.raises(NotAllowedError, match="送达后方可申请"):
        open_(office, "blamed", case, subject_id=subject)
    early = procedure_register(office.actor("blamed"), now=office.now, locale="zh").own.decisions
    office.later(days=2)
    served = procedure_register(office.actor("blamed"), now=office.now, locale="zh").own.decisions

    assert early == ()
    assert served[0].subject_id == subject
    assert open_(office, "blamed", case, subject_id=subject).proceeding_id


def test_the_same_key_opens_it_once(office: Office, case: str) -> None:
    subject = decide(office, case)

    first = open_(office, "blamed", case, subject_id=subject, key="same")
    again = open_(office, "blamed", case, subject_id=subject, key="same")

    assert again.replayed
    assert again.number == first.number
    assert db.session.query(Proceeding).filter_by(kind=ProceedingKind.PROCEDURE).count() == 1


def test_a_second_one_on_the_same_decision_waits_for_the_first(office: Office, case: str) -> None:
    subject = decide(office, case)
    open_(office, "blamed", case, subject_id=subject)

    with pytest.raises(ConflictError, match="正在办理中"):
        open_(office, "remedy", DECISION_NO)


def test_nobody_opens_one_on_a_decision_that_is_not_served(office: Office, case: str) -> None:
    subject = decide(office, case, served=False)

    for who, about in (("blamed", case), ("remedy", DECISION_NO)):
        with pytest.raises(NotAllowedError, match="送达后"):
            open_(office, who, about, subject_id=subject)


@pytest.mark.parametrize("who", ["other", "remedy"])
def test_a_decision_on_somebody_else_looks_as_if_it_were_not_there(office: Office, case: str, who: str) -> None:
    subject = decide(office, case)

    with pytest.raises(NotFoundError):
        open_(office, who, case, subject_id=subject)


def test_another_county_finds_nothing(office: Office, case: str) -> None:
    decide(office, case)

    for who in ("remedy", "blamed"):
        with pytest.raises(NotFoundError):
            open_(office, who, DECISION_NO, "nanhe")


def test_a_role_that_is_no_opener_is_told_so(office: Office, case: str) -> None:
    subject = decide(office, case)

    with pytest.raises(NotAllowedError, match="岗位"):
        open_(office, "officer1", case, subject_id=subject)


def test_an_official_records_a_paper_application_by_the_number_of_the_decision(office: Office, case: str) -> None:
    decide(office, case)

    opened = open_(office, "remedy", DECISION_NO, data={"grounds": "事实不清"})

    assert office.open_steps(opened.proceeding_id) == ["T_examine"]


def test_it_sees_the_facts_of_its_case_and_its_own_and_the_case_tells_of_it(office: Office, case: str) -> None:
    subject = decide(office, case)
    opened = open_(office, "blamed", case, subject_id=subject, data={"grounds": "处理过重"})

    office.complete(office.task(opened.proceeding_id, "T_examine"), "officer1")

    row = db.session.get(Proceeding, opened.proceeding_id)
    assert row is not None
    assert row.outcome == "违法拆除 处理过重"
    page = case_page(office.actor("director"), case, now=office.now, locale="zh_Hans_CN")
    assert [line.details["reason"] for line in page.story.lines if line.act == "PROCEDURE"] == [opened.number] * 2
    assert [(item.number, item.outcome) for item in page.procedures] == [(opened.number, row.outcome)]


def test_who_did_a_step_of_the_case_cannot_examine_it(office: Office, case: str) -> None:
    office.complete(office.task(case, "T_check"), "officer1")
    subject = decide(office, case)
    opened = open_(office, "blamed", case, subject_id=subject, data={"grounds": "处理过重"})
    task = office.task(opened.proceeding_id, "T_examine")

    with pytest.raises(NotFoundError):
        office.complete(task, "officer1")

    excluded = (db.session.get(Task, task) or Task()).excluded_people
    assert {office.actor(who).person_id for who in ("officer1", "blamed")} <= set(excluded)
    assert box_counts(office.actor("officer1"))[Box.POOL] == 0
    office.complete(task, "officer2")


def test_who_handled_the_remedy_does_no_later_step_of_the_case(office: Office, case: str) -> None:
    handler = office.actor("remedy").person_id
    db.session.add(RoleAssignment(person_id=handler, role="jmo.officer", organ_id="beishan.office"))
    db.session.commit()
    decide(office, case)
    open_(office, "remedy", DECISION_NO, data={"grounds": "事实不清"})

    office.complete(office.task(case, "T_check"), "officer1")

    review = office.task(case, "T_review")
    assert handler in db.session.get_one(Task, review).excluded_people
    with pytest.raises(NotFoundError):
        office.complete(review, "remedy")
    office.complete(review, "officer2")


def test_who_handles_the_remedy_loses_the_step_of_the_case_that_he_holds(office: Office, case: str) -> None:
    handler = office.actor("remedy").person_id
    db.session.add(RoleAssignment(person_id=handler, role="jmo.officer", organ_id="beishan.office"))
    db.session.commit()
    decide(office, case)
    office.complete(office.task(case, "T_check"), "officer1")
    review = office.task(case, "T_review")
    tasks.claim(review, actor=office.actor("remedy"), now=office.now)

    open_(office, "remedy", DECISION_NO, data={"grounds": "事实不清"})

    assert db.session.get_one(Task, review).assignee_id is None
    assert [box_counts(office.actor("remedy"))[box] for box in (Box.TODO, Box.POOL)] == [0, 0]
    with pytest.raises(NotFoundError):
        office.complete(review, "remedy")
    told = db.session.scalars(select(HistoryEntry.details).where(HistoryEntry.act == Act.RELEASED.value)).all()
    assert [details["reason"] for details in told] == ["已经办理应当分离的环节"]
    office.complete(review, "officer2")


def test_who_does_a_step_of_the_case_loses_the_open_step_of_its_remedy(office: Office, case: str) -> None:
    subject = decide(office, case)
    opened = open_(office, "blamed", case, subject_id=subject, data={"grounds": "处理过重"})
    examine = office.task(opened.proceeding_id, "T_examine")
    tasks.claim(examine, actor=office.actor("officer1"), now=office.now)

    office.complete(office.task(case, "T_check"), "officer1")

    assert db.session.get_one(Task, examine).assignee_id is None
    with pytest.raises(NotFoundError):
        office.complete(examine, "officer1")
    office.complete(examine, "officer2")


def test_who_only_holds_the_post_of_remedies_is_not_kept_out(office: Office, case: str) -> None:
    holder = office.actor("remedy").person_id
    db.session.add(RoleAssignment(person_id=holder, role="jmo.officer", organ_id="beishan.office"))
    db.session.commit()
    subject = decide(office, case)
    open_(office, "blamed", case, subject_id=subject, data={"grounds": "处理过重"})

    office.complete(office.task(case, "T_check"), "officer1")

    office.complete(office.task(case, "T_review"), "remedy")


def test_the_subject_sees_his_part_and_no_other_subject_sees_anything(office: Office, case: str) -> None:
    subject = decide(office, case)
    opened = open_(office, "blamed", case, subject_id=subject, data={"grounds": "处理过重"})
    office.complete(office.task(opened.proceeding_id, "T_examine"), "officer1")

    mine = procedure_page(office.actor("blamed"), opened.number, now=office.now, locale="zh_Hans_CN")

    assert not mine.whole
    assert {line.person for line in mine.story.lines} == {"blamed@beishan"}
    assert mine.row.parent_id is None
    for who, county in (("other", "beishan"), ("head.lyj", "beishan"), ("director", "nanhe")):
        with pytest.raises(NotFoundError):
            procedure_page(office.actor(who, county), opened.number, now=office.now, locale="zh_Hans_CN")
        assert procedure_register(office.actor(who, county), now=office.now, locale="zh_Hans_CN").rows == ()


def test_who_sees_the_case_sees_what_is_linked_to_it(office: Office, case: str) -> None:
    subject = decide(office, case)
    opened = open_(office, "blamed", case, subject_id=subject, data={"grounds": "处理过重"})

    for who in ("director", "officer2", "head", "reporter"):
        page = procedure_page(office.actor(who), opened.number, now=office.now, locale="zh_Hans_CN")
        assert page.whole
        assert page.row.parent_id == case


def test_who_handles_the_procedure_sees_the_case_it_is_about(office: Office, case: str) -> None:
    decide(office, case)
    with pytest.raises(NotFoundError):
        case_page(office.actor("remedy"), case, now=office.now, locale="zh_Hans_CN")

    open_(office, "remedy", DECISION_NO)

    assert case_page(office.actor("remedy"), case, now=office.now, locale="zh_Hans_CN").head.id == case


def test_the_page_offers_what_may_be_opened(office: Office, case: str) -> None:
    decide(office, case)
    decide(office, case, "other", served=False, number="决〔2026〕2号")

    director = case_page(office.actor("director"), case, now=office.now, locale="zh_Hans_CN").openable
    blamed = procedure_register(office.actor("blamed"), now=office.now, locale="zh_Hans_CN")
    other = procedure_register(office.actor("other"), now=office.now, locale="zh_Hans_CN")
    remedy = procedure_register(office.actor("remedy"), now=office.now, locale="zh_Hans_CN")

    assert [kind.key for kind in director] == ["note"]
    assert [(item.decision_no, [kind.key for kind in item.openable]) for item in blamed.own.decisions] == [
        (DECISION_NO, ["appeal"])
    ]
    assert other.own.decisions == ()
    assert [kind.key for kind in remedy.openable] == ["appeal"]


def test_the_api_opens_lists_and_shows_one(office: Office, case: str) -> None:
    subject = decide(office, case)
    client = office.app.test_client(use_cookies=False)
    headers = {"Authorization": f"Bearer {accounts.create_token('beishan.blamed', 't', now=office.now)}"}
    number = case_page(office.actor("director"), case, now=office.now, locale="zh_Hans_CN").head.number
    body = {"procedure": "appeal", "about": number, "subject_id": subject, "data": {"grounds": "处理过重"}}

    made = client.post("/api/v1/procedures", headers={**headers, "Idempotency-Key": "one"}, json=body)
    again = client.post("/api/v1/procedures", headers={**headers, "Idempotency-Key": "one"}, json=body)
    one = client.get(made.headers["Location"], headers=headers)
    listed = client.get("/api/v1/procedures", headers=headers)

    assert (made.status_code, again.status_code) == (201, 201), made.text
    assert again.json["replayed"]
    assert one.json["link"]["case_number"] == number
    assert one.json["link"]["case_id"] is None
    assert [item["number"] for item in listed.json["items"]] == [made.json["number"]]


def test_a_served_person_opens_one_on_the_page_and_others_get_a_sentence(office: Office, case: str) -> None:
    office.app.config["WTF_CSRF_ENABLED"] = False
    subject = decide(office, case)
    mine, officer = (signed_in(office, who) for who in ("blamed", "remedy"))

    offered = mine.get("/procedures").text
    answer = mine.post("/procedures", data={"kind": "appeal", "about": case, "subject": subject, "key": "k"})
    wrong = officer.post("/procedures", data={"kind": "appeal", "about": "决〔2026〕9号"}, follow_redirects=True)
    page = mine.get("/procedures").text

    assert DECISION_NO in offered
    assert answer.status_code == 302
    assert "/tasks/" in answer.headers["Location"]
    assert "请核对文号" in wrong.text
    assert "beishan申〔2026〕01号" in page


def signed_in(office: Office, who: str) -> FlaskClient:
    client = office.app.test_client()
    assert client.post("/sign-in", data={"username": f"beishan.{who}", "password": PASSWORD}).status_code == 302
    return client
