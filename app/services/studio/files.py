"""Files of a draft that come from elsewhere than an editor: new ones, copies, imports, what was published before."""

import json
import re
from codecs import BOM_UTF8
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from app.domain.actors import Actor
from app.domain.definition_drafts import LONGEST_NOTES, LONGEST_TITLE, DraftStatus, FileKind, find_kind, kind_of
from app.domain.definitions import Finding
from app.domain.errors import N_, ConflictError, InvalidAnswersError, InvalidFileError, NotFoundError, Sentence
from app.domain.roles import ROLES
from app.engine import blank, foreign
from app.engine.sources import SourceError, in_utf8
from app.extensions import db
from app.law.register import parse as parse_register
from app.services import linting
from app.services.studio import candidates, contents
from app.services.studio.drafts import edited, ensure_owner, id_for, new_draft, put
from app.services.studio.review import submit_if_clean
from app.storage import studio
from app.storage.models import DefinitionDraft, Release
from app.storage.transaction import transaction

MOST_IMPORTED = 100
"""Files of one import."""
WRONG_TITLE = N_("名称为1至100字。")
_KEY = re.compile(r"[a-z][a-z0-9-]{0,59}")


def add_process(draft_id: str, key: str, title: str, *, role: str, actor: Actor, now: datetime) -> str:
    """A new diagram with one human step and the form of that step. Returns the diagram's name.

    Raises NotFoundError, NotAllowedError, ConflictError (the name is taken), InvalidAnswersError.
    """
    _ensure_named(key, title)
    if role not in ROLES:
        raise InvalidAnswersError({"role": [N_("请选择办理角色。")]})
    form = f"{key}/first_step"
    made = {
        f"{key}.bpmn": blank.new_diagram(key, title, form=form, role=role, role_label=ROLES[role].label),
        f"{form}.form": _blank_form(form, title),
    }
    _add(draft_id, made, actor=actor, now=now)
    return f"{key}.bpmn"


def add_table(draft_id: str, key: str, title: str, *, actor: Actor, now: datetime) -> str:
    """A new decision table with one row. Returns its name. Raises like `add_process`."""
    _ensure_named(key, title)
    county_id = ensure_owner(actor)
    registers = [data for name, data in studio.files_of_county(county_id).items() if name.endswith(".law.yml")]
    clauses = [clause for data in registers for clause in parse_register(data).clauses]
    made = {f"{key}.dmn": blank.new_table(key, title, clause=clauses[0] if clauses else "")}
    _add(draft_id, made, actor=actor, now=now)
    return f"{key}.dmn"


def add_form(draft_id: str, key: str, title: str, *, actor: Actor, now: datetime) -> str:
    """A new form with one field; `key` is `filing/report`. Returns its name. Raises like `add_process`."""
    name = f"{key}.form"
    if find_kind(name) is not FileKind.FORM:
        raise InvalidAnswersError({"key": [N_("表单标识如 filing/report：小写字母、数字，斜线前为流程标识。")]})
    if not _is_title(title):
        raise InvalidAnswersError({"title": [WRONG_TITLE]})
    _add(draft_id, {name: _blank_form(key, title)}, actor=actor, now=now)
    return name


def copy_file(draft_id: str, source: str, name: str, title: str = "", *, actor: Actor, now: datetime) -> str:
    """A copy of a file of the candidate under another name, whose process, decision or form id follows the name.

    Raises NotFoundError, NotAllowedError, ConflictError, InvalidFileError (a name that does not fit).
    """
    county_id = ensure_owner(actor)
    studio.get_draft(draft_id, county_id)
    files = candidates.files_of_draft(draft_id, county_id)
    if source not in files:
        raise NotFoundError
    if kind_of(name) is not kind_of(source):
        raise InvalidFileError(N_("副本的文件类型须与原文件相同。"))
    if title.strip() and not _is_title(title):
        raise InvalidFileError(WRONG_TITLE)
    _add(draft_id, {name: _under(name, files[source], title.strip())}, actor=actor, now=now)
    return name


def import_files(
    draft_id: str,
    uploads: Mapping[str, bytes],
    *,
    accept_losses: bool = False,
    actor: Actor,
    now: datetime,
) -> tuple[str, ...]:
    """Put handed-in files into the draft, each as the newest revision of the file that it names. Returns the names.

    A diagram or table whose file name does not fit is called as its process or decision. All or nothing. With
    `accept_losses` extensions that another tool dropped are given up.

    Raises NotFoundError, NotAllowedError, ConflictError, InvalidFileError, InvalidDefinitionError.
    """
    county_id = ensure_owner(actor)
    read = _read_all(uploads)
    with edited(draft_id, county_id) as draft:
        _put_all(draft, read, accept_losses=accept_losses, actor=actor, now=now)
    return tuple(read)


