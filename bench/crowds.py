"""Many open tasks and a long history, as rows: what an inbox is read from, not what a procedure runs on."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import func, insert, select, text

from app.domain.tasks import TaskStatus
from app.extensions import db
from app.storage.models import HistoryEntry, Organ, Proceeding, Task
from bench.ground import COUNTY, FEW, OFFICER, YARDSTICK, moment

OPENER = f"{COUNTY}.jmo.director"
PAGE = 50
"""Rows of a page: all sizes are compared with full pages, for showing fifty rows costs more than finding them."""
FEW_TASKS = 2 * PAGE
"""Half of them in the hands of whoever has few, half in his pool."""
TASKS_EACH = 10
"""Open tasks of one proceeding."""
STEPS, DUE_DAYS = 20, 60
CHUNK = 5_000


def grow_to(number: int, *, history: int, done: int) -> None:
    """Have so many open tasks in all, half of them in one person's hands and half in his pool, and 50 of another's.

    The first time a page of each is made, even if that is more. `history` lines and `done` tasks of the first person
    are there too. Inside an application context.
    """
    there = db.session.scalar(select(func.count()).select_from(Task).where(Task.status == TaskStatus.OPEN)) or 0
    own = _row(Task, Task.step_id == YARDSTICK[1])  # of a role that its holder has: else the worker would take it back
    sample = _row(Task, Task.status == TaskStatus.OPEN) | {name: own[name] for name in ("candidate_role", "county_id")}
    organs = list(db.session.scalars(select(Organ.id).where(Organ.county_id == COUNTY).order_by(Organ.id)))
    held = select(Task.id).where(Task.status == TaskStatus.OPEN, Task.assignee_id == OFFICER).limit(PAGE)
    few = FEW_TASKS if len(db.session.scalars(held).all()) < PAGE else 0  # the first time
    missing = max(0, number - there, few and few + 2 * PAGE)
    proceedings = _proceedings(-(-(missing + done) // TASKS_EACH))
    rows = [_open_task(sample, proceedings, organs, n, of_few=n < few) for n in range(missing)]
    rows += [_done_task(sample, proceedings, organs, n) for n in range(done)]
    for start in range(0, len(rows), CHUNK):
        db.session.execute(insert(Task.__table__), rows[start : start + CHUNK])
    db.session.commit()
    _history(history)


def _row(model: Any, *where: Any) -> dict[str, Any]:
    names = [column.name for column in model.__table__.columns if column.computed is None]
    query = select(*(model.__table__.c[name] for name in names)).where(*where).limit(1)
    return dict(db.session.execute(query).mappings().one())


def _proceedings(number: int) -> list[str]:
    """Copies of a proceeding's row; nobody opens them, so they share one state."""
    sample = _row(Proceeding)
    db.session.rollback()  # a read that becomes a write is refused where the worker has written in between
    ids = [uuid4().hex for _ in range(number)]
    rows = [{**sample, "id": each, "number": f"件{each}", "opened_by": OPENER} for each in ids]
    for start in range(0, len(rows), CHUNK):
        db.session.execute(insert(Proceeding.__table__), rows[start : start + CHUNK])
    return ids


def _open_task(
    sample: dict[str, Any], proceedings: list[str], organs: list[str], n: int, *, of_few: bool = False
) -> dict[str, Any]:
    opened = moment() - timedelta(minutes=n % 50_000)
    evening = opened.replace(hour=16, minute=0, second=0, microsecond=0)  # as deadlines are: the end of an office's day
    mine = n % 2 == 0
    row = {
        **sample,
        "id": uuid4().hex,
        "proceeding_id": proceedings[n // TASKS_EACH % len(proceedings)],
        "name": f"环节{n % STEPS}",
        "opened_at": opened,
        "due_at": None if n % 7 == 0 else evening + timedelta(days=n % DUE_DAYS - 5),
        "candidate_organ": None,
        "candidate_person": None,
        "excluded_people": [],
        "assignee_id": OFFICER if mine else None,
        "claimed_at": opened if mine else None,
    }
    if "lead_organ_id" in row:
        row["lead_organ_id"] = organs[n % len(organs)]
    if of_few:
        organ = FEW.rpartition(".")[2]
        row |= {"candidate_role": "organ.reporter", "candidate_organ": f"{COUNTY}.{organ}"}
        row |= {"assignee_id": FEW if mine else None}
    return row


def _done_task(sample: dict[str, Any], proceedings: list[str], organs: list[str], n: int) -> dict[str, Any]:
    done = {"status": TaskStatus.COMPLETED, "completed_by": OFFICER, "assignee_id": OFFICER}
    at = moment() - timedelta(minutes=n)
    return {**_open_task(sample, proceedings, organs, n), **done, "completed_at": at}


def _history(number: int) -> None:
    """Lines of proceedings, written by the database itself."""
    there = db.session.scalar(select(func.count()).select_from(HistoryEntry)) or 0
    proceedings = db.session.scalar(select(func.count()).select_from(Proceeding)) or 1
    each = (number - there) // proceedings
    if each <= 0:
        return
    names = [column.name for column in HistoryEntry.__table__.columns if column.name != "id"]
    values = {name: f"h.{name}" for name in names} | {"proceeding_id": "p.id", "position": "5000 + n.n"}
    lines = ", ".join(values[name] for name in names)
    db.session.execute(
        text(
            f"WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < {each})"
            f" INSERT INTO history ({', '.join(names)}) SELECT {lines} FROM proceedings p, n,"
            " (SELECT * FROM history ORDER BY id LIMIT 1) h"
        )
        if db.engine.dialect.name == "postgresql"
        else text(
            f"INSERT INTO history ({', '.join(names)})"
            f" WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < {each})"
            f" SELECT {lines} FROM proceedings p, n, (SELECT * FROM history ORDER BY id LIMIT 1) h"
        )
    )
    db.session.commit()
