"""A small world in rows: two counties, one case with history, one meeting; every page has something to say."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import select

from app.domain.history import Act
from app.domain.proceedings import ProceedingKind
from app.extensions import db
from app.services import accounts
from app.storage import models as m
from config import ROOT
from tests.web.counties import NORTH, PASSWORD, SOUTH, first_clauses, organisation, process_keys, release
from tests.web.rows import make_proceeding, make_task, submit, tell


@dataclass(frozen=True)
class World:
    """Ids of what `build` made, in the first county."""

    case_id: str
    case_number: str
    meeting_id: str
    tasks: Mapping[str, str]
    """Step id -> task id."""
    votes: Mapping[str, str]
    """Short organ code -> countersigning task."""
    notice_id: str
    attachment_id: str
    submission_text: str


def build(now: datetime) -> World:
    """Two counties alike; the second has no proceedings."""
    password_hash = accounts.hash_password(PASSWORD)
    for county, name in ((NORTH, "北山县"), (SOUTH, "南河县")):
        organisation(county, name, password_hash, now)
    db.session.flush()
    releases = {key: release(key, now) for key in process_keys()}
    db.session.flush()
    world = _proceedings(releases, now)
    db.session.commit()
    return world


def _proceedings(releases: Mapping[str, m.Release], now: datetime) -> World:
    day = timedelta(days=1)
    clauses = first_clauses(3)
    intake = "intake"
    register_form = next(
        path.relative_to(ROOT / "forms").as_posix().removesuffix(".form")
        for path in sorted((ROOT / "forms").rglob("legal_document.form"))
    )
    case = make_proceeding(
        ProceedingKind.CASE,
        releases["CASE"],
        "北败责〔2026〕0021号",
        "作出较大数额没收前未告知听证，处罚决定被撤销",
        opened_at=now - 20 * day,
        stage="FILING",
        waiting={"stages": {"REGISTRATION": (now - 20 * day).isoformat(), "FILING": (now - 18 * day).isoformat()}},
    )
    db.session.add(
        m.Case(
            proceeding_id=case.id,
            regulation_id="north-2020",
            lead_organ_id=f"{NORTH}.zjj",
            case_type="REVOKE",
            instance="SECOND",
            served_date=(now - 21 * day).date(),
        )
    )
    tell(case, Act.OPENED, case.title, now - 20 * day, person=("reporter", "何静"), organ="县住房和城乡建设局")
    registered = make_task(
        case,
        f"{intake}/T_register",
        "登记法律文书",
        "organ.reporter",
        organ=f"{NORTH}.zjj",
        form_key=register_form,
        opened_at=now - 20 * day,
        assignee_id=f"{NORTH}.reporter",
        claimed_at=now - 20 * day,
        clauses=clauses[:1],
    )
    text = f"机密-{uuid4().hex}"
    submission = submit(
        registered,
        {"matter": case.title, "facts_summary": text, "case_type": "REVOKE", "served_date": "2026-10-30"},
        ("reporter", "何静"),
        "县住房和城乡建设局",
        now - 19 * day,
    )
    attachment = m.Attachment(
        id=uuid4().hex,
        county_id=NORTH,
        proceeding_id=case.id,
        submission_id=submission.id,
        file_name="二审行政判决书.pdf",
        media_type="application/pdf",
        size=123456,
        sha256="0" * 64,
        uploaded_by=f"{NORTH}.reporter",
        uploaded_at=now - 19 * day,
    )
    db.session.add(attachment)
    tell(case, Act.STEP, "计算生效与期限", now - 19 * day, details={"kind": "serviceTask"})
    tasks = {"T_register": registered.id}
    deadline = {
        "kind": "regulation",
        "day_count": "CALENDAR",
        "period": "P10D",
        "anchor": (now - 8 * day).date().isoformat(),
        "days": 10,
        "months": 0,
        "nominal_day": (now + 2 * day).date().isoformat(),
        "last_day": (now + 2 * day).date().isoformat(),
        "provisional": False,
    }
    common = {"opened_at": now - 8 * day, "clauses": clauses}
    steps = (
        (
            "filing-report/T_draft",
            "撰写败诉案件分析报告",
            "organ.reporter",
            "filing/analysis_report",
            "zjj",
            "reporter",
        ),
        ("filing-report/T_review", "法制审核", "organ.legal_reviewer", "filing/legal_review", "zjj", "reviewer"),
        ("filing/T_check", "完整性审查", "jmo.officer", "filing/completeness_check", None, "officer"),
        ("filing/T_supplement", "补正材料", "organ.reporter", "filing/supplement", "zjj", None),
    )
    for step, name, role, form_key, organ, person in steps:
        row = make_task(
            case,
            step,
            name,
            role,
            organ=f"{NORTH}.{organ}" if organ else None,
            form_key=form_key,
            assignee_id=f"{NORTH}.{person}" if person else None,
            claimed_at=now - 7 * day if person else None,
            due_at=now + 2 * day,
            deadline=deadline,
            **common,
        )
        tasks[row.step_id] = row.id
    own = make_task(
        case,
        "accountability/T_statement",
        "陈述申辩（人员）",
        "subject.person",
        form_key="filing/supplement",
        candidate_person=f"{NORTH}.subject",
        assignee_id=f"{NORTH}.subject",
        opened_at=now - day,
        element={"subject": {"id": "s1", "kind": "PERSON", "name": "李工"}},
    )
    tasks["T_statement"] = own.id
    notice = m.Notice(
        id=uuid4().hex,
        county_id=NORTH,
        proceeding_id=case.id,
        role="organ.reporter",
        organ_id=f"{NORTH}.zjj",
        kind="FILING_DUE",
        created_at=now - day,
    )
    db.session.add(notice)
    db.session.add(
        m.SubscriptionRow(
            engine_task_id=uuid4().hex,
            message="AgendaDecided",
            proceeding_id=case.id,
            step_id="W_pool",
            correlation=f"case_no={case.number}",
            since=now - 5 * day,
        )
    )
    meeting, votes = _meeting(releases["MEETING"], case, now)
    return World(case.id, case.number, meeting.id, tasks, votes, notice.id, attachment.id, text)


def _meeting(release: m.Release, case: m.Proceeding, now: datetime) -> tuple[m.Proceeding, dict[str, str]]:
    day = timedelta(days=1)
    meeting = make_proceeding(
        ProceedingKind.MEETING,
        release,
        "北败责联〔2026〕01号",
        "北败责联〔2026〕01号",
        opened_at=now - 6 * day,
        opened_by=f"{NORTH}.director",
    )
    db.session.add(
        m.Meeting(proceeding_id=meeting.id, meeting_date=now + 3 * day, place="司法局三楼会议室", pack_status="ON_TIME")
    )
    db.session.add(
        m.AgendaItem(
            id=uuid4().hex,
            meeting_id=meeting.id,
            item_no=1,
            kind="CASE",
            case_id=case.id,
            title=case.title,
            recused={},
            status="SCHEDULED",
        )
    )
    tell(meeting, Act.OPENED, meeting.title, now - 6 * day, person=("director", "刘建国"), organ="县司法局")
    consulted = make_task(
        meeting,
        "meeting-preparation/T_consult",
        "征求时间议题意见",
        "member.liaison",
        organ=f"{NORTH}.czj",
        form_key="joint-meeting/consultation",
        opened_at=now - 5 * day,
        element={"consulted": f"{NORTH}.czj"},
    )
    submit(consulted, {"date_reply": "AGREE"}, ("signatory_czj", "钱丰"), "县财政局", now - 4 * day)
    packed = make_task(
        meeting,
        "meeting-preparation/T_pack",
        "送达会议资料",
        "jmo.officer",
        form_key="joint-meeting/pack_delivery",
        opened_at=now - 4 * day,
    )
    received = (now - 2 * day).isoformat()
    deliveries = [
        {
            "member": f"{NORTH}.{code}",
            "sent_at": received,
            "received_at": received if code != "gaj" else None,
            "method": "PAPER",
        }
        for code in ("sfj", "czj", "gaj")
    ]
    submit(packed, {"deliveries": deliveries}, ("officer", "王敏"), "县司法局", now - 2 * day)
    item = {"item_no": 1, "kind": "CASE", "case_no": case.number, "title": case.title, "recused": []}
    discussed = make_task(
        meeting,
        "agenda-item/T_discuss",
        "讨论并形成决议",
        "jmo.officer",
        form_key="agenda-item/item_resolution",
        opened_at=now - day,
        element={"agenda_item": item},
    )
    opinions = [{"member": f"{NORTH}.sfj", "opinion": "AGREE", "reason": "程序违法清楚"}]
    submit(
        discussed,
        {"opinions": opinions, "resolution": "PURSUE", "reasons": "应予追责"},
        ("officer", "王敏"),
        "县司法局",
        now - day,
    )
    votes = {}
    for code in ("sfj", "czj", "gaj"):
        row = make_task(
            meeting,
            "agenda-item/T_countersign",
            "会签",
            "member.signatory",
            organ=f"{NORTH}.{code}",
            form_key="agenda-item/countersign",
            opened_at=now - day,
            assignee_id=f"{NORTH}.signatory_{code}",
            claimed_at=now - day,
            element={"agenda_item": item, "member": f"{NORTH}.{code}"},
        )
        votes[code] = row.id
    first = db.session.get_one(m.Task, votes["sfj"])
    vote = {"decision": "DISAGREE", "comment": "保密意见"}
    submit(first, vote, ("signatory_sfj", "郑华"), "县司法局", now - timedelta(hours=3))
    return meeting, votes


def add_tasks(count: int) -> None:
    """More steps for the reporter, copies of his first one."""
    model = db.session.scalars(select(m.Task).where(m.Task.step_id == "T_draft")).one()
    case = db.session.get_one(m.Proceeding, model.proceeding_id)
    for number in range(count):
        make_task(
            case,
            "filing-report/T_draft",
            f"整改事项{number:03d}",
            "organ.reporter",
            organ=f"{NORTH}.zjj",
            form_key=model.form_key,
            assignee_id=f"{NORTH}.reporter",
            opened_at=model.opened_at,
        )
    db.session.commit()
