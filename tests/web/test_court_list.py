"""The page that holds the lists of courts against what was filed."""

from collections.abc import Callable

from tests.web.pages import Browser
from tests.web.world import World

SignIn = Callable[[str], Browser]
LIST = "案号,作出机关,作出日期,行政机关,裁判结果\n（2026）8号,县人民法院,2026-02-10,{organ},确认违法"


def test_the_office_pastes_a_list_and_sees_what_nobody_filed(signed_in: SignIn, world: World) -> None:
    from app.extensions import db  # noqa: PLC0415
    from app.storage.models import Organ  # noqa: PLC0415

    browser = signed_in("north.officer")
    assert "还没有导入清单" in browser.get("/court-list").text
    with browser.client.application.app_context():
        organ = db.session.query(Organ.name).filter(Organ.county_id == "north").order_by(Organ.id).first()

    page = browser.post("/court-list", {"list": LIST.format(organ=organ[0] if organ else "")})

    assert "未报备1件" in page.text
    assert "依职权登记" in page.text


def test_a_wrong_list_is_told_and_nothing_is_taken(signed_in: SignIn, world: World) -> None:
    page = signed_in("north.officer").post("/court-list", {"list": "案号\n1"})

    assert "缺少" in page.text
    assert "还没有导入清单" in page.text


def test_a_reporter_does_not_know_the_list(signed_in: SignIn, world: World) -> None:
    page = signed_in("north.reporter").get("/court-list", status=404)

    assert "找不到" in page.text
