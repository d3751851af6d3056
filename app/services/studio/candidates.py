"""What would be published: a county's current files with a draft laid over them, and what is wrong with that."""

import re
from collections.abc import Iterator, Mapping

from app.domain.definitions import Finding, Severity
from app.domain.errors import N_
from app.domain.numbering import shape_of
from app.domain.roles import ROLES
from app.domain.spelling import meant
from app.engine.references import named_by_steps
from app.law.register import Register
from app.law.register import parse as parse_register
from app.services import linting
from app.storage import organisation, regulations, studio
from app.storage.models import DefinitionDraft, DraftFile
from app.storage.releases import hash_of

_TEXT = re.compile(r'"([^"\\]*)"')


def current_content(county_id: str, name: str) -> bytes | None:
    """A file as the county has it today; None where there is none."""
    digest = studio.hashes_of_county(county_id).get(name)
    return studio.contents_of({name: digest}).get(name) if digest is not None else None


def files_of_draft(draft_id: str, county_id: str) -> dict[str, bytes]:
    """The county's current files overlaid with the draft, by name."""
    files = studio.files_of_county(county_id)
    for name, row in studio.draft_files(draft_id).items():
        if row.content is None:
            files.pop(name, None)
        else:
            files[name] = row.content
    return dict(sorted(files.items()))


def findings_of_draft(draft_id: str, county_id: str) -> tuple[Finding, ...]:
    """Everything that is wrong with the draft's candidate: what the linter says, and what was published meanwhile."""
    files = files_of_draft(draft_id, county_id)
    found = linting.findings_of_set(
        files,
        county_id=county_id,
        clauses=clauses_beside(county_id),
        numbers=numbers_beside(county_id),
    )
    return (
        *_overtaken(draft_id, county_id),
        *found,
        *_without_holder(files, county_id),
        *_without_organ(files, county_id),
    )


def _without_holder(files: Mapping[str, bytes], county_id: str) -> Iterator[Finding]:
    """Steps for which the county has nobody, each role once: what comes to them waits until an administrator helps."""
    steps = named_by_steps(files, "candidateRole")
    held = {holder.role for holder in organisation.holders_of(county_id, steps)}
    for role, (file, step) in steps.items():
        if role in ROLES and role not in held:
            sentence = N_("本县没有人担任岗位“%(role)s”，到这个环节的案件无人办理。")
            yield Finding(file, step, "nobody", sentence, {"role": ROLES[role].label}, Severity.WARNING)


def _without_organ(files: Mapping[str, bytes], county_id: str) -> Iterator[Finding]:
    """Organs of the county that a formula names in so many words and that are none."""
    organs = {id_ for id_, _ in organisation.organs_of(county_id)}
    for formula, (file, step) in named_by_steps(files, "candidateOrgan").items():
        for organ in _TEXT.findall(formula):
            if organ.startswith(f"{county_id}.") and organ not in organs:
                values = {"organ": organ, "meant": meant(organ, organs)}
                sentence = N_("本县没有单位“%(organ)s”，到这个环节的案件无人办理%(meant)s")
                yield Finding(file, step, "nobody", sentence, values, Severity.WARNING)


def clauses_beside(county_id: str) -> frozenset[str]:
    """Clauses that diagrams may cite besides those of the candidate's registers: of all regulations in use."""
    return linting.clauses_in(_registers_beside(county_id))


def numbers_beside(county_id: str) -> dict[str, str]:
    """Shapes of the numbers that proceedings of other counties have, each with the county: no number is given twice."""
    return {
        shape_of(format_): register.county
        for register in _registers_beside(county_id)
        for format_ in register.number_formats.values()
    }


def _registers_beside(county_id: str) -> list[Register]:
    registers = (parse_register(content) for content in regulations.register_files().values())
    return [register for register in registers if register.county != county_id]


def _overtaken(draft_id: str, county_id: str) -> list[Finding]:
    hashes = studio.hashes_of_county(county_id)
    sentence = N_("这个文件已由另一次发布改动。请对比后选择：以本稿为准，或者放弃本稿对它的改动。")
    return [
        Finding(name, None, "overtaken", sentence, severity=Severity.ERROR)
        for name, row in studio.draft_files(draft_id).items()
        if is_overtaken(row, hashes.get(name))
    ]


def is_overtaken(row: DraftFile, current: str | None) -> bool:
    """Whether the county's file is neither what the change was meant for nor what it would become."""
    return current not in (row.base_hash, digest_of(row))


def changes_of(draft: DefinitionDraft) -> dict[str, DraftFile]:
    """The files that the draft would change, by name."""
    hashes = studio.hashes_of_county(draft.county_id)
    return {name: row for name, row in studio.draft_files(draft.id).items() if hashes.get(name) != digest_of(row)}


def digest_of(row: DraftFile) -> str | None:
    return hash_of(row.name, row.content) if row.content is not None else None
