"""`app/domain/policy.yml` is what the program does: lists are cut by SQL to just what it says of each row."""

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from random import Random, SystemRandom
from typing import Any

import pytest
from sqlalchemy import select

from app import yamlfiles
from app.domain.access import ProceedingFacts, can_see_proceeding, is_candidate
from app.domain.actors import Actor, Grant
from app.domain.policy import DATA_NAMES, FILE, POLICY, RELATION_NAMES, Level, Relation, Stage, policy_of
from app.domain.recusals import RecusalStatus
from app.domain.roles import ROLES, Reach
from app.domain.tasks import TaskStatus
from app.extensions import db
from app.storage.tasks import facts_of
from config import ROOT
from tests.access.conftest import Ground
from tests.access.world import OTHER_COUNTY
from tests.faults.crash_world import COUNTY

SEED = int(os.environ.get("WENZE_WALK_SEED") or SystemRandom().randrange(10**9))
WORLDS, ACTORS = 6, 60
Drawn = Mapping[str, Any]


@pytest.mark.slow
def test_lists_hold_just_the_proceedings_that_the_policy_lets_each_actor_see(ground: Ground) -> None:
    from app.storage.models import Proceeding  # noqa: PLC0415  (see tests.conftest)
    from app.storage.visibility import visible_proceedings  # noqa: PLC0415

    chance, seen, compared = Random(SEED), 0, 0
    for _ in range(WORLDS):
        with disturbed(ground, chance) as drawn:
            facts = facts_of_everything()
            for _ in range(ACTORS):
                actor = an_actor(chance, drawn)
                listed = set(db.session.scalars(select(Proceeding.id).where(visible_proceedings(actor))))
                allowed = {id_ for id_, fact in facts.items() if can_see_proceeding(actor, fact)}
                assert listed == allowed, f"seed {SEED}: {actor}"
                seen, compared = seen + len(listed), compared + len(facts)

    assert 0 < seen < compared, f"seed {SEED}: nothing was at stake"


@pytest.mark.slow
def test_the_pool_holds_just_the_steps_that_the_policy_lets_each_actor_take(ground: Ground) -> None:
    from app.storage.models import Task  # noqa: PLC0415
    from app.storage.visibility import claimable_tasks  # noqa: PLC0415

    chance, seen = Random(SEED), 0
    for _ in range(WORLDS):
        with disturbed(ground, chance) as drawn:
            free = select(Task).where(Task.status == TaskStatus.OPEN, Task.assignee_id.is_(None))
            tasks = list(db.session.scalars(free))
            for _ in range(ACTORS):
                actor = an_actor(chance, drawn, deputy=False)
                listed = {task.id for task in db.session.scalars(select(Task).where(claimable_tasks(actor)))}
                may = {task.id for task in tasks if is_candidate(actor, facts_of(task))}
                shut_out = {task.id for task in tasks if actor.person_id in task.excluded_people}
                assert listed - shut_out == may, f"seed {SEED}: {actor}"  # four eyes: on the few rows that remain
                seen += len(may)

    assert seen, f"seed {SEED}: nothing was at stake"


def test_every_word_of_the_policy_is_used_and_named() -> None:
    relations = {relation for rule in POLICY.rules for relation in rule.relations}
    data = {datum for rule in POLICY.rules for datum in rule.data}

    assert relations == set(Relation) == set(RELATION_NAMES)
    assert data == set(DATA_NAMES)


def test_the_strictest_word_settles_it_and_silence_is_no() -> None:
    assert POLICY.level("manager", {Relation.SUPERIOR}, "case") is Level.READ
    assert POLICY.level("manager", {Relation.SUPERIOR, Relation.RECUSED}, "case") is Level.NONE
    assert POLICY.level("manager", {Relation.UNIT}, "case") is Level.NONE
    assert POLICY.level("", set(), "case") is Level.NONE


def test_nobody_of_the_administration_sees_a_case_in_any_relation() -> None:
    administration = [role for role in ROLES if ROLES[role].reach is Reach.NOTHING]

    levels = {
        POLICY.level(role, {relation}, "case", stage=stage)
        for role in administration
        for relation in Relation
        for stage in Stage
    }

    assert administration
    assert levels == {Level.NONE}


@pytest.mark.parametrize(
    "wrong",
    [
        {"who": ["nobody.known"]},
        {"relation": ["friend"]},
        {"stages": ["someday"]},
        {"data": ["diary"]},
        {"level": "some"},
        {"stages": ["open"]},  # a list asks for no stage
    ],
)
def test_a_word_that_nobody_knows_stops_the_start(wrong: dict[str, Any]) -> None:
    row = {
        "id": "new",
        "who": ["ORGAN"],
        "relation": ["unit"],
        "stages": ["everyStage"],
        "data": ["case"],
        "level": "read",
        "why": "理由",
        "en": "reason",
    }
    policy_of({"rules": [row]})

    with pytest.raises(ValueError, match="policy new"):
        policy_of({"rules": [{**row, **wrong}]})


@pytest.mark.parametrize(
    ("post", "data"),
    [
        ("system.admin", ["accounts.authorise"]),
        ("security.admin", ["journal"]),
        ("audit.admin", ["accounts.make"]),
        ("audit.admin", ["case"]),
        ("jmo.director", ["security.set"]),
    ],
)
def test_a_file_that_joins_what_is_kept_apart_stops_the_start(post: str, data: list[str]) -> None:
    rows = yamlfiles.read(FILE.read_bytes())["rules"]
    new = {**rows[-1], "id": "new", "who": [post], "data": data}
    policy_of({"rules": rows})

    with pytest.raises(ValueError, match="kept apart"):
        policy_of({"rules": [*rows, new]})


