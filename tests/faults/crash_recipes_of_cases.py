"""Recipes for acts on a running case, for rules and figures, and for the worker; the rest is in `crash_recipes`."""

from typing import Any

from tests.faults.crash_requests import FILE, Sent, Work, recipe
from tests.faults.crash_world import COUNTY, REGULATION, Desk
from tests.web.test_assess import FACTS as ASSESS_FORM

NOTICE = "2027-01-01至2027-01-05 休 元旦\n2027-01-09 班 元旦\n"
ASSESSED: dict[str, Any] = {
    "issuing_body": "COURT",
    "case_type": "REVOKE",
    "legal_effect": True,
    "fault_circumstances": ["FAULT_PROCEDURE"],
    "mental_state": "GROSS_NEGLIGENCE",
    "subjects": [{"kind": "PERSON", "role": "HANDLER"}],
    "circumstances": [],
}


def _extendable(desk: Desk) -> tuple[str, str, str]:
    """Case, task and a day later than its last one."""
    from app.queries.periods import periods_page  # noqa: PLC0415  (see tests.conftest)

    for name in ("reviewed", "checked", "drafted", "C13"):
        page = periods_page(desk.actor("jmo.director"), desk.ids[name], now=desk.now, locale="zh_Hans_CN")
        for step in page.steps:
            if step.may_extend and step.earliest is not None:
                return desk.ids[name], step.task_id, step.earliest.replace(year=step.earliest.year + 1).isoformat()
    raise AssertionError("no step may be extended")


def _person(desk: Desk) -> str:
    from app.storage.models import CaseSubject  # noqa: PLC0415

    of_case = (CaseSubject.proceeding_id == desk.ids["C13"], CaseSubject.kind == "PERSON")
    return str(desk.row(CaseSubject, *of_case).id)


def _number(desk: Desk) -> str:
    from app.storage.models import SealedIdentityNumber  # noqa: PLC0415

    return str(desk.row(SealedIdentityNumber, SealedIdentityNumber.proceeding_id == desk.ids["C13"]).id)


def _new_subject(desk: Desk) -> dict[str, str]:
    person = desk.actor("subject.person.scj").person_id
    return {
        "kind": "PERSON",
        "organ_id": f"{COUNTY}.scj",
        "person_id": person,
        "role": "REVIEWER",
        "reason": "谈话中发现其审核签批。",
    }


def _status() -> dict[str, str]:
    return {"status": "DEAD", "since": "2026-02-09", "reason": "有关材料证明。"}


def _recusal(desk: Desk) -> dict[str, str]:
    person = desk.actor("jmo.officer2").person_id
    return {"person_id": person, "ground": "INTEREST", "reason": "其配偶是原告的股东。"}


def _recusal_id(desk: Desk) -> str:
    from app.storage.models import Recusal  # noqa: PLC0415

    return str(desk.row(Recusal, Recusal.status == "REQUESTED").id)


# ---- a running case


@recipe("POST /cases/<key>/suspend")
def _(desk: Desk) -> Sent:
    form = {"reason": "等待另案结果", "basis": "参照司法解释"}
    return Sent(f"/cases/{desk.ids['checked']}/suspend", "jmo.director", form=form)


@recipe("POST /api/v1/cases/<key>/suspend")
def _(desk: Desk) -> Sent:
    body = {"reason": "等待另案结果", "basis": "参照司法解释"}
    return Sent(f"/api/v1/cases/{desk.ids['checked']}/suspend", "jmo.director", body=body)


@recipe("POST /cases/<key>/resume")
def _(desk: Desk) -> Sent:
    return Sent(f"/cases/{desk.ids['suspended']}/resume", "jmo.director", form={"reason": "另案已结"})


@recipe("POST /api/v1/cases/<key>/resume")
def _(desk: Desk) -> Sent:
    return Sent(f"/api/v1/cases/{desk.ids['suspended']}/resume", "jmo.director", body={"reason": "另案已结"})


@recipe("POST /cases/<key>/steps/<task_id>/extend")
def _(desk: Desk) -> Sent:
    case, task, until = _extendable(desk)
    form = {"until": until, "reason": "材料较多"}
    return Sent(f"/cases/{case}/steps/{task}/extend", "jmo.director", form=form)


@recipe("POST /api/v1/tasks/<task_id>/extend")
def _(desk: Desk) -> Sent:
    _case, task, until = _extendable(desk)
    return Sent(f"/api/v1/tasks/{task}/extend", "jmo.director", body={"until": until, "reason": "材料较多"})


@recipe("POST /cases/<key>/separation")
def _(desk: Desk) -> Sent:
    return Sent(f"/cases/{desk.ids['C14']}/separation", "jmo.director", form={"reason": "程序不同，须另行查明"})


@recipe("POST /cases/<key>/series")
def _(desk: Desk) -> Sent:
    form = {"pasted": "案号/文号\n（2026）皖1524行初901号\n（2026）皖1524行初902号\n"}
    return Sent(f"/cases/{desk.ids['C13']}/series", "organ.reporter.zjj", form=form)


