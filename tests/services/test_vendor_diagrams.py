"""Diagrams of other tools: each comes into a draft, and what cannot run is named element by element, in sentences."""

import time

from app.domain.errors import InvalidDefinitionError
from app.services.studio import drafts, review
from tests.services import foreign_diagrams
from tests.services.conftest import Office
from tests.services.vendor_diagrams import DIAGRAMS

SECONDS = 2.0
"""Of processor time, for one file."""


def test_diagrams_of_other_tools_come_in_and_every_element_that_cannot_run_is_named(office: Office) -> None:
    from app.services.studio import files as from_files  # noqa: PLC0415  (see tests.conftest)

    owner = office.actor("owner1")
    draft = drafts.open_draft("导入", actor=owner, now=office.now)

    uploads = {name: content for name, (content, _) in DIAGRAMS.items()}
    names = from_files.import_files(draft, uploads, actor=owner, now=office.now)

    told = review.findings_of(draft, actor=owner)
    for name, (_, wanted) in DIAGRAMS.items():
        wrong = {one.element_id for one in told if one.file == name and one.severity == "error"}
        assert wanted <= wrong, name
    assert all(any("一" <= sign <= "鿿" for sign in one.sentence % one.values) for one in told)
    assert set(names) == set(DIAGRAMS)
    assert set(names) <= set(drafts.candidate_files(draft, actor=owner))


def test_every_kind_of_foreign_diagram_is_opened_or_refused_element_by_element_in_two_seconds(office: Office) -> None:
    from app.services.studio import files as from_files  # noqa: PLC0415  (see tests.conftest)

    owner = office.actor("owner1")
    slow, untold = [], {}
    for name, (content, wanted) in foreign_diagrams.DIAGRAMS.items():
        draft = drafts.open_draft(name, actor=owner, now=office.now)
        began = time.process_time()
        try:
            from_files.import_files(draft, {name: content}, actor=owner, now=office.now)
            told = [one for one in review.findings_of(draft, actor=owner) if one.file == name]
        except InvalidDefinitionError as refusal:
            told = list(refusal.findings)
        if time.process_time() - began > SECONDS:
            slow.append(name)
        assert all(any("一" <= sign <= "鿿" for sign in one.sentence % one.values) for one in told), name
        wrong = {one.element_id or "" for one in told}
        if not wanted <= wrong:
            untold[name] = (wanted - wrong, [str(one) for one in told])

    assert slow == []
    assert untold == {}
    assert len(foreign_diagrams.DIAGRAMS) >= 20


def test_what_another_tool_calls_bpmn2_or_xml_comes_in_as_a_diagram(office: Office) -> None:
    from app.services.studio import files as from_files  # noqa: PLC0415  (see tests.conftest)

    owner = office.actor("owner1")
    draft = drafts.open_draft("导入", actor=owner, now=office.now)
    content = foreign_diagrams.DIAGRAMS["partners.bpmn"][0]

    uploads = {"Hiring.bpmn2": content, "leave.bpmn20.xml": content}
    names = from_files.import_files(draft, uploads, actor=owner, now=office.now)

    assert names == ("hiring.bpmn", "leave-bpmn20.bpmn")
