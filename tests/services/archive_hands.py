"""Hands for the tests of packages: a closed case, its package on the disk, the script that verifies it."""

import hashlib
import json
import subprocess
import sys
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select, update

from app.documents.archive import verify
from app.documents.archive.package import path_of
from app.extensions import db
from app.queries.archive_contents import contents_of
from app.seals import sealed
from app.services import attachments, settings
from app.services.archives import making
from app.storage.models import ArchivePackage, Attachment, Submission
from app.storage.transaction import transaction
from tests.services.conftest import Office

PAPER = b"%PDF-1.7\n1 0 obj\n<< /Type /Page >>\nendobj\ntrailer\n<<>>\n%%EOF\n"
LATER = datetime(2030, 1, 1, tzinfo=UTC)
SCRIPT = Path(verify.__file__)


def closed_case(office: Office, *, paper: str = "判决书.pdf", content: bytes = PAPER) -> str:
    """A case that went to its end, with a paper that somebody handed in under a name of his own choice."""
    case = office.open_case(matter="违法拆除<房屋>", waits="no")
    kept = attachments.upload(content, name="判决书.pdf", actor=office.actor("officer1"), now=office.now)
    office.complete(office.task(case, "T_check"), "officer1", {"opinion": "齐全。\n同意受理。", "pages": 3})
    hand_in(kept.id, case, "T_check", paper)
    office.complete(office.task(case, "T_review"), "officer2", {"note": "同意"})
    office.complete(office.task(case, "T_handle"), "head", {})
    return case


def hand_in(attachment: str, case: str, step: str, name: str) -> None:
    """Past the door that cleans file names: whatever stands in a row must not matter."""
    from app.storage.models import Task  # noqa: PLC0415

    query = select(Submission.id).join(Task, Task.id == Submission.task_id)
    with transaction():
        submission = db.session.scalars(query.where(Task.proceeding_id == case, Task.step_id == step)).one()
        values = {"proceeding_id": case, "submission_id": submission, "file_name": name}
        db.session.execute(update(Attachment).where(Attachment.id == attachment).values(values))


def make_all(now: datetime = LATER) -> int:
    made = 0
    while making.make_one(now, read=contents_of):
        made += 1
    return made


def packages(case: str) -> list[ArchivePackage]:
    db.session.rollback()
    query = select(ArchivePackage).where(ArchivePackage.proceeding_id == case)
    return list(db.session.scalars(query.order_by(ArchivePackage.version)))


def unpacked(package: ArchivePackage, folder: Path) -> Path:
    path = path_of(settings.data_folder(), package.sha256)
    with sealed.opened(path) as file, zipfile.ZipFile(file) as archive:
        archive.extractall(folder)
    return folder


def verified(folder: Path, *options: str, script: Path = SCRIPT) -> tuple[int, str]:
    """What the script says of a folder, run as an outsider runs it."""
    done = subprocess.run(
        [sys.executable, "-I", str(script), str(folder), *options], capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    return done.returncode, done.stdout


def list_anew(folder: Path) -> None:
    """What a forger does last: both lists of checksums fit again."""
    names = [name for name in verify.files_in(str(folder)) if name not in verify.LISTS]
    for name in verify.LISTS:
        algorithm = name.rpartition(".")[2]
        lines = (f"{hashlib.new(algorithm, (folder / file).read_bytes()).hexdigest()}  {file}\n" for file in names)
        (folder / name).write_text("".join(lines), "utf-8")


def lines_in(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(text) for text in (folder / "journal/01.jsonl").read_text("utf-8").splitlines()]


def write_lines(folder: Path, lines: list[dict[str, Any]]) -> None:
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    (folder / "journal/01.jsonl").write_text(text, "utf-8")


def chain_anew(folder: Path, lines: list[dict[str, Any]]) -> None:
    """What a forger without the key can do: number, link and close the open chain again."""
    link, previous = "", ""
    for position, line in enumerate(lines, 1):
        line |= {"position": position, "previous": previous}
        link = line["link"] = verify.link_of(link, line)
        previous = line["digest"]
    write_lines(folder, lines)
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    manifest["proceedings"][0] |= {"until": len(lines), "head": previous, "chain": link}
    (folder / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False), "utf-8")
    list_anew(folder)
