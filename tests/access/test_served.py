"""What a served subject finds where he comes in: the decision on himself, and nobody else's."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select

from app.domain.notifications import DECISION
from app.extensions import db
from tests.access.conftest import READ, SETTLED, Ground
from tests.access.world import COUNTY, PEOPLE
from tests.faults.crash_world import Desk

pytestmark = pytest.mark.slow
LINK = re.compile(r'href="(/attachments/\w+/view)"><span class="tag tag-a">送达给我的决定')


def test_the_decision_is_one_click_from_where_its_subject_comes_in(ground: Ground) -> None:
    landing = ground.visits.read("/inbox/todo", "subject").text
    register = ground.visits.read("/procedures", "subject").text

    links = LINK.findall(landing)
    papers = [ground.visits.read(link, "subject") for link in links]

    assert links
    assert all(not paper.refused and "决定书" in paper.text for paper in papers)
    assert all(link in register for link in links)


def test_nobody_else_is_shown_a_decision_as_served_on_him(ground: Ground) -> None:
    others = ("own", "office", "other_organ", "other_county", "recused", "owner", "auditor")

    assert [who for who in others if LINK.search(ground.visits.read("/inbox/todo", who).text)] == []


NOTICE = re.compile(r'href="(/notices/\w+)"')


@pytest.fixture
def as_settled(ground: Ground) -> Iterator[Ground]:
    """May be written to; put back afterwards."""
    ground.restore(SETTLED)
    yield ground
    ground.restore(READ)


def the_case(ground: Ground) -> Any:
    """The one whose decision was served. Inside an application context."""
    from app.storage.models import Proceeding  # noqa: PLC0415  (see tests.conftest)

    return db.session.get_one(Proceeding, ground.settled.built.proceedings["decided"])


def notices_of(ground: Ground, case: str) -> list[str]:
    """To whom notices of a served decision in the case went, by person or organ."""
    from app.storage.models import Notice  # noqa: PLC0415  (see tests.conftest)

    with ground.app.app_context():
        wanted = (Notice.proceeding_id == ground.settled.built.proceedings[case], Notice.kind == DECISION)
        return sorted(one.person_id or one.organ_id or "" for one in db.session.scalars(select(Notice).where(*wanted)))


def test_each_subject_is_told_once_and_only_after_service(ground: Ground) -> None:
    told = notices_of(ground, "decided")

    assert PEOPLE["subject"] in told
    assert len(told) == len(set(told))
    assert notices_of(ground, "C13") == []  # heard, nothing is decided


def test_the_notice_names_the_paper_and_leads_to_it_and_shows_nothing_of_the_file(ground: Ground) -> None:
    box = ground.visits.read("/inbox/notices", "subject").text
    with ground.app.app_context():
        title = the_case(ground).title
    leads = [ground.visits.read(link, "subject") for link in NOTICE.findall(box)]

    assert "决定书" in box
    assert title
    assert title not in box
    assert leads
    assert all("/procedures" in one.text and one.status == 302 for one in leads)


def test_a_word_of_the_file_finds_no_notice_of_its_decision(ground: Ground) -> None:
    with ground.app.app_context():
        case = the_case(ground)
        title, number = case.title, case.number

    found = {
        q: bool(NOTICE.search(ground.visits.read(f"/inbox/notices?q={q}", "subject").text)) for q in (title, number)
    }

    assert found == {title: False, number: True}


def test_while_no_day_of_service_is_stated_the_notice_is_not_there(as_settled: Ground) -> None:
    from app.domain.subjects import SERVED_ON  # noqa: PLC0415
    from app.storage.models import CaseFact  # noqa: PLC0415

    before = as_settled.visits.read("/inbox/notices", "subject").text
    with as_settled.app.app_context():
        for fact in db.session.scalars(select(CaseFact).where(CaseFact.name == SERVED_ON)):
            db.session.delete(fact)
        db.session.commit()

    assert NOTICE.search(before)
    assert not NOTICE.search(as_settled.visits.read("/inbox/notices", "subject").text)


def test_what_goes_outside_says_that_it_was_served_and_no_more(as_settled: Ground) -> None:
    from app.domain.notifications import Channel, Topic  # noqa: PLC0415
    from app.services.notifying import letters  # noqa: PLC0415
    from app.storage.models import Delivery, Notice  # noqa: PLC0415

    with as_settled.app.app_context():
        desk = Desk(as_settled.settled.built)
        case, subject = the_case(as_settled), desk.actor(PEOPLE["subject"].removeprefix(f"{COUNTY}."))
        of_the_case = (Notice.proceeding_id == case.id, Notice.person_id == subject.person_id)
        notice = desk.row(Notice, *of_the_case, Notice.kind == DECISION)
        common = {"id": "d", "person_id": subject.person_id, "channel": Channel.EMAIL, "topic": Topic.SERVED}
        delivery = Delivery(**common, kind=DECISION, notice_id=notice.id)
        said = letters.compose(delivery, subject, now=desk.now)
        others = [letters.compose(delivery, desk.actor(who), now=desk.now) for who in ("jmo.officer", "sup.head")]

    assert said is not None
    assert case.number in said.text
    assert not any(word in said.text for word in (case.title, "机密", "住房"))
    assert others == [None, None]
