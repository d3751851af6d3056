"""The register of numbers: gaps are allowed, doubles never."""

from collections.abc import Iterator, Mapping

from sqlalchemy import select, update

from app.extensions import db
from app.storage.models import Counter, IssuedPaper, Proceeding
from app.storage.upsert import insert_into


def next_serial(county_id: str, kind: str, year: int) -> int:
    """The next serial, from 1. The row stays locked until the commit."""
    statement = insert_into(Counter).values(county_id=county_id, kind=kind, year=year, value=1)
    statement = statement.on_conflict_do_update(
        index_elements=["county_id", "kind", "year"], set_={"value": Counter.value + 1}
    ).returning(Counter.value)
    return int(db.session.scalar(statement) or 0)


Key = tuple[str, str, int]
"""County, kind and year of a counter."""


def counters() -> dict[Key, int]:
    """The last serial given, as the register remembers it."""
    return {(row.county_id, row.kind, row.year): row.value for row in db.session.scalars(select(Counter))}


def releases_in_use() -> dict[str, set[str]]:
    """County id -> releases by which its proceedings run or ran: their registers say how numbers are written."""
    found: dict[str, set[str]] = {}
    for county_id, release_id in db.session.execute(select(Proceeding.county_id, Proceeding.release_id).distinct()):
        found.setdefault(county_id, set()).add(release_id)
    return found


def given(county_id: str) -> Iterator[str]:
    """Every number of a county that a proceeding or a paper bears."""
    in_parts = {"yield_per": 1_000}
    of_proceedings = select(Proceeding.number).where(Proceeding.county_id == county_id)
    yield from db.session.scalars(of_proceedings.execution_options(**in_parts))
    of_papers = select(IssuedPaper.number).where(IssuedPaper.county_id == county_id, IssuedPaper.number.is_not(None))
    for number in db.session.scalars(of_papers.execution_options(**in_parts)):
        yield str(number)


def raise_to(serials: Mapping[Key, int]) -> None:
    """Let the next serial be behind these. A counter that is there already never goes back."""
    for (county_id, kind, year), value in serials.items():
        first = insert_into(Counter).values(county_id=county_id, kind=kind, year=year, value=value)
        db.session.execute(first.on_conflict_do_nothing())
        is_it = (Counter.county_id == county_id, Counter.kind == kind, Counter.year == year, Counter.value < value)
        db.session.execute(update(Counter).where(*is_it).values(value=value))
