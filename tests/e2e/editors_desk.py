"""A county whose two owners edit one draft, and a browser that must not complain meanwhile."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.conftest import application_on
from tests.e2e.conftest import BEFORE
from tests.e2e.live_server import serving
from tests.e2e.studio_desk import (
    Studio,
    signed_in,
)


@pytest.fixture(scope="module")
def studio(county_template: Path, tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Studio]:
    from app.services.studio import drafts  # noqa: PLC0415  (see tests.conftest)
    from app.storage.accounts import actor_of  # noqa: PLC0415

    folder = tmp_path_factory.mktemp("editors")
    file = folder / "wenze.db"
    shutil.copyfile(county_template, file)
    for app in application_on(f"sqlite:///{file}", folder):
        with pytest.MonkeyPatch.context() as patch, serving(app, now=BEFORE, monkeypatch=patch) as live:
            with app.app_context():
                owner = actor_of("jinzhai.owner")
                assert owner is not None
                draft_id = drafts.open_draft("改审核", actor=owner, now=BEFORE)
            contexts = [signed_in(browser, live, name) for name in ("jinzhai.owner", "jinzhai.owner2")]
            yield Studio(app, live, contexts[0], contexts[1], draft_id)
            for context in contexts:
                context.close()


@pytest.fixture(autouse=True)
def quiet_console(studio: Studio) -> Iterator[None]:
    """No page error, and nothing against the content security policy."""
    said: list[str] = []

    def listen(page: Page) -> None:
        page.on("pageerror", lambda problem: said.append(str(problem.stack or problem)))
        page.on("console", lambda one: said.append(one.text) if "Security Policy" in one.text else None)

    for context in (studio.first, studio.second):
        context.on("page", listen)
    yield
    for context in (studio.first, studio.second):
        for page in context.pages:
            page.close()
        context.remove_listener("page", listen)
    assert said == []
