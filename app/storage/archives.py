"""Rows of the packages of closed cases, and what of the journal goes into one."""

from collections.abc import Iterator, Sequence

from sqlalchemy import exists, func, or_, select

from app.domain.access import may_open_archive
from app.domain.actors import Actor
from app.domain.proceedings import ProceedingKind
from app.domain.roles import ROLES
from app.extensions import db
from app.storage.models import (
    ArchivePackage,
    CaseSubject,
    Erasure,
    JournalLine,
    JournalPurge,
    Proceeding,
    Submission,
    Task,
)
from app.storage.visibility import may_see, own_subjects

AT_ONCE = 500


def claimed(digests: Sequence[str]) -> set[str]:
    """Those contents of the archive folder that some package has."""
    return set(db.session.scalars(select(ArchivePackage.sha256).where(ArchivePackage.sha256.in_(digests))))


def packages_of(proceeding_id: str) -> list[ArchivePackage]:
    """Every version, the newest first."""
    query = select(ArchivePackage).where(ArchivePackage.proceeding_id == proceeding_id)
    return list(db.session.scalars(query.order_by(ArchivePackage.version.desc())))


def find_case(key: str) -> Proceeding | None:
    """A case by its id or number."""
    query = select(Proceeding).where(or_(Proceeding.id == key, Proceeding.number == key))
    return db.session.scalars(query.where(Proceeding.kind == ProceedingKind.CASE)).one_or_none()


def next_version(proceeding_id: str) -> int:
    """Asked under the lock of the proceeding."""
    query = select(func.max(ArchivePackage.version)).where(ArchivePackage.proceeding_id == proceeding_id)
    return (db.session.scalar(query) or 0) + 1


def sides_of(proceeding_ids: Sequence[str]) -> list[str]:
    """Whose submissions a file holds; an empty one for a role that there is no more."""
    roles = select(Task.candidate_role).join(Submission, Submission.task_id == Task.id).distinct()
    found = db.session.scalars(roles.where(Submission.proceeding_id.in_(proceeding_ids)))
    return sorted({ROLES[role].side.value if role in ROLES else "" for role in found})


def may_open(proceeding_id: str, sides: Sequence[str], actor: Actor) -> bool:
    """Whether the actor sees the case and may read all of its file, and does not answer in it himself."""
    if not may_open_archive(actor, frozenset(sides)) or not may_see(actor, proceeding_id):
        return False
    own = select(CaseSubject.id).where(CaseSubject.proceeding_id == proceeding_id, own_subjects(actor))
    return not db.session.scalar(select(exists(own)))


def lines_of(scope: str, *, until: int) -> Iterator[JournalLine]:
    """The lines of one chain in their order, a part at a time; those that went after their time are not there."""
    query = select(JournalLine).where(JournalLine.scope == scope, JournalLine.position <= until)
    rows = db.session.execute(query.order_by(JournalLine.position).execution_options(yield_per=AT_ONCE)).scalars()
    for row in rows:
        yield row
        db.session.expunge(row)


def purged_until(scope: str) -> tuple[int, str]:
    """Position and digest of the last line that went after its time; 0 and empty where all are there."""
    query = select(JournalPurge).where(JournalPurge.scope == scope).order_by(JournalPurge.until_position.desc())
    row = db.session.scalars(query.limit(1)).one_or_none()
    return (row.until_position, row.last_digest) if row else (0, "")


def erasures_of(proceeding_id: str) -> list[Erasure]:
    """What was erased lawfully of a proceeding."""
    query = select(Erasure).where(Erasure.proceeding_id == proceeding_id).order_by(Erasure.erased_at, Erasure.id)
    return list(db.session.scalars(query))
