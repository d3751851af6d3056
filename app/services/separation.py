"""Who did a step is kept apart from others: investigator, adjudicator and remedy handler are three people.

A step that opens later is told at its opening (`opening`); one that lies open already, offered or taken, is told here.
"""

from collections.abc import Collection, Iterable

from app.domain.errors import N_
from app.domain.history import Act
from app.domain.powers import is_apart_from_remedies, is_post_with
from app.domain.proceedings import ProceedingKind
from app.domain.roles import ROLES
from app.domain.tasks import PARENT
from app.services import definitions
from app.services.command import Command
from app.storage import recusals as rows
from app.storage.agendas import open_steps_about
from app.storage.models import Task
from app.storage.procedures import PROCEDURES, REMEDIED
from app.storage.tasks import open_tasks_of


def remember(command: Command, done: Task) -> None:
    """Note who completed the step, and in whose stead; whoever did such a step for the first time loses the open ones
    that he is to be kept apart from."""
    if command.actor is None:
        return
    waiting = command.proceeding.waiting
    performers = {step: list(people) for step, people in waiting.get("performers", {}).items()}
    people = performers.setdefault(done.step_id, [])
    stead = command.in_stead_of(done)  # four eyes bind who acts and in whose stead he does
    acting = {command.actor.person_id, *([stead.deputy_of] if stead and stead.deputy_of else ())}
    known = {person for others in performers.values() for person in others}
    new_here, new_at_all = acting - set(people), acting - known
    people += sorted(new_here)
    kept = {**waiting, "performers": performers}
    handled = is_post_with(done.candidate_role, "remedying")
    if handled:
        kept[REMEDIED] = sorted({*waiting.get(REMEDIED, ()), command.actor.person_id})
    command.proceeding.waiting = kept
    _here(command, done, new_here)
    if handled and command.actor.person_id not in waiting.get(REMEDIED, ()):
        _in_the_case(command, command.actor.person_id)
    if new_at_all and command.file.proceeding.kind is ProceedingKind.CASE:
        _in_its_procedures(command, new_at_all)


def _here(command: Command, done: Task, people: Collection[str]) -> None:
    """Steps of the same proceeding that their diagram keeps apart from this one."""
    apart = command.definition.excluded_by.get(done.step_id, frozenset())
    if people and apart:
        found = open_tasks_of([command.proceeding.id])
        _shut_out(command, (task for task in found if task.step_id in apart and task.id != done.id), people)


def _in_the_case(command: Command, handler: str) -> None:
    """Steps of the case, of the other procedures about it and of a meeting about it, that are apart from the handling
    of remedies."""
    if command.file.about is None:
        return
    case = command.file.about.file.proceeding
    others = {case.id, command.proceeding.id, *case.waiting.get(PROCEDURES, ())}
    roles = [role for role in ROLES if is_apart_from_remedies(role)]
    found = [*open_tasks_of(others, roles=roles), *(t for t in open_steps_about(case.id) if t.candidate_role in roles)]
    _shut_out(command, (task for task in found if handler not in task.excluded_people), [handler])


def _in_its_procedures(command: Command, people: Collection[str]) -> None:
    """Steps of the procedures about the case that nobody does who had to do with it."""
    running = command.proceeding.waiting.get(PROCEDURES, ())
    for task in open_tasks_of(running) if running else ():
        definition = definitions.definition_of(task.proceeding.release_id, task.proceeding.process_key)
        step = definition.steps_by_process.get((task.process_key, task.step_id))
        if step is not None and PARENT in step.excludes:
            _shut_out(command, [task], people)


def _shut_out(command: Command, tasks: Iterable[Task], people: Collection[str]) -> None:
    about = command.file.about
    for task in tasks:
        lost = [rows.exclude(task, person) for person in people]
        command.changed_rows.append(task)
        if any(lost):  # in the story of the case where it is one of its own steps
            of_case = about is not None and task.proceeding_id == about.file.proceeding.id
            teller = command.on_parent() if of_case else command
            assert teller is not None  # it has a case
            reason = {"reason": N_("已经办理应当分离的环节")}
            teller.tell(Act.RELEASED, task.name, task=task, details=reason, by_system=True)
