"""The whole file of a closed case, as its package holds it: for the worker who makes the package, not for a reader."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

from sqlalchemy import select

from app.documents.archive.parts import (
    Answer,
    Chapter,
    Contents,
    Erased,
    Filled,
    Folder,
    Form,
    Paper,
    Picture,
    Told,
)
from app.documents.pictures import Frame, Marks, Tone, draw
from app.documents.pictures.reading import UndrawableError
from app.domain.errors import NotFoundError
from app.domain.history import Act
from app.domain.proceedings import ProceedingKind, ProceedingStatus
from app.extensions import db
from app.queries.answers import answers_of, ids_in
from app.queries.case_file import CHARACTERS_OF_LINE, LINES_OF_PAGE
from app.queries.diagrams import drawn
from app.queries.drawings import process_name
from app.queries.heads import head_of
from app.queries.names import names_for, people_names
from app.queries.stages import register_of
from app.storage import archives, journal
from app.storage.models import (
    Attachment,
    County,
    HistoryEntry,
    IssuedPaper,
    Procedure,
    Proceeding,
    Release,
    Submission,
)

LOCALE = "zh_Hans_CN"
ACTS = {
    Act.OPENED: "立卷",
    Act.CLAIMED: "签收",
    Act.RELEASED: "退回待领",
    Act.TRANSFERRED: "转办",
    Act.SUBMITTED: "提交",
    Act.WITHDRAWN: "撤回",
    Act.STEP: "自动",
    Act.DECISION: "系统建议",
    Act.TIMER: "到期",
    Act.MESSAGE_SENT: "发出",
    Act.MESSAGE_RECEIVED: "收到",
    Act.INCIDENT: "故障",
    Act.RETRIED: "重试",
    Act.SUSPENDED: "中止",
    Act.RESUMED: "恢复",
    Act.EXTENDED: "延长期限",
    Act.RECOUNTED: "重算",
    Act.CLOSED: "办结",
    Act.RECUSAL: "回避",
    Act.SUBJECT_ADDED: "增加责任对象",
    Act.SUBJECT_STATUS: "变更状态",
    Act.SERIES: "系列案",
    Act.PROCEDURE: "关联程序",
    Act.MENDED: "修复",
    Act.MIGRATED: "换版",
    Act.RETURNED: "退回",
    Act.TAKEN_BACK: "取回",
    Act.DELEGATED: "委派",
    Act.HANDED_BACK: "交回",
    Act.ASKED: "征求意见",
    Act.URGED: "催办",
    Act.SUPERVISED: "督办",
    Act.EXTENSION_REQUESTED: "延期申请",
    Act.REVOKED: "撤销案件",
    Act.DEPUTY: "代理",
    Act.TOKEN_MOVED: "技术移动",
    Act.PAPER_REPLACED: "更换材料版本",
}
"""A package is a Chinese paper, whatever language a reader of the pages has chosen."""
SAID = ("reason", "basis", "question", "demand", "opinion", "text", "to", "to_step", "name", "number", "new_day")
"""What of the details of a line people wrote or must know."""
_LEGEND = ((Tone.DONE, "已经过"), (None, "走过的路线"))


def contents_of(case_id: str) -> Contents:
    """Raises NotFoundError where there is no such case, or it still runs."""
    case = db.session.get(Proceeding, case_id)
    if case is None or case.kind is not ProceedingKind.CASE or case.closed_at is None:
        raise NotFoundError
    head = head_of(case_id, locale=LOCALE).head
    chapters = tuple(_chapter(proceeding) for proceeding in (case, *_closed_procedures(case_id)))
    county = db.session.get(County, case.county_id)
    return Contents(
        number=case.number,
        title=case.title,
        county=county.name if county else case.county_id,
        organ=head.lead_organ,
        regulation=head.regulation,
        document_no=head.document_no,
        opened_at=case.opened_at,
        chapters=chapters,
        sides=tuple(archives.sides_of([chapter.id for chapter in chapters])),
        filled=_filled,
    )


def _closed_procedures(case_id: str) -> list[Proceeding]:
    query = (
        select(Proceeding)
        .join(Procedure, Procedure.proceeding_id == Proceeding.id)
        .where(Procedure.parent_id == case_id, Proceeding.status == ProceedingStatus.CLOSED)
    )
    return list(db.session.scalars(query.order_by(Proceeding.closed_at, Proceeding.id)))


def _chapter(proceeding: Proceeding) -> Chapter:
    found = head_of(proceeding.id, locale=LOCALE)
    release = db.session.get_one(Release, proceeding.release_id)
    kind = register_of(release.id).procedure(found.procedure.key) if found.procedure else None
    entries = _history(proceeding.id)
    closed_at = proceeding.closed_at
    assert closed_at is not None  # only closed ones are asked for
    erased = tuple(
        Erased(row.kind, row.object_id, row.content_digest, row.authority, row.erased_at)
        for row in archives.erasures_of(proceeding.id)
    )
    return Chapter(
        id=proceeding.id,
        kind=kind.zh if kind else "案件",
        number=proceeding.number,
        title=proceeding.title,
        closed_at=closed_at,
        outcome=found.head.outcome,
        release_digest=release.digest,
        folders=tuple(_folders(proceeding, entries, frozenset(one.object_id for one in erased))),
        story=tuple(_told(release.id, entry) for entry in entries),
        pictures=tuple(_pictures(proceeding)),
        erased=erased,
    )


def _history(proceeding_id: str) -> list[HistoryEntry]:
    query = select(HistoryEntry).where(HistoryEntry.proceeding_id == proceeding_id).order_by(HistoryEntry.position)
    return list(db.session.scalars(query))


def _told(release_id: str, entry: HistoryEntry) -> Told:
    clauses = register_of(release_id).clauses_of(entry.clauses)
    said = (entry.details.get(name) for name in SAID)
    name = {Act.OPENED: "立卷登记", Act.CLOSED: "全案办结"}.get(Act(entry.act), entry.name)
    return Told(
        at=entry.at,
        act=ACTS.get(Act(entry.act), entry.act),
        step=name,
        person=entry.person_name,
        organ=entry.organ_name,
        clauses=tuple(clause.article for clause in clauses),
        note="；".join(str(value) for value in said if isinstance(value, str) and value),
    )


def _folders(proceeding: Proceeding, entries: Sequence[HistoryEntry], erased: frozenset[str]) -> Iterator[Folder]:
    """One a stage, as the page 案卷目录 has them; what belongs to no step comes first."""
    register = register_of(proceeding.release_id)
    papers = _papers(proceeding, erased)
    hashes = _submissions(proceeding.id)
    current = register.stages[0].key if register.stages else ""
    by_stage: dict[str, list[Form | Paper]] = {current: list(papers.get("", ()))}
    for entry in entries:
        current = register.stage_of(entry.process_key, entry.step_id) or current
        if entry.act == Act.SUBMITTED and entry.submission_id in hashes:
            task_id, form_key, form_hash = hashes[entry.submission_id]
            form = Form(
                id=entry.submission_id,
                task_id=task_id,
                step=entry.name,
                person=entry.person_name,
                organ=entry.organ_name,
                at=entry.at,
                form_key=form_key,
                form_hash=form_hash,
            )
            found = papers.get(entry.submission_id, ())
            by_stage.setdefault(current, []).extend((form, *(_placed(paper, entry) for paper in found)))
    names = {stage.key: stage.zh for stage in register.stages}
    for key in dict.fromkeys((*names, *by_stage)):
        if items := by_stage.get(key):
            title = names.get(key, proceeding.title) if proceeding.kind is ProceedingKind.CASE else proceeding.number
            yield Folder(title, tuple(items))


def _placed(paper: Paper, entry: HistoryEntry) -> Paper:
    return Paper(
        id=paper.id,
        file_name=paper.file_name,
        media_type=paper.media_type,
        sha256=paper.sha256,
        pages=paper.pages,
        version=paper.version,
        at=paper.at,
        step=entry.name,
        person=paper.person or entry.person_name,
        organ=entry.organ_name,
        number=paper.number,
        issued=paper.issued,
        erased=paper.erased,
    )


def _submissions(proceeding_id: str) -> dict[str, tuple[str, str, str]]:
    """Step, form and its hash by submission; what was filled in is read later, a few at a time."""
    columns = (Submission.id, Submission.task_id, Submission.form_key, Submission.form_hash)
    rows = db.session.execute(select(*columns).where(Submission.proceeding_id == proceeding_id))
    return {row.id: (row.task_id, row.form_key, row.form_hash) for row in rows}


def _papers(proceeding: Proceeding, erased: frozenset[str]) -> dict[str, list[Paper]]:
    """By submission, in every version; those of the proceeding as a whole under an empty id."""
    rows = db.session.execute(
        select(Attachment, IssuedPaper.number, IssuedPaper.id)
        .outerjoin(IssuedPaper, IssuedPaper.attachment_id == Attachment.id)
        .where(Attachment.proceeding_id == proceeding.id)
        .order_by(Attachment.uploaded_at, Attachment.version, Attachment.file_name, Attachment.id)
    ).all()
    people = people_names(row.Attachment.uploaded_by for row in rows)
    found: dict[str, list[Paper]] = {}
    for paper, number, issued in rows:
        found.setdefault(paper.submission_id or "", []).append(
            Paper(
                id=paper.id,
                file_name=paper.file_name,
                media_type=paper.media_type,
                sha256=paper.sha256,
                pages=paper.pages,
                version=paper.version,
                at=paper.uploaded_at,
                step="",
                person=people.get(paper.uploaded_by, ""),
                organ="",
                number=number or "",
                issued=issued is not None,
                erased=paper.id in erased,
            )
        )
    return found


def _pictures(proceeding: Proceeding) -> Iterator[Picture]:
    """Every diagram that was entered, with the way that was taken."""
    closed_at = proceeding.closed_at
    assert closed_at is not None  # as above
    page = drawn(proceeding.release_id, proceeding.process_key, proceeding.id, now=closed_at)
    for key in sorted(page.drawings, key=lambda key: (key != page.main, key)):
        drawing = page.drawings[key]
        name = process_name(proceeding.release_id, key)
        frame = Frame(name, (f"{proceeding.number}　{proceeding.title}",), _LEGEND)
        marks = Marks(tones=dict.fromkeys(drawing.done, Tone.DONE), way=frozenset(drawing.way))
        with suppress(UndrawableError):  # a diagram without a drawing: nobody has ever seen one of it
            yield Picture(key, name, draw(drawing.xml, frame, marks))


def _filled(chapter: Chapter, forms: Sequence[Form]) -> Iterator[Filled]:
    proceeding = db.session.get_one(Proceeding, chapter.id)
    rows = {
        row.id: row
        for row in db.session.execute(
            select(Submission.id, Submission.data).where(Submission.id.in_([form.id for form in forms]))
        )
    }
    names = names_for(proceeding.county_id, (value for row in rows.values() for value in ids_in(row.data)))
    for form in forms:
        data: Mapping[str, Any] = rows[form.id].data
        answers = tuple(
            Answer(
                label=row.label,
                text=row.text,
                section=row.section,
                headings=row.table.headings if row.table else (),
                rows=row.table.rows if row.table else (),
            )
            for row in answers_of(proceeding.release_id, form.form_key, data, names=names, locale=LOCALE)
        )
        length = sum(1 + len(answer.text) // CHARACTERS_OF_LINE for answer in answers)
        yield Filled(
            payload=journal.content_of(data),
            answers=answers,
            pages=1 + length // LINES_OF_PAGE,
        )
