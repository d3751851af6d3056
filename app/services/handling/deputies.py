"""代理: somebody acts in another's roles for some days. It begins and ends by date, without anybody doing anything."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from app.domain.actors import Actor
from app.domain.deadlines import office_day
from app.domain.errors import N_, ConflictError, InvalidAnswersError, NotAllowedError, NotFoundError
from app.domain.handling import LONGEST_TEXT
from app.domain.periods import leads
from app.domain.roles import ROLES, Side
from app.extensions import db
from app.storage import deputies as rows
from app.storage import journal
from app.storage.handling import find_colleague
from app.storage.models import Deputy
from app.storage.transaction import transaction

LONGEST_DAYS = 366


def appoint(
    *,
    principal_id: str,
    deputy_id: str,
    since: date | None,
    until: date | None,
    roles: Sequence[str],
    reason: str,
    actor: Actor,
    now: datetime,
) -> str:
    """Let one person stand in for another, both days included; no `roles` means all of them. Returns the id.

    By the principal himself, or by who leads one of his roles. Raises NotAllowedError, ConflictError (somebody stands
    in already), InvalidAnswersError by field: nothing was changed.
    """
    with transaction():
        rows.hold(principal_id)
        held = rows.roles_held(principal_id)
        if actor.person_id != principal_id and not any(leads(actor, role) for role, _ in held):
            raise NotAllowedError(N_("代理由本人或负责人设置。"))
        problems = _problems(principal_id, deputy_id, since, until, roles, reason, held=held, actor=actor, now=now)
        if problems or since is None or until is None:
            raise InvalidAnswersError(problems)
        if rows.overlapping(principal_id, since=since, until=until) is not None:
            raise ConflictError(N_("这段时间已经设置了代理人，请先结束原来的代理。"))
        row = Deputy(
            id=uuid4().hex,
            county_id=actor.county_id or "",
            principal_id=principal_id,
            deputy_id=deputy_id,
            since=since,
            until=until,
            roles=sorted(set(roles)),
            reason=reason.strip(),
            set_by=actor.person_id,
            set_by_name=actor.name,
            set_at=now,
        )
        db.session.add(row)
        payload = {"principal": principal_id, "deputy": deputy_id, "since": str(since), "until": str(until)}
        journal.write_administrative(
            "deputies", actor=actor.username, act="appoint", object_=row.id, payload=payload, now=now
        )
        return row.id


def end(deputy_row_id: str, *, actor: Actor, now: datetime) -> None:
    """End it before its last day, at once. By the principal, the deputy, or who set it. Again changes nothing."""
    with transaction():
        row = db.session.get(Deputy, deputy_row_id, with_for_update=True)
        if row is None or actor.person_id not in (row.principal_id, row.deputy_id, row.set_by):
            raise NotFoundError
        if row.ended_at is None:
            row.ended_at = now
            journal.write_administrative(
                "deputies", actor=actor.username, act="end", object_=row.id, payload={}, now=now
            )


def _problems(
    principal_id: str,
    deputy_id: str,
    since: date | None,
    until: date | None,
    roles: Sequence[str],
    reason: str,
    *,
    held: Sequence[tuple[str, str | None]],
    actor: Actor,
    now: datetime,
) -> dict[str, list[Any]]:
    problems: dict[str, list[Any]] = {}
    deputy = find_colleague(deputy_id, county_id=actor.county_id or "")
    if deputy is None or deputy_id == principal_id:
        problems["deputy_id"] = [N_("请选择本县有账号的其他人员。")]
    offered = {
        role for role, _ in held if role in ROLES and ROLES[role].side not in (Side.SUBJECT, Side.ADMINISTRATION)
    }
    if not offered or not set(roles) <= offered:
        problems["roles"] = [N_("只能代理被代理人现有的岗位；责任人员和系统管理岗位不能代理。")]
    if since is None or until is None or until < since or until < office_day(now):
        problems["until"] = [N_("请填写起止日期，如 2026-11-23，止日不早于起日和今天。")]
    elif (until - since).days > LONGEST_DAYS:
        problems["until"] = [N_("代理期间不超过一年。")]
    if not reason.strip() or len(reason) > LONGEST_TEXT:
        problems["reason"] = [N_("请填写事由。")]
    return problems
