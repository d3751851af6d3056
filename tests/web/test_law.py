"""制度对照: the pages of the law, readable by everybody who is signed in."""

import re
from collections.abc import Callable

import pytest
from flask import Flask

from app.queries.published import registers
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


def test_filters_narrow_the_clauses_and_say_when_none_is_left(signed_in: SignIn, world: World) -> None:
    browser = signed_in("north.reporter")

    assert "第十三条" not in browser.get(f"{HERE}?modality=PROHIBITION").text
    assert "第二十一条第二款" in browser.get(f"{HERE}?modality=PROHIBITION").text
    assert "无须落实" in browser.get(f"{HERE}?carried=DECLARATORY").text
    assert "第十八条第一句" in browser.get(f"{HERE}?q=分析报告").text
    assert "没有符合条件的条款" in browser.get(f"{HERE}?q=%25%25").text
    assert "第一条" in browser.get(f"{HERE}?modality=x&carried=x").text


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
