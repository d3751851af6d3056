"""期限: what runs until when; 中止, 恢复 and 延期."""

from typing import Any

from app.api import clock, schemas
from app.api.blueprint import gives, route, takes
from app.api.languages import language
from app.api.once import once
from app.api.permission import actor, needs_token
from app.queries.periods import PeriodsPage, periods_around, periods_page
from app.services import periods


@route("GET", "/cases/<key>/periods", tag="cases")
@needs_token
@gives(200, schemas.Periods)
def get_periods(key: str) -> PeriodsPage:
    """The deadlines of a case or further procedure and how they were counted; whether its clock stands."""
    return periods_page(actor(), key, now=clock.now(), locale=language())


@route("POST", "/cases/<key>/suspend", tag="cases")
@needs_token
@takes(schemas.OnceKey, location="headers", status=400)
@takes(schemas.Suspending)
@gives(200, schemas.Periods)
def suspend_case(given: dict[str, str], body: dict[str, str], key: str) -> PeriodsPage:
    """中止: no deadline runs, no timer fires, no step is completed until the case is resumed."""
    with once(given["key"]):
        periods.suspend_case(key, reason=body["reason"], basis=body["basis"], actor=actor(), now=clock.now())
    return periods_page(actor(), key, now=clock.now(), locale=language())


@route("POST", "/cases/<key>/resume", tag="cases")
@needs_token
@takes(schemas.OnceKey, location="headers", status=400)
@takes(schemas.Reasoned)
@gives(200, schemas.Periods)
def resume_case(given: dict[str, str], body: dict[str, str], key: str) -> PeriodsPage:
    """恢复: deadlines and timers go on, later by the days that the clock stood."""
    with once(given["key"]):
        periods.resume_case(key, reason=body["reason"], actor=actor(), now=clock.now())
    return periods_page(actor(), key, now=clock.now(), locale=language())


@route("POST", "/tasks/<task_id>/extend", tag="tasks")
@needs_token
@takes(schemas.OnceKey, location="headers", status=400)
@takes(schemas.Extension)
@gives(200, schemas.Periods)
def extend_task(given: dict[str, str], body: dict[str, Any], task_id: str) -> PeriodsPage:
    """延期: give an open step more time, until a day or by a period from its present last day.

    A regulation's own deadline is never extended, a statute's only as far as the statute allows.
    """
    period, until, reason = body["period"], body["until"], body["reason"]
    with once(given["key"]):
        periods.extend_task(task_id, period=period, until=until, reason=reason, actor=actor(), now=clock.now())
    return periods_around(actor(), task_id, now=clock.now(), locale=language())
