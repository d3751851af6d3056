"""Plain totals that say whether a database has been filled."""

from sqlalchemy import func, select

from app.domain.proceedings import ProceedingKind
from app.extensions import db
from app.storage.models import Proceeding


def cases_of(county_id: str) -> int:
    """How many cases a county has, open and closed."""
    query = select(func.count()).where(Proceeding.county_id == county_id, Proceeding.kind == ProceedingKind.CASE)
    return int(db.session.scalar(query) or 0)
