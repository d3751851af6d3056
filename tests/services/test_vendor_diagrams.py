"""Diagrams of other tools: each comes into a draft, and what cannot run is named element by element, in sentences."""

from app.services.studio import drafts, review
from tests.services.conftest import Office
from tests.services.vendor_diagrams import DIAGRAMS


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