@recipe("POST /api/v1/cases/<key>/separation")
def _(desk: Desk) -> Sent:
    body = {"reason": "程序不同，须另行查明"}
    return Sent(f"/api/v1/cases/{desk.ids['C14']}/separation", "jmo.director", body=body)


@recipe("POST /api/v1/cases/<key>/series")
def _(desk: Desk) -> Sent:
    table = "案号/文号\n（2026）皖1524行初901号\n（2026）皖1524行初902号\n"
    path = f"/api/v1/cases/{desk.ids['C13']}/series"
    return Sent(path, "organ.reporter.zjj", files={"table": (table.encode(), "系列案.csv")})


@recipe("POST /cases/<proceeding_id>/subjects")
def _(desk: Desk) -> Sent:
    return Sent(f"/cases/{desk.ids['C13']}/subjects", "team.leader", form=_new_subject(desk))


@recipe("POST /api/v1/cases/<proceeding_id>/subjects")
def _(desk: Desk) -> Sent:
    return Sent(f"/api/v1/cases/{desk.ids['C13']}/subjects", "team.leader", body=_new_subject(desk))


@recipe("POST /cases/<proceeding_id>/subjects/<subject_id>/status")
def _(desk: Desk) -> Sent:
    path = f"/cases/{desk.ids['C13']}/subjects/{_person(desk)}/status"
    return Sent(path, "sup.head", form=_status(), files={"paper": FILE})


@recipe("POST /api/v1/cases/<proceeding_id>/subjects/<subject_id>/status")
def _(desk: Desk) -> Sent:
    path = f"/api/v1/cases/{desk.ids['C13']}/subjects/{_person(desk)}/status"
    return Sent(path, "sup.head", body={**_status(), "papers": [desk.paper("sup.head")]})


@recipe("POST /cases/<proceeding_id>/identity-numbers/<number_id>")
def _(desk: Desk) -> Sent:
    path = f"/cases/{desk.ids['C13']}/identity-numbers/{_number(desk)}"
    return Sent(path, "team.leader", form={"reason": "核对谈话对象的身份"})


@recipe("POST /api/v1/cases/<proceeding_id>/identity-numbers/<number_id>/reveal")
def _(desk: Desk) -> Sent:
    path = f"/api/v1/cases/{desk.ids['C13']}/identity-numbers/{_number(desk)}/reveal"
    return Sent(path, "team.leader", body={"reason": "核对谈话对象的身份"})


@recipe("POST /proceedings/<proceeding_id>/incidents/<engine_task_id>/retry")
def _(desk: Desk) -> Sent:
    from app.storage.models import IncidentRow  # noqa: PLC0415

    incident = desk.row(IncidentRow, IncidentRow.proceeding_id == desk.ids["held"])
    return Sent(f"/proceedings/{desk.ids['held']}/incidents/{incident.engine_task_id}/retry", "jmo.officer")


@recipe("POST /proceedings/<proceeding_id>/recusals")
def _(desk: Desk) -> Sent:
    return Sent(f"/proceedings/{desk.ids['reviewed']}/recusals", "organ.reporter.zjj", form=_recusal(desk))


@recipe("POST /api/v1/proceedings/<proceeding_id>/recusals")
def _(desk: Desk) -> Sent:
    return Sent(f"/api/v1/proceedings/{desk.ids['reviewed']}/recusals", "organ.reporter.zjj", body=_recusal(desk))


@recipe("POST /proceedings/<proceeding_id>/recusals/<recusal_id>")
def _(desk: Desk) -> Sent:
    path = f"/proceedings/{desk.ids['reviewed']}/recusals/{_recusal_id(desk)}"
    return Sent(path, "organ.head.zjj", form={"decision": "grant", "reason": "情况属实。"})


@recipe("POST /api/v1/proceedings/<proceeding_id>/recusals/<recusal_id>/decide")
def _(desk: Desk) -> Sent:
    path = f"/api/v1/proceedings/{desk.ids['reviewed']}/recusals/{_recusal_id(desk)}/decide"
    return Sent(path, "organ.head.zjj", body={"granted": True, "reason": "情况属实。"})


# ---- rules, law, figures


@recipe("POST /rules/<regulation_id>")
def _(desk: Desk) -> Sent:
    form = {"name": "dayCount", "value": "WORKING", "valid_from": "2026-12-31", "reason": "县司法局批复。"}
    return Sent(f"/rules/{REGULATION}", "rule.admin", form=form)


@recipe("POST /regulations/<regulation_id>/text")
def _(desk: Desk) -> Sent:
    from app.law.register import parse  # noqa: PLC0415
    from app.storage import releases  # noqa: PLC0415

    law = parse(releases.register_file_of_regulation(REGULATION))
    text = f"{law.title}\n{law.document_no}\n\n第一条 本办法适用于本县机关。\n\n第二条 本办法由本县解释。\n"
    return Sent(f"/regulations/{REGULATION}/text", "rule.admin", files={"file": (text.encode(), "办法.txt")})


@recipe("POST /calendar/preview")
def _(desk: Desk) -> Sent:
    return Sent("/calendar/preview", "rule.admin", form={"text": NOTICE, "source": "国办发明电〔2026〕1号"})


