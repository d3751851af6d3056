"""Who may see what: the answer for hidden and missing is the same."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.web.pages import Browser
from tests.web.world import World

SignIn = Callable[[str], Browser]


def addresses(world: World) -> list[str]:
    return [
        f"/cases/{world.case_id}",
        f"/cases/{world.case_number}",
        f"/meetings/{world.meeting_id}",
        f"/tasks/{world.tasks['T_draft']}",
        f"/proceedings/{world.case_id}/diagram",
        f"/proceedings/{world.case_id}/diagram.json",
        f"/attachments/{world.attachment_id}",
    ]


@pytest.mark.parametrize("who", ["south.reporter", "south.officer", "south.director", "north.administrator"])
def test_another_county_and_the_administrators_see_nothing(signed_in: SignIn, world: World, who: str) -> None:
    browser = signed_in(who)

    for address in addresses(world):
        assert browser.client.get(address).status_code == 404, address
    for address in ("/inbox/todo", "/inbox/pool", "/inbox/notices", "/cases", "/cases?q=0021", "/meetings"):
        assert world.case_number not in browser.get(address).text


def test_hidden_and_missing_look_alike(signed_in: SignIn, world: World) -> None:
    browser = signed_in("south.officer")

    hidden = browser.get(f"/cases/{world.case_id}", status=404)
    missing = browser.get("/cases/nothing", status=404)

    assert hidden.text == missing.text


def test_a_served_person_sees_his_own_step_and_nothing_else_of_the_case(signed_in: SignIn, world: World) -> None:
    browser = signed_in("north.subject")

    page = browser.get(f"/tasks/{world.tasks['T_statement']}")

    assert page.headings == ["陈述申辩（人员）"]
    assert world.submission_text not in page.text
    assert "登记法律文书" not in page.text
    assert "二审行政判决书.pdf" not in page.text
    for address in addresses(world):
        assert browser.client.get(address).status_code == 404, address


def test_another_organs_task_is_hidden_from_a_colleague_of_the_same_county(signed_in: SignIn, world: World) -> None:
    signed_in("north.signatory_gaj").get(f"/tasks/{world.tasks['T_draft']}", status=404)
    signed_in("north.signatory_gaj").get(f"/tasks/{world.votes['czj']}", status=404)


@pytest.mark.parametrize("who", ["north.signatory_czj", "north.officer", "north.director"])
def test_a_vote_stays_closed_until_ones_own_is_given_and_the_item_decided(
    signed_in: SignIn, world: World, who: str
) -> None:
    page = signed_in(who).get(f"/meetings/{world.meeting_id}")

    assert "保密意见" not in page.text
    assert "暂不公开" in page.text


def test_a_signatory_sees_his_own_vote(signed_in: SignIn, world: World) -> None:
    page = signed_in("north.signatory_sfj").get(f"/meetings/{world.meeting_id}")

    assert "保密意见" in page.text


def test_the_organ_does_not_see_the_deliberation(signed_in: SignIn, world: World) -> None:
    browser = signed_in("north.reporter")

    assert browser.client.get(f"/meetings/{world.meeting_id}").status_code == 404


def test_every_page_with_data_sends_a_stranger_to_sign_in(app: Flask, world: World) -> None:
    client: FlaskClient = app.test_client()

    for address in (*addresses(world), "/", "/inbox/todo", "/cases", "/meetings"):
        response = client.get(address)
        assert response.status_code == 302, address
        assert response.headers["Location"].startswith("/sign-in")
