"""The papers of a step: issued when it is completed, looked at before. No paper, no act."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import uuid4

from jinja2.exceptions import TemplateError as JinjaError

from app import feel
from app.documents import store
from app.documents.letters.filling import fill
from app.documents.letters.language import LanguageError
from app.documents.letters.templates import TemplateError
from app.documents.pages import count_pages
from app.domain.errors import N_, ConflictError
from app.domain.numbering import number_of
from app.feel import FeelError
from app.law.papers import PaperKind
from app.services import definitions, settings
from app.services.command import Command
from app.services.letters.serving import tell_subject
from app.services.letters.values import Material, Target, newest, values_of
from app.services.operations.messages import next_number
from app.storage import ballots, issued, releases
from app.storage.models import Attachment, IssuedPaper, Proceeding, Submission, Task

DOCX = store.ALLOWED[".docx"]
UNNUMBERED = "××"
"""Where a number will stand once the paper is issued."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A paper as the step would make it now."""

    kind: str
    name: str
    en: str
    about: str
    """Name of the responsible subject, or title of the agenda item; empty for the proceeding."""
    scope: str
    number: str
    """With signs in the place of the serial, unless the paper before had one that stays."""
    content: bytes


class Desk:
    """Makes the papers of one step, inside the open transaction of its command."""

    def __init__(self, command: Command, task: Task, data: Mapping[str, Any]) -> None:
        self.command = command
        self.task = task
        self.kinds = command.register.papers_at(task.process_key, task.step_id)
        self.material = Material(command, task, data, tuple(self.kinds))

    @property
    def earlier(self) -> list[IssuedPaper]:
        """What the proceeding issued before, the newest first."""
        return self.material.earlier

    def wanted(self, *, any_answers: bool = False) -> Iterator[tuple[PaperKind, Target]]:
        """The papers that the answers call for; with `any_answers` all that some answers would."""
        for kind in self.kinds:
            for target in self.material.targets(kind):
                if any_answers or not kind.when or self._holds(kind, target):
                    yield kind, target

    def _holds(self, kind: PaperKind, target: Target) -> bool:
        return self._value(kind, kind.when, target) is True

    def served_on(self, kind: PaperKind, target: Target) -> date | None:
        """From which day the subject counts as served with what is handed over; None while no day is stated."""
        stated = self._value(kind, kind.served_on, target) if kind.served_on else None
        return date.fromisoformat(str(stated)[:10]) if stated else None

    def _value(self, kind: PaperKind, expression: str, target: Target) -> Any:
        try:
            return feel.evaluate(expression, self.material.raw(target), now=self.command.now)
        except FeelError as error:
            raise _refused(kind) from error

    def before(self, kind: PaperKind, target: Target) -> IssuedPaper | None:
        """The paper whose place this one takes."""
        return next((p for p in self.earlier if p.kind in kind.family and p.scope == target.scope), None)

    def served(self, kind: PaperKind, target: Target) -> IssuedPaper | None:
        """The paper that the step hands over."""
        return newest(self.earlier, kind.serves, target.scope) if kind.serves else None

    def content(self, kind: PaperKind, target: Target, *, number: str) -> bytes:
        """The file. Raises ConflictError where the template does not fit (it is checked when it is published)."""
        template = releases.file_of(self.command.proceeding.release_id, kind.template)
        try:
            values = values_of(self.material, kind, target, number=number, template=template)
            return fill(template, values, now=self.command.now)
        except (TemplateError, LanguageError, JinjaError, ValueError, TypeError, KeyError) as error:
            raise _refused(kind) from error


def _refused(kind: PaperKind) -> ConflictError:
    return ConflictError(N_("文书“%(name)s”不能按模板生成，本环节没有提交。请联系流程管理员检查模板。"), name=kind.name)


def makes_papers(proceeding: Proceeding, task: Task) -> bool:
    """Whether the step may make papers: what they need is read with the task then."""
    return bool(definitions.register_of(proceeding.release_id).papers_at(task.process_key, task.step_id))