@recipe("POST /calendar/import")
def _(desk: Desk) -> Sent:
    return Sent("/calendar/import", "rule.admin", form={"text": NOTICE, "source": "国办发明电〔2026〕1号"})


@recipe("POST /reports/assessment")
def _(desk: Desk) -> Sent:
    form = {"year": "2026", "regulation": REGULATION, f"closed-{COUNTY}.zjj": "12", f"merits-{COUNTY}.zjj": "7"}
    return Sent("/reports/assessment", "assessor", form=form)


@recipe("POST /assess")
def _(desk: Desk) -> Sent:
    return Sent("/assess", "jmo.officer", form=ASSESS_FORM)


@recipe("POST /api/v1/regulations/<regulation_id>/assess")
def _(desk: Desk) -> Sent:
    return Sent(f"/api/v1/regulations/{REGULATION}/assess", "jmo.officer", body=ASSESSED)


def _second_release(desk: Desk) -> tuple[str, str]:
    """Its process, and its id."""
    from app.storage.models import Release  # noqa: PLC0415

    release = desk.row(Release, Release.digest == "second")
    return release.process_key, release.id


@recipe("POST /processes/<process_key>/migration")
def _(desk: Desk) -> Sent:
    process, release = _second_release(desk)
    form = {"to": release, "proceeding": [desk.ids["reviewed"], desk.ids["checked"]], "reason": "改正", "map": ""}
    return Sent(f"/processes/{process}/migration", "owner", form=form)


@recipe("POST /processes/<process_key>/migration/<proceeding_id>/undo")
def _(desk: Desk) -> Sent:
    process, _release = _second_release(desk)
    return Sent(f"/processes/{process}/migration/{desk.ids['drafted']}/undo", "owner", form={"reason": "先不换"})


@recipe("POST /api/v1/definitions/<release_id>/migrate")
def _(desk: Desk) -> Sent:
    body = {"proceedings": [desk.ids["reviewed"], desk.ids["checked"]], "reason": "改正"}
    return Sent(f"/api/v1/definitions/{_second_release(desk)[1]}/migrate", "owner", body=body)


def _done_run(desk: Desk) -> str:
    from app.storage.models import MigrationRun  # noqa: PLC0415

    return str(desk.row(MigrationRun, MigrationRun.back_of.is_(None)).id)


@recipe("POST /migration-runs/<run_id>/undo")
def _(desk: Desk) -> Sent:
    return Sent(f"/migration-runs/{_done_run(desk)}/undo", "owner", form={"reason": "先不换"})


@recipe("POST /api/v1/migration-runs/<run_id>/undo")
def _(desk: Desk) -> Sent:
    return Sent(f"/api/v1/migration-runs/{_done_run(desk)}/undo", "owner", body={"reason": "先不换"})


@recipe("POST /api/v1/definitions/<release_id>/migration-runs")
def _(desk: Desk) -> Sent:
    body = {"proceedings": [desk.ids["reviewed"], desk.ids["checked"]], "reason": "改正"}
    return Sent(f"/api/v1/definitions/{_second_release(desk)[1]}/migration-runs", "owner", body=body)


@recipe("POST /api/v1/definitions/<release_id>/migrate/undo")
def _(desk: Desk) -> Sent:
    body = {"proceedings": [desk.ids["drafted"]], "reason": "先不换"}
    return Sent(f"/api/v1/definitions/{_second_release(desk)[1]}/migrate/undo", "owner", body=body)


# ---- what the worker does without a request


@recipe("worker: a change of version that a run ordered")
def _(desk: Desk) -> Work:
    from app.services import migration_runs, migrations  # noqa: PLC0415

    owner = desk.actor("owner")
    change = migrations.change_to(_second_release(desk)[1], mapping={}, reason="改正", actor=owner)
    migration_runs.begin(change, [desk.ids["reviewed"]], actor=owner, now=desk.now)
    return Work("migration_runs.do_next")


@recipe("worker: a timer fires")
def _(desk: Desk) -> Work:
    return Work("clockwork.fire_one", days=400)


@recipe("worker: a notice is delivered")
def _(desk: Desk) -> Work:
    from app.services import recusals  # noqa: PLC0415

    reporter = desk.actor("organ.reporter.zjj")
    recusals.request(desk.ids["reviewed"], **_recusal(desk), actor=reporter, now=desk.now)
    return Work("clockwork.deliver_one")


@recipe("worker: a row of a series is done")
def _(desk: Desk) -> Work:
    from app.services import series  # noqa: PLC0415

    reporter = desk.actor("organ.reporter.zjj")
    series.open_series(
        desk.ids["C13"], table="案号/文号\n（2026）皖1524行初901号\n".encode(), actor=reporter, now=desk.now
    )
    return Work("series.do_next")


@recipe("worker: a message is delivered")
def _(desk: Desk) -> Work:
    from app.services import series  # noqa: PLC0415

    series.separate(desk.ids["C14"], reason="程序不同，须另行查明", actor=desk.actor("jmo.director"), now=desk.now)
    return Work("clockwork.deliver_one")
