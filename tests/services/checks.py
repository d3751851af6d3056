"""What several tests of the commands look at: whole tables, acts at once, counts."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from typing import Any

from sqlalchemy import func, select

from app.domain.errors import DomainError
from app.extensions import db
from tests.services.conftest import Office


def digest_of_everything() -> dict[str, str]:
    """Every table's content as one digest each."""
    db.session.rollback()
    found = {}
    for table in db.metadata.sorted_tables:
        rows = sorted(repr(tuple(row)) for row in db.session.execute(select(table)))
        found[table.name] = sha256("\n".join(rows).encode()).hexdigest()
    db.session.rollback()
    return found


def at_once(office: Office, *acts: Callable[[], Any]) -> list[Any]:
    """Results (or DomainErrors) of acts that start at the same moment, each in a thread and session of its own."""

    def one(act: Callable[[], Any]) -> Any:
        with office.app.app_context():
            try:
                return act()
            except DomainError as error:
                return error

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(one, acts))


def count(model: type[Any], *criteria: Any) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model).where(*criteria)) or 0
