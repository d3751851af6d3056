"""其他办理: what a person does with a step besides submitting it, and the page 督促与协办 of a proceeding."""

from collections.abc import Callable

from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.domain.days import read_day
from app.domain.errors import AlreadyDoneError
from app.domain.handling import SheetColour, SideKind
from app.domain.roles import Side
from app.queries import asked as asked_query
from app.queries import handling as query
from app.queries.deputies import steps_in_stead
from app.queries.links import OwnPapers, own_papers
from app.services.handling import asking, back, delegation, ending, extensions, oversight, urging
from app.web import clock, languages
from app.web.once import once
from app.web.permission import actor, needs_sign_in
from app.web.problems import REFUSED, back_with
from app.web.words import gettext

screen = Blueprint("handling", __name__)


@screen.get("/proceedings/<proceeding_id>/handling")
@needs_sign_in
def show(proceeding_id: str) -> str:
    page = query.handling_page(actor(), proceeding_id, now=clock.now(), locale=languages.current())
    return render_template("handling.html", page=page)


@screen.post("/tasks/<task_id>/return")
@needs_sign_in
def send_back(task_id: str) -> Response:
    """退回."""

    def act() -> str:
        back.send_back(task_id, to_step=_text("to_step"), reason=_text("reason"), actor=actor(), now=clock.now())
        return gettext("已退回，原填写内容已作为草稿交给办理人。")

    return _done(act, then=_inbox(), else_=_task(task_id))


@screen.post("/tasks/<task_id>/take-back")
@needs_sign_in
def take_back(task_id: str) -> Response:
    """取回."""
    try:
        with once():
            again = back.take_back(task_id, reason=_text("reason"), actor=actor(), now=clock.now())
    except AlreadyDoneError as error:
        return back_with(error, _task(query.opened_again(actor(), task_id)))
    except REFUSED as error:
        return back_with(error, _task(task_id))
    flash(gettext("已取回，原填写内容已恢复，可修改后重新提交。"), "done")
    return redirect(_task(again))


@screen.post("/tasks/<task_id>/delegate")
@needs_sign_in
def delegate(task_id: str) -> Response:
    """委派."""

    def act() -> str:
        to_person, reason = _text("to_person"), _text("reason")
        delegation.delegate(task_id, to_person=to_person, reason=reason, actor=actor(), now=clock.now())
        return gettext("已委派，受委派人填写意见后交回给您。")

    return _done(act, then=_inbox(), else_=_task(task_id))


@screen.post("/tasks/<task_id>/hand-back")
@needs_sign_in
def hand_back(task_id: str) -> Response:
    """交回 of a delegated step."""

    def act() -> str:
        delegation.hand_back(task_id, opinion=_text("opinion"), actor=actor(), now=clock.now())
        return gettext("已填写意见并交回委派人。")

    return _done(act, then=_inbox(), else_=_task(task_id))


@screen.post("/tasks/<task_id>/recall")
@needs_sign_in
def recall(task_id: str) -> Response:
    """收回委派."""

    def act() -> str:
        delegation.recall(task_id, reason=_text("reason"), actor=actor(), now=clock.now())
        return gettext("已收回委派。")

    return _done(act, then=_task(task_id), else_=_task(task_id))


@screen.post("/tasks/<task_id>/ask")
@needs_sign_in
def ask(task_id: str) -> Response:
    """加签 or 征求意见."""

    def act() -> str:
        kind = SideKind.COUNTERSIGN if _text("kind") == SideKind.COUNTERSIGN else SideKind.OPINION
        person, question = _text("person_id"), _text("question")
        asking.ask(task_id, kind=kind, person_id=person, question=question, actor=actor(), now=clock.now())
        return gettext("已加签，对方答复后才能提交。") if kind is SideKind.COUNTERSIGN else gettext("已征求意见。")

    return _done(act, then=_task(task_id), else_=_task(task_id))


@screen.get("/asked/<side_task_id>")
@needs_sign_in
def show_asked(side_task_id: str) -> str:
    """The question to the reader, with the field for the opinion."""
    return render_template("asked.html", page=asked_query.asked_page(actor(), side_task_id))


@screen.post("/asked/<side_task_id>")
@needs_sign_in
def answer(side_task_id: str) -> Response:
    def act() -> str:
        asking.answer(side_task_id, opinion=_text("opinion"), actor=actor(), now=clock.now())
        return gettext("意见已提交。")

    return _done(act, then=_inbox(), else_=url_for("handling.show_asked", side_task_id=side_task_id))


@screen.post("/tasks/<task_id>/asked/<side_task_id>/withdraw")
@needs_sign_in
def withdraw(task_id: str, side_task_id: str) -> Response:
    """减签: do without the answer."""

    def act() -> str:
        asking.withdraw(side_task_id, reason=_text("reason"), actor=actor(), now=clock.now())
        return gettext("已撤回，不再等待该意见。")

    return _done(act, then=_task(task_id), else_=_task(task_id))


