"""规则设置: what the text leaves open, how it is answered today, who changed it when and why."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from app.domain.actors import Actor
from app.domain.deadlines import office_day
from app.domain.errors import NotFoundError
from app.domain.powers import may
from app.domain.switches import DEADLINE_PREFIX, Setting, Switch, in_force
from app.engine.periods import InternalDeadline, internal_deadlines
from app.extensions import db
from app.law.clauses import Clause
from app.law.register import Register
from app.law.register import parse as parse_register
from app.queries.names import organ_names, people_names
from app.storage.models import Organ, Proceeding, Regulation, Release, RuleSetting
from app.storage.releases import files_of, register_file_of, register_file_of_regulation


@dataclass(frozen=True, slots=True)
class SettingLine:
    """One setting as it was made."""

    value: str
    """What the value is called; a period as written."""
    valid_from: date
    organ: str
    basis: str
    reason: str
    set_by: str
    set_at: datetime
    ahead: bool
    """Not in force yet."""


@dataclass(frozen=True, slots=True)
class RuleRow:
    name: str
    rule: Switch
    value: str
    changed: bool
    """Another value than the recommended one is in force."""
    clauses: tuple[Clause, ...]
    settings: tuple[SettingLine, ...]


@dataclass(frozen=True, slots=True)
class DeadlineRow:
    name: str
    """Name of the setting."""
    step: InternalDeadline
    period: str
    changed: bool
    settings: tuple[SettingLine, ...]


@dataclass(frozen=True, slots=True)
class OrganChoice:
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class RulesPage:
    regulation_id: str
    title: str
    regulations: tuple[tuple[str, str], ...]
    """Ids and titles of the county's regulations."""
    rows: tuple[RuleRow, ...]
    deadlines: tuple[DeadlineRow, ...]
    organs: tuple[OrganChoice, ...]
    may_change: bool
    today: date


def rules_page(actor: Actor, regulation_id: str | None, *, now: datetime) -> RulesPage:
    """The rule settings of a regulation of the actor's county. Raises NotFoundError."""
    regulations = db.session.execute(
        select(Regulation.id, Regulation.title)
        .where(Regulation.county_id == actor.county_id)
        .order_by(Regulation.in_force_from.desc())
    )
    known = dict(regulations.all())
    chosen = regulation_id or next(iter(known), None)
    if chosen is None or chosen not in known:
        raise NotFoundError
    register = parse_register(register_file_of_regulation(chosen))
    made = _settings_made(chosen)
    today = office_day(now)
    lines = _lines(made, register, today, actor.county_id)
    values = in_force(_as_settings(made), on=today, organ_id=None)
    return RulesPage(
        regulation_id=chosen,
        title=register.short_title,
        regulations=tuple(known.items()),
        rows=tuple(_row(rule, register, values, lines) for rule in register.rules.values()),
        deadlines=tuple(_deadline(step, values, lines) for step in _internal_steps(chosen)),
        organs=_organs(actor.county_id),
        may_change=may(actor, "rules.set"),
        today=today,
    )


@dataclass(frozen=True, slots=True)
class FollowedRule:
    """A rule setting as a proceeding follows it."""

    zh: str
    risk: str
    value: str
    why: str
    differs: bool
    """From the value that the register recommends."""


def followed(proceeding: Proceeding, *, clauses: Iterable[str]) -> tuple[FollowedRule, ...]:
    """The settings that act on some clauses, as this proceeding has frozen them; those that can differ come first."""
    wanted = set(clauses)
    rules = parse_register(register_file_of(proceeding.release_id)).rules
    acting = [rule for rule in rules.values() if wanted & set(rule.clauses)]
    return tuple(_followed(rule, proceeding.switches) for rule in sorted(acting, key=lambda rule: rule.fixed))


def departures(proceeding: Proceeding) -> tuple[FollowedRule, ...]:
    """The settings in which this proceeding differs from the register's recommendation."""
    rules = parse_register(register_file_of(proceeding.release_id)).rules
    return tuple(
        found
        for name, rule in rules.items()
        if name in proceeding.switches and (found := _followed(rule, proceeding.switches)).differs
    )


def _followed(rule: Switch, frozen: Mapping[str, str]) -> FollowedRule:
    value = frozen.get(rule.name, rule.default)
    return FollowedRule(rule.zh, rule.risk, rule.values.get(value, value), rule.why, value != rule.default)


def _settings_made(regulation_id: str) -> list[RuleSetting]:
    query = select(RuleSetting).where(RuleSetting.regulation_id == regulation_id)
    return list(db.session.scalars(query.order_by(RuleSetting.valid_from.desc(), RuleSetting.set_at.desc())))


def _as_settings(made: list[RuleSetting]) -> list[Setting]:
    return [Setting(row.name, row.value, row.valid_from, row.set_at, row.organ_id) for row in made]


def _lines(
    made: list[RuleSetting], register: Register, today: date, county_id: str | None
) -> Mapping[str, list[SettingLine]]:
    people = people_names(row.set_by for row in made)
    organs = organ_names(county_id) if any(row.organ_id for row in made) else {}
    lines: dict[str, list[SettingLine]] = defaultdict(list)
    for row in made:
        rule = register.rules.get(row.name)
        lines[row.name].append(
            SettingLine(
                value=rule.values.get(row.value, row.value) if rule else row.value,
                valid_from=row.valid_from,
                organ=organs.get(row.organ_id or "", ""),
                basis=row.basis,
                reason=row.reason,
                set_by=people.get(row.set_by, ""),
                set_at=row.set_at,
                ahead=row.valid_from > today,
            )
        )
    return lines


def _row(
    rule: Switch, register: Register, values: Mapping[str, str], lines: Mapping[str, list[SettingLine]]
) -> RuleRow:
    value = values.get(rule.name, rule.default)
    return RuleRow(
        name=rule.name,
        rule=rule,
        value=value,
        changed=value != rule.default,
        clauses=register.clauses_of(rule.clauses),
        settings=tuple(lines.get(rule.name, ())),
    )


def _deadline(step: InternalDeadline, values: Mapping[str, str], lines: Mapping[str, list[SettingLine]]) -> DeadlineRow:
    name = f"{DEADLINE_PREFIX}{step.step}"
    period = values.get(name, step.period)
    return DeadlineRow(name, step, period, period != step.period, tuple(lines.get(name, ())))


def _internal_steps(regulation_id: str) -> tuple[InternalDeadline, ...]:
    newest = select(Release.process_key, Release.id).where(Release.regulation_id == regulation_id)
    latest = dict(db.session.execute(newest.order_by(Release.number)).all())
    found = {d.step: d for release_id in latest.values() for d in internal_deadlines(files_of(release_id))}
    return tuple(found[key] for key in sorted(found))


def _organs(county_id: str | None) -> tuple[OrganChoice, ...]:
    rows = db.session.execute(select(Organ.id, Organ.name).where(Organ.county_id == county_id).order_by(Organ.code))
    return tuple(OrganChoice(*row) for row in rows)
