"""台账, 考核表, 通报: what was lost, filed and decided, for roles that see the whole county."""

from collections.abc import Iterable, Sequence
from datetime import date
from http import HTTPStatus

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.documents.tables import csv_of, xlsx_of
from app.domain.deadlines import office_day
from app.domain.errors import InvalidAnswersError
from app.domain.proceedings import ProceedingStatus
from app.queries import bulletins, ledger, sheets
from app.queries.departures import departures_page
from app.queries.ledger import LedgerFilters
from app.queries.ledger_entries import COLUMNS, Entry
from app.queries.measures import Tally
from app.services import court_totals
from app.web import asked, clock, languages
from app.web.inbox import page_number
from app.web.permission import actor, needs_sign_in
from app.web.problems import in_words
from app.web.sending import as_download
from app.web.words import gettext as _

screen = Blueprint("reports", __name__)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@screen.get("/ledger")
@needs_sign_in
def show_ledger() -> str:
    filters = filters_of()
    found = ledger.ledger(actor(), filters, page=page_number(), now=clock.now(), locale=languages.current())
    return render_template("ledger.html", ledger=found, filters=filters, columns=COLUMNS)


@screen.get("/ledger.<any(csv, xlsx):suffix>")
@needs_sign_in
def export_ledger(suffix: str) -> Response:
    """Every line that fits the filters, in the order of the page. No title and no name of a person leaves the house
    (law.md R35)."""
    entries = ledger.ledger_export(actor(), filters_of(), now=clock.now(), locale=languages.current())
    heading = [_("序号"), _("编号"), *(_(label) for label, _css, _text in COLUMNS), _("偏离建议"), _("状态")]
    rows = ([str(number), *_cells(entry)] for number, entry in enumerate(entries, 1))
    return _file(suffix, _("台账"), heading, rows)


def _cells(entry: Entry) -> list[str]:
    told = [_(text(entry)) if "word" in css else text(entry) for _label, css, text in COLUMNS]
    status = {"RUNNING": _("在办"), "CLOSED": _("办结"), "CANCELLED": _("已撤销")}[entry.status.value]
    return [entry.number, *told, str(entry.departures or ""), status]


@screen.get("/ledger/<key>/departures")
@needs_sign_in
def departures(key: str) -> str:
    """Who departed from what was proposed in a case, and why: as far as the reader may read the submission."""
    return render_template("ledger_departures.html", page=departures_page(actor(), key, locale=languages.current()))


@screen.get("/reports/assessment")
@needs_sign_in
def assessment() -> str:
    return _sheet_page({})


def _sheet_page(errors: dict[str, str]) -> str:
    sheet = sheets.assessment_sheet(actor(), year_of(), regulation_id=_regulation(), now=clock.now())
    return render_template("assessment_sheet.html", sheet=sheet, errors=errors, typed=request.form)


@screen.get("/reports/assessment.<any(csv, xlsx):suffix>")
@needs_sign_in
def export_assessment(suffix: str) -> Response:
    """The sheet as a table: of every rate its two numbers and the percentage in columns of their own."""
    sheet = sheets.assessment_sheet(actor(), year_of(), regulation_id=_regulation(), now=clock.now())
    english = languages.current() == "en"
    heading = [_("机关")]
    for item, tally in zip(sheet.indicators, sheet.total.tallies, strict=True):
        name = item.en if english else item.zh
        heading += [name, *(_("%(name)s：%(part)s") % {"name": name, "part": part} for part in _parts(tally))]
    rows = [(row.organ, row.tallies) for row in sheet.rows] + [(_("合计"), sheet.total.tallies)]
    parts = [len(_parts(tally)) for tally in sheet.total.tallies]
    return _file(
        suffix,
        f"{sheet.year} {_('考核表')}",
        heading,
        (
            [organ, *(cell for tally, width in zip(tallies, parts, strict=True) for cell in _figures(tally, width))]
            for organ, tallies in rows
        ),
    )


_RATE, _SERIES = 3, 1


def _parts(tally: Tally) -> list[str]:
    """Columns that follow the number itself."""
    series = [_("系列并计")] if tally.once is not None else []
    return [*series, _("分母"), _("百分比"), _("未填")] if _is_rate(tally) else series


def _is_rate(tally: Tally) -> bool:
    return tally.whole is not None or tally.asked


def _figures(tally: Tally, width: int) -> list[str]:
    series = [str(tally.part if tally.once is None else tally.once)] if width in (_SERIES, _RATE + _SERIES) else []
    if width < _RATE:
        return [str(tally.part), *series]
    whole = _("未填") if tally.asked else str(tally.whole or 0)
    rate = "" if tally.rate is None else f"{tally.rate:.1f}%"
    return [str(tally.part), *series, whole, rate, str(tally.unknown or "")]


@screen.post("/reports/assessment")
@needs_sign_in
def enter_totals() -> AnyResponse | tuple[str, int]:
    """审结数: typed by the assessor, organ by organ."""
    names = [name.removeprefix("closed-") for name in request.form if name.startswith("closed-")]
    typed = {name: (request.form[f"closed-{name}"], request.form.get(f"merits-{name}", "")) for name in names}
    year = year_of() or office_day(clock.now()).year
    try:
        changed = court_totals.set_court_totals(year, typed, actor=actor(), now=clock.now())
    except InvalidAnswersError as error:
        wrong = {organ: " ".join(in_words(text) for text in texts) for organ, texts in error.fields.items()}
        return _sheet_page(wrong), HTTPStatus.UNPROCESSABLE_ENTITY
    flash(_("已保存%(changed)s个机关的审结数。") % {"changed": changed}, "ok")
    return redirect(url_for("reports.assessment", year=year, regulation=_regulation()))


@screen.get("/reports/bulletin")
@needs_sign_in
def bulletin() -> str:
    quarter = asked.one_of("quarter", "1234")
    made = bulletins.bulletin(
        actor(),
        year_of(),
        quarter=int(quarter) if quarter else None,
        regulation_id=_regulation(),
        now=clock.now(),
        locale=languages.current(),
    )
    return render_template("bulletin.html", made=made)


def filters_of() -> LedgerFilters:
    """What the address of the ledger says. Raises UnknownChoiceError."""
    names = (
        *(("organ", "organ"), ("case_type", "type"), ("stage", "stage")),
        *(("status", "status"), ("text", "q"), ("order", "order")),
    )
    asked.only("year", *(name for _, name in names), "page")
    asked.one_of("status", ProceedingStatus)
    asked.one_of("order", [sign + name for name in ledger.ORDERS for sign in ("", "-")])
    return LedgerFilters(year=year_of(), **{field: asked.said(name) for field, name in names})


def year_of() -> int | None:
    """The year asked for; None for no year. Raises UnknownChoiceError."""
    return asked.year(asked.FIRST_YEAR, asked.LAST_YEAR)


def _regulation() -> str | None:
    return request.values.get("regulation") or None


def _file(suffix: str, name: str, heading: Sequence[str], rows: Iterable[Sequence[str]]) -> Response:
    """As a table file; no cell is taken for a formula."""
    content, media = (xlsx_of(heading, rows), XLSX) if suffix == "xlsx" else (csv_of(heading, rows), "text/csv")
    answer = Response(content, mimetype=media)
    stamp: date = office_day(clock.now())
    answer.headers["Content-Disposition"] = as_download(f"{name} {stamp.isoformat()}.{suffix}")
    return answer
