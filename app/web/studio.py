"""流程设计: drafts, what the county's proceedings start on, publications."""

from datetime import UTC, datetime
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from flask import Blueprint, current_app, flash, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from app.domain.definition_drafts import KIND_LABELS, STATUS_LABELS
from app.domain.errors import AlreadyDoneError, ConflictError, DomainError, InvalidAnswersError
from app.queries import studio as query
from app.services.studio import drafts, files, review
from app.web import clock
from app.web.once import key_of_form, once
from app.web.permission import actor, needs_sign_in
from app.web.problems import back_with, in_words
from app.web.words import gettext

screen = Blueprint("studio", __name__)


@screen.app_template_global()
def has_view(endpoint: str) -> bool:
    """Whether a screen of the studio is there; what leads to it is left out otherwise."""
    return endpoint in current_app.view_functions


@screen.app_context_processor
def words() -> dict[str, object]:
    return {"file_kinds": KIND_LABELS, "draft_states": STATUS_LABELS, "edit_address": edit_address}


def edit_address(draft_id: str, name: str) -> str:
    """Where a file is edited; its editor depends on the ending."""
    return f"{url_for('studio.index')}/drafts/{draft_id}/edit/{name}"


@screen.get("/studio")
@needs_sign_in
def index() -> str:
    return _index(entered="", errors={})


def _index(*, entered: str, errors: dict[str, list[str]]) -> str:
    return render_template("studio/index.html", page=query.home_page(actor()), entered=entered, errors=errors)


@screen.post("/studio/drafts")
@needs_sign_in
def open_draft() -> Response | tuple[str, int]:
    title, draft_id = _meant()
    try:
        with once():
            drafts.open_draft(title, actor=actor(), now=clock.now(), id_=draft_id)
    except InvalidAnswersError as error:
        return _index(entered=title, errors=in_fields(error)), 422
    except AlreadyDoneError as error:
        return back_with(error, url_for("studio.show", draft_id=draft_id))
    flash(gettext("改动稿已建立，发布之前不影响任何案件。"))
    return redirect(url_for("studio.show", draft_id=draft_id))


@screen.get("/studio/export.zip")
@needs_sign_in
def export() -> Response:
    return zipped(query.current_files(actor()), "definitions.zip")


@screen.get("/studio/publications/<publication_id>")
@needs_sign_in
def show_publication(publication_id: str) -> str:
    page = query.publication_page(actor(), publication_id)
    before, after = query.files_of_publication(actor(), publication_id)
    changes = () if page.line.from_seeds and not before else review.compared(before, after).changes
    return render_template("studio/publication.html", page=page, changes=changes)


@screen.post("/studio/publications/<publication_id>/restoration")
@needs_sign_in
def restore_publication(publication_id: str) -> Response:
    """A new draft with everything as it was after that publication."""
    title, draft_id = _meant()
    try:
        with once():
            files.restore_publication(publication_id, title, actor=actor(), now=clock.now(), id_=draft_id)
    except AlreadyDoneError as error:
        return back_with(error, url_for("studio.show", draft_id=draft_id))
    except (ConflictError, InvalidAnswersError) as error:
        return back_with(told(error), url_for("studio.show_publication", publication_id=publication_id))
    return redirect(url_for("studio.show", draft_id=draft_id))


@screen.post("/studio/releases/<release_id>/restoration")
@needs_sign_in
def restore_release(release_id: str) -> Response:
    """A new draft with the files of one process as that release has them."""
    title, draft_id = _meant()
    try:
        with once():
            files.restore_release(release_id, title, actor=actor(), now=clock.now(), id_=draft_id)
    except AlreadyDoneError as error:
        return back_with(error, url_for("studio.show", draft_id=draft_id))
    except (ConflictError, InvalidAnswersError) as error:
        return back_with(told(error), url_for("studio.index"))
    return redirect(url_for("studio.show", draft_id=draft_id))


def _meant() -> tuple[str, str]:
    """The title that was typed, and the id of the draft that the form opens."""
    return request.form.get("title", "")[:400], drafts.id_for(key_of_form(), actor=actor())


def in_fields(error: InvalidAnswersError) -> dict[str, list[str]]:
    return {field: [in_words(sentence) for sentence in found] for field, found in error.fields.items()}


def told(error: DomainError) -> DomainError:
    """A refusal of a small form whose page has no place for sentences at its fields: the first of them."""
    if isinstance(error, InvalidAnswersError):
        return ConflictError(next(iter(error.fields.values()))[0])
    return error


def zipped(contents: dict[str, bytes], name: str) -> Response:
    """Files as a download; the same files give the same bytes."""
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as archive:
        for path, content in sorted(contents.items()):
            archive.writestr(ZipInfo(path, (1980, 1, 1, 0, 0, 0)), content, ZIP_DEFLATED)
    buffer.seek(0)
    return send_file(
        buffer,
        mimetype="application/zip",
        as_attachment=True,
        download_name=name,
        last_modified=datetime(1980, 1, 1, tzinfo=UTC),
    )