def shown_in_part(draft_id: str, names: Iterable[str], *, actor: Actor) -> dict[str, Sentence]:
    """Why an editor shows only a part of some of these files of the draft: several processes are drawn in them.

    Raises NotFoundError, NotAllowedError.
    """
    county_id = ensure_owner(actor)
    studio.get_draft(draft_id, county_id)
    rows = studio.draft_files(draft_id)
    held_here = (name for name in names if name in rows and find_kind(name) is FileKind.DIAGRAM)
    diagrams = ((name, rows[name].content) for name in held_here)  # what is as published already is not held
    held = {name: blank.processes_in(content) for name, content in diagrams if content is not None}
    return {name: linting.several_processes(found) for name, found in held.items() if len(found) > 1}


@dataclass(frozen=True, slots=True)
class HandedIn:
    """What became of files that a machine handed in."""

    draft_id: str
    status: DraftStatus
    """SUBMITTED where there was nothing against it, else EDITING."""
    files: tuple[str, ...]
    findings: tuple[Finding, ...]


def hand_in(title: str, uploads: Mapping[str, bytes], *, notes: str, key: str, actor: Actor, now: datetime) -> HandedIn:
    """A new draft with these files, submitted at once where it has no errors. The same key again changes nothing.

    Raises NotAllowedError, InvalidFileError, InvalidDefinitionError, InvalidAnswersError.
    """
    county_id = ensure_owner(actor)
    if not notes.strip():
        raise InvalidAnswersError({"notes": [N_("请写明改了什么、为什么改，审批人和以后的人靠它了解。")]})
    read = _read_all(uploads)
    id_ = id_for(key, actor=actor) if key else uuid4().hex
    with transaction():
        draft = db.session.get(DefinitionDraft, id_)
        if draft is not None:
            return HandedIn(id_, DraftStatus(draft.status), tuple(read), candidates.findings_of_draft(id_, county_id))
        draft = new_draft(county_id, title, id_=id_, actor=actor, now=now)
        _put_all(draft, read, accept_losses=False, actor=actor, now=now)
        found = submit_if_clean(draft, notes.strip()[:LONGEST_NOTES], actor=actor, now=now)
        return HandedIn(id_, DraftStatus(draft.status), tuple(read), found)


def _read_all(uploads: Mapping[str, bytes]) -> dict[str, bytes]:
    if not uploads:
        raise InvalidFileError(N_("请选择要导入的文件。"))
    if len(uploads) > MOST_IMPORTED:
        raise InvalidFileError(N_("一次最多导入 %(most)s 个文件。"), most=MOST_IMPORTED)
    return dict(_read(name, content) for name, content in uploads.items())


def _put_all(
    draft: DefinitionDraft, read: Mapping[str, bytes], *, accept_losses: bool, actor: Actor, now: datetime
) -> None:
    for name, content in read.items():
        row = studio.find_draft_file(draft.id, name)
        before = row.content if row is not None else candidates.current_content(draft.county_id, name)
        if not accept_losses:
            contents.ensure_nothing_lost(name, before, content, touched=())
        put(draft, name, content, base=0, automatic=False, actor=actor, now=now)


def restore_publication(publication_id: str, title: str, *, actor: Actor, now: datetime, id_: str = "") -> str:
    """A new draft in which every file is as a former publication had it. Returns the draft's id.

    Raises NotFoundError, NotAllowedError, ConflictError (nothing differs), InvalidAnswersError.
    """
    county_id = ensure_owner(actor)
    with transaction():
        publication = studio.get_publication(publication_id, county_id)
        return _restored(county_id, title, publication.files, removing=True, actor=actor, now=now, id_=id_)


def restore_release(release_id: str, title: str, *, actor: Actor, now: datetime, id_: str = "") -> str:
    """A new draft in which the files of one process are as a former release had them. Raises likewise."""
    county_id = ensure_owner(actor)
    with transaction():
        release = db.session.get(Release, release_id)
        if release is None or release.county_id != county_id:
            raise NotFoundError
        files = studio.released_hashes([release_id])
        return _restored(county_id, title, files, removing=False, actor=actor, now=now, id_=id_)


def _restored(
    county_id: str, title: str, wanted: Mapping[str, str], *, removing: bool, actor: Actor, now: datetime, id_: str
) -> str:
    hashes = studio.hashes_of_county(county_id)
    changed = {name: digest for name, digest in wanted.items() if hashes.get(name) != digest}
    gone = _removable(hashes.keys() - wanted.keys()) if removing else []
    if not changed and not gone:
        raise ConflictError(N_("现行内容与该版本没有差别。"))
    draft = new_draft(county_id, title, actor=actor, now=now, id_=id_)
    for name, content in studio.contents_of(changed).items():
        put(draft, name, content, base=0, automatic=False, actor=actor, now=now)
    for name in gone:
        put(draft, name, None, base=0, automatic=False, actor=actor, now=now)
    return draft.id


