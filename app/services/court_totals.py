"""Recording how many cases courts closed: the denominator of loss rates, which no procedure knows."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select

from app.domain.actors import Actor
from app.domain.deadlines import office_day
from app.domain.errors import N_, InvalidAnswersError, NotFoundError
from app.domain.powers import ensure_may
from app.extensions import db
from app.storage import journal
from app.storage.models import CourtTotal, Organ
from app.storage.transaction import transaction

FIRST_YEAR = 2000
MOST_CASES = 1_000_000


def set_court_totals(year: int, totals: Mapping[str, tuple[str, str]], *, actor: Actor, now: datetime) -> int:
    """Keep closed cases and those decided on the merits by organ, as typed; both empty takes an entry back.

    Returns how many entries changed. Raises NotAllowedError, NotFoundError (an organ of another county, a year that
    has not begun), InvalidAnswersError by organ: nothing was changed.
    """
    ensure_may(actor, "totals.set", N_("只有考核员可以填写审结数。"))
    if not FIRST_YEAR <= year <= office_day(now).year:
        raise NotFoundError
    read = {organ: _numbers(closed, merits) for organ, (closed, merits) in totals.items()}
    wrong = {organ: [numbers] for organ, numbers in read.items() if isinstance(numbers, str)}
    if wrong:
        raise InvalidAnswersError(wrong)
    with transaction():
        own = set(db.session.scalars(select(Organ.id).where(Organ.county_id == actor.county_id)))
        if not read.keys() <= own:
            raise NotFoundError
        query = select(CourtTotal).where(CourtTotal.year == year, CourtTotal.organ_id.in_(own)).with_for_update()
        known = {row.organ_id: row for row in db.session.scalars(query)}
        changed = {}
        for organ, numbers in read.items():
            row = known.get(organ)
            before = (row.closed, row.closed_substantive) if row else None
            if isinstance(numbers, str) or numbers == before:
                continue
            changed[organ] = {"before": before, "after": numbers}
            _keep(row, organ, year, numbers, actor, now)
        if changed:
            journal.write_administrative(
                "reports", actor=actor.username, act="set court totals", object_=str(year), payload=changed, now=now
            )
        return len(changed)


def _keep(
    row: CourtTotal | None, organ: str, year: int, numbers: tuple[int, int] | None, actor: Actor, now: datetime
) -> None:
    if numbers is None:
        db.session.delete(row)
        return
    if row is None:
        row = CourtTotal(organ_id=organ, year=year)
        db.session.add(row)
    row.closed, row.closed_substantive = numbers
    row.set_by, row.set_at = actor.person_id, now


def _numbers(closed: str, merits: str) -> tuple[int, int] | str | None:
    """Both numbers, None where nothing was typed, or the sentence that says what is wrong."""
    closed, merits = closed.strip(), merits.strip()
    if not closed and not merits:
        return None
    if not (closed.isdecimal() and merits.isdecimal()) or int(closed) > MOST_CASES:
        return N_("审结数和实体审结数都要填写，为零或者正整数。")
    if int(merits) > int(closed):
        return N_("实体审结数不能多于审结数。")
    return int(closed), int(merits)
