"""试运行 of a draft: a play on invented people in a process of its own."""

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime
from itertools import groupby
from types import SimpleNamespace
from typing import Any, cast

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.domain.days import read_day
from app.domain.deadlines import office_day
from app.domain.errors import (
    N_,
    AlreadyDoneError,
    ConflictError,
    DomainError,
    InvalidAnswersError,
    NotFoundError,
    Sentence,
)
from app.domain.history import Act
from app.domain.statuses import status_of
from app.queries.formdata import FormView
from app.queries.studio_files import draft_of
from app.scenarios import plays, scenario_runs
from app.scenarios.plays import Play
from app.services.studio import drafts
from app.services.studio import scenario_runs as rows
from app.web import clock, languages
from app.web.diagrams import drawing_in_words
from app.web.once import key_of_form, once
from app.web.permission import actor, needs_sign_in
from app.web.problems import back_with, in_words, sentence_of
from app.web.proposals import with_proposals
from app.web.tasks import answers_from_request

screen = Blueprint("studio_tryout", __name__)

MOST_UPLOADED = 4 * 1024 * 1024


@screen.app_template_filter()
def groupby_folder(titles: Mapping[str, str]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Scenarios, name and title, by the process that they are about."""
    return [(folder, list(found)) for folder, found in groupby(titles.items(), lambda one: one[0].partition("/")[0])]


@screen.app_template_filter()
def as_json(value: Any) -> str:
    """A value as its author would write it, to be escaped by the template like any text."""
    return json.dumps(value, ensure_ascii=False)


# ---- the draft's page


@screen.get("/studio/drafts/<draft_id>/try")
@needs_sign_in
def show(draft_id: str) -> str:
    return _start_page(draft_id)


def _start_page(draft_id: str, *, problem: str = "") -> str:
    draft = draft_of(actor(), draft_id)
    plays.warm_up()
    return render_template(
        "studio/try.html",
        draft_id=draft_id,
        draft=draft,
        plays=plays.plays_of(actor().person_id),
        most=plays.MOST_PLAYS,
        scenarios=scenario_runs.titles_in(drafts.candidate_files(draft_id, actor=actor())),
        today=office_day(clock.now()),
        problem=problem,
    )


@screen.post("/studio/drafts/<draft_id>/try")
@needs_sign_in
def start(draft_id: str) -> Response | tuple[str, int]:
    """Begin a play. A draft with errors may be tried as well: what cannot go on stands still with its reason."""
    draft = draft_of(actor(), draft_id)
    try:
        play = plays.begin(
            drafts.candidate_files(draft_id, actor=actor()),
            draft=(draft_id, draft.title),
            person_id=actor().person_id,
            county=(str(actor().county_id), actor().county_name),
            day=_day(request.form.get("begins", "")),
            continues=request.form.get("continues", "")[:160],
            now=clock.now(),
            key=key_of_form(),
        )
    except DomainError as error:
        return _start_page(draft_id, problem=sentence_of(error)), status_of(error)
    try:
        plays.ask(play, "standing", name="")
    except DomainError as error:
        plays.end(play)
        return _start_page(draft_id, problem=sentence_of(error)), status_of(error)
    return redirect(url_for("studio_tryout.play", play_id=play.id))


def _day(text: str) -> date:
    if (day := read_day(text)) is None:
        raise ConflictError(N_("请填写日期，如 2026-03-02。"))
    return day


# ---- a play


@screen.get("/studio/tryouts/<play_id>")
@needs_sign_in
def play(play_id: str) -> str:
    return _page(_mine(play_id))


def _mine(play_id: str) -> Play:
    drafts.ensure_owner(actor())
    return plays.get_play(play_id, person_id=actor().person_id)


def _page(
    tried: Play,
    *,
    answers: Mapping[str, Any] | None = None,
    error: InvalidAnswersError | None = None,
    task_id: str = "",
    by: str = "",
    kept: Mapping[str, str] | None = None,
) -> str:
    """The screen: `answers` are shown again, `kept` is what was typed into the small forms beside."""
    told = plays.ask(tried, "standing", name=request.values.get("of", ""))
    for line in told.get("history", ()):
        line["act"] = Act(line["act"])
    step = _chosen(told, task_id or request.args.get("step", ""))
    by = by or request.args.get("as", "") or next(iter(step["performers"] if step else ()), "")
    form, refused = _form_of(tried, step, by=by, answers=answers)
    fields = error.fields if error and task_id else {}
    view = cast(FormView, SimpleNamespace(**form["form"])) if form and form["form"] else None
    return render_template(
        "studio/play.html",
        tried=tried,
        told=told,
        step=step,
        by=by,
        form=form,
        refused=refused,
        people={one["id"]: one for one in told["people"]},
        schema=with_proposals(_with_attributes(view)) if view else {},
        errors={path: [in_words(sentence) for sentence in found] for path, found in fields.items()},
        summary=sentence_of(error) if error and task_id else "",
        small_errors=[in_words(s) for found in error.fields.values() for s in found] if error and not task_id else [],
        kept=kept or {},
        stale=_is_stale(tried),
    )


def _is_stale(tried: Play) -> bool:
    """Whether the draft was changed since the play began."""
    try:
        return rows.digest_of(drafts.candidate_files(tried.draft_id, actor=actor())) != tried.digest
    except NotFoundError:
        return True


def _with_attributes(view: FormView) -> FormView:
    """What came from another process as plain values, read by attribute."""
    proposals = tuple(
        SimpleNamespace(**{**one, "clauses": [SimpleNamespace(**clause) for clause in one["clauses"]]})
        for one in cast(Any, view.proposals)
    )
    return cast(FormView, SimpleNamespace(schema=view.schema, proposals=proposals))


def _chosen(told: Mapping[str, Any], task_id: str) -> dict[str, Any] | None:
    steps = told.get("steps", [])
    return next((step for step in steps if step["task_id"] == task_id), steps[0] if steps else None)


def _form_of(
    tried: Play, step: Mapping[str, Any] | None, *, by: str, answers: Mapping[str, Any] | None
) -> tuple[dict[str, Any] | None, str]:
    """The form as that person sees it, or the sentence with which it is refused."""
    if step is None or not by:
        return None, ""
    said = {"task_id": step["task_id"], "by": by, "locale": languages.current(), "answers": answers}
    try:
        return plays.ask(tried, "form", **said), ""
    except NotFoundError:
        return None, in_words(N_("这名人员看不到这个环节：没有相应岗位，不在办理机关，或者须回避。"))
    except DomainError as error:
        return None, sentence_of(error)


def _back(tried: Play, **more: str) -> Response:
    kept: dict[str, Any] = {"of": request.form.get("of", "")} | more
    return redirect(url_for("studio_tryout.play", play_id=tried.id, **{key: v for key, v in kept.items() if v}))


def _act(play_id: str, act: Callable[[Play], Any], **more: str) -> Response:
    """One act of the play; what could not be done is said on top of the same page."""
    tried = _mine(play_id)
    try:
        act(tried)
    except DomainError as error:
        return back_with(error, _back(tried).location)
    return _back(tried, **more)


@screen.post("/studio/tryouts/<play_id>/open")
@needs_sign_in
def open_proceeding(play_id: str) -> Response:
    said = {name: request.form.get(name, "")[:200] for name in ("what", "by", "about", "subject", "published")}
    tried = _mine(play_id)
    try:
        plays.ask(tried, "open", **said)
    except DomainError as error:
        return back_with(error, _back(tried).location)
    return redirect(url_for("studio_tryout.play", play_id=tried.id))


@screen.post("/studio/tryouts/<play_id>/steps/<task_id>")
@needs_sign_in
def submit(play_id: str, task_id: str) -> Response | tuple[str, int]:
    """Submit the form as somebody; a refusal shows it again with everything that was filled in."""
    tried, by = _mine(play_id), request.form.get("as", "")[:200]
    answers = answers_from_request()
    try:
        if "usual" in request.form:
            usual = plays.ask(tried, "usual", task_id=task_id, by=by)
            return _page(tried, answers=usual, task_id=task_id, by=by), 200
        plays.ask(tried, "submit", task_id=task_id, by=by, answers=answers)
    except InvalidAnswersError as error:
        return _page(tried, answers=answers, error=error, task_id=task_id, by=by), 422
    except DomainError as error:
        return back_with(error, _back(tried).location)
    return _back(tried)


@screen.post("/studio/tryouts/<play_id>/run")
@needs_sign_in
def run(play_id: str) -> Response:
    until = request.form.get("until", "").strip()[:160]
    return _act(play_id, lambda tried: plays.ask(tried, "run", name=request.form.get("of", ""), until=until))


@screen.post("/studio/tryouts/<play_id>/clock")
@needs_sign_in
def move_clock(play_id: str) -> Response:
    """To the next event, by a day or a week, to a day, or to the moment of a timer."""
    move, moment = request.form.get("move", ""), request.form.get("until", "")

    def act(tried: Play) -> None:
        if move == "next":
            plays.ask(tried, "next")
        elif move in ("day", "week"):
            plays.ask(tried, "wait", minutes=(1 if move == "day" else 7) * 24 * 60)
        elif move == "to":
            told = plays.ask(tried, "standing", name="")
            plays.ask(tried, "wait", minutes=_minutes(told["now"], moment))
        else:
            plays.ask(tried, "wait_until", day=_day(moment).isoformat())

    return _act(play_id, act)


def _minutes(now: str, moment: str) -> int:
    try:
        seconds = (datetime.fromisoformat(moment) - datetime.fromisoformat(now)).total_seconds()
    except (ValueError, TypeError):
        raise ConflictError(N_("请填写日期，如 2026-03-02。")) from None
    return max(1, int(-(-seconds // 60)))


@screen.post("/studio/tryouts/<play_id>/messages")
@needs_sign_in
def deliver(play_id: str) -> Response:
    """A message that something in the play waits for, as if it came from outside."""
    keys = {name.removeprefix("key."): value[:200] for name, value in request.form.items() if name.startswith("key.")}
    pairs = (line.partition("=") for line in request.form.get("with", "")[:4000].splitlines() if "=" in line)
    payload = {name.strip(): value.strip() for name, _, value in pairs}
    said = {"name": request.form.get("of", ""), "message": request.form.get("message", "")[:120]}
    return _act(play_id, lambda tried: plays.ask(tried, "deliver", **said, key=keys, payload=payload))


@screen.post("/studio/tryouts/<play_id>/back")
@needs_sign_in
def back(play_id: str) -> Response:
    return _act(play_id, lambda tried: plays.ask(tried, "back"))


@screen.post("/studio/tryouts/<play_id>/reset")
@needs_sign_in
def reset(play_id: str) -> Response:
    return _act(play_id, lambda tried: plays.ask(tried, "reset"))


@screen.post("/studio/tryouts/<play_id>/end")
@needs_sign_in
def end(play_id: str) -> Response:
    tried = _mine(play_id)
    plays.end(tried)
    return redirect(url_for("studio_tryout.show", draft_id=tried.draft_id))


@screen.post("/studio/tryouts/<play_id>/papers")
@needs_sign_in
def upload(play_id: str) -> tuple[dict[str, Any], int]:
    """As the page of a step uploads; the paper stays in the play."""
    tried, file = _mine(play_id), request.files.get("file")
    if file is None or not file.filename:
        return {"detail": in_words(N_("请选择要上传的文件。"))}, 400
    content = file.read(MOST_UPLOADED + 1)
    try:
        said = {"content": content.hex(), "by": request.args.get("as", "")[:200], "name": file.filename[:200]}
        paper = plays.ask(tried, "upload", **said)
    except DomainError as error:
        return {"detail": sentence_of(error)}, status_of(error)
    return {"id": paper, "file_name": file.filename, "size": len(content), "media_type": file.mimetype}, 201


@screen.get("/studio/tryouts/<play_id>/diagram.json")
@needs_sign_in
def drawing(play_id: str) -> dict[str, Any]:
    said = {"name": request.args.get("of", ""), "process": request.args.get("process", "")}
    told: dict[str, Any] = plays.ask(_mine(play_id), "drawing", **said)
    for one in told["diagrams"].values():
        one["xml"] = drawing_in_words(one["xml"])
    return told


@screen.post("/studio/tryouts/<play_id>/scenario")
@needs_sign_in
def save(play_id: str) -> Response | tuple[str, int]:
    """Keep the play as a scenario file of the draft, once it passes from its beginning."""
    tried = _mine(play_id)
    said = {name: request.form.get(name, "").strip()[:200] for name in ("name", "title")}
    try:
        made = plays.ask(tried, "text", **said, every_step="every_step" in request.form)
        content = made["content"].encode()
        if drafts.candidate_files(tried.draft_id, actor=actor()).get(made["name"], content) != content:
            raise InvalidAnswersError({"name": [Sentence(N_("已有同名的情景，请换一个文件名。"))]})
        with once():
            drafts.save_file(tried.draft_id, made["name"], content, base=0, actor=actor(), now=clock.now())
    except AlreadyDoneError:
        pass  # sent twice: it is kept
    except InvalidAnswersError as error:
        return _page(tried, error=error, kept=said), 422
    except DomainError as error:
        return back_with(error, _back(tried).location)
    flash(in_words(N_("情景已保存到改动稿，复演通过。")), "done")
    return redirect(url_for("studio_tryout.scenarios", draft_id=tried.draft_id))
