"""The task page, and what a person does with a step there."""

from typing import Any
from uuid import uuid4

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from app.domain.confirmation import StepUpError
from app.domain.errors import AlreadyDoneError, ConflictError, InvalidAnswersError, NotAllowedError
from app.domain.statuses import status_of
from app.queries import drafts
from app.queries import tasks as query
from app.queries.asked import people_to_ask
from app.queries.boxes import Filters
from app.queries.drawings import decision_view, legal_effect_of, step_after
from app.queries.handling import handling_of
from app.queries.series_runs import offer
from app.services import tasks
from app.services.drafts import WINDOW_LENGTH, keep_late
from app.services.handling import back
from app.services.tasks import Completed
from app.web import clock, languages
from app.web.inbox import list_address, page_number
from app.web.once import key_of_form, once
from app.web.permission import actor, needs_sign_in
from app.web.problems import REFUSED, back_with, in_words, sentence_of
from app.web.proposals import with_proposals
from app.web.words import gettext

screen = Blueprint("tasks", __name__)


@screen.get("/tasks/<task_id>")
@needs_sign_in
def show(task_id: str) -> str:
    return page_of_task(task_id)


@screen.post("/tasks/<task_id>")
@needs_sign_in
def complete(task_id: str) -> Response | tuple[str, int]:
    """Submit the form; a refusal shows it again with everything that was filled in."""
    answers = answers_from_request()
    key = key_of_form()
    try:
        done = tasks.complete(
            task_id,
            answers=answers,
            actor=actor(),
            now=clock.now(),
            key=key,
            with_series="with_series" in request.form,
        )
    except InvalidAnswersError as error:
        return page_of_task(task_id, answers=answers, error=error, key=key), 422
    except StepUpError:
        raise
    except (ConflictError, NotAllowedError) as error:
        return refused(task_id, answers=answers, error=error, key=key)
    flash(_with_way_back(told(done), done, task_id), "done")
    return redirect(url_for("series.show_run", run_id=done.series_run) if done.series_run else _onward(done))


@screen.post("/tasks/<task_id>/claim")
@needs_sign_in
def claim(task_id: str) -> Response:
    try:
        tasks.claim(task_id, actor=actor(), now=clock.now())
    except REFUSED as error:
        return back_with(error, url_for("inbox.show", box="pool"))
    return redirect(url_for("tasks.show", task_id=task_id, **list_address()))


@screen.post("/tasks/<task_id>/release")
@needs_sign_in
def release(task_id: str) -> Response:
    try:
        with once():
            tasks.release(task_id, actor=actor(), now=clock.now(), reason=request.form.get("reason", ""))
    except AlreadyDoneError as error:
        return back_with(error, url_for("inbox.show", box="todo"))
    except REFUSED as error:
        return back_with(error, url_for("tasks.show", task_id=task_id))
    flash(gettext("已退回待领。"), "done")
    return redirect(url_for("inbox.show", box="todo"))


@screen.post("/tasks/<task_id>/transfer")
@needs_sign_in
def transfer(task_id: str) -> Response:
    to_person, reason = request.form.get("to_person", ""), request.form.get("reason", "")
    try:
        with once():
            tasks.transfer(task_id, actor=actor(), now=clock.now(), to_person=to_person, reason=reason)
    except AlreadyDoneError as error:
        return back_with(error, url_for("inbox.show", box="todo"))
    except REFUSED as error:
        return back_with(error, url_for("tasks.show", task_id=task_id))
    flash(gettext("已转办。"), "done")
    return redirect(url_for("inbox.show", box="todo"))


def answers_from_request() -> dict[str, Any]:
    """The form's answers: one JSON field, written by the form in the browser."""
    try:
        value = current_app.json.loads(request.form.get("data") or "{}")
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def drafting_window() -> str:
    """The page that was submitted, as its drafts name it: a page that refuses is the same window still."""
    return request.form.get("window", "")[:WINDOW_LENGTH]


