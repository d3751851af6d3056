"""Due timers as rows, for the worker that fires them."""

from datetime import datetime

from sqlalchemy import select, update

from app.domain.proceedings import ProceedingStatus
from app.extensions import db
from app.storage.models import Proceeding, TimerRow
from app.storage.proceedings import File, get_for_update


def claim_due(now: datetime) -> File | None:
    """One proceeding with a due timer, locked; rows that another worker holds are passed over."""
    due = (
        select(TimerRow.proceeding_id)
        .join(Proceeding, Proceeding.id == TimerRow.proceeding_id)
        .where(
            TimerRow.due_at <= now,
            Proceeding.status == ProceedingStatus.RUNNING,
            Proceeding.suspended_at.is_(None),
        )
        .order_by(TimerRow.due_at)
        .limit(1)
        .with_for_update(of=Proceeding, skip_locked=True, key_share=True)
    )
    proceeding_id = db.session.scalars(due).one_or_none()
    return None if proceeding_id is None else get_for_update(proceeding_id)


def postpone_timers(proceeding_id: str, *, until: datetime, now: datetime) -> None:
    """After a failure: try the due timers of a proceeding again later."""
    db.session.execute(
        update(TimerRow)
        .where(TimerRow.proceeding_id == proceeding_id, TimerRow.due_at <= now)
        .values(due_at=until, failures=TimerRow.failures + 1)
    )
