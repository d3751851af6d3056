"""我的关注 and saved views: one's own affair, and never a way round what one may see."""

import pytest

from app.domain.errors import InvalidAnswersError, NotFoundError
from app.queries.follows import is_followed
from app.queries.views import views_of
from app.services import follows, views
from tests.services.conftest import Office


def test_following_twice_is_following_once_and_ends_with_one_click(office: Office) -> None:
    case = office.open_case(waits="no")
    officer = office.actor("officer1")

    follows.follow(case, actor=officer, now=office.now)
    follows.follow(case, actor=officer, now=office.later(days=1))

    assert is_followed(officer, case)
    assert not is_followed(office.actor("reporter"), case)
    follows.unfollow(case, actor=officer)
    assert not is_followed(officer, case)


def test_nobody_follows_what_he_may_not_see(office: Office) -> None:
    case = office.open_case(waits="no")

    with pytest.raises(NotFoundError):
        follows.follow(case, actor=office.actor("officer1", "nanhe"), now=office.now)


def test_a_shared_view_is_offered_in_the_organ_and_only_its_owner_removes_it(office: Office) -> None:
    owner, colleague, other = office.actor("officer1"), office.actor("officer2"), office.actor("reporter")
    wanted = {"lamp": "OVERDUE", "step": "审查"}

    shared = views.save("超期的审查", box="pool", filters=wanted, shared=True, actor=owner, now=office.now)
    views.save("自己看", box="todo", filters={}, shared=False, actor=owner, now=office.now)

    assert {view.name for view in views_of(owner)} == {"自己看", "超期的审查"}
    assert [(view.name, view.mine, dict(view.filters)) for view in views_of(colleague)] == [
        ("超期的审查", False, wanted)
    ]
    assert views_of(other) == ()
    with pytest.raises(NotFoundError):
        views.remove(shared, actor=colleague)
    views.remove(shared, actor=owner)
    assert views_of(colleague) == ()


def test_a_view_saved_under_the_same_name_replaces_the_first(office: Office) -> None:
    owner = office.actor("officer1")

    views.save("我的", box="todo", filters={"q": "拆除"}, shared=False, actor=owner, now=office.now)
    views.save(" 我的 ", box="pool", filters={}, shared=False, actor=owner, now=office.now)

    assert [(view.name, view.box) for view in views_of(owner)] == [("我的", "pool")]
    with pytest.raises(InvalidAnswersError):
        views.save("  ", box="todo", filters={}, shared=False, actor=owner, now=office.now)
