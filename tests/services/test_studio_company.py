"""Two owners at one file of a draft: each sees the other before either saves, and who came first learns the choice."""

import pytest

from app.domain.definition_drafts import Choice
from app.domain.errors import InvalidFileError, NotAllowedError, NotFoundError
from app.queries import studio_files
from app.services.studio import company
from tests.services.conftest import Office
from tests.services.draft_hands import SMALL, opened, renamed, saved


def seen_by(office: Office, draft: str, who: str, *, seconds: int = 0) -> studio_files.Company:
    return studio_files.company_of(office.actor(who), draft, SMALL, now=office.later(seconds=seconds))


def test_two_who_have_a_file_open_see_each_other_though_nobody_saved(office: Office) -> None:
    draft = opened(office)

    for who in ("owner1", "owner2"):
        company.come(draft, SMALL, actor=office.actor(who), now=office.now)

    assert seen_by(office, draft, "owner1").writers == ("owner2@beishan",)
    assert seen_by(office, draft, "owner2").writers == ("owner1@beishan",)
    assert studio_files.open_file(office.actor("owner2"), draft, SMALL, now=office.now).writers == ("owner1@beishan",)


def test_who_left_is_not_shown_any_more_and_who_stays_is(office: Office) -> None:
    draft = opened(office)
    company.come(draft, SMALL, actor=office.actor("owner1"), now=office.now)
    company.come(draft, SMALL, actor=office.actor("owner1"), now=office.later(seconds=30))

    assert seen_by(office, draft, "owner2", seconds=40).writers == ("owner1@beishan",)
    assert seen_by(office, draft, "owner2", seconds=10).writers == ()


@pytest.mark.parametrize("choice", list(Choice))
def test_who_saved_first_is_told_what_the_other_made_of_the_two_versions(office: Office, choice: Choice) -> None:
    draft = opened(office)
    saved(office, draft, SMALL, renamed(office, draft))

    company.choose(draft, SMALL, choice, actor=office.actor("owner2"), now=office.now)

    told = studio_files.Chosen("owner2@beishan", choice, office.now)
    assert seen_by(office, draft, "owner1").chosen == (told,)
    assert seen_by(office, draft, "owner2").chosen == ()
    assert seen_by(office, draft, "owner1", seconds=601).chosen == ()


def test_a_choice_is_between_two_versions_and_a_file_is_one_of_the_draft(office: Office) -> None:
    draft = opened(office)
    owner = office.actor("owner1")
    saved(office, draft, SMALL, renamed(office, draft))

    with pytest.raises(NotFoundError):
        company.choose(draft, SMALL, Choice.OWN, actor=owner, now=office.now)
    with pytest.raises(NotFoundError):
        company.come(draft, "nobody.bpmn", actor=owner, now=office.now)
    with pytest.raises(NotFoundError):
        company.come("nothing", SMALL, actor=owner, now=office.now)
    with pytest.raises(InvalidFileError):
        company.come(draft, "config.py", actor=owner, now=office.now)
    with pytest.raises(NotAllowedError):
        company.come(draft, SMALL, actor=office.actor("reporter"), now=office.now)
