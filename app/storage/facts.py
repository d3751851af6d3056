"""Facts of a proceeding: what forms said, as columns where the glossary has one, as typed rows otherwise."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, select

from app.extensions import db
from app.storage.models import Case, CaseFact, Meeting
from app.storage.proceedings import File
from app.storage.upsert import upsert

_NOT_FACTS = {"proceeding_id", "regulation_id", "lead_organ_id", "on_agenda"}
CASE_COLUMNS = {column.name for column in Case.__table__.columns} - _NOT_FACTS
MEETING_COLUMNS = {column.name for column in Meeting.__table__.columns} - _NOT_FACTS
_DATE_COLUMNS = {column.name for column in Case.__table__.columns if isinstance(column.type, Date)}


def scope_of(element: Mapping[str, Any]) -> str:
    """The scope of a multi-instance step: the ids of its elements, outermost first; empty outside of one."""
    return "/".join(_key(value) for value in element.values())


def _key(value: Any) -> str:
    if isinstance(value, Mapping):
        return str(value.get("id", value.get("item_no", "")))
    return str(value)


def read(proceeding_id: str) -> dict[str, dict[str, Any]]:
    """Every fact by scope and name."""
    rows = db.session.execute(
        select(CaseFact.scope, CaseFact.name, CaseFact.value).where(CaseFact.proceeding_id == proceeding_id)
    )
    facts: dict[str, dict[str, Any]] = {"": {}}
    for scope, name, value in rows:
        facts.setdefault(scope, {})[name] = value
    return facts


def read_many(proceeding_ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Facts without scope of several proceedings, in one statement."""
    found: dict[str, dict[str, Any]] = {proceeding_id: {} for proceeding_id in proceeding_ids}
    query = select(CaseFact.proceeding_id, CaseFact.name, CaseFact.value).where(
        CaseFact.proceeding_id.in_(found), CaseFact.scope == ""
    )
    for proceeding_id, name, value in db.session.execute(query):
        found[proceeding_id][name] = value
    return found


KEYS = ("proceeding_id", "scope", "name")


def rows_of(
    file: File,
    answers: Mapping[str, Any],
    *,
    types: Mapping[str, str],
    scope: str,
    submission_id: str,
) -> list[dict[str, Any]]:
    """The answers of a form as rows of facts, to be kept; core facts are set on the row of their kind at once.

    `types` are the FEEL types of the fields; others are not facts.
    """
    rows = []
    for name, value in answers.items():
        if name not in types:
            continue
        if not scope and _write_column(file, name, value):
            continue
        rows.append(_row(file, scope, name, types[name], value, submission_id))
        if not scope and name == "implementing_entities":  # one row an organ, for look-ups by organ
            rows += [_row(file, organ, "implementing_entity", "string", organ, submission_id) for organ in value or ()]
    return rows


def keep(rows: Sequence[dict[str, Any]]) -> None:
    """Write rows of facts of one or more proceedings in one statement; a fact that was stated before is overwritten."""
    upsert(CaseFact, rows, keys=KEYS)


def _row(file: File, scope: str, name: str, type_: str, value: Any, submission_id: str) -> dict[str, Any]:
    return {
        "proceeding_id": file.proceeding.id,
        "scope": scope,
        "name": name,
        "type": type_,
        "value": value,
        "submission_id": submission_id,
    }


def _write_column(file: File, name: str, value: Any) -> bool:
    """Set a core fact on its row. A date that arrives as text is read as ISO 8601."""
    if file.case is not None and name in CASE_COLUMNS:
        is_text_date = name in _DATE_COLUMNS and isinstance(value, str)
        setattr(file.case, name, date.fromisoformat(value[:10]) if is_text_date else value)
        return True
    if file.meeting is not None and name in MEETING_COLUMNS:
        is_text = name == "meeting_date" and isinstance(value, str)
        setattr(file.meeting, name, datetime.fromisoformat(value) if is_text else value)
        return True
    return False


def propose(file: File, outputs: Mapping[str, Any]) -> None:
    """Keep what a decision table proposes for a core fact of the case, for the person who is asked to confirm it."""
    for name in outputs.keys() & CASE_COLUMNS:
        _write_column(file, name, outputs[name])


def columns_of(file: File) -> dict[str, Any]:
    """Core facts of the file's row, dates as ISO text as FEEL has them."""
    if file.case is None and file.meeting is None:
        return {}  # a further procedure keeps all its facts as rows
    row, names = (file.case, CASE_COLUMNS) if file.case is not None else (file.meeting, MEETING_COLUMNS)
    values = {name: getattr(row, name) for name in names}
    return {name: value.isoformat() if isinstance(value, date | datetime) else value for name, value in values.items()}
