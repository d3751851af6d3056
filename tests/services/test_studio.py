"""A draft of definitions: every save a revision, nothing overwritten silently, published by a second person."""

from datetime import timedelta
from typing import Any

import pytest

from app.domain.errors import (
    ConflictError,
    InvalidAnswersError,
    InvalidDefinitionError,
    InvalidFileError,
    NotAllowedError,
    NotFoundError,
)
from app.services.studio import drafts, review
from tests.services.conftest import Office

SMALL = "small.bpmn"


def opened(office: Office, who: str = "owner1") -> str:
    return drafts.open_draft("改名", actor=office.actor(who), now=office.now)


def saved(
    office: Office, draft: str, name: str, content: bytes, *, base: int = 0, who: str = "owner1", **more: Any
) -> Any:
    return drafts.save_file(draft, name, content, base=base, actor=office.actor(who), now=office.now, **more)


def files(office: Office, draft: str) -> dict[str, bytes]:
    return dict(drafts.candidate_files(draft, actor=office.actor("owner1")))


def renamed(office: Office, draft: str) -> bytes:
    """The small procedure with another name of one step."""
    return files(office, draft)[SMALL].replace(b'name="T_check"', 'name="核对"'.encode())


def published(office: Office, draft: str, *, by: str = "owner2") -> str:
    review.submit(draft, "改一个名称", actor=office.actor("owner1"), now=office.now)
    return review.approve(draft, "情景未运行", actor=office.actor(by), now=office.later(minutes=1))


def test_a_draft_sees_the_files_of_its_county_with_its_changes_laid_over_them(office: Office) -> None:
    draft = opened(office)
    before = files(office, draft)

    result = saved(office, draft, SMALL, renamed(office, draft))

    after = files(office, draft)
    assert SMALL in before
    assert "options.yml" in before
    assert "beishan.law.yml" in before
    assert "nanhe.law.yml" not in before
    assert {name for name in after if after[name] != before[name]} == {SMALL}
    assert result.revision == 1
    assert result.content == after[SMALL]
    assert dict(drafts.base_files(draft, actor=office.actor("owner1"))) == before


def test_the_same_content_again_is_no_revision(office: Office) -> None:
    draft = opened(office)
    first = saved(office, draft, SMALL, renamed(office, draft))

    again = saved(office, draft, SMALL, first.content, base=first.revision)

    assert again.revision == first.revision


def test_a_stale_save_is_refused_with_what_the_other_person_wrote(office: Office) -> None:
    draft = opened(office)
    mine = renamed(office, draft)
    other = saved(office, draft, SMALL, mine.replace("核对".encode(), "复核".encode()), who="owner2")

    with pytest.raises(drafts.ChangedMeanwhileError) as refusal:
        saved(office, draft, SMALL, mine, base=0)

    assert refusal.value.who == "owner2@beishan"
    assert (refusal.value.revision, refusal.value.content) == (other.revision, other.content)
    assert files(office, draft)[SMALL] == other.content


def test_a_file_is_named_as_the_product_names_files(office: Office) -> None:
    draft = opened(office)

    for name in ("../small.bpmn", "Small.bpmn", "a/b/c.form", "small.exe", "a\u202eb.bpmn", "x" * 99 + ".bpmn"):
        with pytest.raises(InvalidFileError):
            saved(office, draft, name, b"<a/>")


def test_nobody_but_an_owner_of_the_county_sees_the_draft(office: Office) -> None:
    draft = opened(office)

    with pytest.raises(NotAllowedError):
        drafts.candidate_files(draft, actor=office.actor("director"))
    with pytest.raises(NotFoundError):
        drafts.candidate_files(draft, actor=office.actor("owner1", "nanhe"))
    with pytest.raises(NotAllowedError):
        drafts.open_draft("x", actor=office.actor("director"), now=office.now)


def test_an_editor_does_not_approve_what_he_edited(office: Office) -> None:
    draft = opened(office)
    saved(office, draft, SMALL, renamed(office, draft))
    review.submit(draft, "改一个名称", actor=office.actor("owner2"), now=office.now)

    for who in ("owner1", "owner2"):
        with pytest.raises(NotAllowedError):
            review.approve(draft, "情景未运行", actor=office.actor(who), now=office.now)


def test_publishing_makes_a_release_for_new_cases_and_leaves_running_ones(office: Office) -> None:
    from app.extensions import db  # noqa: PLC0415
    from app.services import definitions  # noqa: PLC0415
    from app.storage import releases  # noqa: PLC0415
    from app.storage.models import Proceeding, Publication  # noqa: PLC0415

    old_case = office.open_case()
    draft = opened(office)
    saved(office, draft, SMALL, renamed(office, draft))

    publication = published(office, draft)

    newest = releases.latest("small", "beishan")
    kept = db.session.get(Publication, publication)
    assert newest.number == 2
    assert kept is not None
    assert [one["process"] for one in kept.releases] == ["small"]
    assert db.session.get(Proceeding, old_case).release_id != newest.id
    assert db.session.get(Proceeding, office.open_case()).release_id == newest.id
    assert "核对" in {step.name for step in definitions.definition_of(newest.id, "small").steps_by_process.values()}
    assert releases.latest("small", "nanhe").number == 1


def test_what_has_findings_is_kept_but_not_submitted(office: Office) -> None:
    draft = opened(office)
    wrong = files(office, draft)[SMALL].replace(b'value="jmo.director"', b'value="jmo.directer"')

    result = saved(office, draft, SMALL, wrong)

    assert any(finding.rule == "role" and "jmo.director" in str(finding) for finding in result.findings)
    with pytest.raises(InvalidDefinitionError):
        review.submit(draft, "改", actor=office.actor("owner1"), now=office.now)


def test_seeds_never_replace_what_the_studio_published(office: Office) -> None:
    from app.services import definitions  # noqa: PLC0415
    from app.storage import releases, studio  # noqa: PLC0415

    draft = opened(office)
    saved(office, draft, SMALL, renamed(office, draft))
    published(office, draft)
    seeds = office.app.config["WENZE_DATA"]
    from tests.services.procedure import write_seeds  # noqa: PLC0415

    folder = seeds / "seeds"
    write_seeds(folder, ("beishan", "nanhe"))
    path = folder / "processes" / SMALL
    path.write_bytes(path.read_bytes().replace(b'name="T_review"', 'name="复查"'.encode()))

    made = definitions.publish_seeds(folder / "processes", folder / "forms", by="tests", now=office.later(days=1))

    assert made == ["small 2"]
    assert releases.latest("small", "beishan").number == 2
    assert "核对".encode() in studio.files_of_county("beishan")[SMALL]


def test_a_draft_needs_a_title_and_a_submission_its_notes(office: Office) -> None:
    with pytest.raises(InvalidAnswersError):
        drafts.open_draft("  ", actor=office.actor("owner1"), now=office.now)
    draft = opened(office)
    with pytest.raises(InvalidAnswersError):
        review.submit(draft, " ", actor=office.actor("owner1"), now=office.now)
    with pytest.raises(ConflictError):
        review.submit(draft, "什么也没改", actor=office.actor("owner1"), now=office.now + timedelta(minutes=1))
