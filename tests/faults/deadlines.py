"""`python -m tests.faults.deadlines URL DATA MOMENT`: open a case then, and print what falls due when, as JSON."""

import json
import sys
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from app.extensions import db
from app.storage.models import Task, TimerRow
from tests.conftest import application_on
from tests.services.conftest import Office


def main() -> None:
    url, data, moment = sys.argv[1:]
    for app in application_on(url, Path(data)):
        with app.app_context():
            office = Office(app)
            office.now = datetime.fromisoformat(moment)
            case = office.open_case()
            dues = [
                *db.session.scalars(select(Task.due_at).where(Task.proceeding_id == case, Task.due_at.is_not(None)))
            ]
            days = [due.isoformat() for due in sorted(due for due in dues if due)]
            timers = sorted(db.session.scalars(select(TimerRow.due_at).where(TimerRow.proceeding_id == case)))
            waits = [str(at - office.now) for at in timers]
    sys.stdout.write(json.dumps([days, waits]))


if __name__ == "__main__":
    main()
