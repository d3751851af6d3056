"""A package is handed to who may read the whole file; the journal tells who took it."""

import os
import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from app.documents.archive.package import path_of
from app.domain.actors import Actor
from app.domain.errors import N_, ConflictError, NotFoundError
from app.extensions import db
from app.seals import sealed
from app.services import settings
from app.storage import archives, journal
from app.storage.models import ArchivePackage, FileOrder, Proceeding
from app.storage.transaction import transaction


@dataclass(frozen=True, slots=True)
class Taken:
    path: Path
    number: str
    """Of the case."""
    version: int


def take(package_id: str, *, actor: Actor, now: datetime) -> Taken:
    """The file of a package; noted in the journal. Raises NotFoundError, ConflictError where the file is lost."""
    package = db.session.get(ArchivePackage, package_id)
    if package is None or package.county_id != actor.county_id:
        raise NotFoundError
    if not archives.may_open(package.proceeding_id, package.sides, actor):
        raise NotFoundError
    path = path_of(settings.data_folder(), package.sha256)
    if not path.is_file():
        raise ConflictError(N_("归档包文件不在本机，请联系系统管理员重新制作。"))
    taken = Taken(path, db.session.get_one(Proceeding, package.proceeding_id).number, package.version)
    payload = {"case": package.proceeding_id, "version": package.version, "sha256": package.sha256}
    with transaction():
        journal.write_administrative(
            f"archives/{package.county_id}",
            actor=actor.username,
            act="open archive",
            object_=package_id,
            payload=payload,
            now=now,
        )
    return taken


@dataclass(frozen=True, slots=True)
class Made:
    """A package on this machine, with what proves it."""

    path: Path
    version: int
    sha256: str
    sm3: str
    chain: str


def made_for(order_id: str) -> Made:
    """What became of an order. Raises ConflictError with the reason where it could not be carried out."""
    package = db.session.get(ArchivePackage, order_id)
    if package is None:
        order = db.session.get(FileOrder, order_id)
        raise ConflictError(N_("归档包没有制成：%(why)s"), why=order.last_error if order and order.last_error else "—")
    path = path_of(settings.data_folder(), package.sha256)
    return Made(path, package.version, package.sha256, package.sm3, package.chain)


def ensure_free(target: Path) -> None:
    """Raises ConflictError where something is there."""
    if target.exists():
        raise ConflictError(N_("文件 %(name)s 已经存在，请换一个名称。"), name=target.name)


def copy_to(made: Made, target: Path) -> None:
    """An open copy of the file, block by block. Raises ConflictError where something is there."""
    ensure_free(target)
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with sealed.opened(made.path) as file, os.fdopen(descriptor, "wb") as copy:
        shutil.copyfileobj(file, copy, sealed.PIECE)