def test_no_code_asks_for_a_post_by_its_name() -> None:
    """Who may do what is one file's to say. Only who speaks for an organ that answers is found by that very post."""
    asked = [
        f"{file.relative_to(ROOT)}: {found}"
        for folder, kind in (("app", "*.py"), ("app/templates", "*.html"))
        for file in sorted((ROOT / folder).rglob(kind))
        for found in re.findall(r"""holds\(["'][^)]*\)""", file.read_text("utf-8"))
    ]

    assert asked == ['app/domain/access.py: holds("subject.organ", subject.organ_id)']


@contextmanager
def disturbed(ground: Ground, chance: Random) -> Iterator[Drawn]:
    """The world with its steps, organs, procedures and recusals dealt out anew; nothing of it stays."""
    from app.storage.models import Case, Organ, Person, Procedure, Proceeding, Recusal, Task  # noqa: PLC0415

    with ground.app.app_context():
        try:
            organs = list(db.session.scalars(select(Organ.id).where(Organ.county_id == COUNTY).order_by(Organ.id)))[:4]
            people = list(db.session.scalars(select(Person.id).where(Person.county_id == COUNTY).order_by(Person.id)))
            people = chance.sample(people, 8)
            cases = list(db.session.scalars(select(Proceeding.id).order_by(Proceeding.number)))
            for task in db.session.scalars(select(Task).order_by(Task.id)):
                task.candidate_role = chance.choice(list(ROLES))
                task.candidate_organ = chance.choice([None, *organs])
                task.candidate_person = chance.choice([None, None, None, *people[:2]])
                task.excluded_people = chance.sample(people, chance.choice([0, 0, 1]))
                task.completed_by = task.completed_by and chance.choice(people)
                task.assignee_id = (
                    None if task.status is TaskStatus.OPEN else task.assignee_id and chance.choice(people)
                )
            for case in db.session.scalars(select(Case).order_by(Case.proceeding_id)):
                case.lead_organ_id, case.nominal_entity = chance.choice(organs), chance.choice([None, *organs])
            for procedure in db.session.scalars(select(Procedure).order_by(Procedure.proceeding_id)):
                procedure.parent_id = chance.choice([id_ for id_ in cases if id_ != procedure.proceeding_id])
            for recusal in db.session.scalars(select(Recusal).order_by(Recusal.id)):
                recusal.person_id, recusal.status = chance.choice(people), chance.choice(list(RecusalStatus))
            db.session.flush()
            yield {"organs": organs, "people": people}
        finally:
            db.session.rollback()


def an_actor(chance: Random, drawn: Drawn, *, deputy: bool = True) -> Actor:
    """Somebody of the county or of another, with a few posts, some of them as a deputy."""
    person, *others = chance.sample(drawn["people"], 3)
    grants = {
        Grant(
            chance.choice(list(ROLES)),
            chance.choice([None, *drawn["organs"]]),
            deputy_of=chance.choice([None, None, *others]) if deputy else None,
        )
        for _ in range(chance.randint(1, 3))
    }
    county = chance.choice([COUNTY] * 5 + [OTHER_COUNTY, None])
    return Actor(username=person, person_id=person, name=person, county_id=county, grants=frozenset(grants))


def facts_of_everything() -> dict[str, ProceedingFacts]:
    """By id, read row by row."""
    from app.storage.models import Procedure, Proceeding  # noqa: PLC0415

    proceedings = {row.id: row for row in db.session.scalars(select(Proceeding))}
    parents = {row.proceeding_id: row.parent_id for row in db.session.scalars(select(Procedure)) if row.parent_id}
    bare = {id_: _bare(row, parents.get(id_)) for id_, row in proceedings.items()}
    return {
        id_: ProceedingFacts(
            **fact,
            parent=ProceedingFacts(**bare[parents[id_]]) if id_ in parents else None,
            linked=tuple(ProceedingFacts(**bare[child]) for child, parent in parents.items() if parent == id_),
        )
        for id_, fact in bare.items()
    }


def _bare(row: Any, parent: str | None) -> dict[str, Any]:
    from app.storage.models import Case, CaseFact, Recusal, Task  # noqa: PLC0415

    case = db.session.get(Case, row.id)
    facts = select(CaseFact.scope).where(CaseFact.proceeding_id == row.id, CaseFact.name == "implementing_entity")
    tasks = list(db.session.scalars(select(Task).where(Task.proceeding_id == row.id)))
    left = select(Recusal.person_id).where(
        Recusal.proceeding_id.in_([row.id, parent or row.id]), Recusal.status == RecusalStatus.GRANTED
    )
    organs = {case.lead_organ_id, case.nominal_entity, *db.session.scalars(facts)} if case else set()
    people = {person for task in tasks for person in (task.candidate_person, task.assignee_id, task.completed_by)}
    return {
        "county_id": row.county_id,
        "organs": frozenset(organs - {None}),
        "addressed_roles": frozenset((t.candidate_role, t.candidate_organ) for t in tasks if not t.candidate_person),
        "participants": frozenset(people - {None}),
        "recused": frozenset(db.session.scalars(left)),
    }
