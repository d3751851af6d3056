"""What a case tells afterwards: its decisions, its steps, its page."""

from datetime import datetime

from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.domain.actors import Actor
from app.extensions import db
from app.storage.models import CaseSubject, HistoryEntry
from tests.e2e.browser_hands import BrowserHands


def decisions_of(case: str) -> dict[str, tuple[str | None, list[str]]]:
    """What was decided on each person, by the end of his account."""
    db.session.expire_all()
    found = db.session.scalars(select(CaseSubject).where(CaseSubject.proceeding_id == case))
    return {str(s.person_id).rsplit(".", 1)[-1]: (s.decision_kind, list(s.sanctions or ())) for s in found}


def names_in(case: str) -> list[str]:
    """The steps that people submitted, in order."""
    of_case = select(HistoryEntry).where(HistoryEntry.proceeding_id == case).order_by(HistoryEntry.position)
    return [line.name for line in db.session.scalars(of_case) if line.act == "SUBMITTED"]


def case_page(actor: Actor, now: datetime, hands: BrowserHands, *, case: str) -> Page:
    page = hands.visit(actor, now, area="案件")
    page.locator(f'.rows a[href$="{case}"]').click()
    expect(page.locator("#diagram .djs-container svg .djs-shape").first).to_be_visible()
    hands.photograph(page, "case")
    return page


def told_in_order(page: Page, steps: list[str]) -> None:
    story, place = page.locator("#story").inner_text(), 0
    for step in steps:
        assert step in story[place:], (step, story)
        place = story.index(step, place) + len(step)