@screen.post("/tasks/<task_id>/urge")
@needs_sign_in
def urge(task_id: str) -> Response:
    """催办."""

    def act() -> str:
        urging.urge(task_id, text=_text("text"), actor=actor(), now=clock.now())
        return gettext("已催办，承办人会收到提醒。")

    return _done(act, then=_back(task_id), else_=_back(task_id))


@screen.post("/tasks/<task_id>/extension-requests")
@needs_sign_in
def request_extension(task_id: str) -> Response:
    """延期申请."""

    def act() -> str:
        until, reason = read_day(_text("until")), _text("reason")
        extensions.request(task_id, until=until, reason=reason, actor=actor(), now=clock.now())
        return gettext("延期申请已提出，由负责人决定。")

    return _done(act, then=_back(task_id), else_=_back(task_id))


@screen.post("/tasks/<task_id>/extension-requests/<request_id>")
@needs_sign_in
def decide_extension(task_id: str, request_id: str) -> Response:
    def act() -> str:
        granted = _text("decision") == "grant"
        extensions.decide(request_id, granted=granted, reason=_text("reason"), actor=actor(), now=clock.now())
        return gettext("已批准延期。") if granted else gettext("未批准延期。")

    return _done(act, then=_back(task_id), else_=_back(task_id))


@screen.post("/tasks/<task_id>/sheets")
@needs_sign_in
def issue_sheet(task_id: str) -> Response:
    """督办."""

    def act() -> str:
        colour = SheetColour.RED if _text("colour") == SheetColour.RED else SheetColour.YELLOW
        demand, term = _text("demand"), read_day(_text("term"))
        oversight.issue(task_id, colour=colour, demand=demand, term=term, actor=actor(), now=clock.now())
        return gettext("督办单已发出。")

    return _done(act, then=_back(task_id), else_=_back(task_id))


@screen.post("/tasks/<task_id>/sheets/<sheet_id>/answer")
@needs_sign_in
def answer_sheet(task_id: str, sheet_id: str) -> Response:
    def act() -> str:
        oversight.answer(sheet_id, text=_text("text"), actor=actor(), now=clock.now())
        return gettext("督办单已答复。")

    return _done(act, then=_back(task_id), else_=_back(task_id))


@screen.post("/tasks/<task_id>/sheets/<sheet_id>/close")
@needs_sign_in
def close_sheet(task_id: str, sheet_id: str) -> Response:
    """销号."""

    def act() -> str:
        oversight.close(sheet_id, note=_text("note"), actor=actor(), now=clock.now())
        return gettext("督办单已销号。")

    return _done(act, then=_back(task_id), else_=_back(task_id))


@screen.post("/proceedings/<proceeding_id>/revoke")
@needs_sign_in
def revoke(proceeding_id: str) -> Response:
    """撤销案件."""

    def act() -> str:
        ending.revoke(proceeding_id, reason=_text("reason"), basis=_text("basis"), actor=actor(), now=clock.now())
        return gettext("案件已撤销，案卷和办理记录保留。")

    page = url_for("handling.show", proceeding_id=proceeding_id)
    return _done(act, then=page, else_=page)


def _done(act: Callable[[], str], *, then: str, else_: str) -> Response:
    try:
        with once():
            told = act()
    except AlreadyDoneError as error:
        return back_with(error, then)
    except REFUSED as error:
        return back_with(error, else_)
    flash(told, "done")
    return redirect(then)


def _inbox() -> str:
    return url_for("inbox.show", box="todo")


def _task(task_id: str) -> str:
    return url_for("tasks.show", task_id=task_id)


def _back(task_id: str) -> str:
    """To the page the form stands on: that of the proceeding where it names one, else the step's."""
    proceeding_id = _text("proceeding_id")
    if _text("page") == "sheets":
        return url_for("oversight.show")
    return url_for("handling.show", proceeding_id=proceeding_id) if proceeding_id else _task(task_id)


def _text(name: str) -> str:
    return request.form.get(name, "").strip()


def beside_inbox() -> dict[str, object]:
    """What waits for the reader outside of his boxes: questions to answer, steps that he lent, steps of whom he
    stands in for, and the papers that were served on him."""
    in_stead = steps_in_stead(actor(), now=clock.now()) if actor().principals() else ()
    answers = Side.SUBJECT in actor().sides()
    own = own_papers(actor(), now=clock.now(), locale=languages.current()) if answers else OwnPapers()
    return {"asked": asked_query.beside_steps(actor()), "in_stead": len(in_stead), "own": own}


def init_app(app: Flask) -> None:
    app.add_template_global(beside_inbox)
