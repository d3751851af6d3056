"""How many tasks lie in each box, kept by the database itself: reading a box costs the same however full it is.

Triggers on `tasks` add a row for every task that enters a box (+1) or leaves it (-1), in the same transaction, whatever
statement did it; `recount` makes the same rows from the tasks, and the doctor compares the two. Boxes by holder:

    todo/<person>                           held by the person
    done/<person>                           completed by the person
    pool/<county>/<role>/<organ>            waits for whoever holds the role (in the organ)
    barred/<person>/<county>/<role>/<organ> the same, but this person is shut out of it
    own/<person>/<role>                     waits for this very person
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from sqlalchemy import Connection, delete, func, insert, null, select, tuple_, union_all

from app.domain.access import is_subject_role
from app.domain.actors import Actor
from app.domain.counted import SUSPENDED_SINCE
from app.domain.roles import ROLES
from app.extensions import Base, db
from app.storage.models import Tally
from app.storage.prepared import Frozen

_ROWS = Base.metadata.tables[Tally.__tablename__]
FACETS = STEP, DUE, ORGAN = "step", "due", "organ"
_AS_WRITTEN = Tally.step.is_not(None) & Tally.due.is_not(None)
"""A task counts once under each facet, in one row; a sum is of one facet."""
AT_ONCE = 200
SUSPENDED = "SUSPENDED"
"""The value of `due` while the clock stands."""
WATCHED = (
    "status, assignee_id, completed_by, county_id, candidate_role, candidate_organ, candidate_person,"
    " excluded_people, due_at, name, lead_organ_id"
)
_SUBJECT_ROLES = frozenset(role for role in ROLES if is_subject_role(role))


# ---- who asks


def todo_of(actor: Actor) -> str:
    return f"todo/{actor.person_id}"


def done_of(actor: Actor) -> str:
    return f"done/{actor.person_id}"


def pool_keys(actor: Actor) -> list[tuple[str, str | None]]:
    """Role and organ of the pools that the actor may take from; None: the step names no organ."""
    held = actor.own_grants()  # what waits for whom he stands in for lies on the page of deputies
    keys = {(grant.role, organ) for grant in held if grant.role in ROLES for organ in (None, *grant.organs)}
    return sorted(keys, key=lambda key: (key[0], key[1] or ""))


def own_roles(actor: Actor) -> list[str]:
    """Roles in which a step may be addressed to the actor by name."""
    return sorted({grant.role for grant in actor.own_grants() if grant.role in ROLES} | _SUBJECT_ROLES)


def pool_of(actor: Actor) -> dict[str, int]:
    """Holders that make up what the actor may take, each with its sign."""
    if actor.county_id is None:
        return {}
    signs = {}
    for role, organ in pool_keys(actor):
        place = f"{actor.county_id}/{role}/{organ or ''}"
        signs[f"pool/{place}"], signs[f"barred/{actor.person_id}/{place}"] = 1, -1
    return signs | {f"own/{actor.person_id}/{role}": 1 for role in own_roles(actor)}


def read(holders: Iterable[str], *, whole: Iterable[str]) -> Mapping[str, Mapping[tuple[str, str], int]]:
    """By holder: facet and value -> how many. Of the holders that are not `whole` only the steps are read."""
    query = _sums(db.engine.dialect.name, tuple(sorted(holders)), tuple(sorted(whole)))
    found: dict[str, dict[tuple[str, str], int]] = {}
    for holder, *values, number in query.rows():
        counts = found.setdefault(holder, {})
        for key in zip(FACETS, values, strict=True):
            if key[1] is not None:
                counts[key] = counts.get(key, 0) + int(number)
    return {holder: {key: number for key, number in counts.items() if number} for holder, counts in found.items()}


@lru_cache(maxsize=1024)
def _sums(dialect: str, holders: tuple[str, ...], whole: tuple[str, ...]) -> Frozen:
    """Everybody asks the same of his boxes again and again."""
    assert dialect == db.engine.dialect.name
    facets = (Tally.step, Tally.due, Tally.organ)
    query = select(Tally.holder, *facets, func.sum(Tally.number)).where(Tally.holder.in_(whole))
    query = query.group_by(Tally.holder, *facets)
    if others := [holder for holder in holders if holder not in whole]:
        steps = select(Tally.holder, Tally.step, null(), null(), func.sum(Tally.number))
        steps = steps.where(Tally.holder.in_(others), Tally.step.is_not(None)).group_by(Tally.holder, Tally.step)
        return Frozen(union_all(query, steps) if whole else steps, db.engine.dialect)
    return Frozen(query, db.engine.dialect)


# ---- how they are kept


def install(connection: Connection) -> None:
    """Make the triggers anew. Runs after every migration: a table that was rebuilt has lost its triggers."""
    for statement in (_on_postgresql if connection.dialect.name == "postgresql" else _on_sqlite)():
        connection.exec_driver_sql(statement)


def recount(connection: Connection) -> None:
    """Make all rows anew from the tasks, summed up."""
    connection.execute(delete(_ROWS))
    rows = "\nUNION ALL ".join(_rows("t", 1, connection.dialect.name, source="tasks t"))
    for facet in FACETS:
        connection.exec_driver_sql(f"INSERT INTO tallies (holder, {facet}, number) {_summed(facet, rows)}")


def differences() -> list[str]:
    """Holders whose sums are not what the tasks say; none in a sound database."""
    rows = "\nUNION ALL ".join(_rows("t", 1, db.engine.dialect.name, source="tasks t"))
    both = f"{rows} UNION ALL SELECT holder, step, due, organ, -number AS number FROM tallies"
    wrong = " UNION ".join(f"SELECT holder FROM ({_summed(facet, both)}) wrong_{facet}" for facet in FACETS)
    return list(db.session.connection().exec_driver_sql(f"{wrong} ORDER BY holder").scalars())


def to_sum_up() -> int:
    """How many rows are as the triggers wrote them, not yet summed up."""
    return db.session.scalar(select(func.count()).select_from(Tally).where(_AS_WRITTEN)) or 0


def sum_up() -> int:
    """Put what the triggers wrote together with the sums of each box. Returns how many rows were.

    Two that do this at once take different rows: nothing is counted twice.
    """
    columns = (Tally.holder, Tally.step, Tally.due, Tally.organ, Tally.number)
    written = db.session.execute(delete(_ROWS).where(_AS_WRITTEN).returning(*columns)).all()
    sums: dict[str, dict[tuple[str, str], int]] = {facet: {} for facet in FACETS}
    for holder, *values, number in written:
        for facet, value in zip(FACETS, values, strict=True):
            assert value is not None  # as triggers write them
            sums[facet][holder, value] = sums[facet].get((holder, value), 0) + number
    for facet, changes in sums.items():
        _add(facet, changes)
    return len(written)


def _add(facet: str, changes: dict[tuple[str, str], int]) -> None:
    """Take the sums that there are of the same boxes and values, and write what they come to."""
    column, keys = _ROWS.c[facet], sorted(changes)
    other = [_ROWS.c[name].is_(None) for name in FACETS if name != facet]
    for start in range(0, len(keys), AT_ONCE):
        these = tuple_(Tally.holder, column).in_(keys[start : start + AT_ONCE])
        taken = delete(_ROWS).where(these, *other).returning(Tally.holder, column, Tally.number)
        for holder, value, number in db.session.execute(taken):
            changes[holder, value] += number
    rows = [{"holder": holder, facet: value, "number": n} for (holder, value), n in sorted(changes.items()) if n]
    if rows:
        db.session.execute(insert(_ROWS), rows)


def _summed(facet: str, rows: str) -> str:
    return (
        f"SELECT holder, {facet}, SUM(number) AS number FROM ({rows}) r WHERE {facet} IS NOT NULL"
        f" GROUP BY holder, {facet} HAVING SUM(number) <> 0"
    )


def _rows(task: str, sign: int, dialect: str, *, source: str = "") -> Iterator[str]:
    """SELECTs that give the rows of a task (`NEW`, `OLD`), or of all tasks of a source."""
    utc = f"to_char({task}.due_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')"
    due = utc if dialect == "postgresql" else f"{task}.due_at"
    stands = f"CASE WHEN {_suspended(task, dialect)} THEN '{SUSPENDED}' ELSE '' END"
    facets = f"{task}.name AS step, COALESCE({due}, {stands}) AS due, COALESCE({task}.lead_organ_id, '') AS organ"
    for holder, also, where in _boxes(task, dialect):
        places = ", ".join(part for part in (source, also) if part)
        yield (
            f"SELECT {holder} AS holder, {facets}, {sign} AS number{f' FROM {places}' if places else ''} WHERE {where}"
        )


def _suspended(task: str, dialect: str) -> str:
    """Whether its clock stands (中止): it then has a record of its deadline and no instant at which it is due."""
    if dialect == "postgresql":
        return f"{task}.deadline->>'{SUSPENDED_SINCE}' IS NOT NULL"
    # a trigger of a schema that is not trusted may not call json_extract
    return f"""instr({task}.deadline, '"{SUSPENDED_SINCE}"') > 0"""


def _boxes(task: str, dialect: str) -> Sequence[tuple[str, str, str]]:
    """Holder, what has to be joined, and condition of every box that a task may lie in."""
    listed = "json_array_elements_text" if dialect == "postgresql" else "json_each"
    shut_out = f"{listed}({task}.excluded_people) AS e{'(value)' if dialect == 'postgresql' else ''}"
    free = f"{task}.status = 'OPEN' AND {task}.assignee_id IS NULL"
    place = f"{task}.county_id || '/' || {task}.candidate_role || '/' || COALESCE({task}.candidate_organ, '')"
    named = f"{task}.candidate_person"
    return (
        (f"'todo/' || {task}.assignee_id", "", f"{task}.status = 'OPEN' AND {task}.assignee_id IS NOT NULL"),
        (f"'done/' || {task}.completed_by", "", f"{task}.status = 'COMPLETED' AND {task}.completed_by IS NOT NULL"),
        (f"'pool/' || {place}", "", f"{free} AND {named} IS NULL"),
        (f"'barred/' || e.value || '/' || {place}", shut_out, f"{free} AND {named} IS NULL"),
        (
            f"'own/' || {named} || '/' || {task}.candidate_role",
            "",
            f"{free} AND {named} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM {shut_out} WHERE e.value = {named})",
        ),
    )


def _insert(row: str, sign: int, dialect: str) -> str:
    return f"INSERT INTO tallies (holder, step, due, organ, number) {' UNION ALL '.join(_rows(row, sign, dialect))};"


def _on_sqlite() -> Iterator[str]:
    gone, come = _insert("OLD", -1, "sqlite"), _insert("NEW", 1, "sqlite")
    acts = (
        ("insert", "INSERT", come),
        ("update", f"UPDATE OF {WATCHED}", f"{gone} {come}"),
        ("delete", "DELETE", gone),
    )
    for name, event, body in acts:
        yield f"DROP TRIGGER IF EXISTS tally_on_{name}"
        yield f"CREATE TRIGGER tally_on_{name} AFTER {event} ON tasks BEGIN {body} END"


def _on_postgresql() -> Iterator[str]:
    gone, come = _insert("OLD", -1, "postgresql"), _insert("NEW", 1, "postgresql")
    yield (
        "CREATE OR REPLACE FUNCTION tally_task() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" IF TG_OP <> 'INSERT' THEN {gone} END IF; IF TG_OP <> 'DELETE' THEN {come} END IF; RETURN NULL; END $$"
    )
    yield "DROP TRIGGER IF EXISTS tally_on_change ON tasks"
    yield (
        f"CREATE TRIGGER tally_on_change AFTER INSERT OR DELETE OR UPDATE OF {WATCHED} ON tasks"
        " FOR EACH ROW EXECUTE FUNCTION tally_task()"
    )