def issue(command: Command, task: Task, submission: Submission) -> list[dict[str, Any]]:
    """Issue every paper of a completed step; the command's transaction writes them, the files are durable before.

    Returns for the history: id, name, number, hash and scope of each, and of the paper that it served.
    """
    if command.actor is None or not command.register.papers_at(task.process_key, task.step_id):
        return []
    desk = Desk(command, task, submission.data)
    told, made = [], []
    for kind, target in desk.wanted():
        served, before = desk.served(kind, target), desk.before(kind, target)
        number = _number(command, kind, before)
        content = desk.content(kind, target, number=number or "")
        row, file = _rows(command, submission, content, kind=kind, target=target)
        row.number, row.version = number, before.version + 1 if before else 1
        row.serves_id = served.id if served else None
        row.served_on = desk.served_on(kind, target)
        if served is not None and row.served_on is not None:
            tell_subject(command, target, served, day=row.served_on)
        made.append((row, file))
        desk.earlier.insert(0, row)
        told.append(told_of(row, served))
        command.add_evidence(act="issue paper", object_=row.id, payload=told[-1])
    issued.keep(made)
    return told


def _number(command: Command, kind: PaperKind, before: IssuedPaper | None) -> str | None:
    """The number that the procedure has just given, the one of the paper before where it stays, else the next one."""
    if not kind.number:
        return None
    if kind.keeps_number and before is not None and before.number:
        return before.number
    if kind.number in command.issued:
        return command.issued[kind.number]
    return next_number(command, kind.number)


def _rows(
    command: Command, submission: Submission, content: bytes, *, kind: PaperKind, target: Target
) -> tuple[IssuedPaper, Attachment]:
    """The row of the paper and that of its file, which is stored and durable."""
    actor, proceeding = command.actor, command.proceeding
    assert actor is not None  # `issue` asks
    digest = store.keep(settings.data_folder(), content)
    file = Attachment(
        id=uuid4().hex,
        county_id=proceeding.county_id,
        proceeding_id=proceeding.id,
        submission_id=submission.id,
        file_name=file_name(kind.name, about_of(target)),
        media_type=DOCX,
        size=len(content),
        sha256=digest,
        pages=count_pages(content, DOCX),
        uploaded_by=actor.person_id,
        uploaded_at=command.now,
        version=1,
        reason="",
    )
    template = releases.file_of(proceeding.release_id, kind.template)
    paper = IssuedPaper(
        id=uuid4().hex,
        county_id=proceeding.county_id,
        proceeding_id=proceeding.id,
        submission_id=submission.id,
        attachment_id=file.id,
        kind=kind.id,
        name=kind.name,
        scope=target.scope,
        template_hash=releases.hash_of(kind.template, template),
        sha256=digest,
        sm3=sm3_of(content),
        signed_by=actor.person_id,
        signed_name=actor.name,
        signed_organ=actor.organ_name,
        signed_at=command.now,
    )
    return paper, file


def told_of(row: IssuedPaper, served: IssuedPaper | None = None) -> dict[str, Any]:
    """A paper as history and journal name it: its id, its number and the digest of its very bytes."""
    told: dict[str, Any] = {
        "id": row.attachment_id,
        "kind": row.kind,
        "name": row.name,
        "number": row.number,
        "version": row.version,
        "sha256": row.sha256,
        "sm3": row.sm3,
    }
    if served is not None:
        told["serves"] = {key: value for key, value in told_of(served).items() if key != "serves"}
    return told


def sm3_of(content: bytes) -> str:
    return hashlib.new("sm3", content).hexdigest()


def about_of(target: Target) -> str:
    if target.subject is not None:
        return target.subject.name
    return target.place.item.title if target.place is not None else ""


def file_name(name: str, about: str) -> str:
    return store.clean_name(f"{name}（{about[:40]}）.docx" if about else f"{name}.docx")


def drafts(command: Command, task: Task, data: Mapping[str, Any], *, any_answers: bool = False) -> list[Draft]:
    """The papers that the step would make of these answers; nothing is numbered and nothing is kept.

    Votes that are kept from who looks stay blank; the paper that is issued has them.
    """
    desk = Desk(command, task, data)
    if command.file.meeting is not None and command.actor is not None:
        desk.material.ballots = ballots.open_to(command.actor.person_id, command.proceeding.id)
    return [_draft(desk, kind, target) for kind, target in desk.wanted(any_answers=any_answers)]


def _draft(desk: Desk, kind: PaperKind, target: Target) -> Draft:
    number = _expected_number(desk, kind, target)
    content = desk.content(kind, target, number=number)
    return Draft(kind.id, kind.name, kind.en, about_of(target), target.scope, number, content)


def _expected_number(desk: Desk, kind: PaperKind, target: Target) -> str:
    if not kind.number:
        return ""
    before = desk.before(kind, target)
    if kind.keeps_number and before is not None and before.number:
        return before.number
    format_ = desk.command.register.number_formats[kind.number]
    return number_of(format_, year=desk.command.today.year, serial=UNNUMBERED)
