"""Diagrams as files, drawn on the server: of a case, with its way; of a process; of what stands at its steps."""

from io import BytesIO

from flask import Blueprint, Response, request, send_file

from app.documents.pictures import Badge, Frame, Marks, Tone, draw, pdf_of
from app.domain.errors import NotFoundError
from app.queries import process_status
from app.queries.diagrams import Drawing, diagram_page
from app.queries.drawings import process_name
from app.queries.process_status import SPANS, ProcessStatus
from app.queries.processes import process_page
from app.queries.step_figures import StepFigures
from app.web import clock
from app.web.diagrams import drawing_in_words, head_of, sides_in_words
from app.web.formats import full_time
from app.web.permission import actor, needs_sign_in
from app.web.sending import as_download
from app.web.status import badge_of, filters_of
from app.web.words import gettext

screen = Blueprint("pictures", __name__)
_TYPES = {"svg": "image/svg+xml", "pdf": "application/pdf"}


@screen.get("/proceedings/<proceeding_id>/diagram.<any(svg, pdf):form>")
@needs_sign_in
def proceeding(proceeding_id: str, form: str) -> Response:
    """The main diagram of a case, meeting or procedure; with `process` one that it called."""
    page = diagram_page(actor(), proceeding_id, now=clock.now())
    head = head_of(proceeding_id)
    key = request.args.get("process") or page.main
    if key not in page.drawings:
        raise NotFoundError
    name = gettext(process_name(head.release_id, key))
    version = gettext("第 %(number)s 版，本件固定使用此版", number=head.release_number)
    lines = (f"{head.number}　{head.title}", version, _at())
    return _file(page.drawings[key].xml, Frame(name, lines, _legend(case=True)), _marks(page.drawings[key]), form=form)


@screen.get("/processes/<process_key>/diagram.<any(svg, pdf):form>")
@needs_sign_in
def process(process_key: str, form: str) -> Response:
    """A published process, without marks of any case."""
    page = process_page(process_key, request.args.get("regulation"))
    frame = Frame(gettext(page.name), (f"{gettext(page.regulation)}　{page.document_no}", _at()))
    return _file(page.xml, frame, Marks(), form=form)


@screen.get("/processes/<process_key>/status.<any(svg, pdf):form>")
@needs_sign_in
def status(process_key: str, form: str) -> Response:
    """What stands at the steps of a process; with `process` of a diagram that it calls."""
    page = process_status.process_status(actor(), process_key, filters_of(), now=clock.now(), measured=False)
    drawings = process_status.drawings_of(actor(), process_key, page.drawn)
    key = request.args.get("process") or process_key
    if key not in drawings:
        raise NotFoundError
    summed = gettext("办理中%(running)s件，待办环节超期%(late)s项", running=page.running, late=page.late)
    frame = Frame(gettext(process_name(page.drawn, key)), (page.county, summed, *_filtered(page), _at()), _legend())
    return _file(drawings[key], frame, _standing(page.drawn_in(key)), form=form)


def _filtered(page: ProcessStatus) -> tuple[str, ...]:
    """What the figures are limited to: a picture is read apart from the page that made it."""
    filters = page.filters
    version = next((v.number for v in page.versions if v.release_id == filters.release), None)
    said = [gettext("第%(number)s版", number=version)] if version is not None else [gettext("全部版本，画在最新版上")]
    said += [name for key, name in page.organs if key == filters.organ]
    return (f"{'　'.join(said)}　{gettext('用时统计')}：{gettext(SPANS[filters.span])}",) if said else ()


def _at() -> str:
    return gettext("截至%(at)s", at=full_time(clock.now()))


def _legend(*, case: bool = False) -> tuple[tuple[Tone | None, str], ...]:
    if not case:
        return (Tone.NOW, gettext("有在办的环节，角标为件数")), (Tone.LATE, gettext("其中有超期"))
    steps = (
        (Tone.DONE, gettext("已经过")),
        (Tone.NOW, gettext("当前环节")),
        (Tone.NEXT, gettext("下一步")),
        (Tone.LATE, gettext("超期")),
        (Tone.HELD, gettext("受阻")),
    )
    return (*steps, (None, gettext("走过的路线")))


def _marks(drawing: Drawing) -> Marks:
    """What the viewer marks, with the same words; what is late outranks what is open, what is held outranks both."""
    words = {
        Tone.NEXT: gettext("下一步"),
        Tone.NOW: gettext("当前环节"),
        Tone.LATE: gettext("超期"),
        Tone.HELD: gettext("受阻"),
    }
    groups = (
        (Tone.DONE, drawing.done),
        (Tone.NEXT, drawing.next),
        (Tone.NOW, drawing.current),
        (Tone.LATE, drawing.late),
        (Tone.HELD, drawing.held),
    )
    tones = {step: tone for tone, steps in groups for step in steps}
    return Marks(
        tones=tones,
        badges={step: Badge(words[tone], tone) for step, tone in tones.items() if tone in words},
        way=frozenset(drawing.way),
        beside={step: tuple(sides_in_words(found)) for step, found in drawing.beside.items()},
    )


def _standing(rows: dict[str, StepFigures]) -> Marks:
    speaking = {step: badge_of(row) for step, row in rows.items()}
    badges = {
        step: Badge(text, Tone.LATE if rows[step].late else Tone.HELD if rows[step].held else Tone.NOW)
        for step, text in speaking.items()
        if text
    }
    return Marks(tones={step: badge.tone for step, badge in badges.items()}, badges=badges)


def _file(xml: str, frame: Frame, marks: Marks, *, form: str) -> Response:
    """Always a download, in no cache, with no rights of its own."""
    made = draw(drawing_in_words(xml), frame, marks)
    content = pdf_of(made) if form == "pdf" else made
    answer: Response = send_file(BytesIO(content), mimetype=_TYPES[form])
    answer.headers["Content-Disposition"] = as_download(f"{frame.title}.{form}")
    answer.headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'; sandbox"
    answer.headers["Cache-Control"] = "no-store"
    return answer
