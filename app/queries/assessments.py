"""试算: what follows from given facts under a regulation, row by row. Holds no data of a case and keeps none."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import select

from app.domain.assessment import Assessment, CaseFacts, Hit, Reason
from app.domain.deadlines import office_day
from app.domain.errors import N_, ConflictError, NotFoundError
from app.engine.decisions import Decision, DecisionTable, read_table
from app.engine.failures import StepError
from app.engine.sources import read_source
from app.extensions import db
from app.law.assessment import Plan, assess
from app.law.register import Register
from app.law.register import parse as parse_register
from app.law.weighing import Decide
from app.storage.models import Regulation
from app.storage.releases import register_file_of_regulation, tables_of_regulation
from app.storage.rules import frozen_for


@dataclass(frozen=True, slots=True)
class Assessed:
    register: Register
    assessment: Assessment
    table_names: Mapping[str, str]
    """What each table is called."""


@dataclass(frozen=True, slots=True)
class Assessable:
    """A regulation under which cases can be assessed."""

    id: str
    register: Register


def assessable() -> tuple[Assessable, ...]:
    """Every published regulation that names its tables, the oldest first. It holds no data, so no county is asked."""
    rows = db.session.scalars(select(Regulation).order_by(Regulation.in_force_from, Regulation.id)).all()
    registers = ((row.id, parse_register(register_file_of_regulation(row.id))) for row in rows)
    return tuple(Assessable(id_, register) for id_, register in registers if register.assessment)


def assess_case(regulation_id: str, facts: CaseFacts, *, now: datetime) -> Assessed:
    """The proposal under a regulation with the settings in force today. The same facts give the same answer.

    Raises NotFoundError (no such regulation, or it names no tables), ConflictError (its tables do not fit).
    """
    regulation = _regulation(regulation_id)
    register = parse_register(register_file_of_regulation(regulation.id))
    if register.assessment is None:
        raise NotFoundError
    tables = {id_: table_of(content) for id_, content in tables_of_regulation(regulation.id).items()}
    settings = frozen_for(regulation.id, organ_id=None, on=office_day(now))
    try:
        found = assess(facts, plan_of(register, settings), decide=decider(tables, now=now))
    except StepError as problem:
        raise ConflictError(problem.sentence, **problem.values) from problem
    except KeyError as problem:
        raise ConflictError(
            N_("决策表缺少输出列“%(name)s”，请规则管理员核对。"), name=str(problem.args[0])
        ) from problem
    return Assessed(register, found, {id_: table.name for id_, table in tables.items()})


def _regulation(id_: str) -> Regulation:
    """By its own id, or the one of a county that came into force last. Raises NotFoundError."""
    found = db.session.get(Regulation, id_)
    if found is None:
        of_county = select(Regulation).where(Regulation.county_id == id_).order_by(Regulation.in_force_from.desc())
        found = db.session.scalars(of_county.limit(1)).one_or_none()
    if found is None:
        raise NotFoundError
    return found


def plan_of(register: Register, settings: Mapping[str, Any]) -> Plan:
    """What the register says, with settings that replace its defaults."""
    if register.assessment is None:
        raise NotFoundError
    return Plan(
        tables=register.assessment.tables,
        short_ids=register.assessment.short_ids,
        in_force_from=register.in_force_from,
        in_force_to=register.in_force_to,
        switches={**register.switches, **settings},
    )


@lru_cache(maxsize=256)
def table_of(content: bytes) -> DecisionTable:
    return read_table(read_source(content))


def decider(tables: Mapping[str, DecisionTable], *, now: datetime) -> Decide:
    """Evaluates tables by id. Raises StepError where a table does not fit the facts."""

    def decide(table_id: str, context: Mapping[str, Any]) -> tuple[Hit, ...]:
        table = tables[table_id]
        return hits_of(table, table.decide(context, now=now))

    return decide


def hits_of(table: DecisionTable, decision: Decision) -> tuple[Hit, ...]:
    """The rows that matched, each with its own outputs; policies that give one answer give one row."""
    single = not table.hit_policy.lists
    places = {rule.id: place for place, rule in enumerate(table.rules)}
    hits = decision.hits[:1] if single else decision.hits
    return tuple(
        Hit(
            reason=_reason(table, places[row]),
            outputs=decision.outputs if single else {name: values[n] for name, values in decision.outputs.items()},
        )
        for n, row in enumerate(hits)
    )


def _reason(table: DecisionTable, place: int) -> Reason:
    rule = table.rules[place]
    clause, sentence = (*rule.annotations, "", "")[:2]
    return Reason(clause=clause, table=table.id, row=rule.id, sentence=sentence, position=place)
