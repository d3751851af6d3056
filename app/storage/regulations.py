"""Rows of regulations: their registers, and the official wording that was imported."""

from sqlalchemy import func, select

from app.domain.errors import NotFoundError
from app.extensions import db
from app.storage.models import DefinitionFile, OfficialClause, OfficialImport, Regulation


def register_files() -> dict[str, bytes]:
    """The current register file of every regulation, by the regulation's id."""
    query = (
        select(Regulation.id, DefinitionFile.content)
        .join(DefinitionFile, DefinitionFile.hash == Regulation.register_hash)
        .order_by(Regulation.county_id, Regulation.in_force_from.desc())
    )
    return dict(db.session.execute(query).all())


def get_for_update(regulation_id: str) -> Regulation:
    """The regulation, locked. Raises NotFoundError."""
    row = db.session.scalars(select(Regulation).where(Regulation.id == regulation_id).with_for_update()).one_or_none()
    if row is None:
        raise NotFoundError
    return row


def current_import(regulation_id: str) -> OfficialImport | None:
    """The import whose wording is shown."""
    query = (
        select(OfficialImport)
        .where(OfficialImport.regulation_id == regulation_id)
        .order_by(OfficialImport.number.desc())
        .limit(1)
    )
    return db.session.scalars(query).one_or_none()


def imports_of(regulation_id: str) -> list[OfficialImport]:
    """All imports of a regulation, newest first."""
    query = select(OfficialImport).where(OfficialImport.regulation_id == regulation_id)
    return list(db.session.scalars(query.order_by(OfficialImport.number.desc())))


def imported_regulations() -> set[str]:
    """Ids of the regulations that have official wording."""
    return set(db.session.scalars(select(OfficialImport.regulation_id).distinct()))


def wordings_of(import_id: str) -> dict[str, str]:
    query = select(OfficialClause.clause_id, OfficialClause.wording).where(OfficialClause.import_id == import_id)
    return dict(db.session.execute(query).all())


def next_number(regulation_id: str) -> int:
    """The number of the next import; the regulation is locked."""
    query = select(func.max(OfficialImport.number)).where(OfficialImport.regulation_id == regulation_id)
    return (db.session.scalar(query) or 0) + 1
