"""What a served subject finds where he comes in: the decision on himself, and nobody else's."""

import re

import pytest

from tests.access.conftest import Ground

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
