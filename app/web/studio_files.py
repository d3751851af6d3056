"""The files of a draft as the editors read and save them: JSON in, JSON out."""

from datetime import datetime
from typing import Any

from flask import Blueprint, request

from app.domain.definition_drafts import Choice, FileKind
from app.domain.definitions import Finding
from app.domain.errors import DomainError, InvalidDefinitionError, NotAllowedError, NotFoundError, values_in_words
from app.domain.lint_rules import RULES, rule_of
from app.domain.statuses import status_of
from app.queries import studio_files as query
from app.services.studio import catalogue, company, drafts, review
from app.web import clock, languages
from app.web.formats import office
from app.web.permission import actor, needs_sign_in
from app.web.problems import sentence_of
from app.web.words import gettext

screen = Blueprint("studio_files", __name__)

LONGEST_BODY = 4_000_000
"""Bytes: a file of 1 MB may be written with every character escaped."""
Answer = tuple[dict[str, Any], int]


@screen.get("/studio/drafts/<draft_id>/files/<path:name>")
@needs_sign_in
def read(draft_id: str, name: str) -> Answer:
    try:
        found = query.open_file(actor(), draft_id, name, now=clock.now())
    except DomainError as error:
        return _refused(error)
    if found.kind is FileKind.LETTER:
        return {"sentence": gettext("文书模板不能在这里编辑，请下载后用 Word 修改再导入。")}, 422
    return {
        "name": found.name,
        "content": found.content.decode(),
        "revision": found.revision,
        "changed_by": found.changed_by,
        "changed_at": _moment(found.changed_at),
        "editable": found.editable,
        "writers": list(found.writers),
    }, 200


@screen.put("/studio/drafts/<draft_id>/files/<path:name>")
@needs_sign_in
def save(draft_id: str, name: str) -> Answer:
    """JSON `content`, `base`, and where they apply `automatic`, `touched`."""
    given = _body()
    if given is None:
        return {"sentence": gettext("内容无法读取。"), "findings": []}, 422
    try:
        saved = drafts.save_file(
            draft_id,
            name,
            given["content"],
            base=given["base"],
            automatic=given["automatic"],
            touched=given["touched"],
            actor=actor(),
            now=clock.now(),
        )
    except drafts.ChangedMeanwhileError as error:
        return changed_meanwhile(error), 409
    except DomainError as error:
        return _refused(error)
    return {
        "revision": saved.revision,
        "content": saved.content.decode(),
        "findings": [finding_json(finding) for finding in saved.findings],
        "writers": list(query.writers_of(actor(), draft_id, name, now=clock.now())),
    }, 200


@screen.post("/studio/drafts/<draft_id>/company/<path:name>")
@needs_sign_in
def keep_company(draft_id: str, name: str) -> Answer:
    """An editor asks who else has the file open, and what is new. JSON `choice` (OWN, OTHER) where one was made."""
    data = request.get_json(silent=True)
    given = data.get("choice") if isinstance(data, dict) else None
    if given is not None and given not in list(Choice):
        return {"sentence": gettext("内容无法读取。"), "findings": []}, 422
    try:
        if given is None:
            company.come(draft_id, name, actor=actor(), now=clock.now())
        else:
            company.choose(draft_id, name, Choice(given), actor=actor(), now=clock.now())
        found = query.company_of(actor(), draft_id, name, now=clock.now())
    except DomainError as error:
        return _refused(error)
    chosen = [{"who": one.who, "choice": one.choice, "at": _moment(one.at)} for one in found.chosen]
    return {"revision": found.revision, "writers": list(found.writers), "chosen": chosen}, 200


def _body() -> dict[str, Any] | None:
    """What the editor sent, each of its type; None for anything else."""
    request.max_content_length = LONGEST_BODY
    data = request.get_json(silent=True)
    if not isinstance(data, dict) or not isinstance(data.get("content"), str):
        return None
    base, touched = data.get("base", 0), data.get("touched") or []
    if not isinstance(base, int) or isinstance(base, bool) or abs(base) > 2**31 or not isinstance(touched, list):
        return None
    try:
        content = data["content"].encode()
    except UnicodeEncodeError:  # half a character
        return None
    return {
        "content": content,
        "base": base,
        "automatic": data.get("automatic") is True,
        "touched": frozenset(id_ for id_ in touched if isinstance(id_, str)),
    }


def changed_meanwhile(error: drafts.ChangedMeanwhileError) -> dict[str, Any]:
    content = error.content.decode(errors="replace") if error.content is not None else None
    return {
        "sentence": sentence_of(error),
        "who": error.who,
        "at": _moment(error.at),
        "revision": error.revision,
        "content": content,
    }


@screen.get("/studio/drafts/<draft_id>/findings.json")
@needs_sign_in
def list_findings(draft_id: str) -> Answer:
    try:
        found = review.findings_of(draft_id, actor=actor())
    except DomainError as error:
        return _refused(error)
    return {"findings": [finding_json(finding) for finding in found]}, 200


@screen.get("/studio/drafts/<draft_id>/catalogue.json")
@needs_sign_in
def show_catalogue(draft_id: str) -> Answer:
    try:
        found = catalogue.catalogue_of_draft(draft_id, actor=actor())
    except DomainError as error:
        return _refused(error)
    name = "label"  # apart from gettext, whose argument would be taken for a message
    found["roles"] = [{**role, name: gettext(role[name])} for role in found["roles"]]
    return found, 200


@screen.get("/studio/rules.json")
@needs_sign_in
def list_rules() -> Answer:
    """The linter's rules by the names that findings carry."""
    rules = [
        {"rule": name, "means": gettext(rule.means), "mend": gettext(rule.mend)} for name, rule in sorted(RULES.items())
    ]
    return {"rules": rules}, 200


def finding_json(finding: Finding) -> dict[str, Any]:
    """A finding in the reader's language, with how to mend it."""
    english = languages.current() == languages.ENGLISH
    values = values_in_words(finding.values, gettext, english=english)
    place = values_in_words({"element": finding.element_id}, gettext, english=english)
    sentence = gettext(finding.sentence)
    rule = rule_of(finding.rule)
    return {
        "file": finding.file,
        **place,
        "rule": finding.rule,
        "severity": finding.severity.value,
        "sentence": sentence % values if finding.values else sentence,
        "mend": gettext(rule.mend) if rule is not None else "",
        "values": {name: str(value) for name, value in values.items()},
    }


def _refused(error: DomainError) -> Answer:
    if isinstance(error, NotFoundError):
        return {"sentence": gettext(NotFoundError.sentence), "findings": []}, 404
    if isinstance(error, NotAllowedError):
        return {"sentence": sentence_of(error), "findings": []}, 403
    found = error.findings if isinstance(error, InvalidDefinitionError) else ()
    sentence = sentence_of(error)
    if isinstance(error, InvalidDefinitionError):
        sentence = gettext("文件没有保存：%(count)s 处问题。") % {"count": len(found)}
    return {"sentence": sentence, "findings": [finding_json(one) for one in found]}, int(status_of(error))


def _moment(moment: datetime | None) -> str | None:
    return office(moment).isoformat() if moment is not None else None
