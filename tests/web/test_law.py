"""制度对照: the pages of the law, readable by everybody who is signed in."""

import re
from collections.abc import Callable
from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from app import yamlfiles
from app.extensions import db
from app.queries.published import registers
from app.storage import models as m
from tests.web.pages import Browser
from tests.web.world import World

SignIn = Callable[[str], Browser]
HERE = "/regulations/north-2020"


@pytest.mark.parametrize("reader", ["north.reporter", "north.subject", "south.reporter", "north.administrator"])
def test_everybody_who_is_signed_in_reads_the_law(signed_in: SignIn, world: World, reader: str) -> None:
    browser = signed_in(reader)

    assert "北政〔2020〕1号" in browser.get("/regulations").text
    assert "第三条第（一）项" in browser.get(HERE).text


def test_the_menu_leads_to_the_law_from_every_page(signed_in: SignIn, world: World) -> None:
    page = signed_in("north.reporter").get("/inbox/todo")

    assert any(tag == "a" and attrs.get("href") == "/regulations" for tag, attrs in page.tags)


def test_every_clause_of_the_register_has_its_place_on_the_page(app: Flask, signed_in: SignIn, world: World) -> None:
    with app.app_context():
        clauses = registers()["north-2020"].clauses.values()

    page = signed_in("north.reporter").get(HERE)

    ids = {attrs["id"] for _, attrs in page.tags if "id" in attrs}
    assert {clause.anchor for clause in clauses} <= ids
    assert len({clause.anchor for clause in clauses}) == len(clauses)


def test_every_link_of_a_clause_leads_to_a_page_that_shows_it(signed_in: SignIn, world: World) -> None:
    browser = signed_in("north.reporter")
    page = browser.get(HERE)

    addresses = sorted({attrs["href"] for tag, attrs in page.tags if tag == "a" and "href" in attrs})
    steps = [address for address in addresses if address.startswith("/processes/")]
    rows = [address for address in addresses if address.startswith("/tables/") and "row=" in address]

    assert len(steps) > 50
    assert len(rows) > 30
    for address in (*steps[::12], *rows[::12]):
        found = browser.get(address)
        chosen = re.search(r"(?:step|row)=(\w+)", address)
        assert chosen is not None
        current = [attrs["id"] for tag, attrs in found.tags if tag == "tr" and attrs.get("aria-current") == "true"]
        assert current in ([f"step-{chosen[1]}"], [f"row-{chosen[1]}"], []), address


def test_a_row_that_asks_what_a_list_holds_says_so_in_words(signed_in: SignIn, world: World) -> None:
    browser = signed_in("north.reporter")
    tables = {
        attrs["href"].partition("row=")[0]
        for tag, attrs in browser.get(HERE).tags
        if tag == "a" and attrs.get("href", "").startswith("/tables/")
    }

    pages = [browser.get(address).text for address in sorted(tables)]

    assert any("含“违反法定程序”" in page for page in pages)
    assert not any("list contains(?" in page for page in pages)
    codes = re.compile(r"\b(?:[A-Z]+_[A-Z_]+|P\d+[MD])\b|count\(\?\) > 0")
    assert sorted({code for page in pages for code in codes.findall(page)}) == []


def test_filters_narrow_the_clauses_and_say_when_none_is_left(signed_in: SignIn, world: World) -> None:
    browser = signed_in("north.reporter")

    assert "第十三条" not in browser.get(f"{HERE}?modality=PROHIBITION").text
    assert "第二十一条第二款" in browser.get(f"{HERE}?modality=PROHIBITION").text
    assert "无须落实" in browser.get(f"{HERE}?carried=DECLARATORY").text
    assert "第十八条第一句" in browser.get(f"{HERE}?q=分析报告").text
    assert "没有符合条件的条款" in browser.get(f"{HERE}?q=%25%25").text
    for asked in ("modality", "carried"):
        assert f"网址中的“{asked}=x”不存在，可以写" in browser.get(f"{HERE}?{asked}=x", status=400).text


def test_counts_are_shown_to_the_own_county_only(signed_in: SignIn, world: World) -> None:
    own, other = signed_in("north.reporter").get(HERE), signed_in("south.reporter").get(HERE)

    assert "案件 1 件" in own.text
    assert "案件 1 件" not in other.text
    assert "本县件数" not in other.text


