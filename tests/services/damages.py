"""Cases in several states, what can be broken in them by hand, and what an examination then finds."""

from typing import Any

from sqlalchemy import insert, select, update

from app.domain.examination import Code
from app.extensions import db
from app.services import examination
from app.storage import evidence
from app.storage.models import (
    OutboxRow,
    Proceeding,
    Task,
)
from tests.services.conftest import Office


def codes(office: Office, case: str) -> set[Code]:
    return {finding.code for finding in examination.examine(case, now=office.now)}


def damage(*statements: Any) -> None:
    """Change the database behind the program's back."""
    evidence.lift(db.session.connection())
    for statement in statements:
        db.session.execute(statement)
    db.session.commit()
    db.session.expire_all()


def at_work(office: Office) -> str:
    """A case with two people's steps open and timers running."""
    return office.open_case(waits="yes")


def listening(office: Office) -> str:
    """A case that waits for a message, with nobody's step open."""
    case = at_work(office)
    finish(office, case)
    return case


def closed(office: Office) -> str:
    case = office.open_case()
    finish(office, case)
    return case


def finish(office: Office, case: str) -> None:
    """Do what people have to do until nothing is open, then let the message come."""
    people = {"T_check": "officer1", "T_review": "officer2", "T_handle": "head", "T_urge": "director"}
    people["T_escalate"] = "director"
    for _ in range(8):
        for step in office.open_steps(case):
            answers = {"opinion": "齐全"} if step == "T_check" else {"note": "已办"}
            office.complete(office.task(case, step), people[step], answers)


def of(model: Any, case: str) -> Any:
    return model.proceeding_id == case


def step(case: str, id_: str) -> Any:
    return update(Task).where(of(Task, case), Task.step_id == id_)


def proceeding(case: str) -> Any:
    return update(Proceeding).where(Proceeding.id == case)


def dead_letter(case: str) -> list[Any]:
    number = db.session.scalar(select(Proceeding.number).where(Proceeding.id == case))
    now = db.session.scalar(select(Proceeding.opened_at).where(Proceeding.id == case))
    row = {"id": f"d{case[1:]}", "county_id": "beishan", "proceeding_id": case, "kind": "MESSAGE"}
    sent = {"name": "SmallDecided", "payload": {"case_no": number}, "correlation": f"case_no={number}"}
    kept = {"status": "DEAD", "created_at": now, "due_at": now, "attempts": 8, "last_error": "坏了"}
    return [insert(OutboxRow).values(**row, **sent, **kept)]
