"""Every address that is looked at, in every stage of a case and for every kind of thing it may name.

A route that names something unknown here fails the matrix (`UnknownRouteError`): whoever adds it says what it shows.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask
from sqlalchemy import select

from app.domain.roles import ROLES
from tests.access.world import MEETINGS, PEOPLE, STAGES, Settled
from tests.faults.crash_world import COUNTY, REGULATION, Desk

FILE = "screening.bpmn"
_ARGUMENT = re.compile(r"<(?:[^<>:]+:)?(\w+)>")
_OTHER_WAYS = {"static": "the interpreter's own files, no datum of the county"}


class UnknownRouteError(AssertionError):
    """Nobody said what this route shows."""


@dataclass(frozen=True)
class Asked:
    """One request that only reads."""

    route: str
    """`GET <rule>`."""
    about: str
    """Stage, or stage and kind of datum; empty where the route names nothing."""
    path: str


def readings(app: Flask, settled: Settled) -> Iterator[Asked]:
    """One or more requests for every route that is read. Inside an application context."""
    things = _things(settled)
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        if "GET" not in (rule.methods or ()) or rule.endpoint in _OTHER_WAYS:
            continue
        for about, values in _values(rule.rule, things):
            path = _ARGUMENT.sub(lambda found, values=values: str(values[found[1]]), rule.rule)  # type: ignore[misc]
            yield Asked(f"GET {rule.rule}", about, path + _question(rule.rule))


def _question(rule: str) -> str:
    """What a page cannot do without."""
    if rule in ("/search", "/search/jump"):
        return "?q=机密"
    if rule == "/inbox/bulk":
        return "?verb=claim"
    return ""


def _values(
    rule: str, things: Mapping[str, Mapping[str, Mapping[str, Any]]]
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    names = set(_ARGUMENT.findall(rule))
    if not names:
        yield "", {}
        return
    kind = next((kind for start, kind in _KINDS if re.match(start, rule)), None)
    if kind is None:
        raise UnknownRouteError(f"say in tests/access/addresses.py what {rule} shows")
    for about, found in things[kind].items():
        if _is_the_same(rule, about):
            continue
        values = {"form": "svg", **found}
        missing = names - set(values)
        if missing:
            raise UnknownRouteError(f"{rule}: {sorted(missing)}")
        yield about, values


def _is_the_same(rule: str, about: str) -> bool:
    """Whether another request shows that already: the same view of a case, or another form of the same paper."""
    if re.match(r"/attachments/<\w+>/", rule):
        return not about.startswith(("decided", "meeting"))
    if re.match(r"/proceedings/<key>/", rule):
        return not about.startswith(("heard", "meeting"))
    return False


_KINDS = (
    (r"(/api/v1)?/cases/<\w+>/subjects/<", "subjects"),
    (r"(/api/v1)?/cases/<|/ledger/<", "cases"),
    (r"(/api/v1)?/meetings/<", "meetings"),
    (r"(/api/v1)?/procedures/<", "procedures"),
    (r"(/api/v1|/operations)?/proceedings/<", "proceedings"),
    (r"/tasks/<task_id>/letters/", "letters"),
    (r"(/api/v1)?/tasks/<", "tasks"),
    (r"/submissions/<", "submissions"),
    (r"(/api/v1)?/attachments/<", "attachments"),
    (r"/archives/<", "packages"),
    (r"/studio/drafts/<", "drafts"),
    (r".*", "single"),
)
"""Which things stand for the arguments of a route."""


def _things(settled: Settled) -> dict[str, dict[str, dict[str, Any]]]:
    ids = settled.built.proceedings
    cases = {stage: ids[name] for stage, name in STAGES.items()}
    meetings = {stage: ids[name] for stage, name in MEETINGS.items()}
    everything = {**cases, **{f"meeting {stage}": id_ for stage, id_ in meetings.items()}}
    desk = Desk(settled.built)
    papers = {
        **_attachments(everything),
        "decided own": _paper_on_the_subject(cases["decided"], "T_decide"),
        "decided own beforehand": _paper_on_the_subject(cases["decided"], "T_prior_notice"),
    }
    return {
        "cases": {stage: {"key": id_, "proceeding_id": id_} for stage, id_ in cases.items()},
        "subjects": {
            stage: {"proceeding_id": cases[stage], "subject_id": _subject(desk, cases[stage])}
            for stage in ("heard", "decided", "archived")
        },
        "meetings": {stage: {"key": id_} for stage, id_ in meetings.items()},
        "procedures": {"open": {"key": ids["advice"]}},
        "proceedings": {stage: {"key": id_, "proceeding_id": id_} for stage, id_ in everything.items()},
        "tasks": {about: {"task_id": id_} for about, id_ in _tasks(everything).items()},
        "letters": {"open": _letter(desk)},
        "submissions": {about: {"submission_id": id_} for about, id_ in _submissions(everything).items()},
        "attachments": {about: {"attachment_id": id_} for about, id_ in papers.items()},
        "packages": {"archived": {"package_id": _package(desk, cases["archived"])}},
        "drafts": {"": {"draft_id": _draft(desk), "name": FILE}},
        "single": {"": _single(desk)},
    }


def _subject(desk: Desk, case: str) -> str:
    from app.storage.models import CaseSubject  # noqa: PLC0415  (see tests.conftest)

    return str(desk.row(CaseSubject, CaseSubject.proceeding_id == case, CaseSubject.kind == "PERSON").id)


def _tasks(proceedings: Mapping[str, str]) -> dict[str, str]:
    """The newest step of each proceeding, and in a meeting the ballot that is still open."""
    from app.extensions import db  # noqa: PLC0415
    from app.storage.models import Task  # noqa: PLC0415

    found = {}
    for stage, id_ in proceedings.items():
        newest = (
            select(Task.id)
            .where(Task.proceeding_id == id_)
            .order_by(Task.opened_at.desc(), Task.step_id, Task.candidate_organ)
        )
        found[stage] = db.session.scalars(newest).first()
    return {stage: str(id_) for stage, id_ in found.items()}


def _rows(proceeding: str) -> list[tuple[str, str]]:
    """Submissions of a proceeding with the side of who submitted, `BALLOT` for a vote."""
    from app.extensions import db  # noqa: PLC0415
    from app.storage.models import Submission, Task  # noqa: PLC0415

    query = select(Submission.id, Task.candidate_role).join(Task, Task.id == Submission.task_id)
    rows = db.session.execute(
        query.where(Submission.proceeding_id == proceeding).order_by(
            Task.step_id, Task.candidate_organ, Task.candidate_person
        )
    )
    return [(id_, "BALLOT" if role == "member.signatory" else ROLES[role].side.value) for id_, role in rows]


def _submissions(proceedings: Mapping[str, str]) -> dict[str, str]:
    """The first submission of each side in each stage."""
    found: dict[str, str] = {}
    for stage, proceeding in proceedings.items():
        for id_, side in _rows(proceeding):
            found.setdefault(f"{stage} {side}", id_)
    return found


def _attachments(proceedings: Mapping[str, str]) -> dict[str, str]:
    """The first paper of each side in each stage."""
    from app.extensions import db  # noqa: PLC0415
    from app.storage.models import Attachment  # noqa: PLC0415

    found: dict[str, str] = {}
    for stage, proceeding in proceedings.items():
        sides = dict(_rows(proceeding))
        papers = select(Attachment).where(Attachment.proceeding_id == proceeding)
        for paper in db.session.scalars(papers.order_by(Attachment.file_name, Attachment.id)):
            side = sides.get(paper.submission_id or "", "NOBODY")
            issued = " issued" if paper.media_type.endswith("document") else ""
            found.setdefault(f"{stage} {side}{issued}", paper.id)
    return found


def _paper_on_the_subject(case: str, step: str) -> str:
    """The paper that was served on the one who looks as `subject`."""
    from app.extensions import db  # noqa: PLC0415
    from app.storage.models import CaseSubject, IssuedPaper, Submission, Task  # noqa: PLC0415

    query = (
        select(IssuedPaper.attachment_id)
        .join(CaseSubject, CaseSubject.id == IssuedPaper.scope)
        .join(Submission, Submission.id == IssuedPaper.submission_id)
        .join(Task, Task.id == Submission.task_id)
        .where(IssuedPaper.proceeding_id == case, CaseSubject.person_id == PEOPLE["subject"], Task.step_id == step)
    )
    return db.session.scalars(query).one()


def _letter(desk: Desk) -> dict[str, str]:
    """A paper that the step of the reporter would make."""
    from app.queries.letters import letters_of_step  # noqa: PLC0415
    from app.storage.models import Proceeding, Task  # noqa: PLC0415

    step = desk.step("drafted")
    task = desk.row(Task, Task.id == step.task_id)
    release = desk.row(Proceeding, Proceeding.id == task.proceeding_id).release_id
    kinds = letters_of_step(release, task.process_key, task.step_id)
    return {"task_id": task.id, "kind": getattr(kinds[0], "kind", "report") if kinds else "report"}


def _package(desk: Desk, case: str) -> str:
    """The package of a closed case, made now."""
    from app.queries.archive_contents import contents_of  # noqa: PLC0415
    from app.services.archives import making  # noqa: PLC0415
    from app.storage.models import FileOrder  # noqa: PLC0415

    order = desk.row(FileOrder, FileOrder.proceeding_id == case, FileOrder.kind == "ARCHIVE").id
    making.make_one(desk.now, read=contents_of, order_id=order)
    return str(order)


def _draft(desk: Desk) -> str:
    from app.services.studio import drafts  # noqa: PLC0415

    return drafts.open_draft("会签期限", actor=desk.actor("owner"), now=desk.now)


def _single(desk: Desk) -> dict[str, Any]:
    from app.domain.handling import SideKind  # noqa: PLC0415
    from app.services import series  # noqa: PLC0415
    from app.services.handling import asking  # noqa: PLC0415
    from app.storage.models import DefinitionFile, Notice, Proceeding, Release  # noqa: PLC0415

    officer = desk.actor("jmo.officer")
    asked = asking.ask(
        desk.step("checked").task_id,
        kind=SideKind.COUNTERSIGN,
        person_id=desk.actor("jmo.director").person_id,
        question="是否受理？",
        actor=officer,
        now=desk.now,
    )
    release = desk.row(Proceeding, Proceeding.id == desk.ids["drafted"]).release_id
    table = desk.row(DefinitionFile, DefinitionFile.name.like("%.dmn")).name.removesuffix(".dmn")
    run = series.open_series(
        desk.ids["C13"],
        table="案号/文号\n（2026）皖1524行初901号\n".encode(),
        actor=desk.actor("organ.reporter.zjj"),
        now=desk.now,
    )
    return {
        "side_task_id": asked,
        "notice_id": desk.row(Notice, Notice.role == "jmo.officer").id,
        "run_id": run,
        "release_id": release,
        "process_key": desk.row(Release, Release.id == release).process_key,
        "regulation_id": REGULATION,
        "table_id": table,
        "box": "todo",
        "suffix": "csv",
        "token": "nobody-knows-this-token",
        "play_id": "no-such-play",
        "publication_id": "no-such-publication",
        "person_id": PEOPLE["own"],
        "organ_id": f"{COUNTY}.zjj",
    }
