"""Where identity numbers come in and where one is shown: nothing in between ever holds one (docs/decisions/0026)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from app.domain.access import may_reveal_identity_number
from app.domain.actors import Actor
from app.domain.confirmation import Occasion, ensure_recently_confirmed
from app.domain.errors import N_, InvalidAnswersError, NotAllowedError, NotFoundError, Sentence
from app.domain.identity_numbers import IdentityNumber, id_in, ids_in, is_valid, normalised
from app.extensions import db
from app.forms.parse import Form
from app.forms.schema import IDENTITY_NUMBER
from app.services import rates
from app.storage import identity_numbers as rows
from app.storage import journal, security_rules
from app.storage.facts import scope_of
from app.storage.models import Proceeding, SealedIdentityNumber, Task
from app.storage.transaction import transaction
from app.storage.visibility import may_see

LONGEST_REASON = 300
REVEALING = rates.Rate("identity number", 30, 3600)
"""Numbers that one person may have shown to him in an hour."""
REVEALED = "reveal identity number"
Change = Callable[[Any, str, str], Any]
"""Value of a field, its path, whose number it is -> what takes its place."""


def exchanged(form: Form, data: Mapping[str, Any], change: Change, *, about: str = "") -> dict[str, Any]:
    """Answers with every identity number replaced; of a table's row the person in it is the one it is about."""
    found = dict(data)
    for component in form.fields:
        name = component.key or ""
        if component.type == IDENTITY_NUMBER and data.get(name):
            found[name] = change(data[name], name, about)
        elif component.type == "table" and isinstance(data.get(name), list):
            columns = [column.key or "" for column in component.columns if column.type == IDENTITY_NUMBER]
            if columns:
                found[name] = [_row(row, columns, f"{name}[{n}]", change) for n, row in enumerate(data[name])]
    return found


def _row(row: Any, columns: list[str], path: str, change: Change) -> Any:
    if not isinstance(row, Mapping):
        return row
    about = row.get("person")
    whose = about if isinstance(about, str) else ""
    return {**row, **{name: change(row[name], f"{path}.{name}", whose) for name in columns if row.get(name)}}


def sealed_answers(
    form: Form, data: Mapping[str, Any], *, task: Task, person_id: str, now: datetime, drafted: bool = False
) -> tuple[dict[str, Any], list[SealedIdentityNumber]]:
    """Checked answers with references instead of numbers, and the rows that they refer to; inside a transaction.

    `drafted`: what was typed before may have left rows.

    Raises InvalidAnswersError for a reference to what does not belong to the proceeding, MissingKeyError.
    """
    if not _takes_numbers(form):
        return dict(data), []
    known = rows.of_proceeding(task.proceeding_id, ids_in(data))
    used: dict[str, SealedIdentityNumber] = {}

    def change(value: Any, path: str, about: str) -> str:
        if isinstance(value, IdentityNumber):
            row = rows.seal(
                value, proceeding_id=task.proceeding_id, task_id=task.id, about=about, person_id=person_id, now=now
            )
        else:
            row = known.get(id_in(value) or "") or _refuse(path)
            if rows.reference_to(row) != value:
                _refuse(path)
        used[row.id] = row
        return rows.reference_to(row)

    done = exchanged(form, data, change, about=_about(task))
    if drafted:
        rows.drop_drafts(task.id, besides=used)
    return done, list(used.values())


def copied(form: Form, data: Mapping[str, Any], *, proceeding_id: str) -> dict[str, Any]:
    """The answers of one proceeding for another one: a number belongs to one, so it is entered there once more.

    Raises MissingKeyError, DamagedSealError.
    """
    known = rows.of_proceeding(proceeding_id, ids_in(data)) if _takes_numbers(form) else {}

    def change(value: Any, _path: str, _about: str) -> IdentityNumber | None:
        row = known.get(id_in(value) or "")
        return IdentityNumber(rows.opened(row)) if row else None

    return exchanged(form, data, change) if known else dict(data)


def _takes_numbers(form: Form) -> bool:
    return any(part.type == IDENTITY_NUMBER for field in form.fields for part in (field, *field.columns))


def _about(task: Task) -> str:
    """The subject that a step is about."""
    return scope_of(task.element)


def _refuse(path: str) -> Any:
    raise InvalidAnswersError({path: [Sentence(N_("所引用的身份证号码不属于本件，请重新填写。"))]})


def of_draft(form: Form, data: Mapping[str, Any], *, task: Task, person_id: str, now: datetime) -> dict[str, Any]:
    """Unchecked answers as a draft keeps them: numbers sealed, what is none yet left out; inside a transaction.

    The page saves every few seconds: the same number typed at the same step is sealed once.
    """
    if not _takes_numbers(form):
        return dict(data)
    own = rows.of_draft(task.id, person_id)
    known = rows.of_proceeding(task.proceeding_id, ids_in(data))
    kept: dict[str, SealedIdentityNumber] = {row.id: row for row in own if row.id in known}

    def change(value: Any, _path: str, about: str) -> str | None:
        if id_in(value) is not None:
            return str(value) if id_in(value) in known else None
        number = normalised(value) if isinstance(value, str) else ""
        if not is_valid(number):
            return None
        row = next((row for row in own if rows.opened(row) == number), None)
        if row is None:
            typed = IdentityNumber(number)
            where = {"proceeding_id": task.proceeding_id, "task_id": task.id, "about": about}
            row = rows.seal(typed, **where, person_id=person_id, now=now)
            own.append(row)
        kept[row.id] = row
        return rows.reference_to(row)

    done = exchanged(form, data, change, about=_about(task))
    db.session.flush()
    rows.drop(row.id for row in own if row.id not in kept)
    return done


# ---- shown to somebody


@dataclass(frozen=True, slots=True)
class Revealed:
    number_id: str
    plain: str


def reveal(number_id: str, *, proceeding_id: str, reason: str, actor: Actor, now: datetime) -> Revealed:
    """The number, for who needs it for his work and says why; who, whose and why is written down before.

    Raises NotFoundError, NotAllowedError, StepUpError, TooManyError, InvalidAnswersError at `reason`, MissingKeyError,
    DamagedSealError: nothing was shown.
    """
    with transaction():
        row = db.session.get(SealedIdentityNumber, number_id)
        if row is None or row.proceeding_id != proceeding_id or row.submission_id is None:
            raise NotFoundError
        if not may_see(actor, proceeding_id):
            raise NotFoundError
        if not may_reveal_identity_number(actor, entered_by=row.entered_by):
            raise NotAllowedError(N_("只有调查、审理人员和填写人可以查看完整的身份证号码。"))
        if not 2 <= len(reason.strip()) <= LONGEST_REASON:
            raise InvalidAnswersError({"reason": [N_("请写明查看的事由，2至300字。")]})
        ensure_recently_confirmed(actor, Occasion.SIGNING, security_rules.current(), now=now)
        rates.count(REVEALING, actor.person_id, now=datetime.now(UTC))
        plain = rows.opened(row)
        reading = rows.note_reading(row, actor.person_id, reason=reason.strip(), now=now)
        proceeding = db.session.get_one(Proceeding, proceeding_id)
        journal.write_administrative(
            f"readings/{proceeding.county_id}",
            actor=actor.username,
            act=REVEALED,
            object_=row.id,
            payload={"reading": reading.id, "about": row.about, "reason": reading.reason},
            now=now,
        )
        return Revealed(row.id, plain)