def told(done: Completed) -> str:
    """What happened and what comes next, by whom."""
    if done.replayed:
        return gettext("该事项此前已提交成功，未重复办理。")
    if done.closed:
        return gettext("已提交，%(number)s 办结。", number=done.number)
    if not done.next:
        return gettext("已提交。程序等待其他环节，下一环节到达时会通知办理人。")
    steps = list(dict.fromkeys(_who(step.name, step.organ_name, gettext(step.role_label)) for step in done.next))
    shown = gettext("；").join(steps[:3])
    if len(steps) > 3:
        shown = gettext("%(steps)s 等 %(count)s 项", steps=shown, count=len(steps))
    return gettext("已提交。下一步：%(steps)s", steps=shown)


def _with_way_back(sentence: str, done: Completed, task_id: str) -> str:
    """With a link to where the submission can be taken back (取回), while somebody else has to open what follows."""
    if done.replayed or done.closed or not done.next or any(step.mine for step in done.next):
        return sentence
    link = Markup('<a href="{}">{}</a>').format(url_for("tasks.show", task_id=task_id), gettext("查看或取回"))
    return Markup("{} {}").format(sentence, link)


def _who(name: str, organ: str, role: str) -> str:
    return gettext("%(step)s（%(who)s）", step=gettext(name), who=f"{organ} {role}".strip())


def _onward(done: Completed) -> str:
    """The next item opens by itself: in the same proceeding first, else on top of the list as it is filtered."""
    filters = Filters.of_address(request.args)
    mine = next((step.task_id for step in done.next if step.mine and step.task_id), None)
    task_id = mine or query.next_task_of(actor(), done.proceeding_id)
    task_id = task_id or query.first_in_list(actor(), filters, now=clock.now())
    if task_id is None:
        return url_for("inbox.show", box="todo", **filters.address())
    return url_for("tasks.show", task_id=task_id, **filters.address())


def refused(
    task_id: str, *, answers: dict[str, Any], error: ConflictError | NotAllowedError, key: str
) -> tuple[str, int]:
    """The form again; where it is nobody's to submit any more, who came too late reads why and has his words back."""
    status, now, locale = int(status_of(error)), clock.now(), languages.current()
    page = query.task_page(actor(), task_id, now=now, locale=locale, answers=answers)
    if page.form is not None and isinstance(error, ConflictError):
        return page_of_task(task_id, answers=answers, error=error, key=key), status
    kept = keep_late(task_id, data=answers, actor=actor(), now=now)
    rows = drafts.in_words(actor(), task_id, answers, locale=locale)
    return render_template("late.html", page=page, sentence=sentence_of(error), rows=rows, kept=kept), status


def page_of_task(
    task_id: str,
    *,
    answers: dict[str, Any] | None = None,
    error: InvalidAnswersError | ConflictError | None = None,
    key: str = "",
) -> str:
    """The task page; after a refusal with what was filled in and what is wrong with it."""
    now = clock.now()
    page = query.task_page(actor(), task_id, now=now, locale=languages.current(), answers=answers)
    wrong = error.fields if isinstance(error, InvalidAnswersError) else {}
    filters, number = Filters.of_address(request.args), page_number()
    neighbours = query.neighbours_of(actor(), page, filters=filters, number=number, now=now)
    g.unread = neighbours.unread
    beside = handling_of(actor(), task_id, now=now)
    if beside.unseen:
        back.mark_seen(task_id, actor=actor(), now=now)
    release_id = page.head.release_id
    return render_template(
        "task.html",
        page=page,
        proposals=[
            decision_view(release_id, line.details["decision"], locale=languages.current())
            for line in page.proposals[:3]
        ],
        after=step_after(release_id, page.process_key, page.step_id),
        effect=legal_effect_of(release_id, page.process_key, page.step_id),
        left=drafts.left_behind(actor(), page.id, now=now, locale=languages.current()),
        labels=page.form.labels if page.form else {},
        schema=with_proposals(page.form) if page.form else {},
        neighbours=neighbours,
        handling=beside,
        ways=back.ways_back(task_id, actor=actor()) if beside.may_return else (),
        people=people_to_ask(actor()) if beside.may_ask else (),
        taking=back.taking_back(task_id, actor=actor()),
        errors={path: [in_words(s) for s in sentences] for path, sentences in wrong.items()},
        summary=sentence_of(error) if error else "",
        key=key or uuid4().hex,
        window=drafting_window(),
        series=offer(actor(), page.id) if page.may_complete else None,
        with_series="with_series" in request.form,
    )
