"""The register of numbers: gaps are allowed, doubles never."""

from app.extensions import db
from app.storage.models import Counter
from app.storage.upsert import insert_into


def next_serial(county_id: str, kind: str, year: int) -> int:
    """The next serial, from 1. The row stays locked until the commit."""
    statement = insert_into(Counter).values(county_id=county_id, kind=kind, year=year, value=1)
    statement = statement.on_conflict_do_update(
        index_elements=["county_id", "kind", "year"], set_={"value": Counter.value + 1}
    ).returning(Counter.value)
    return int(db.session.scalar(statement) or 0)
