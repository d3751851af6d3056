"""One draft: its files and where they come from, its findings, its history."""

from collections.abc import Callable
from io import BytesIO

from flask import flash, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from app.domain.definition_drafts import FileKind, kind_of
from app.domain.errors import (
    ConflictError,
    InvalidAnswersError,
    InvalidDefinitionError,
    InvalidFileError,
)
from app.domain.roles import ROLES
from app.queries import studio as query
from app.queries import studio_files as file_query
from app.services.studio import drafts, files, review, trimming
from app.web import clock
from app.web.once import once
from app.web.permission import actor, needs_sign_in
from app.web.problems import back_with, in_words
from app.web.studio import in_fields, screen, told, zipped
from app.web.studio_files import finding_json
from app.web.words import gettext

MOST_BYTES = 20_000_000
"""Of one import."""


@screen.get("/studio/drafts/<draft_id>")
@needs_sign_in
def show(draft_id: str) -> str:
    return _page(draft_id)


def _page(
    draft_id: str,
    *,
    entered: dict[str, str] | None = None,
    errors: dict[str, list[str]] | None = None,
    refused: list[dict[str, object]] | None = None,
    uploaded: bool = False,
) -> str:
    """With `refused` the findings that stood against an import."""
    page = query.draft_page(actor(), draft_id, now=clock.now())
    return render_template(
        "studio/draft.html",
        page=page,
        draft_id=draft_id,
        findings=[finding_json(one) for one in review.findings_of(draft_id, actor=actor())],
        roles=ROLES,
        entered=entered or {},
        errors=errors or {},
        refused=refused or [],
        uploaded=uploaded,
    )


@screen.get("/studio/drafts/<draft_id>/findings")
@needs_sign_in
def show_findings(draft_id: str) -> str:
    page = query.draft_page(actor(), draft_id, now=clock.now())
    found = review.named_findings(draft_id, actor=actor())
    lines = [{**finding_json(one), "name": name} for one, name in found]
    strange = trimming.strange_in(draft_id, actor=actor()) if page.may_edit else {}
    return render_template("studio/findings.html", page=page, draft_id=draft_id, findings=lines, strange=strange)


@screen.post("/studio/drafts/<draft_id>/title")
@needs_sign_in
def rename(draft_id: str) -> Response:
    title = request.form.get("title", "")[:400]
    return _done(draft_id, lambda: drafts.rename_draft(draft_id, title, actor=actor(), now=clock.now()))


@screen.post("/studio/drafts/<draft_id>/new")
@needs_sign_in
def add(draft_id: str) -> Response | tuple[str, int]:
    """A new process, table or form; what is wrong stands at its field."""
    entered = {name: request.form.get(name, "").strip()[:200] for name in ("kind", "stem", "title", "role")}
    key, title, who, now = entered["stem"], entered["title"], actor(), clock.now()
    try:
        with once():
            if entered["kind"] == FileKind.TABLE:
                name = files.add_table(draft_id, key, title, actor=who, now=now)
            elif entered["kind"] == FileKind.FORM:
                name = files.add_form(draft_id, key, title, actor=who, now=now)
            else:
                name = files.add_process(draft_id, key, title, role=entered["role"], actor=who, now=now)
    except InvalidAnswersError as error:
        return _page(draft_id, entered=entered, errors=in_fields(error)), 422
    except (ConflictError, InvalidFileError, InvalidDefinitionError) as error:
        return back_with(error, _address(draft_id))
    flash(gettext("已新建 %(name)s。") % {"name": name})
    return redirect(_address(draft_id))


@screen.post("/studio/drafts/<draft_id>/copies")
@needs_sign_in
def copy(draft_id: str) -> Response:
    source, key = request.form.get("source", ""), request.form.get("stem", "").strip()[:200]
    name = key + source[len(source.partition(".")[0]) :]
    title = request.form.get("title", "")[:200]
    return _done(draft_id, lambda: files.copy_file(draft_id, source, name, title, actor=actor(), now=clock.now()))


@screen.post("/studio/drafts/<draft_id>/imports")
@needs_sign_in
def import_files(draft_id: str) -> Response | tuple[str, int]:
    """Files of other tools, or exported ones; what cannot be read is said element by element."""
    request.max_content_length = MOST_BYTES
    uploads = {file.filename: file.read() for file in request.files.getlist("files") if file.filename}
    accept = "accept_losses" in request.form
    try:
        with once():
            names = files.import_files(draft_id, uploads, accept_losses=accept, actor=actor(), now=clock.now())
    except InvalidDefinitionError as error:
        return _page(draft_id, refused=[finding_json(one) for one in error.findings], uploaded=True), 422
    except (ConflictError, InvalidFileError) as error:
        return back_with(error, _address(draft_id))
    flash(gettext("已导入 %(names)s。") % {"names": "、".join(names)})
    for name, why in files.shown_in_part(draft_id, names, actor=actor()).items():
        flash(f"{name}：{in_words(why)}", "bad")
    return redirect(_address(draft_id))


