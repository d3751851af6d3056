"""One act on many rows of a list: each in its own transaction, each with its own answer."""

from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from app.domain.errors import N_, DomainError, InvalidAnswersError, NotFoundError
from app.domain.handling import given
from app.queries.bulk import MOST, Act, Chosen, chosen, nothing_to_urge, takers
from app.services import tasks
from app.services.handling.urging import urge
from app.services.once import once
from app.web import clock
from app.web.auth import own_address
from app.web.once import key_of_form
from app.web.permission import actor, needs_sign_in
from app.web.problems import in_words, sentence_of
from app.web.words import gettext

screen = Blueprint("bulk", __name__)

NAMES = {Act.CLAIM: N_("批量签收"), Act.TRANSFER: N_("批量转办"), Act.URGE: N_("批量催办")}
DONE = {Act.CLAIM: N_("已签收"), Act.TRANSFER: N_("已转办"), Act.URGE: N_("已催办")}


@dataclass(frozen=True, slots=True)
class Outcome:
    row: Chosen
    done: bool
    sentence: str


@screen.get("/inbox/bulk")
@needs_sign_in
def ask() -> str | Response:
    """What the act needs to know, once for all rows."""
    act, rows = _act(), chosen(actor(), _act(), request.args.getlist("item"))
    if not rows:
        return _nothing()
    people = takers(actor(), [row.task_id for row in rows]) if act is Act.TRANSFER else ()
    return _page(act, rows=rows, people=people)


@screen.post("/inbox/bulk")
@needs_sign_in
def do() -> str | Response:
    act, reason, person = _act(), request.form.get("reason", ""), request.form.get("to_person", "")
    items = request.form.getlist("item")
    rows = chosen(actor(), act, items)
    idle = nothing_to_urge(actor(), items, rows) if act is Act.URGE and len(rows) < MOST else ()
    if not rows and not idle:
        return _nothing()
    try:
        reason = "" if act is Act.CLAIM else given(reason)
    except InvalidAnswersError as error:
        people = takers(actor(), [row.task_id for row in rows]) if act is Act.TRANSFER else ()
        return _page(act, rows=rows, people=people, error=in_words(error.fields["reason"][0]))
    done = tuple(_one(act, row, reason=reason, person=person) for row in rows)
    left = tuple(Outcome(row, False, gettext("没有等待他人办理的环节，未催办。")) for row in idle)
    return _page(act, outcomes=done + left)


def _one(act: Act, row: Chosen, *, reason: str, person: str) -> Outcome:
    """The act on one row; a refusal of one keeps no other from being done."""
    now = clock.now()
    try:
        with once(f"{key_of_form()}/{row.task_id}", actor=actor(), action=f"{act} {row.task_id}", now=now):
            if act is Act.CLAIM:
                tasks.claim(row.task_id, actor=actor(), now=now)
            elif act is Act.TRANSFER:
                tasks.transfer(row.task_id, actor=actor(), now=now, to_person=person, reason=reason)
            else:
                urge(row.task_id, text=reason, actor=actor(), now=now)
    except DomainError as refusal:
        return Outcome(row, False, sentence_of(refusal))
    return Outcome(row, True, gettext(DONE[act]))


def _act() -> Act:
    name = request.values.get("act", "")
    if name not in set(Act):
        raise NotFoundError
    return Act(name)


def _back() -> str:
    return own_address(request.values.get("next", ""))


def _nothing() -> Response:
    flash(gettext("请先勾选可以办理的事项。"), "bad")
    return redirect(_back())


def _page(act: Act, **values: object) -> str:
    found = {"rows": (), "people": (), "outcomes": (), "error": "", **values}
    told: dict[str, object] = {"act": act.value, "name": gettext(NAMES[act]), "back": _back()}
    told |= {"key": key_of_form(), "items": request.values.getlist("item")[:MOST]}
    return render_template("bulk.html", **told, **found)
