"""制度: the regulations clause by clause, published diagrams and decision tables outside of any case. Law is public."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.routing import BuildError
from werkzeug.wrappers import Response

from app.domain.deadlines import office_day
from app.domain.errors import DomainError, InvalidFileError, NotAllowedError
from app.law.clauses import CarrierKind, Modality
from app.queries import regulations as query
from app.queries.decision_tables import table_page
from app.queries.processes import process_page
from app.queries.regulations import DECLARATORY, UNCARRIED, ClauseFilters, RegulationPage
from app.scenarios import catalogue
from app.scenarios.script import ScenarioError
from app.services import regulations, settings
from app.web import clock, languages
from app.web.asked import one_of, said
from app.web.clauses import law_of
from app.web.diagrams import drawing_in_words
from app.web.permission import actor, needs_sign_in
from app.web.problems import back_with
from app.web.words import gettext

screen = Blueprint("law", __name__)

CARRIED = (*(kind.value for kind in CarrierKind), DECLARATORY, UNCARRIED)


@screen.get("/regulations")
@needs_sign_in
def index() -> str:
    return render_template("law.html", regulations=query.list_regulations(on=office_day(clock.now())))


@screen.get("/regulations/<regulation_id>")
@needs_sign_in
def show(regulation_id: str) -> str:
    filters = ClauseFilters(said("q"), one_of("modality", Modality), one_of("carried", CARRIED))
    page = query.regulation_page(actor(), regulation_id, filters, now=clock.now())
    return render_template(
        "law_regulation.html",
        page=page,
        filters=filters,
        modalities=tuple(Modality),
        carried=CARRIED,
        scenarios=scenarios_of(page),
        page_address=page_address,
    )


@screen.post("/regulations/<regulation_id>/text")
@needs_sign_in
def import_text(regulation_id: str) -> Response:
    """导入办法文本."""
    file = request.files.get("file")
    here = url_for("law.show", regulation_id=regulation_id)
    if file is None or not file.filename:
        return back_with(InvalidFileError(gettext("请选择要上传的文件。")), here)
    try:
        done = regulations.import_text(
            file.read(), name=file.filename, actor=actor(), now=clock.now(), regulation_id=regulation_id
        )
    except (InvalidFileError, NotAllowedError) as error:
        return back_with(error, here)
    if done.unchanged:
        flash(gettext("与现用文本相同，未再保存。"))
    else:
        found, every = len(done.checked.collation.wordings), len(done.checked.register.clauses)
        told = gettext("已导入官方文本：登记%(every)s条，对上%(found)s条，发现%(findings)s处问题。")
        flash(told % {"every": every, "found": found, "findings": len(done.checked.collation.findings)})
    return redirect(here)


@screen.get("/processes/<process_key>")
@needs_sign_in
def process(process_key: str) -> str:
    page = process_page(process_key, request.args.get("regulation"))
    return render_template("law_process.html", page=page, chosen=request.args.get("step", ""))


@screen.get("/processes/<process_key>/diagram.json")
@needs_sign_in
def process_data(process_key: str) -> dict[str, Any]:
    """The drawing for the viewer, without marks of any case."""
    page = process_page(process_key, request.args.get("regulation"))
    drawing = {"xml": drawing_in_words(page.xml), "clauses": law_of(page.clauses)}
    return {"main": page.key, "diagrams": {page.key: drawing}}


@screen.get("/tables/<table_id>")
@needs_sign_in
def table(table_id: str) -> str:
    page = table_page(table_id, request.args.get("regulation"), locale=languages.current())
    return render_template("law_table.html", page=page, chosen=request.args.get("row", ""))


def scenarios_of(page: RegulationPage) -> dict[str, tuple[catalogue.Entry, ...]]:
    """Scenarios by clause; none where the shipped files cannot be read (their own test says so)."""
    folder = settings.root() / "processes" / "scenarios"
    clauses = [view.clause for article in page.articles for view in article.clauses]
    try:
        known = catalogue.known(folder)
    except (ScenarioError, DomainError, OSError, ValueError):
        return {}
    return {clause.id: known.of_clause(clause.id, carried_by=clause.carried_by) for clause in clauses}


def page_address(endpoint: str) -> str | None:
    """Address of a screen that a clause names as its carrier; None for one that needs to know of what."""
    try:
        return url_for(endpoint)
    except BuildError:
        return None
