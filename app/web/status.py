"""概览, 流程状态, 环节清单, 瓶颈: where the proceedings stand, for who leads, supervises or runs the office."""

from hashlib import sha256
from typing import Any

import orjson
from flask import Blueprint, Flask, Response, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.domain.access import may_see_overview, may_see_status
from app.domain.tasks import Lamp
from app.queries import bottlenecks, process_status, standing_steps
from app.queries.bottlenecks import RANKINGS, Ranking
from app.queries.drawings import process_name
from app.queries.overview import overview
from app.queries.process_status import SPANS, ProcessStatus, Span, StatusFilters
from app.queries.standing_steps import Standing, StepFilters
from app.queries.step_figures import StepFigures
from app.web import charts, clock
from app.web.asked import chosen, one_of, only, said
from app.web.diagrams import drawing_in_words
from app.web.inbox import page_number
from app.web.permission import actor, needs_sign_in
from app.web.words import gettext

screen = Blueprint("status", __name__)
COLUMNS = ("name", "open", "late", "soon", "held", "waiting", "longest", "done", "median", "ninetieth")
"""By which the table of a process can be sorted."""
NARROWED = ("release", "organ", "span")
SHORTEST = 0.05
"""Days: anything shorter would be written as none."""


@screen.record_once
def _say_who_may(state: Any) -> None:
    app: Flask = state.app
    app.jinja_env.globals.update(may_see_overview=may_see_overview, may_see_status=may_see_status)
    app.jinja_env.filters.update(bar=charts.bar_of, days=days_of, process_title=process_title)


def days_of(value: float | None) -> str:
    """Days with one decimal, `<0.1` for what took some minutes; nothing where nothing was measured."""
    if value is None:
        return ""
    return "<0.1" if 0 < value < SHORTEST else f"{value:.1f}"


def process_title(process_key: str, release_id: str) -> str:
    """What a called diagram is called."""
    return gettext(process_name(release_id, process_key))


@screen.get("/overview")
@needs_sign_in
def show_overview() -> str:
    page = overview(actor(), now=clock.now())
    trend = charts.trend_of([m.opened.number for m in page.months], [m.closed.number for m in page.months])
    return render_template("overview.html", page=page, trend=trend, now=clock.now())


@screen.get("/processes/status")
@needs_sign_in
def list_processes() -> str:
    cards = process_status.process_cards(actor(), now=clock.now())
    return render_template("process_list.html", cards=cards, now=clock.now())


@screen.get("/processes/<process_key>/status")
@needs_sign_in
def show_process(process_key: str) -> str:
    only(*NARROWED, "sort")
    one_of("sort", [sign + name for name in COLUMNS for sign in ("", "-")])
    page = process_status.process_status(actor(), process_key, filters_of(), now=clock.now())
    return render_template(
        "process_status.html",
        page=page,
        rows=sorted_rows(page),
        sort=request.args.get("sort", ""),
        columns=COLUMNS,
        spans=SPANS,
        address=address_of(page),
        took=took_of(page),
        now=clock.now(),
    )


@screen.get("/processes/<process_key>/drawings/<release_id>.json")
@needs_sign_in
def drawings(process_key: str, release_id: str) -> Response:
    """The diagrams of a version. They never change, so the browser may keep them."""
    found = process_status.drawings_of(actor(), process_key, release_id)
    drawn = {key: {"xml": drawing_in_words(xml)} for key, xml in found.items()}
    answer = Response(orjson.dumps({"main": process_key, "diagrams": drawn}), mimetype="application/json")
    answer.headers["Cache-Control"] = "private, max-age=86400"
    answer.vary.add("Cookie")
    return answer


@screen.get("/processes/<process_key>/status.json")
@needs_sign_in
def figures(process_key: str) -> AnyResponse:
    """What stands at each step now, by diagram; asked for again and again, and empty (304) while nothing changed."""
    page = process_status.process_status(actor(), process_key, filters_of(), now=clock.now(), measured=False)
    told = {key: _told(page, key) for key in page.drawings}
    content = orjson.dumps({"running": page.running, "late": page.late, "diagrams": told})
    answer = Response(content, mimetype="application/json")
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.set_etag(sha256(content).hexdigest()[:32])
    return answer.make_conditional(request)


def _told(page: ProcessStatus, process_key: str) -> dict[str, Any]:
    return {step: _in_words(row, page) for step, row in page.drawn_in(process_key).items()}


