"""A menu offers nothing that its reader is then refused."""

import pytest

from tests.web.test_administration import SignIn, office, sqlite_database  # noqa: F401  (three administrators)


@pytest.mark.parametrize("letter", ["x", "y", "z"])
def test_every_entry_of_an_administrators_menu_leads_to_a_page(office: SignIn, letter: str) -> None:  # noqa: F811
    browser = office(letter)
    links = browser.get("/me/settings").tags
    entries = {said["href"] for tag, said in links if tag == "a" and said.get("href", "").startswith("/")}

    answers = {one: browser.client.get(one, follow_redirects=True).status_code for one in entries}
    assert answers == dict.fromkeys(entries, 200)
