"""Orders of files are carried out: taken with a lease, made outside every transaction, marked in one of its own.

A worker that dies meanwhile leaves a lease that passes, and the next one makes the same file again: a PDF lies under
the digest of its paper, a package is written under its version by whoever marks the order, so nothing is there twice.
"""

from datetime import datetime, timedelta

import structlog

from app.documents.archive import package as packages
from app.documents.letters import pdf
from app.domain.errors import N_, ConflictError, DomainError, NotFoundError
from app.domain.proceedings import ProceedingKind
from app.extensions import OUTAGES, db
from app.services import settings
from app.services.archives import building
from app.services.archives.building import Built, Read
from app.services.command import Command
from app.storage import archives, file_orders
from app.storage.models import ArchivePackage, FileOrder, Proceeding
from app.storage.proceedings import get_for_update
from app.storage.transaction import transaction

log = structlog.get_logger()

LEASE = timedelta(minutes=30)
"""Longer than any package takes; a PDF has its own limit of seconds."""
LET_GO = timedelta(days=3)
"""A PDF that was ordered longer ago is made when somebody opens it: after a long standstill, or where cases came in
from elsewhere, new ones do not wait behind hundreds of old ones."""


def make_one(now: datetime, *, read: Read, order_id: str = "") -> bool:
    """Make one file that was ordered. False when none is due. `read` gives the whole file of a closed case."""
    with transaction():
        order = file_orders.claim(now, lease=LEASE, order_id=order_id)
        if order is None:
            return False
        db.session.flush()
        db.session.expunge(order)  # read outside of the transaction from now on
    try:
        if order.kind == file_orders.PDF:
            _draw(order, now=now)
        else:
            _pack(order, read=read, now=now)
    except OUTAGES:
        raise  # the database, not the file: the lease passes
    except Exception as error:  # one file that cannot be made must not stop all others
        refused = isinstance(error, DomainError)
        why = str(error) if refused else f"{type(error).__name__}: {error}"
        about = {"action": order.kind, "proceeding_id": order.proceeding_id}
        log.warning("file not made", why=why, exc_info=not refused, **about)
        with transaction():
            if (row := file_orders.held(order.id, order.due_at)) is not None:
                file_orders.failed(row, why=why, now=now)
    return True


def _draw(order: FileOrder, *, now: datetime) -> None:
    """The PDF beside a paper; where this machine makes none, the page says so and the .docx is there."""
    if pdf.program() is not None and now - order.ordered_at < LET_GO:
        pdf.pdf_of(settings.data_folder(), order.sha256, gently=True)
    with transaction():
        if (row := file_orders.held(order.id, order.due_at)) is not None:
            row.status = file_orders.DONE


def _pack(order: FileOrder, *, read: Read, now: datetime) -> None:
    folder = settings.data_folder()
    version = archives.next_version(order.proceeding_id)
    with packages.being_made(folder, abandoned_before=now - 2 * LEASE) as path:
        built = building.build(order, path, folder=folder, version=version, read=read)
        sha256, sm3 = packages.digests_of(path)
        size = path.stat().st_size
        packages.keep(folder, path, sha256)
    with transaction():
        if (row := file_orders.held(order.id, order.due_at)) is None:
            return
        file = get_for_update(order.proceeding_id)
        if archives.next_version(order.proceeding_id) != version:
            raise ConflictError(N_("同时制作了另一版归档包，请稍后再试。"))
        row.status = file_orders.DONE
        db.session.add(_package(order, built, version=version, sha256=sha256, sm3=sm3, size=size, now=now))
        payload = {"version": version, "sha256": sha256, "sm3": sm3, "chain": built.chain, "reason": order.reason}
        Command(file, actor=None, now=now).write_evidence(act="archive", object_=order.id, payload=payload)


def _package(
    order: FileOrder, built: Built, *, version: int, sha256: str, sm3: str, size: int, now: datetime
) -> ArchivePackage:
    return ArchivePackage(
        id=order.id,
        county_id=order.county_id,
        proceeding_id=order.proceeding_id,
        version=version,
        reason=order.reason,
        sha256=sha256,
        sm3=sm3,
        size=size,
        items=built.items,
        pages=built.pages,
        chain=built.chain,
        sides=list(built.sides),
        made_at=now,
    )


def order_again(key: str, *, reason: str, now: datetime) -> str:
    """Ask for a new version of the package of a closed case, by id or number. Returns the order's id.

    Raises NotFoundError, ConflictError (it still runs, or no reason is given).
    """
    if not reason.strip():
        raise ConflictError(N_("请写明重新制作归档包的事由。"))
    with transaction():
        proceeding = archives.find_case(key)
        if proceeding is None:
            raise NotFoundError
        ensure_closed(proceeding)
        return file_orders.order(proceeding, file_orders.ARCHIVE, now=now, reason=reason.strip()[:500]).id


def ensure_closed(proceeding: Proceeding) -> None:
    """Raises ConflictError."""
    if proceeding.kind is not ProceedingKind.CASE or proceeding.closed_at is None:
        raise ConflictError(N_("本件尚未办结，办结后才能制作归档包。"))
