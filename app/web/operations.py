"""运维: what holds procedures up, the queues and the workers, for technical administrators; every act with a reason."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.domain.errors import NotFoundError
from app.domain.interventions import ensure_may_operate, may_operate
from app.queries import operations as query
from app.services import dead_letters, incidents, interventions
from app.web import clock
from app.web.diagrams import drawing_in_words
from app.web.once import once
from app.web.permission import actor, needs_sign_in
from app.web.problems import REFUSED, back_with
from app.web.words import gettext

screen = Blueprint("operations", __name__, url_prefix="/operations")


@screen.record_once
def _say_who_may(state: Any) -> None:
    app: Flask = state.app
    app.jinja_env.globals.update(may_operate=may_operate)


@screen.get("")
@needs_sign_in
def show() -> str:
    return render_template("operations.html", page=query.operations(actor(), now=clock.now()), now=clock.now())


@screen.get("/proceedings")
@needs_sign_in
def find() -> Response:
    """From the number that somebody told; a wrong one is told on the page where it was typed."""
    number = request.args.get("number", "").strip()
    try:
        found = query.operated(actor(), number)
    except NotFoundError:
        if not may_operate(actor()):
            raise
        flash(gettext("没有编号为“%(number)s”的件，请核对编号。", number=number[:60]), "bad")
        return redirect(url_for("operations.show"))
    return redirect(url_for("operations.proceeding", key=found.id))


@screen.get("/proceedings/<key>")
@needs_sign_in
def proceeding(key: str) -> str:
    page = query.operated(actor(), key)
    return render_template(
        "operations_proceeding.html",
        page=page,
        tokens=interventions.tokens_of(page.id, actor=actor()),
        chosen=request.args.get("token", ""),
    )


@screen.get("/proceedings/<key>/diagram.json")
@needs_sign_in
def diagram(key: str) -> dict[str, Any]:
    """Where it stands. What was done before is none of a technical administrator's business."""
    page = query.operated(actor(), key)
    tokens = interventions.tokens_of(page.id, actor=actor())
    drawn = query.drawings_for(actor(), page.id, [token.process_key for token in tokens])
    return {
        "main": page.process_key,
        "diagrams": {
            process: {
                "xml": drawing_in_words(xml),
                "current": sorted({one.step_id for one in tokens if one.process_key == process}),
                "held": sorted({one.step_id for one in tokens if one.process_key == process and one.kind == "HELD"}),
            }
            for process, xml in drawn.items()
        },
    }


@screen.post("/proceedings/<proceeding_id>/incidents/<engine_task_id>/retry")
@needs_sign_in
def retry(proceeding_id: str, engine_task_id: str) -> Response:
    ensure_may_operate(actor())
    solved: list[bool] = []

    def act() -> None:
        solved.append(
            incidents.retry(
                proceeding_id, engine_task_id=engine_task_id, note=_said("note"), actor=actor(), now=clock.now()
            )
        )

    return _done(
        act,
        lambda: gettext("已重试，程序继续办理。") if solved[0] else gettext("重试后仍未成功，原因见下。"),
        url_for("operations.show"),
    )


@screen.post("/proceedings/<proceeding_id>/move")
@needs_sign_in
def move(proceeding_id: str) -> Response:
    def act() -> None:
        interventions.ask_to_move(
            proceeding_id,
            engine_task_id=_said("token"),
            to_step=_said("to_step"),
            reason=_said("reason"),
            actor=actor(),
            now=clock.now(),
        )

    target = url_for("operations.proceeding", key=proceeding_id)
    return _done(act, lambda: gettext("已提出，等待另一名系统管理员复核。"), target)


@screen.post("/proceedings/<proceeding_id>/cancel")
@needs_sign_in
def cancel(proceeding_id: str) -> Response:
    def act() -> None:
        interventions.ask_to_cancel(proceeding_id, reason=_said("reason"), actor=actor(), now=clock.now())

    target = url_for("operations.proceeding", key=proceeding_id)
    return _done(act, lambda: gettext("已提出，等待另一名系统管理员复核。"), target)


@screen.post("/interventions/<intervention_id>/approve")
@needs_sign_in
def approve(intervention_id: str) -> Response:
    def act() -> None:
        interventions.approve(intervention_id, note=_said("note"), actor=actor(), now=clock.now())

    return _done(act, lambda: gettext("已复核同意，处置已经执行。"), url_for("operations.show"))


@screen.post("/interventions/<intervention_id>/refuse")
@needs_sign_in
def refuse(intervention_id: str) -> Response:
    def act() -> None:
        interventions.refuse(intervention_id, note=_said("note"), actor=actor(), now=clock.now())

    return _done(act, lambda: gettext("已复核不同意，程序没有变动。"), url_for("operations.show"))


@screen.post("/interventions/<intervention_id>/withdraw")
@needs_sign_in
def withdraw(intervention_id: str) -> Response:
    def act() -> None:
        interventions.withdraw(intervention_id, actor=actor(), now=clock.now())

    return _done(act, lambda: gettext("已撤回。"), url_for("operations.show"))


@screen.post("/letters/<letter_id>/send-again")
@needs_sign_in
def send_again(letter_id: str) -> Response:
    def act() -> None:
        dead_letters.send_again(letter_id, note=_said("note"), actor=actor(), now=clock.now())

    return _done(act, lambda: gettext("已重新排队，稍后再试。"), url_for("operations.show"))


@screen.post("/letters/<letter_id>/discard")
@needs_sign_in
def discard(letter_id: str) -> Response:
    def act() -> None:
        dead_letters.discard(letter_id, note=_said("note"), actor=actor(), now=clock.now())

    return _done(act, lambda: gettext("已放弃，不再重试。"), url_for("operations.show"))


def _said(name: str) -> str:
    return request.form.get(name, "")


def _done(act: Callable[[], None], told: Callable[[], str], target: str) -> Response:
    """Do it once, and lead back to the page with what came of it."""
    try:
        with once():
            act()
    except REFUSED as error:
        return back_with(error, target)
    flash(told(), "done")
    return redirect(target)
