"""工作台: the boxes, their counts for whoever watches, and lists to take along."""

from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any

from flask import Blueprint, Response, g, jsonify, render_template, request, url_for
from markupsafe import escape

from app.documents.tables import csv_of, xlsx_of
from app.domain.deadlines import office_day
from app.domain.errors import N_, NotFoundError
from app.domain.proceedings import ProceedingKind
from app.domain.tasks import Lamp
from app.queries import inbox as query
from app.queries.boxes import IN_ADDRESS, OF_TASKS
from app.queries.inbox import Box, Filters, Inbox, Order, Row
from app.queries.names import people_names
from app.queries.stages import stage_names
from app.queries.views import views_of
from app.web import clock, languages
from app.web.asked import one_of, only
from app.web.formats import full_time, lamp_number, lamp_word, notice_name
from app.web.permission import actor, needs_sign_in
from app.web.problems import in_words
from app.web.sending import as_download
from app.web.words import gettext

screen = Blueprint("inbox", __name__)

NAMES = {
    Box.TODO: N_("待办"),
    Box.NOTICES: N_("待阅"),
    Box.POOL: N_("待领"),
    Box.DONE: N_("已办"),
    Box.CLOSED: N_("办结"),
    Box.MINE: N_("我发起"),
    Box.DRAFTS: N_("草稿"),
    Box.FOLLOWED: N_("我的关注"),
}
STATUSES = {"RUNNING": N_("办理中"), "CLOSED": N_("已办结"), "CANCELLED": N_("已撤销")}


@screen.get("/inbox/<box>")
@needs_sign_in
def show(box: str) -> str:
    filters = filters_of()
    found = query.inbox(actor(), box_of(box), filters=filters, page=page_number(), now=clock.now())
    g.unread = found.counts[Box.NOTICES]
    keep = {"box": found.box.value, **filters.address()}
    person = people_names([filters.person]).get(filters.person, filters.person) if filters.person else ""
    return render_template(
        "inbox.html",
        inbox=found,
        filters=filters,
        keep=keep,
        narrow={name: escape(_open_address(keep, name)) for name in ("case", "step", "organ", "person")},
        names=NAMES,
        stages=stages_of(found),
        person=person,
        views=views_of(actor()),
        most=query.MOST_EXPORTED,
    )


def _open_address(keep: dict[str, str], name: str) -> str:
    """The address of the list as it is, up to the value of one more filter, which is written behind it."""
    kept = {key: value for key, value in keep.items() if key != name}
    return url_for("inbox.show", **kept, **{name: ""})  # type: ignore[arg-type]  # the rest are plain words


@screen.get("/inbox/counts")
@needs_sign_in
def counts() -> Response:
    """How many lie in each box, for a page that stays open. The same mark as before: nothing has changed."""
    numbers = {box.value: number for box, number in query.box_counts(actor()).items()}
    answer = jsonify(numbers)
    answer.set_etag(sha256(repr(numbers).encode()).hexdigest()[:16])
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.make_conditional(request)
    return answer


@screen.get("/inbox/<box>/list.<any(csv, xlsx):suffix>")
@needs_sign_in
def export(box: str, suffix: str) -> Response:
    """The list as it is filtered, as far as it may be taken along."""
    most = query.MOST_EXPORTED
    found = query.inbox(actor(), box_of(box), filters=filters_of(), per_page=most, now=clock.now())
    name = gettext(NAMES[found.box])
    heading, rows = headings_of(found.box), list(_cells(found))
    if found.total > most:
        told = gettext("共 %(total)s 件，此表只列前 %(most)s 件。", total=found.total, most=most)
        rows.append([told, *[""] * (len(heading) - 1)])
    if suffix == "xlsx":
        media, content = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", xlsx_of(heading, rows)
    else:
        media, content = "text/csv", csv_of(heading, rows)
    answer = Response(content, mimetype=media)
    stamp = office_day(clock.now()).isoformat()
    answer.headers["Content-Disposition"] = as_download(f"{name} {stamp}.{suffix}")
    return answer


def headings_of(box: Box) -> list[str]:
    step = {Box.NOTICES: N_("通知")}.get(box, N_("环节") if box in OF_TASKS else N_("当前阶段"))
    words = (N_("编号"), N_("事由"), step, N_("涉案机关"), N_("来自"), N_("时间"), N_("最近更新"), N_("状态"))
    return [gettext(word) for word in words]


def _cells(found: Inbox) -> Iterator[list[str]]:
    stages = stages_of(found)
    for row in found.rows:
        yield [
            row.number,
            row.title,
            _step(found.box, row, stages),
            row.organ,
            row.sender,
            full_time(row.at),
            full_time(row.updated_at),
            _status(row),
        ]


def _step(box: Box, row: Row, stages: Mapping[tuple[str, str], tuple[str, str]]) -> str:
    if box is Box.NOTICES:
        return notice_name(row.step)
    if box not in OF_TASKS:
        zh, en = stages.get((row.release_id, row.step), ("", ""))
        return en if languages.current() == languages.ENGLISH else zh
    element = in_words(row.element) if row.element else ""
    return " · ".join(part for part in (gettext(row.step), element) if part)


def _status(row: Row) -> str:
    if row.status in STATUSES:
        return gettext(STATUSES[row.status])
    if row.lamp.suspended:
        return lamp_word(row.lamp.lamp)
    return f"{lamp_word(row.lamp.lamp)} {lamp_number(row.lamp)}".strip() if row.lamp.due_at else ""


def stages_of(found: Inbox) -> Mapping[tuple[str, str], tuple[str, str]]:
    """Names of the stages that the rows have reached."""
    if found.box in OF_TASKS or found.box is Box.NOTICES:
        return {}
    return stage_names({row.release_id for row in found.rows})


def box_of(name: str) -> Box:
    if name not in set(Box):
        raise NotFoundError
    return Box(name)


def filters_of() -> Filters:
    """What the address says. Raises UnknownChoiceError."""
    only(*IN_ADDRESS, "page")
    for name, known in (("lamp", Lamp), ("kind", ProceedingKind), ("order", Order), ("read", ("1",))):
        one_of(name, known)
    return Filters.of_address(request.values)


@screen.app_template_global()
def list_address() -> dict[str, Any]:
    """How the list is filtered from which a step was opened, and its page: the step's own addresses say it too."""
    page = page_number()
    return {**Filters.of_address(request.args).address(), **({"page": str(page)} if page > 1 else {})}


def page_number() -> int:
    value = request.args.get("page", "1")
    return max(1, int(value)) if value.isdecimal() and len(value) < 7 else 1
