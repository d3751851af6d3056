"""规则设置 and 工作日历, to be read: what a county counts and decides by."""

from typing import Any

from app.api import clock, schemas
from app.api.blueprint import gives, route, takes
from app.api.permission import actor, needs_token
from app.queries.calendars import CalendarPage, calendar_page
from app.queries.rules import RulesPage, rules_page


@route("GET", "/regulations/<regulation_id>/rules", tag="regulations")
@needs_token
@gives(200, schemas.Rules)
def get_rules(regulation_id: str) -> RulesPage:
    """The rule settings of a regulation of the caller's county as they are today, and every change with its reason."""
    return rules_page(actor(), regulation_id, now=clock.now())


@route("GET", "/calendar", tag="calendar")
@needs_token
@takes(schemas.CalendarQuery, location="query")
@gives(200, schemas.Calendar)
def get_calendar(query: dict[str, Any]) -> CalendarPage:
    """The days off and make-up working days of a year, this one where none is named or it is unknown."""
    return calendar_page(actor(), query["year"], now=clock.now())
