"""The page on which another responsible subject is added to a case."""

from collections.abc import Callable

from tests.web.pages import Browser
from tests.web.world import World

SignIn = Callable[[str], Browser]


def test_who_may_not_add_subjects_does_not_find_the_page(signed_in: SignIn, world: World) -> None:
    page = signed_in("north.reporter").get(f"/cases/{world.case_id}/subjects/new", status=404)

    assert "找不到" in page.text
