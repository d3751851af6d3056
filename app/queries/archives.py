"""The packages of a closed case as its pages list them, for who may read the whole file."""

from dataclasses import dataclass
from datetime import datetime

from app.domain.actors import Actor
from app.domain.proceedings import ProceedingKind
from app.queries.heads import Head
from app.storage import archives, file_orders


@dataclass(frozen=True, slots=True)
class PackageRow:
    id: str
    version: int
    made_at: datetime
    reason: str
    size: int
    """Bytes."""
    items: int
    pages: int
    sha256: str
    sm3: str
    chain: str


@dataclass(frozen=True, slots=True)
class Packages:
    rows: tuple[PackageRow, ...]
    """The newest first."""
    being_made: bool
    failed: bool
    """The one that was ordered last could not be made."""


def packages_of(actor: Actor, head: Head) -> Packages | None:
    """None where the case still runs, or the actor may not read all of it: he is not told that there is one."""
    if head.kind is not ProceedingKind.CASE or head.closed_at is None:
        return None
    found = archives.packages_of(head.id)
    if not archives.may_open(head.id, found[0].sides if found else archives.sides_of([head.id]), actor):
        return None
    order = file_orders.newest(head.id, file_orders.ARCHIVE)
    status = order.status if order else ""
    return Packages(
        rows=tuple(
            PackageRow(
                id=row.id,
                version=row.version,
                made_at=row.made_at,
                reason=row.reason,
                size=row.size,
                items=row.items,
                pages=row.pages,
                sha256=row.sha256,
                sm3=row.sm3,
                chain=row.chain,
            )
            for row in found
            if archives.may_open(head.id, row.sides, actor)
        ),
        being_made=status == file_orders.PENDING,
        failed=status == file_orders.DEAD,
    )