@screen.post("/studio/drafts/<draft_id>/removals")
@needs_sign_in
def remove(draft_id: str) -> Response:
    name, base = _named()
    return _done(draft_id, lambda: drafts.remove_file(draft_id, name, base=base, actor=actor(), now=clock.now()))


@screen.post("/studio/drafts/<draft_id>/drops")
@needs_sign_in
def drop(draft_id: str) -> Response:
    """Give up what the draft changes in a file."""
    name, base = _named()
    return _done(draft_id, lambda: drafts.drop_change(draft_id, name, base=base, actor=actor(), now=clock.now()))


@screen.post("/studio/drafts/<draft_id>/trimmings")
@needs_sign_in
def trim(draft_id: str) -> Response:
    """What another tool wrote beside the procedure leaves a diagram."""
    name, base = _named()
    target = url_for("studio.show_findings", draft_id=draft_id)
    try:
        with once():
            taken = trimming.take_off(draft_id, name, base=base, actor=actor(), now=clock.now())
    except ConflictError as error:
        return back_with(error, target)
    parts = "、".join(f"{part} {count}" for part, count in taken.items())
    flash(gettext("已从 %(name)s 去掉：%(parts)s。原来的内容在历史里。") % {"name": name, "parts": parts})
    return redirect(target)


@screen.post("/studio/drafts/<draft_id>/kept")
@needs_sign_in
def keep(draft_id: str) -> Response:
    """The draft's content takes the place of what another publication made of the file."""
    name, base = _named()
    return _done(draft_id, lambda: drafts.keep_over_current(draft_id, name, base=base, actor=actor(), now=clock.now()))


@screen.post("/studio/drafts/<draft_id>/restorations")
@needs_sign_in
def restore(draft_id: str) -> Response:
    """An earlier revision becomes the newest one."""
    name, base = _named()
    revision = _number(request.form.get("revision", ""))
    target = url_for("studio.history", draft_id=draft_id, name=name)
    return _done(
        draft_id,
        lambda: drafts.restore_revision(draft_id, name, revision, base=base, actor=actor(), now=clock.now()),
        target=target,
    )


@screen.get("/studio/drafts/<draft_id>/history/<path:name>")
@needs_sign_in
def history(draft_id: str, name: str) -> str:
    page = query.draft_page(actor(), draft_id, now=clock.now())
    lines = file_query.revisions_of(actor(), draft_id, name)
    return render_template("studio/history.html", page=page, draft_id=draft_id, name=name, lines=lines)


@screen.get("/studio/drafts/<draft_id>/download/<path:name>")
@needs_sign_in
def download(draft_id: str, name: str) -> Response:
    """A file of the candidate, or with `revision` as it was then."""
    kind_of(name)
    if revision := _number(request.args.get("revision", "")):
        content = file_query.revision_content(actor(), draft_id, name, revision)
    else:
        content = file_query.open_file(actor(), draft_id, name, now=clock.now()).content
    plain = "application/octet-stream"  # never shown by the browser itself
    return send_file(BytesIO(content), mimetype=plain, as_attachment=True, download_name=name.replace("/", "-"))


@screen.get("/studio/drafts/<draft_id>/export.zip")
@needs_sign_in
def export_draft(draft_id: str) -> Response:
    """All files of the candidate."""
    return zipped(dict(drafts.candidate_files(draft_id, actor=actor())), f"draft-{draft_id[:8]}.zip")


def _address(draft_id: str) -> str:
    return url_for("studio.show", draft_id=draft_id)


def _named() -> tuple[str, int]:
    return request.form.get("name", "")[:200], _number(request.form.get("base", ""))


def _number(text: str) -> int:
    return int(text) if text.lstrip("-").isdecimal() and len(text) < 10 else 0


def _done(draft_id: str, act: Callable[[], object], *, target: str = "") -> Response:
    """Back to the page of the draft; a refusal is told on top of it."""
    try:
        with once():
            act()
    except (ConflictError, InvalidAnswersError, InvalidFileError, InvalidDefinitionError) as error:
        return back_with(told(error), target or _address(draft_id))
    return redirect(target or _address(draft_id))
