"""Official papers on pages: looked at before they are issued, and the PDF beside them."""

from io import BytesIO
from urllib.parse import quote

from flask import Blueprint, Response, render_template, request, send_file

from app.documents.letters import pdf
from app.documents.letters.sheets import Block, blocks_of
from app.domain.errors import NotFoundError
from app.queries import tasks as task_query
from app.queries.letters import issued_of, letters_of_step
from app.seals import sealed
from app.services import attachments, settings
from app.services.letters import previewing
from app.services.letters.issuing import DOCX, Draft, file_name
from app.web import clock, languages
from app.web.permission import actor, needs_sign_in
from app.web.words import gettext

screen = Blueprint("letters", __name__)
PDF = "application/pdf"


@screen.app_template_global()
def letters_made_at(release_id: str, process_key: str, step_id: str) -> tuple[object, ...]:
    """The kinds of paper that a step may make."""
    return letters_of_step(release_id, process_key, step_id)


@screen.app_template_global()
def sheet_of(content: bytes) -> tuple[Block, ...]:
    return blocks_of(content)


@screen.app_template_global()
def makes_pdf() -> bool:
    """Whether this machine can make a PDF."""
    return pdf.program() is not None


@screen.get("/tasks/<task_id>/letters/<kind>")
@needs_sign_in
def preview(task_id: str, kind: str) -> str:
    """文书预览: the paper as the saved draft of the form would make it."""
    draft = _draft(task_id, kind)
    page = task_query.task_page(actor(), task_id, now=clock.now(), locale=languages.current())
    return render_template("letter_preview.html", page=page, draft=draft)


@screen.get("/tasks/<task_id>/letters/<kind>/docx")
@needs_sign_in
def preview_docx(task_id: str, kind: str) -> Response:
    draft = _draft(task_id, kind)
    name = gettext("预览-%(name)s", name=file_name(draft.name, draft.about))
    return _kept_nowhere(draft.content, DOCX, name, as_attachment=True)


@screen.get("/tasks/<task_id>/letters/<kind>/pdf")
@needs_sign_in
def preview_pdf(task_id: str, kind: str) -> Response:
    draft = _draft(task_id, kind)
    name = file_name(draft.name, draft.about).removesuffix(".docx")
    return _kept_nowhere(pdf.convert(draft.content), PDF, f"{name}.pdf", as_attachment=False)


@screen.get("/attachments/<attachment_id>/pdf")
@needs_sign_in
def issued_pdf(attachment_id: str) -> Response:
    """The PDF of an issued paper; made when it is first asked for, and kept."""
    stored = attachments.open_file(attachment_id, actor=actor(), now=clock.now())
    issued = issued_of(attachment_id)
    if issued is None or stored.media_type != DOCX:
        raise NotFoundError
    path = pdf.pdf_of(settings.data_folder(), issued.sha256)
    return _kept_nowhere(sealed.read(path), PDF, f"{stored.file_name.removesuffix('.docx')}.pdf", as_attachment=False)


def _draft(task_id: str, kind: str) -> Draft:
    scope = request.args.get("scope", "")[:100]
    return previewing.preview_one(task_id, kind, scope, actor=actor(), now=clock.now())


def _kept_nowhere(content: bytes, media_type: str, name: str, *, as_attachment: bool) -> Response:
    """A file with no rights of its own, in no cache."""
    answer: Response = send_file(
        BytesIO(content),
        mimetype=media_type,
        as_attachment=as_attachment,
        download_name=quote(name, safe="（）()〔〕-. "),
    )
    answer.headers["Content-Disposition"] = (
        f"{'attachment' if as_attachment else 'inline'}; filename*=UTF-8''{quote(name)}"
    )
    answer.headers["Content-Security-Policy"] = (
        "default-src 'none'; object-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer
