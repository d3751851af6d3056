"""案件: the register, a new case, the case page."""

from http import HTTPStatus
from uuid import uuid4

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.domain.errors import (
    ConflictError,
    DomainError,
    InvalidAnswersError,
    InvalidFileError,
    NotAllowedError,
    UnknownChoiceError,
)
from app.domain.proceedings import ProceedingStatus
from app.domain.tasks import Lamp
from app.queries import cases as query
from app.queries.case_filters import MEETING, REMEDY, CaseFilters, period_of
from app.queries.legal import opening_choice
from app.queries.stories import StoryFilters, chosen
from app.services import attachments, cases
from app.services.validity import NotInForceError
from app.web import clock, languages
from app.web.asked import one_of, only, said
from app.web.inbox import page_number
from app.web.once import key_of_form
from app.web.permission import actor, needs_sign_in
from app.web.problems import back_with, sentence_of

screen = Blueprint("cases", __name__)
KEPT = (("lamp", "lamp"), ("at", "at"), ("opened", "opened"), ("closed", "closed"))
"""Filters that the overview comes with; the register keeps them and says them in words."""


@screen.get("/cases")
@needs_sign_in
def register() -> str:
    found = query.case_register(actor(), filters_of(), page=page_number(), now=clock.now(), locale=languages.current())
    return render_template("cases.html", register=found, filters=filters_of(), key=uuid4().hex)


@screen.get("/cases/new")
@needs_sign_in
def explain_opening() -> str:
    """新建案件 under a regulation that is not in force: the reason and the legal memo that stay on the case."""
    return _opening_page(request.args.get("regulation", ""), {}, key=uuid4().hex)


def _opening_page(regulation_id: str, errors: dict[str, str], *, key: str) -> str:
    return render_template(
        "case_opening.html",
        choice=opening_choice(actor(), regulation_id, now=clock.now()),
        errors=errors,
        reason=request.form.get("override_reason", ""),
        key=key,
    )


@screen.post("/cases")
@needs_sign_in
def open_case() -> Response | tuple[str, int]:
    """新建案件: the case is opened and its first form shown."""
    key = key_of_form()
    regulation_id = request.form.get("regulation") or None
    try:
        opened = cases.open_case(
            actor=actor(),
            now=clock.now(),
            key=key,
            regulation_id=regulation_id,
            organ_id=request.form.get("organ") or None,
            override_reason=request.form.get("override_reason"),
            memo=_memo(),
        )
    except (NotInForceError, InvalidAnswersError, InvalidFileError) as error:
        if regulation_id and request.form.get("explained"):
            return _opening_page(regulation_id, _at_field(error), key=key), HTTPStatus.UNPROCESSABLE_ENTITY
        way = url_for("cases.explain_opening", regulation=regulation_id) if regulation_id else url_for("cases.register")
        return back_with(error, way)
    except (NotAllowedError, ConflictError) as error:
        return back_with(error, url_for("cases.register"))
    return redirect(url_for("tasks.show", task_id=opened.task_id))


def _memo() -> list[str]:
    """The uploaded legal memo, kept before the case that it belongs to."""
    file = request.files.get("memo")
    if file is None or not file.filename:
        return []
    organ_id = request.form.get("organ") or None
    cases.ensure_may_open(actor=actor(), regulation_id=request.form.get("regulation") or None, organ_id=organ_id)
    key = f"{key_of_form()[:120]}:memo"
    return [attachments.upload(file.read(), name=file.filename, actor=actor(), now=clock.now(), key=key).id]


def _at_field(error: DomainError) -> dict[str, str]:
    if isinstance(error, InvalidAnswersError):
        return {path: " ".join(sentences) for path, sentences in error.fields.items()}
    return {"memo" if isinstance(error, InvalidFileError) else "override_reason": sentence_of(error)}


@screen.get("/cases/<key>")
@needs_sign_in
def show(key: str) -> str:
    page = query.case_page(actor(), key, now=clock.now(), locale=languages.current())
    filters, all_lines = _story_filters(), request.args.get("story") == "all"
    return render_template(
        "case.html",
        page=page,
        key=uuid4().hex,
        notice_id=request.args.get("notice", ""),
        all_lines=all_lines,
        filters=filters,
        told_lines=chosen(page.story.lines if all_lines else page.story.by_people, filters),
    )


def _story_filters() -> StoryFilters:
    text, act, person = (request.args.get(name, "").strip()[:100] for name in ("q", "act", "person"))
    return StoryFilters(text, act, person, newest_first=request.args.get("order") == "newest")


def filters_of() -> CaseFilters:
    names = (("text", "q"), ("stage", "stage"), ("organ", "organ"), ("status", "status"), *KEPT)
    only(*(name for _, name in names), "page")
    one_of("status", (*ProceedingStatus, "all"))
    one_of("lamp", Lamp)
    one_of("at", (MEETING, REMEDY))
    for name in ("opened", "closed"):
        if (month := said(name)) and period_of(month) is None:
            raise UnknownChoiceError(name, month, ["2026", "2026-05"])
    return CaseFilters(**{field: said(name) for field, name in names})
