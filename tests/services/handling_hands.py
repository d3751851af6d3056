"""Steps of a case as its people hold them: taken, asked about, done for somebody else."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from app.domain.actors import Actor
from app.domain.handling import SideKind
from tests.services.conftest import Office

TODAY = date(2026, 3, 2)


def tasks_of(proceeding_id: str, step: str) -> list:
    from app.extensions import db  # noqa: PLC0415
    from app.storage.models import Task  # noqa: PLC0415

    db.session.rollback()
    query = select(Task).where(Task.proceeding_id == proceeding_id, Task.step_id == step).order_by(Task.opened_at)
    return list(db.session.scalars(query))


def last_line(proceeding_id: str):
    from app.extensions import db  # noqa: PLC0415
    from app.storage.models import HistoryEntry  # noqa: PLC0415

    query = select(HistoryEntry).where(HistoryEntry.proceeding_id == proceeding_id)
    return db.session.scalars(query.order_by(HistoryEntry.position.desc()).limit(1)).one()


def taken(office: Office, task_id: str, who: str) -> None:
    from app.services import tasks  # noqa: PLC0415

    tasks.claim(task_id, actor=office.actor(who), now=office.now)


def held_check(office: Office) -> tuple[str, str]:
    """A case whose check officer1 holds."""
    case = office.open_case()
    check = office.task(case, "T_check")
    taken(office, check, "officer1")
    return case, check


def person(office: Office, name: str) -> str:
    return office.actor(name).person_id


def ask(office: Office, task_id: str, kind: SideKind, who: str, by: str = "officer1") -> str:
    from app.services.handling import asking  # noqa: PLC0415

    given: dict[str, Any] = {"person_id": person(office, who), "question": "是否属于问责范围？"}
    return asking.ask(task_id, kind=kind, actor=office.actor(by), now=office.now, **given)


def deputy(office: Office, name: str) -> Actor:
    """The person with the roles of whom he stands in for today."""
    from app.storage.accounts import actor_of  # noqa: PLC0415

    found = actor_of(f"beishan.{name}", now=office.now)
    assert found is not None
    return found


def appoint(office: Office, principal: str = "head", stands_in: str = "remedy", by: str = "", **more: Any) -> str:
    from app.services.handling import deputies  # noqa: PLC0415

    wanted: dict[str, Any] = {"since": TODAY, "until": TODAY + timedelta(days=4), "roles": (), "reason": "外出学习"}
    return deputies.appoint(
        principal_id=office.actor(principal).person_id,
        deputy_id=office.actor(stands_in).person_id,
        **{**wanted, **more},
        actor=office.actor(by or principal),
        now=office.now,
    )
