"""Changing a rule setting: by the county's rule administrator, from a day on, with a reason, never for open cases."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import uuid4

from sqlalchemy import select

from app.domain.actors import Actor
from app.domain.deadlines import office_day, parse_period
from app.domain.errors import N_, ConflictError, InvalidAnswersError, NotFoundError, Sentence
from app.domain.powers import ensure_may
from app.domain.switches import DEADLINE_PREFIX, Switch
from app.engine.periods import internal_deadlines
from app.extensions import db
from app.law.register import parse as parse_register
from app.storage import journal, releases
from app.storage.models import Organ, Regulation, Release, RuleSetting
from app.storage.transaction import transaction

LONGEST_TEXT = 2000
LONGEST_INTERNAL_DAYS = 730


def set_rule(
    regulation_id: str,
    *,
    name: str,
    value: str,
    valid_from: str,
    reason: str,
    actor: Actor,
    now: datetime,
    organ_id: str | None = None,
    basis: str = "",
) -> str:
    """Make a setting that proceedings opened from `valid_from` (ISO day, today or later) on follow. Returns its id.

    With an organ it is that organ's own implementing rule and needs its `basis`. Raises NotFoundError, NotAllowedError,
    ConflictError (the value is fixed), InvalidAnswersError by field: nothing was changed.
    """
    with transaction():
        regulation = db.session.get(Regulation, regulation_id)
        if regulation is None or regulation.county_id != actor.county_id:
            raise NotFoundError
        ensure_may(actor, "rules.set", N_("只有规则管理员可以改变规则设置。"))
        allowed = _allowed(regulation, name, organ_id=organ_id)
        problems = _problems(regulation, value, allowed, valid_from, reason, basis, organ_id, now)
        if problems:
            raise InvalidAnswersError(problems)
        setting = RuleSetting(
            id=uuid4().hex,
            regulation_id=regulation_id,
            organ_id=organ_id,
            name=name,
            value=value,
            valid_from=date.fromisoformat(valid_from),
            reason=reason.strip(),
            basis=basis.strip(),
            set_by=actor.person_id,
            set_at=now,
        )
        db.session.add(setting)
        payload = {"name": name, "value": value, "valid_from": valid_from, "organ": organ_id, "reason": setting.reason}
        journal.write_administrative(
            "rules", actor=actor.username, act="set rule", object_=regulation_id, payload=payload, now=now
        )
        return setting.id


def _allowed(regulation: Regulation, name: str, *, organ_id: str | None) -> Mapping[str, str] | None:
    """The values that a setting may take; None where it takes a period. Raises NotFoundError, ConflictError."""
    if name.startswith(DEADLINE_PREFIX):
        if name.removeprefix(DEADLINE_PREFIX) not in _internal_steps(regulation):
            raise ConflictError(N_("该环节没有内部时限；办法和上位法规定的期限不能改动。"))
        return None
    rule = _rule(regulation, name)
    if rule.fixed:
        raise ConflictError(N_("“%(rule)s”不能改变：%(why)s"), rule=Sentence(rule.zh), why=Sentence(rule.why))
    if organ_id is not None and not rule.by_organ:
        raise ConflictError(N_("“%(rule)s”全县统一，不能由机关的实施细则另行规定。"), rule=Sentence(rule.zh))
    return rule.values


def _rule(regulation: Regulation, name: str) -> Switch:
    rules = parse_register(releases.register_file_of_regulation(regulation.id)).rules
    if name not in rules:
        raise NotFoundError
    return rules[name]


def _problems(
    regulation: Regulation,
    value: str,
    allowed: Mapping[str, str] | None,
    valid_from: str,
    reason: str,
    basis: str,
    organ_id: str | None,
    now: datetime,
) -> dict[str, list[Sentence | str]]:
    problems: dict[str, list[Sentence | str]] = {}
    if allowed is None and not _is_internal_period(value):
        problems["value"] = [N_("请填写一至七百三十日之间的期限，例如 P5D。")]
    if allowed is not None and value not in allowed:
        problems["value"] = [N_("请选择列出的一项。")]
    try:
        if date.fromisoformat(valid_from) < office_day(now):
            problems["valid_from"] = [N_("只能自今日或者以后起生效；已开的案件仍按开案时的设置办理。")]
    except ValueError:
        problems["valid_from"] = [N_("请填写生效日期，如 2026-11-23。")]
    if not reason.strip():
        problems["reason"] = [N_("请写明改变的理由。")]
    elif len(reason) > LONGEST_TEXT:
        problems["reason"] = [N_("理由不能超过2000字。")]
    if organ_id is not None:
        organ = db.session.get(Organ, organ_id)
        if organ is None or organ.county_id != regulation.county_id:
            problems["organ_id"] = [N_("请选择本县的机关。")]
        if not basis.strip() or len(basis) > LONGEST_TEXT:
            problems["basis"] = [N_("请写明该机关实施细则的名称和文号。")]
    return problems


def _is_internal_period(value: str) -> bool:
    try:
        months, days = parse_period(value)
    except ValueError:
        return False
    return months == 0 and 0 < days <= LONGEST_INTERNAL_DAYS


def _internal_steps(regulation: Regulation) -> set[str]:
    """`<process>/<step>` of every step with an internal deadline in the regulation's newest releases."""
    newest = select(Release).where(Release.regulation_id == regulation.id).order_by(Release.number)
    latest = {release.process_key: release.id for release in db.session.scalars(newest)}
    return {deadline.step for id_ in latest.values() for deadline in internal_deadlines(releases.files_of(id_))}