def _in_words(row: StepFigures, page: ProcessStatus) -> dict[str, Any]:
    """Figures of one step as the diagram shows them: numbers for the heat, sentences for the badge and the panel."""
    lines = [
        (gettext("待办理"), row.open, _list(page, row, Standing.TASK) if row.open else ""),
        (gettext("超期"), row.late, _list(page, row, Standing.TASK, "OVERDUE") if row.late else ""),
        (gettext("临期"), row.soon, _list(page, row, Standing.TASK, "SOON") if row.soon else ""),
        (gettext("受阻"), row.held, _list(page, row, Standing.HELD) if row.held else ""),
        (gettext("等待"), row.waiting, _list(page, row, Standing.WAITING) if row.waiting else ""),
    ]
    days = [gettext("最久已等%(days)s天", days=days_of(row.longest))] if row.open else []
    return {
        "badge": badge_of(row),
        "open": row.tokens,
        "late": row.late,
        "held": row.held,
        "lines": [{"label": label, "number": number, "href": href} for label, number, href in lines if number],
        "days": days,
    }


def badge_of(row: StepFigures) -> str:
    """The word at the corner of a step; empty where there is nothing to say."""
    badge = []
    if row.tokens:
        badge.append(str(row.tokens))
    if row.late:
        badge.append(gettext("超期%(count)s", count=row.late))
    if row.held:
        badge.append(gettext("受阻%(count)s", count=row.held))
    return " · ".join(badge)


def took_of(page: ProcessStatus) -> dict[str, dict[str, Any]]:
    """How long the steps take, by diagram: it does not change while somebody looks."""
    found: dict[str, dict[str, Any]] = {}
    for row in page.figures.values():
        if row.median is not None:
            said = gettext(
                "办结%(count)s项，中位%(median)s天，九成在%(ninetieth)s天内",
                count=row.done,
                median=days_of(row.median),
                ninetieth=days_of(row.ninetieth),
            )
            found.setdefault(row.process_key, {})[row.step_id] = {"median": round(row.median, 2), "said": said}
    return found


def _list(page: ProcessStatus, row: StepFigures, standing: Standing, lamp: str = "") -> str:
    """The list of what the number counts; the sum of a called diagram has none, its steps have."""
    if (row.process_key, row.step_id) not in page.figures:
        return ""
    filters = StepFilters(
        process=row.process_key,
        step=row.step_id,
        main=page.key,
        release=page.filters.release,
        lamp=lamp,
        lead_organ=page.filters.organ,
    )
    address: dict[str, Any] = filters.address(standing)
    return url_for("status.list_steps", **address)


@screen.get("/steps")
@needs_sign_in
def list_steps() -> str:
    """环节清单: where proceedings stand, as the numbers of the other pages link to it."""
    only(*StepFilters.__dataclass_fields__, "standing", "page")
    standing = chosen(Standing, "standing", Standing.TASK)
    one_of("lamp", Lamp)
    filters = StepFilters(**{name: said(name) for name in StepFilters.__dataclass_fields__})
    found = standing_steps.step_list(actor(), standing, filters, page=page_number(), now=clock.now())
    return render_template("steps.html", found=found, filters=filters, standing=standing, now=clock.now())


@screen.get("/bottlenecks")
@needs_sign_in
def show_bottlenecks() -> str:
    only("by", "span")
    ranking, span = chosen(Ranking, "by", Ranking.LATE), chosen(Span, "span", Span.YEAR)
    page = bottlenecks.bottlenecks(actor(), ranking, span, now=clock.now())
    return render_template("bottlenecks.html", page=page, rankings=RANKINGS, spans=SPANS, now=clock.now())


def filters_of() -> StatusFilters:
    return StatusFilters(said("release"), said("organ"), chosen(Span, "span", Span.YEAR))


def address_of(page: ProcessStatus) -> dict[str, str | None]:
    filters = page.filters
    span = None if filters.span is Span.YEAR else filters.span.value
    return {"release": filters.release or None, "organ": filters.organ or None, "span": span}


def sorted_rows(page: ProcessStatus) -> list[StepFigures]:
    """The steps of the table; in the order of what is late and open unless the address says by which column."""
    column, descending = request.args.get("sort", "").removeprefix("-"), request.args.get("sort", "")[:1] == "-"
    rows = [row for row in page.figures.values() if row.speaks or row.done]
    if column not in COLUMNS:
        return sorted(rows, key=lambda row: (-row.late, -row.tokens, -row.done, row.step_id))
    if column == "name":
        return sorted(rows, key=lambda row: (gettext(row.name), row.step_id), reverse=descending)
    return sorted(rows, key=lambda row: (getattr(row, column) or 0, row.step_id), reverse=descending)