def _removable(names: Collection[str]) -> list[str]:
    kept = (FileKind.OPTIONS, FileKind.REGISTER)
    return sorted(name for name in names if find_kind(name) not in kept)


def _add(draft_id: str, files: Mapping[str, bytes], *, actor: Actor, now: datetime) -> None:
    """Put new files into the draft, all or none. Raises ConflictError: one of the names is taken."""
    county_id = ensure_owner(actor)
    with edited(draft_id, county_id) as draft:
        known = candidates.files_of_draft(draft_id, county_id)
        for name, content in files.items():
            if name in known:
                raise ConflictError(N_("已经有文件 %(name)s，请换一个标识。"), name=name)
            put(draft, name, content, base=0, automatic=False, actor=actor, now=now)


def _ensure_named(key: str, title: str) -> None:
    problems: dict[str, list[str]] = {}
    if not _KEY.fullmatch(key):
        problems["key"] = [N_("标识用小写字母、数字和短横线，以字母开头，如 case-review。")]
    if not _is_title(title):
        problems["title"] = [WRONG_TITLE]
    if problems:
        raise InvalidAnswersError(problems)


def _is_title(title: str) -> bool:
    """What may stand in a diagram, table or form as its name: words, and no characters that no file of XML may hold."""
    return 0 < len(title.strip()) <= LONGEST_TITLE and " ".join(title.split()).isprintable()


def _blank_form(key: str, title: str) -> bytes:
    field = {
        "type": "textarea",
        "id": "Field_opinion",
        "key": "opinion",
        "label": "意见",
        "validate": {"required": True, "maxLength": 4000},
        "properties": {"label_en": "Opinion"},
    }
    form = {
        "type": "default",
        "schemaVersion": 19,
        "id": key,
        "properties": {"title": title.strip()},
        "components": [field],
    }
    return contents.canonical(f"{key}.form", json.dumps(form, ensure_ascii=False).encode())


def _under(name: str, content: bytes, title: str) -> bytes:
    """A copy with the id that its name asks for."""
    kind, stem = kind_of(name), name.rpartition(".")[0]
    if kind in (FileKind.DIAGRAM, FileKind.TABLE):
        return blank.renamed(content, stem, title=title)
    if kind is FileKind.FORM:
        form = json.loads(content)
        form["id"] = stem
        if title:
            form["properties"] = {**(form.get("properties") or {}), "title": title}
        return contents.canonical(name, json.dumps(form, ensure_ascii=False).encode())
    return content


def _read(name: str, content: bytes) -> tuple[str, bytes]:
    """Name and canonical content of an upload. Raises InvalidFileError, InvalidDefinitionError."""
    name = name.replace("\\", "/").removeprefix("processes/").removeprefix("forms/")
    ending = name.rpartition(".")[2].lower()
    if ending in _ENDINGS:
        content = in_utf8(content).removeprefix(BOM_UTF8)
        if find_kind(name) is None:
            name = _named_by_content(name, content, _ENDINGS[ending])
    if find_kind(name) is None and ending == "docx":  # what was downloaded comes back without its folder, or as a copy
        name = f"letters/{_COPY.sub('', name.rpartition('/')[2][: -len('.docx')]).lower()}.docx"
    written = contents.canonical(name, content)
    if kind_of(name) is FileKind.DIAGRAM:
        written = foreign.openable(written)
    if kind_of(name) in (FileKind.DIAGRAM, FileKind.TABLE):
        written = blank.renamed(written, name.rpartition(".")[0])
    return name, written


_ENDINGS: Mapping[str, str] = {
    "bpmn": "bpmn",
    "bpmn2": "bpmn",
    "xml": "bpmn",
    "dmn": "dmn",
    "form": "form",
    "json": "form",
}
"""Of the files of other tools, and what they become."""
_COPY = re.compile(r"\s*[(（]\d+[)）]$")
"""minutes (1).docx: how browsers name a second download."""


def _named_by_content(name: str, content: bytes, ending: str) -> str:
    """A file of another tool is called as its process, else by what of its name can be kept."""
    try:
        key = "" if ending == "form" else blank.id_in(content)
    except SourceError:
        key = ""
    for wanted in (key, name.rpartition("/")[2].rpartition(".")[0], f"imported-{key}"):
        stem = re.sub(r"[^a-z0-9]+", "-", wanted.lower()).strip("-")[:60]
        if _KEY.fullmatch(stem):
            return f"{stem}.{ending}"
    return f"imported.{ending}"
