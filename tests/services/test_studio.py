"""A draft of definitions: every save a revision, nothing overwritten silently, published by a second person."""

from datetime import timedelta

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
from tests.services.draft_hands import SMALL, files, opened, published, renamed, saved


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


VENDOR = b"""<?xml version="1.0" encoding="UTF-8"?>
<bpmn2:definitions xmlns:bpmn2="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:v="http://vendor.example/x" id="d"
  targetNamespace="http://vendor.example">
  <bpmn2:collaboration id="c"><bpmn2:participant id="p1" name="A" processRef="Process_1"/>
    <bpmn2:participant id="p2" name="B" processRef="Process_2"/>
    <bpmn2:messageFlow id="m" sourceRef="t1" targetRef="t2"/></bpmn2:collaboration>
  <bpmn2:process id="Process_1" isExecutable="false"><bpmn2:startEvent id="s1"/><bpmn2:task id="t1" v:colour="red"/>
    <bpmn2:dataObjectReference id="o1"/><bpmn2:endEvent id="e1"/></bpmn2:process>
  <bpmn2:process id="Process_2" isExecutable="false"><bpmn2:receiveTask id="t2" name="x"/></bpmn2:process>
</bpmn2:definitions>"""


def test_a_diagram_of_another_tool_is_imported_and_what_cannot_run_is_named_element_by_element(office: Office) -> None:
    from app.services.studio import files as from_files  # noqa: PLC0415

    draft, owner = opened(office), office.actor("owner1")

    names = from_files.import_files(draft, {"My Process (1).bpmn": VENDOR}, actor=owner, now=office.now)

    found = {(one.element_id, one.rule) for one in review.findings_of(draft, actor=owner)}
    assert names == ("my-process-1.bpmn",)
    assert {("t1", "refused_task"), ("o1", "refused_dataObjectReference"), ("m", "element")} <= found
    assert (None, "process_file") in found


def test_new_copied_and_removed_files_are_changes_of_the_draft(office: Office) -> None:
    from app.services.studio import files as from_files  # noqa: PLC0415

    draft, owner, now = opened(office), office.actor("owner1"), office.now

    from_files.add_process(draft, "visit", "回访", role="jmo.officer", actor=owner, now=now)
    from_files.add_table(draft, "visit-kind", "回访方式", actor=owner, now=now)
    from_files.add_form(draft, "visit/report", "回访报告", actor=owner, now=now)
    from_files.copy_file(draft, SMALL, "smaller.bpmn", "更小", actor=owner, now=now)
    drafts.remove_file(draft, "appeal.bpmn", base=0, actor=owner, now=now)

    after = files(office, draft)
    assert {"visit.bpmn", "visit/first_step.form", "visit-kind.dmn", "visit/report.form", "smaller.bpmn"} <= set(after)
    assert "appeal.bpmn" not in after
    wrong = [one for one in review.findings_of(draft, actor=owner) if one.severity == "error"]
    assert {one.file for one in wrong} == {"appeal.bpmn"}
    with pytest.raises(ConflictError):
        from_files.add_process(draft, "visit", "回访", role="jmo.officer", actor=owner, now=now)


def test_a_former_publication_is_restored_by_a_new_draft(office: Office) -> None:
    from app.services.studio import files as from_files  # noqa: PLC0415
    from app.storage import releases, studio  # noqa: PLC0415

    draft = opened(office)
    before = files(office, draft)[SMALL]
    saved(office, draft, SMALL, renamed(office, draft))
    published(office, draft)
    first = studio.find_publication("beishan", 1)
    assert first is not None

    again = from_files.restore_publication(first.id, "恢复", actor=office.actor("owner1"), now=office.later(days=1))
    published(office, again)

    assert studio.files_of_county("beishan")[SMALL] == before
    assert releases.latest("small", "beishan").number == 3


def test_what_another_publication_changed_meanwhile_is_not_overwritten_unseen(office: Office) -> None:
    first, second = opened(office), opened(office)
    base = files(office, first)[SMALL]
    saved(office, first, SMALL, renamed(office, first))
    saved(office, second, SMALL, base.replace(b'name="T_review"', b'name="second"'))
    published(office, first)

    overtaken = [one for one in review.findings_of(second, actor=office.actor("owner1")) if one.rule == "overtaken"]
    with pytest.raises(InvalidDefinitionError):
        review.submit(second, "改", actor=office.actor("owner1"), now=office.now)
    drafts.keep_over_current(second, SMALL, base=1, actor=office.actor("owner1"), now=office.now)
    review.submit(second, "改", actor=office.actor("owner1"), now=office.now)

    assert [one.file for one in overtaken] == [SMALL]


