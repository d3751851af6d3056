"""A menu offers nothing that its reader is then refused."""

import pytest

from tests.web import new_system
from tests.web.new_system import SignIn

sqlite_database, office = new_system.sqlite_database, new_system.office


@pytest.mark.parametrize("letter", ["x", "y", "z"])
def test_every_entry_of_an_administrators_menu_leads_to_a_page(office: SignIn, letter: str) -> None:
    browser = office(letter)
    links = browser.get("/me/settings").tags
    entries = {said["href"] for tag, said in links if tag == "a" and said.get("href", "").startswith("/")}

    answers = {one: browser.client.get(one, follow_redirects=True).status_code for one in entries}
    assert answers == dict.fromkeys(entries, 200)
