"""Rule settings: appended, and read as they are in force on a day."""

from datetime import date

from sqlalchemy import select

from app.domain.switches import Setting, in_force
from app.extensions import db
from app.storage.models import RuleSetting


def settings_of(regulation_id: str) -> list[Setting]:
    rows = db.session.execute(
        select(
            RuleSetting.name, RuleSetting.value, RuleSetting.valid_from, RuleSetting.set_at, RuleSetting.organ_id
        ).where(RuleSetting.regulation_id == regulation_id)
    )
    return [Setting(*row) for row in rows]


def frozen_for(regulation_id: str | None, *, organ_id: str | None, on: date) -> dict[str, str]:
    """What a proceeding opened on this day follows instead of the register's defaults, for as long as it runs."""
    return in_force(settings_of(regulation_id), on=on, organ_id=organ_id) if regulation_id else {}
