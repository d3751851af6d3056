"""From a draft to a publication: findings, submission, and the approval by somebody who did not write it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from app.domain.actors import Actor
from app.domain.comparisons import Comparison
from app.domain.confirmation import Occasion, ensure_recently_confirmed
from app.domain.definition_drafts import LONGEST_NOTES, DraftStatus, ensure_editable
from app.domain.definitions import Finding, Severity
from app.domain.errors import (
    N_,
    ConflictError,
    DomainError,
    InvalidAnswersError,
    InvalidDefinitionError,
    NotAllowedError,
)
from app.engine.blank import names_in
from app.engine.comparing import compare
from app.forms.parse import parse_form, walk
from app.services import publishing
from app.services.studio import candidates
from app.services.studio.drafts import ensure_owner, tell
from app.storage import security_rules, studio
from app.storage.models import DefinitionDraft
from app.storage.transaction import transaction


@dataclass(frozen=True, slots=True)
class ScenarioRun:
    """What the scenarios of a candidate's very contents said."""

    green: bool
    summary: str


find_scenario_run: Callable[[Mapping[str, bytes]], ScenarioRun | None] = lambda _files: None  # noqa: E731
"""Set by whoever keeps results of runs: the newest one of these contents, None where there is none."""


def findings_of(draft_id: str, *, actor: Actor) -> tuple[Finding, ...]:
    """Everything that is wrong with what the draft would publish; () once it has ended.

    Raises NotFoundError, NotAllowedError.
    """
    county_id = ensure_owner(actor)
    draft = studio.get_draft(draft_id, county_id)
    if draft.status not in (DraftStatus.EDITING, DraftStatus.SUBMITTED):
        return ()
    return candidates.findings_of_draft(draft_id, county_id)


def named_findings(draft_id: str, *, actor: Actor) -> list[tuple[Finding, str]]:
    """The same, each with what its element is called ("" where it has no name). Raises likewise."""
    found = findings_of(draft_id, actor=actor)
    files = candidates.files_of_draft(draft_id, ensure_owner(actor)) if found else {}
    names = {file: _names_in(file, files[file]) for file in {finding.file for finding in found} & files.keys()}
    return [(finding, names.get(finding.file, {}).get(finding.element_id or "", "")) for finding in found]


def _names_in(file: str, content: bytes) -> dict[str, str]:
    try:
        if file.endswith((".bpmn", ".dmn")):
            return names_in(content)
        if file.endswith(".form"):
            return {part.id or part.key or "": part.label for part in walk(parse_form(content, file).components)}
    except DomainError:
        return {}
    return {}


def changes_of(draft_id: str, *, actor: Actor) -> Comparison:
    """What publishing the draft would change, in words. Raises NotFoundError, NotAllowedError."""
    county_id = ensure_owner(actor)
    draft = studio.get_draft(draft_id, county_id)
    changed = candidates.changes_of(draft)
    current = studio.contents_of(
        {name: digest for name, digest in studio.hashes_of_county(county_id).items() if name in changed}
    )
    wanted = {name: row.content for name, row in changed.items() if row.content is not None}
    return compare(current, wanted)