@pytest.mark.parametrize("address", ["/regulations/none", "/processes/none", "/tables/none", f"{HERE}/text"])
def test_what_does_not_exist_is_not_found(signed_in: SignIn, world: World, address: str) -> None:
    signed_in("north.reporter").get(address, status=405 if address.endswith("text") else 404)


def test_the_task_page_links_its_clauses_to_the_law(signed_in: SignIn, world: World) -> None:
    page = signed_in("north.reporter").get(f"/tasks/{world.tasks['T_draft']}")

    links = [attrs["href"] for tag, attrs in page.tags if tag == "a" and attrs.get("class") == "clause"]
    assert links
    assert all(re.fullmatch(r"/regulations/[\w-]+#[\w.-]+", link) for link in links)


def test_the_diagram_of_a_case_names_the_clauses_of_its_steps(signed_in: SignIn, world: World) -> None:
    answer = signed_in("north.reporter").client.get(f"/proceedings/{world.case_id}/diagram.json").get_json()

    law = [clause for drawing in answer["diagrams"].values() for some in drawing["clauses"].values() for clause in some]
    assert law
    assert all(clause["article"] and clause["reading"] and "#" in clause["href"] for clause in law)


TEXT = "北山县行政败诉案件过错责任追究办法\n北政〔2020〕1号\n\n第一条 本办法适用于本县机关，\n\n{second}本细则说明。\n"


@pytest.fixture
def keeper(app: Flask, signed_in: SignIn, world: World) -> Browser:
    """The county's rule administrator. The register of the small world is another county's, so it gets our number."""
    with app.app_context():
        db.session.add(m.RoleAssignment(person_id="north.director", role="rule.admin", organ_id="north.sfj"))
        for file in db.session.scalars(select(m.DefinitionFile).where(m.DefinitionFile.name.like("%.law.yml"))):
            number = yamlfiles.read(file.content)["document_no"]
            file.content = file.content.replace(
                f"document_no: {number}".encode(), "document_no: 北政〔2020〕1号".encode()
            )
        db.session.commit()
    return signed_in("north.director")


def send(browser: Browser, text: str) -> TestResponse:
    form = {"csrf_token": browser.token(), "file": (BytesIO(text.encode()), "办法.txt")}
    return browser.client.post(f"{HERE}/text", data=form, content_type="multipart/form-data")


def test_an_imported_text_stands_beside_our_reading_with_its_slips(keeper: Browser) -> None:
    assert "导入官方文本" in keeper.get(HERE).text

    send(keeper, TEXT.format(second="第二条 "))

    page = keeper.get(HERE)
    assert "已导入官方文本" in page.text
    assert "本办法适用于本县机关，" in page.text
    assert "自称“本细则”，标题是“办法”" in page.text
    assert "官方文本的导入记录" in page.text
    assert "登记的条款在文本中没有找到" in page.text


def test_words_that_no_clause_covers_are_listed_on_top(keeper: Browser) -> None:
    send(keeper, TEXT.format(second="第二条 甲。\n\n第三十条 没有登记。"))
    send(keeper, TEXT.format(second="第二条 甲。\n\n第三条 乙：\n\n（七）第七种。"))

    page = keeper.get(HERE)
    assert "官方文本中有 1 处没有登记" in page.text
    assert "第三条第（七）项" in page.text


@pytest.mark.parametrize("text", ["", "没有条文", "第一条 他县的。"])
def test_a_text_that_is_refused_says_why_and_changes_nothing(keeper: Browser, text: str) -> None:
    send(keeper, text)

    page = keeper.get(HERE)
    assert any(attrs.get("class") == "told bad" for _, attrs in page.tags)
    assert "官方文本的导入记录" not in page.text


def test_nobody_but_the_rule_administrator_imports(signed_in: SignIn, world: World) -> None:
    browser = signed_in("north.reporter")

    send(browser, TEXT.format(second="第二条 "))

    assert "导入官方文本" not in browser.get(HERE).text
    assert "官方文本的导入记录" not in browser.get(HERE).text