def test_what_an_editor_saves_by_itself_is_one_revision_in_the_history(office: Office) -> None:
    from app.queries import studio_files  # noqa: PLC0415

    draft, owner = opened(office), office.actor("owner1")
    content, base = files(office, draft)[SMALL], 0
    for word in (b"one", b"two", b"three"):
        office.later(minutes=1)
        changed = content.replace(b'name="T_check"', b'name="%b"' % word)
        base = saved(office, draft, SMALL, changed, base=base, automatic=True).revision
    by_hand = saved(office, draft, SMALL, content.replace(b'name="T_check"', b'name="four"'), base=base).revision

    lines = studio_files.revisions_of(owner, draft, SMALL)
    drafts.restore_revision(draft, SMALL, 3, base=by_hand, actor=owner, now=office.now)

    assert [(line.revision, line.automatic) for line in lines] == [(4, False), (3, True)]
    assert b'name="three"' in files(office, draft)[SMALL]


def test_two_owners_see_each_other(office: Office) -> None:
    from app.queries import studio_files  # noqa: PLC0415

    draft = opened(office)
    saved(office, draft, SMALL, renamed(office, draft))

    other = studio_files.open_file(office.actor("owner2"), draft, SMALL, now=office.later(seconds=60))
    later = studio_files.open_file(office.actor("owner2"), draft, SMALL, now=office.later(minutes=3))

    assert other.writers == ("owner1@beishan",)
    assert later.writers == ()


def test_sent_back_a_draft_is_edited_again_and_given_up_it_stays_to_be_read(office: Office) -> None:
    draft = opened(office)
    first = saved(office, draft, SMALL, renamed(office, draft))
    review.submit(draft, "改", actor=office.actor("owner1"), now=office.now)
    with pytest.raises(ConflictError):
        saved(office, draft, SMALL, first.content + b" ", base=1)

    review.send_back(draft, "名称不合适", actor=office.actor("owner2"), now=office.now)
    saved(office, draft, SMALL, first.content.replace("核对".encode(), b"x"), base=1)
    review.withdraw(draft, actor=office.actor("owner1"), now=office.now)

    with pytest.raises(ConflictError):
        review.submit(draft, "改", actor=office.actor("owner1"), now=office.now)
    assert SMALL in files(office, draft)


def test_every_rule_that_a_finding_may_name_is_explained(office: Office) -> None:
    import re  # noqa: PLC0415

    from app.domain.lint_rules import rule_of  # noqa: PLC0415
    from config import ROOT  # noqa: PLC0415

    rooms = ("engine/profile", "forms", "services/studio", "services/letters", "documents/letters")
    sources = [path for room in rooms for path in (ROOT / "app" / room).glob("*.py")]
    text = "\n".join(path.read_text("utf-8") for path in [*sources, ROOT / "app" / "services" / "linting.py"])
    pattern = r'(?:report\.(?:error|warning)|Finding|_refuse|finding|_unknown)\(\s*(?:[\w.()\[\]]+, ?)*"([a-z_-]+)"'
    named = set(re.findall(pattern, text)) - {"id", "county"}

    assert len(named) > 80
    assert {name for name in named if rule_of(name) is None} == set()


def test_a_step_for_a_role_or_an_organ_that_the_county_has_not_is_told(office: Office) -> None:
    from app.services.studio.candidates import findings_of_draft  # noqa: PLC0415

    draft = opened(office)
    before = findings_of_draft(draft, "beishan")
    role = files(office, draft)[SMALL].replace(b'value="jmo.officer"', b'value="rule.admin"')
    organ = role.replace(
        b'<spiffworkflow:property name="candidateRole"',
        b'<spiffworkflow:property name="candidateOrgan" value="&#34;beishan.nowhere&#34;" />'
        b'<spiffworkflow:property name="candidateRole"',
        1,
    )

    saved(office, draft, SMALL, organ)
    found = [str(one) for one in findings_of_draft(draft, "beishan") if one.rule == "nobody" and one not in before]

    assert any("本县没有人担任岗位" in one for one in found)
    assert any("本县没有单位“beishan.nowhere”" in one for one in found)
