"""Rows of issued papers."""

from collections.abc import Sequence
from uuid import uuid4

from sqlalchemy import insert, select

from app.domain.actors import Actor
from app.extensions import Base, db
from app.storage.models import Attachment, IssuedPaper
from app.storage.prepared import Prepared


def of_proceeding(proceeding_id: str) -> list[IssuedPaper]:
    """Every paper of a proceeding, the newest first."""
    query = select(IssuedPaper).where(IssuedPaper.proceeding_id == proceeding_id)
    return list(db.session.scalars(query.order_by(IssuedPaper.signed_at.desc(), IssuedPaper.version.desc())))


def of_attachment(attachment_id: str) -> IssuedPaper | None:
    """The issued paper whose file it is."""
    query = select(IssuedPaper).where(IssuedPaper.attachment_id == attachment_id)
    return db.session.scalars(query).one_or_none()


def keep(papers: Sequence[tuple[IssuedPaper, Attachment]]) -> None:
    """Write new papers and their files at once, each kind in one statement. They are never changed afterwards."""
    _FILES.run([{name: getattr(file, name) for name in _OF_FILE} for _, file in papers])
    _PAPERS.run([{name: getattr(paper, name) for name in _OF_PAPER} for paper, _ in papers])


_OF_FILE, _OF_PAPER = (tuple(table.__table__.columns.keys()) for table in (Attachment, IssuedPaper))
_FILES = Prepared(lambda _dialect: insert(Base.metadata.tables[Attachment.__tablename__]), _OF_FILE)
_PAPERS = Prepared(lambda _dialect: insert(Base.metadata.tables[IssuedPaper.__tablename__]), _OF_PAPER)


def next_version(before: IssuedPaper, file: Attachment, sm3: str, *, actor: Actor) -> IssuedPaper:
    """The row of a corrected file that takes the place of an issued paper, under the same number; `before` stays."""
    return IssuedPaper(
        id=uuid4().hex,
        county_id=before.county_id,
        proceeding_id=before.proceeding_id,
        submission_id=before.submission_id,
        attachment_id=file.id,
        kind=before.kind,
        name=before.name,
        scope=before.scope,
        number=before.number,
        version=before.version + 1,
        template_hash="",
        sha256=file.sha256,
        sm3=sm3,
        signed_by=actor.person_id,
        signed_name=actor.name,
        signed_organ=actor.organ_name,
        signed_at=file.uploaded_at,
        serves_id=before.serves_id,
        served_on=before.served_on if before.serves_id else None,
    )
