"""案卷 and its parts: the opinions, the outline of the procedure, the catalogue, one submitted form on paper."""

from flask import Blueprint, Response, render_template, request

from app.domain.deadlines import office_day
from app.domain.errors import N_
from app.queries.case_file import case_file, catalogue_csv
from app.queries.heads import Found, Head, find_seen
from app.queries.opinions import opinion_page
from app.queries.outlines import outline_of
from app.queries.standstill import Standstill, standstill_of
from app.queries.submissions import submission_page
from app.queries.timelines import timeline_of
from app.web import clock, languages
from app.web.charts import TimeAxis
from app.web.permission import actor, needs_sign_in
from app.web.sending import as_download
from app.web.words import gettext

screen = Blueprint("files", __name__)


@screen.app_template_global()
def standstill_told(head: Head) -> Standstill | None:
    """Why a proceeding is read-only, and whom to ask; None while it runs."""
    return standstill_of(head, county_id=actor().county_id or "")


HEADING = (
    *(N_("序号"), N_("阶段"), N_("题名"), N_("材料种类"), N_("责任者")),
    *(N_("机关"), N_("日期"), N_("起始页"), N_("页数")),
)


@screen.get("/cases/<key>/opinions")
@screen.get("/proceedings/<key>/opinions")
@needs_sign_in
def opinions(key: str) -> str:
    """意见: the signed table, to be printed."""
    return render_template("opinions.html", page=opinion_page(actor(), _found(key), locale=languages.current()))


@screen.get("/cases/<key>/outline")
@screen.get("/proceedings/<key>/outline")
@needs_sign_in
def outline(key: str) -> str:
    """流程大纲: what the diagram shows, in words."""
    found = _found(key)
    automatic = request.args.get("steps") == "all"
    told = outline_of(actor(), found, automatic=automatic, now=clock.now())
    return render_template("outline.html", head=found.head, outline=told, automatic=automatic)


@screen.get("/cases/<key>/timeline")
@screen.get("/proceedings/<key>/timeline")
@needs_sign_in
def timeline(key: str) -> str:
    """时间轴: who had each step, from when until when."""
    told = timeline_of(actor(), _found(key), now=clock.now())
    return render_template("timeline.html", page=told, axis=TimeAxis(told.begins, told.ends))


@screen.get("/cases/<key>/dossier")
@screen.get("/proceedings/<key>/dossier")
@needs_sign_in
def dossier(key: str) -> str:
    """案卷目录."""
    search = request.args.get("q", "").strip()[:100]
    page = case_file(actor(), _found(key), search=search, locale=languages.current())
    return render_template("dossier.html", page=page, search=search)


@screen.get("/cases/<key>/dossier.csv")
@screen.get("/proceedings/<key>/dossier.csv")
@needs_sign_in
def export_dossier(key: str) -> Response:
    """The whole catalogue as a table file."""
    page = case_file(actor(), _found(key), locale=languages.current())
    heading = tuple(map(gettext, HEADING))
    titles = {item.title: gettext(item.title) for folder in page.folders for item in folder.items if item.title}
    steps = {item.step: gettext(item.step) for folder in page.folders for item in folder.items if item.step}
    english = languages.current() == languages.ENGLISH
    answer = Response(catalogue_csv(page, heading, {**titles, **steps}, english=english), mimetype="text/csv")
    name = f"{gettext('案卷目录')} {page.head.number} {office_day(clock.now()).isoformat()}.csv"
    answer.headers["Content-Disposition"] = as_download(name)
    return answer


@screen.get("/submissions/<submission_id>")
@needs_sign_in
def submission(submission_id: str) -> str:
    """A form as it was submitted: read-only, to be printed."""
    return render_template("submission.html", page=submission_page(actor(), submission_id, locale=languages.current()))


def _found(key: str) -> Found:
    return find_seen(actor(), key, locale=languages.current())
