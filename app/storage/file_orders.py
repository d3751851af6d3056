"""Orders of files that are made after an act: written with the act, leased by one worker at a time, done once.

That of the PDF of an issued paper is written by a trigger: nothing that issues one can forget it, and a step that
issues papers needs no statement more.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import Connection, func, select, update

from app.extensions import db
from app.storage.models import FileOrder, Proceeding
from app.storage.proceedings import File

PDF, ARCHIVE = "PDF", "ARCHIVE"
PENDING, DONE, DEAD = "PENDING", "DONE", "DEAD"
MAX_ATTEMPTS = 5
MAKER_DIED = "MakerDied: the process that made it ended at every try"
FIRST_PAUSE = timedelta(seconds=30)
AFTER_ITS_PAPERS = timedelta(minutes=1)
"""A package is made after the PDFs that were ordered before it, so that it holds them."""
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_DRAWABLE = f"EXISTS (SELECT 1 FROM attachments a WHERE a.id = NEW.attachment_id AND a.media_type = '{DOCX}')"
_ORDER = (
    "INSERT INTO file_orders"
    " (id, county_id, proceeding_id, kind, sha256, reason, status, ordered_at, due_at, attempts)"
    f" VALUES ({{id}}, NEW.county_id, NEW.proceeding_id, '{PDF}', NEW.sha256, '', '{PENDING}',"
    " NEW.signed_at, NEW.signed_at, 0)"
)


def install(connection: Connection) -> None:
    """Make the trigger anew. Runs after every migration."""
    for statement in (_on_postgresql if connection.dialect.name == "postgresql" else _on_sqlite)():
        connection.exec_driver_sql(statement)


def _on_sqlite() -> Iterator[str]:
    yield "DROP TRIGGER IF EXISTS order_pdf"
    order = _ORDER.format(id="lower(hex(randomblob(16)))")
    yield f"CREATE TRIGGER order_pdf AFTER INSERT ON issued_papers WHEN {_DRAWABLE} BEGIN {order}; END"


def _on_postgresql() -> Iterator[str]:
    order = _ORDER.format(id="replace(gen_random_uuid()::text, '-', '')")
    yield (
        "CREATE OR REPLACE FUNCTION order_pdf() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN IF {_DRAWABLE} THEN {order}; END IF; RETURN NULL; END $$"
    )
    yield "DROP TRIGGER IF EXISTS order_pdf ON issued_papers"
    yield "CREATE TRIGGER order_pdf AFTER INSERT ON issued_papers FOR EACH ROW EXECUTE FUNCTION order_pdf()"


def order(
    proceeding: Proceeding, kind: str, *, now: datetime, sha256: str = "", reason: str = "", due: datetime | None = None
) -> FileOrder:
    """Ask for a file, in the open transaction. Made not before `due`, which else is now."""
    row = FileOrder(
        id=uuid4().hex,
        county_id=proceeding.county_id,
        proceeding_id=proceeding.id,
        kind=kind,
        sha256=sha256,
        reason=reason,
        status=PENDING,
        ordered_at=now,
        due_at=due or now,
    )
    db.session.add(row)
    return row


def order_package(file: File, *, now: datetime) -> None:
    """A case that closes gets its package, and a new one when a procedure about it closes after it."""
    about = file.about.file.proceeding if file.about else None
    case = file.proceeding if file.case is not None else about
    if case is not None and case.closed_at is not None:
        reason = "" if case is file.proceeding else f"{file.proceeding.number}办结"
        order(case, ARCHIVE, now=now, reason=reason, due=now + AFTER_ITS_PAPERS)


def claim(now: datetime, *, lease: timedelta, order_id: str = "") -> FileOrder | None:
    """The oldest one that is due and that nobody makes, or one by its id; taken for as long as the lease.

    Taking it counts as a try, so that one which ends its maker every time is given up some day.
    """
    _give_up(now)
    query = select(FileOrder).where(FileOrder.status == PENDING, FileOrder.due_at <= now)
    if order_id:
        query = query.where(FileOrder.id == order_id)
    query = query.order_by(FileOrder.due_at, FileOrder.id).limit(1).with_for_update(skip_locked=True)
    row = db.session.scalars(query).one_or_none()
    if row is not None:
        row.due_at, row.attempts = now + lease, row.attempts + 1
    return row


def _give_up(now: datetime) -> None:
    """What ended its maker at every try, without a word."""
    over = (FileOrder.status == PENDING, FileOrder.due_at <= now, FileOrder.attempts >= MAX_ATTEMPTS)
    db.session.execute(update(FileOrder).where(*over).values(status=DEAD, last_error=MAKER_DIED))


def queue() -> dict[str, int]:
    """How many orders wait, and how many were given up."""
    query = select(FileOrder.status, func.count()).where(FileOrder.status.in_((PENDING, DEAD)))
    return {PENDING: 0, DEAD: 0} | dict(db.session.execute(query.group_by(FileOrder.status)).all())


def held(order_id: str, leased_until: datetime) -> FileOrder | None:
    """The order, locked, as long as our own lease is the last one."""
    row = db.session.get(FileOrder, order_id, with_for_update=True, populate_existing=True)
    return row if row and row.status == PENDING and row.due_at == leased_until else None


def failed(row: FileOrder, *, why: str, now: datetime) -> None:
    """Try again after a pause that doubles; what was tried enough is given up."""
    row.last_error = why[:500]
    if row.attempts >= MAX_ATTEMPTS:
        row.status = DEAD
    else:
        row.due_at = now + FIRST_PAUSE * 2 ** (row.attempts - 1)


def newest(proceeding_id: str, kind: str) -> FileOrder | None:
    """The order of a kind that came last."""
    query = select(FileOrder).where(FileOrder.proceeding_id == proceeding_id, FileOrder.kind == kind)
    return db.session.scalars(query.order_by(FileOrder.ordered_at.desc(), FileOrder.id).limit(1)).one_or_none()