def compared(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> Comparison:
    """What leads from one set of files to the other, in words."""
    return compare(before, after)


def scenario_run_of(draft_id: str, *, actor: Actor) -> ScenarioRun | None:
    """The newest run of the scenarios on the draft's very contents. Raises NotFoundError, NotAllowedError."""
    county_id = ensure_owner(actor)
    studio.get_draft(draft_id, county_id)
    return find_scenario_run(candidates.files_of_draft(draft_id, county_id))


def submit(draft_id: str, notes: str, *, actor: Actor, now: datetime) -> None:
    """Hand the draft to a second owner. It is not edited from then on, until it is sent back.

    Raises NotFoundError, NotAllowedError, ConflictError (nothing changed in it, not being edited),
    InvalidAnswersError (no notes), InvalidDefinitionError (with the errors found).
    """
    county_id = ensure_owner(actor)
    notes = _text(notes, "notes", N_("请写明改了什么、为什么改，审批人和以后的人靠它了解。"))
    with transaction():
        draft = studio.get_draft_for_update(draft_id, county_id)
        ensure_editable(DraftStatus(draft.status))
        if not candidates.changes_of(draft):
            raise ConflictError(N_("改动稿没有改动任何文件。"))
        _ensure_clean(draft)
        _hand_over(draft, notes, actor=actor, now=now)


def submit_if_clean(draft: DefinitionDraft, notes: str, *, actor: Actor, now: datetime) -> tuple[Finding, ...]:
    """Inside a transaction: submit a draft that changes something and has no errors. Returns what was found."""
    found = candidates.findings_of_draft(draft.id, draft.county_id)
    wrong = any(finding.severity is Severity.ERROR for finding in found)
    if candidates.changes_of(draft) and not wrong:
        _hand_over(draft, notes, actor=actor, now=now)
    return found


def _hand_over(draft: DefinitionDraft, notes: str, *, actor: Actor, now: datetime) -> None:
    draft.status, draft.submitted_by, draft.notes = DraftStatus.SUBMITTED, actor.person_id, notes
    tell(draft, "submit", actor=actor, now=now, note=notes)


def send_back(draft_id: str, reason: str, *, actor: Actor, now: datetime) -> None:
    """The draft is edited again, with what has to be mended; its submitter may take it back himself so.

    Raises NotFoundError, NotAllowedError, ConflictError, InvalidAnswersError.
    """
    county_id = ensure_owner(actor)
    reason = _text(reason, "back", N_("请写明退回的理由。"))
    with transaction():
        draft = studio.get_draft_for_update(draft_id, county_id)
        if draft.status != DraftStatus.SUBMITTED:
            raise ConflictError(N_("改动稿不在审批中。"))
        draft.status, draft.submitted_by = DraftStatus.EDITING, None
        tell(draft, "send back", actor=actor, now=now, note=reason)


def withdraw(draft_id: str, reason: str = "", *, actor: Actor, now: datetime) -> None:
    """Give the draft up; it stays to be read. Raises NotFoundError, NotAllowedError, ConflictError."""
    county_id = ensure_owner(actor)
    with transaction():
        draft = studio.get_draft_for_update(draft_id, county_id)
        if draft.status not in (DraftStatus.EDITING, DraftStatus.SUBMITTED):
            raise ConflictError(N_("改动稿已经结束，不能再改；请另开改动稿。"))
        draft.status = DraftStatus.WITHDRAWN
        tell(draft, "withdraw", actor=actor, now=now, note=reason[:LONGEST_NOTES].strip())


def approve(draft_id: str, reason: str = "", *, actor: Actor, now: datetime) -> str:
    """Publish the draft: all files, and a release of every process that they change, in one transaction.

    The approver never edited any file of the draft and did not submit it. Without a green run of the scenarios on
    these very contents a `reason` has to be given. Running cases stay on their releases. Returns the publication's id.

    Raises NotFoundError, NotAllowedError, ConflictError, InvalidDefinitionError, InvalidAnswersError: nothing changed.
    """
    county_id = ensure_owner(actor)
    findings_of(draft_id, actor=actor)  # kept by their contents: what follows holds no lock for long
    with transaction():
        studio.hold_county(county_id)
        draft = studio.get_draft_for_update(draft_id, county_id)
        if draft.status != DraftStatus.SUBMITTED:
            raise ConflictError(N_("改动稿还没有提交审批。"))
        ensure_second_person(draft, actor)
        ensure_recently_confirmed(actor, Occasion.PUBLISHING, security_rules.current(), now=now)
        _ensure_clean(draft)
        files = candidates.files_of_draft(draft_id, county_id)
        told = _scenarios(files, reason)
        plan = publishing.plan_of(county_id, files, clauses=candidates.clauses_beside(county_id))
        made = publishing.make_releases(plan, by=actor.username, now=now)
        publication = publishing.keep_county(
            county_id,
            files,
            draft_id=draft_id,
            made=made,
            title=draft.title,
            notes=draft.notes,
            editors=sorted(set(studio.editors_of(draft_id).values())),
            scenarios=told,
            by=actor.username,
            by_name=actor.name,
            now=now,
        )
        if publication is None:
            raise ConflictError(N_("改动稿与现行内容没有差别，没有可发布的。"))
        draft.status = DraftStatus.PUBLISHED
        tell(draft, "publish", actor=actor, now=now, note=told)
        return publication.id


def published_once(draft_id: str, reason: str, *, actor: Actor, now: datetime) -> str:
    """Approve, or the publication that this very person made of the draft before. Raises like `approve`."""
    made = studio.publication_of_draft(draft_id)
    if made is not None and made.published_by == actor.username:
        return made.id
    return approve(draft_id, reason, actor=actor, now=now)


def ensure_second_person(draft: DefinitionDraft, actor: Actor) -> None:
    """Raises NotAllowedError: who wrote or submitted the draft does not approve it."""
    if actor.person_id in studio.editors_of(draft.id) or actor.person_id == draft.submitted_by:
        raise NotAllowedError(N_("改动稿须由没有参与编写的另一位流程管理者审批。"))


def _ensure_clean(draft: DefinitionDraft) -> None:
    found = candidates.findings_of_draft(draft.id, draft.county_id)
    if errors := tuple(finding for finding in found if finding.severity is Severity.ERROR):
        raise InvalidDefinitionError(errors)


def _scenarios(files: Mapping[str, bytes], reason: str) -> str:
    """What goes into the record. Raises InvalidAnswersError: no green run, and no reason."""
    run = find_scenario_run(files)
    if run is not None and run.green:
        return run.summary
    sentence = N_("没有这份内容全部通过的情景运行：请先运行情景，或者写明不运行也发布的理由。")
    return _text(reason, "reason", sentence)


def _text(text: str, field: str, missing: str) -> str:
    text = text.strip()
    if not text:
        raise InvalidAnswersError({field: [missing]})
    if len(text) > LONGEST_NOTES:
        raise InvalidAnswersError({field: [N_("不能超过4000字。")]})
    return text
