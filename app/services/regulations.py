"""The official text of a regulation: checked against the register, and taken in beside our readings."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import uuid4

from app.domain.actors import Actor
from app.domain.errors import N_, InvalidFileError, NotAllowedError, Sentence
from app.domain.powers import may
from app.extensions import db
from app.law import official
from app.law.collation import Collation, TextFinding, collate, recognise
from app.law.register import Register
from app.law.register import parse as parse_register
from app.storage import journal, regulations
from app.storage.models import OfficialClause, OfficialImport, Regulation
from app.storage.transaction import transaction

LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Checked:
    """An official text held against the register; nothing was stored."""

    regulation_id: str
    register: Register
    collation: Collation


@dataclass(frozen=True, slots=True)
class Imported:
    checked: Checked
    number: int
    unchanged: bool
    """The very file is in use already; nothing was written."""


def may_import(actor: Actor, county_id: str) -> bool:
    """Official wording is the rule administrator's of that county."""
    return actor.county_id == county_id and may(actor, "law.import")


def check_text(content: bytes, *, name: str, regulation_id: str | None = None) -> Checked:
    """Recognise the regulation, split its text and hold it against the register.

    With a regulation the text must be that one's. Raises InvalidFileError with what to do instead.
    """
    name = name.replace("\\", "/").split("/")[-1][:LONGEST_NAME]
    text = official.split(official.read_text(content, name), name=name)
    registers = _registers()
    fitting = recognise(text, registers, name=name)
    if regulation_id is not None and regulation_id not in fitting:
        title = Sentence(registers[fitting[0]].short_title)
        raise InvalidFileError(N_("文件“%(name)s”是%(title)s的文本，请在那部办法下导入。"), name=name, title=title)
    if regulation_id is None and len(fitting) > 1:
        raise InvalidFileError(N_("文件“%(name)s”同时像是几部办法的文本，请只保留一部。"), name=name)
    found = regulation_id or fitting[0]
    return Checked(found, registers[found], collate(text, registers[found]))


def _registers() -> Mapping[str, Register]:
    return {key: parse_register(content) for key, content in regulations.register_files().items()}


def import_text(
    content: bytes, *, name: str, actor: Actor | None, now: datetime, regulation_id: str | None = None
) -> Imported:
    """Take in the official text; it is shown from now on and the earlier import is kept. `actor` None: command line.

    Missing and extra clauses do not hinder: the register may be behind the text, and the page says so.
    Raises InvalidFileError, NotAllowedError: nothing was stored.
    """
    checked = check_text(content, name=name, regulation_id=regulation_id)
    digest = sha256(content).hexdigest()
    with transaction():
        regulation = regulations.get_for_update(checked.regulation_id)
        if actor is not None and not may_import(actor, regulation.county_id):
            raise NotAllowedError(N_("只有本县的规则管理员可以导入办法文本。"))
        before = regulations.current_import(regulation.id)
        if before is not None and before.file_hash == digest:
            return Imported(checked, before.number, unchanged=True)
        row = _keep(regulation, checked.collation, name, digest, actor, now)
        journal.write_administrative(
            f"regulations/{regulation.county_id}",
            actor=actor.username if actor else "system",
            act="import official text",
            object_=regulation.id,
            payload={"sha256": digest, "number": row.number, "clauses": len(checked.collation.wordings)},
            now=now,
        )
        return Imported(checked, row.number, unchanged=False)


def _keep(
    regulation: Regulation, collation: Collation, name: str, digest: str, actor: Actor | None, now: datetime
) -> OfficialImport:
    row = OfficialImport(
        id=uuid4().hex,
        regulation_id=regulation.id,
        number=regulations.next_number(regulation.id),
        file_name=name.replace("\\", "/").split("/")[-1][:LONGEST_NAME],
        file_hash=digest,
        imported_at=now,
        imported_by=actor.username if actor else "",
        imported_name=actor.name if actor else "",
        findings=[_kept(finding) for finding in collation.findings],
    )
    db.session.add(row)
    db.session.flush()
    for clause_id, wording in collation.wordings.items():
        db.session.add(OfficialClause(import_id=row.id, clause_id=clause_id, wording=wording))
    return row


def _kept(finding: TextFinding) -> dict[str, object]:
    return {
        "kind": finding.kind.value,
        "place": finding.place,
        "clause": finding.clause_id,
        "sentence": finding.sentence,
        "values": dict(finding.values),
    }
