"""制度包: a regulation goes out as one zip, is looked through, and comes in as a draft or as a new county."""

from io import BytesIO

from flask import Blueprint, current_app, flash, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from app.domain.comparisons import KIND_NAMES, MARK_NAMES
from app.domain.definitions import Finding
from app.domain.errors import AlreadyDoneError, ConflictError, InvalidDefinitionError, InvalidFileError, NotAllowedError
from app.domain.roles import ROLES
from app.queries import packs as query
from app.services import packs
from app.services.studio import drafts
from app.web import clock
from app.web.once import key_of_form, once
from app.web.permission import actor, needs_sign_in
from app.web.problems import back_with, sentence_of
from app.web.words import gettext

screen = Blueprint("studio_packs", __name__)

LONGEST = 20_000_000
Page = str | tuple[str, int]


@screen.get("/studio/packs")
@needs_sign_in
def index() -> Page:
    packs.ensure_may(actor())
    return _page()


def _page(
    *, looked: packs.Looked | None = None, problem: str = "", findings: tuple[Finding, ...] = (), status: int = 200
) -> Page:
    page = query.packs_page(actor())
    told = render_template(
        "studio/packs.html",
        page=page,
        looked=looked,
        problem=problem,
        findings=findings,
        kinds=KIND_NAMES,
        marks=MARK_NAMES,
        role_names={role.id: role.label for role in ROLES.values()},
        demo=current_app.config["WENZE_DEMO"],
    )
    return told, status


@screen.get("/studio/packs/<regulation_id>.zip")
@needs_sign_in
def export(regulation_id: str) -> Response:
    """导出."""
    data = packs.export_pack(regulation_id, actor=actor())
    return send_file(BytesIO(data), "application/zip", as_attachment=True, download_name=f"{regulation_id}.zip")


@screen.post("/studio/packs")
@needs_sign_in
def take() -> Response | Page:
    """Look a pack through (`act` look), or make a draft of it (`act` import)."""
    packs.ensure_may(actor())
    request.max_content_length = LONGEST + 100_000
    file = request.files.get("file")
    if file is None or not file.filename:
        return _page(problem=gettext("请选择要上传的文件。"), status=422)
    data = file.read()
    try:
        if request.form.get("act") != "import":
            return _page(looked=packs.look_at(data, actor=actor(), changed_by_hand=_ticked("changed_by_hand")))
        return _import(data)
    except InvalidDefinitionError as error:
        return _page(problem=sentence_of(error), findings=tuple(error.findings), status=422)
    except (InvalidFileError, NotAllowedError, ConflictError) as error:
        return _page(problem=sentence_of(error), status=422)


def _ticked(name: str) -> bool:
    return name in request.form


def _import(data: bytes) -> Response:
    config, draft_id = current_app.config, drafts.id_for(key_of_form(), actor=actor())
    password = config["WENZE_DEMO_PASSWORD"] if config["WENZE_DEMO"] else None
    target = url_for("studio.show", draft_id=draft_id) if actor().county_id else url_for("studio_packs.index")
    try:
        with once():
            made = packs.import_pack(
                data,
                actor=actor(),
                now=clock.now(),
                demo_password=password,
                draft_id=draft_id,
                changed_by_hand=_ticked("changed_by_hand"),
                accept_losses=_ticked("accept_losses"),
            )
    except AlreadyDoneError as error:
        return back_with(error, target)
    if actor().county_id is None:
        flash(
            gettext(
                "已建立新的县，新增账号%(accounts)s个；改动稿中有%(files)s个文件，由该县的两位流程管理者提交和审批后生效。",
                accounts=made.accounts,
                files=made.files,
            )
        )
    else:
        flash(gettext("已导入为改动稿，有%(files)s个文件；由另一位流程管理者审批后生效。", files=made.files))
    return redirect(target)
