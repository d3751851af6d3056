"""What the screen of a play shows, as plain values that can be sent from one process to another."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from lxml import etree

from app.domain.errors import NotFoundError
from app.domain.plain import plain
from app.domain.roles import role_label
from app.queries import open_steps, rehearsals, tasks
from app.queries.diagrams import DiagramPage, Drawing, diagram_page
from app.queries.evidence import facts_of, subjects_of
from app.queries.flows import callers_of
from app.queries.names import element_label, organ_names
from app.queries.open_steps import OpenStep
from app.scenarios.tryout import Done, Tryout
from app.services import rehearsal

MOST_LINES = 200
MOST_FACTS = 300
LONGEST_VALUE = 400


def standing(play: Tryout, name: str) -> dict[str, Any]:
    """Everything around the form; `name` is the proceeding that is looked at, empty before anything was opened."""
    people = rehearsals.people_of(play.county)
    told: dict[str, Any] = {
        "now": play.now,
        "next": play.next_event(),
        "county": play.county,
        "people": people,
        "acts": [_act(number, done) for number, done in enumerate(play.done, 1)],
        "proceedings": [_proceeding(play, one) for one in play.names()],
        "current": name,
        "openable": play.openable,
        "examples": _examples(play, {one.id for one in people}),
    }
    if name:
        told |= _inside(play, name)
    return dict(plain(told))


def _examples(play: Tryout, people: set[str]) -> list[dict[str, str]]:
    """Published cases whose organ has a reporter in this county."""
    return [
        {"id": key, "matter": str(case["answers"].get("T_register", {}).get("matter", ""))}
        for key, case in sorted(play.theatre.examples.items())
        if f"{play.county}.organ.reporter.{case['lead_organ']}" in people
    ]


def _act(number: int, done: Done) -> dict[str, Any]:
    verb = next(word for word in done.raw)
    return {"number": number, "verb": verb, "what": done.raw[verb], "by": done.raw.get("by", ""), "name": done.name}


def _proceeding(play: Tryout, name: str) -> dict[str, Any]:
    row = open_steps.proceeding_of(play.player(name).proceeding_id)
    return {
        "name": name,
        "kind": row.kind,
        "number": row.number,
        "title": row.title,
        "status": row.status,
        "outcome": row.outcome,
        "process": row.process_key,
        "open": len(open_steps.of_proceeding(row.id)),
    }


def _inside(play: Tryout, name: str) -> dict[str, Any]:
    proceeding_id = play.player(name).proceeding_id
    steps = open_steps.of_proceeding(proceeding_id)
    due = rehearsals.deadlines_of([step.task_id for step in steps])
    organs = organ_names(play.county)
    inside = rehearsal.inside_of(proceeding_id)
    return {
        "steps": [_step(step, organs, due.get(step.task_id)) for step in steps],
        "held": open_steps.incidents_of(proceeding_id),
        "variables": [
            {"process": process, "step": step, "values": _short(values)} for process, step, values in inside.variables
        ],
        "facts": _facts(proceeding_id),
        "waiting": inside.waiting,
        "sent": rehearsals.sent_by(proceeding_id)[-MOST_LINES:],
        "history": rehearsals.told_of(proceeding_id)[-MOST_LINES:],
        "tables": [
            {"act": number, **plain(one)}
            for number, done in enumerate(play.done, 1)
            if done.name == name
            for one in done.asked
        ][-12:],
    }


def _step(step: OpenStep, organs: Mapping[str, str], due: datetime | None) -> dict[str, Any]:
    performers = rehearsals.performers_of(step)
    return {
        "task_id": step.task_id,
        "key": step.key,
        "name": step.name,
        "element": element_label(step.element, organs),
        "role": role_label(step.role),
        "organ": organs.get(step.organ or "", ""),
        "due": due,
        "performers": performers,
    }


def _facts(proceeding_id: str) -> list[tuple[str, str, Any]]:
    """Scope (responsible subjects by name), name and value of what was stated, as far as there is a value."""
    named = {subject.id: subject.name for subject in subjects_of(proceeding_id)}
    found = [
        ("、".join(named.get(part, part) for part in scope.split("/")), name, _cut(value))
        for scope, values in sorted(facts_of(proceeding_id).items())
        for name, value in sorted(values.items())
        if value not in (None, "", [], {})
    ]
    return found[:MOST_FACTS]


def _short(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _cut(value) for name, value in sorted(values.items())}


def _cut(value: Any) -> str:
    text = json.dumps(plain(value), ensure_ascii=False)
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}…"


def form(play: Tryout, task_id: str, *, by: str, locale: str, answers: Mapping[str, Any] | None) -> dict[str, Any]:
    """The middle of the screen: a step as the person who opens it sees it. Raises NotFoundError, NotAllowedError."""
    actor = play.performance.world.actor(by)
    page = tasks.task_page(actor, task_id, now=play.now, locale=locale, answers=answers)
    told = {
        "task_id": page.id,
        "name": page.name,
        "element": page.element,
        "process_key": page.process_key,
        "step_id": page.step_id,
        "role": page.role,
        "organ": page.organ,
        "clauses": [{"id": c.id, "article": c.article, "reading": c.reading} for c in page.clauses],
        "deadline": None
        if page.deadline is None
        else {
            "explanation": page.deadline.explanation,
            "last_day": page.deadline.last_day,
            "kind_name": page.deadline.kind_name,
        },
        "person": {"id": actor.person_id, "name": actor.name, "organ": actor.organ_name},
        "may_complete": page.may_complete,
        "form": page.form,
    }
    return dict(plain(told))


def drawing(play: Tryout, name: str, *, process: str) -> dict[str, Any]:
    """The diagrams of a proceeding with their tokens and the way taken; `process` is the one to be shown first."""
    overseer = rehearsals.overseer_of(play.county)
    actor = open_steps.actor_of_person(overseer) if overseer else None
    if actor is None:
        raise NotFoundError
    proceeding = open_steps.proceeding_of(play.player(name).proceeding_id)
    page = diagram_page(actor, proceeding.id, now=play.now)
    passed = {passage for done in play.done for passage in done.passed}
    return {
        "main": page.main,
        "path": _path(proceeding.release_id, process, page),
        "diagrams": {
            key: {
                "xml": one.xml,
                "done": list(one.done),
                "current": list(one.current),
                "late": list(one.late),
                "held": list(one.held),
                "next": list(one.next),
                "way": _flows(
                    one.xml, {(one_way.came_from, one_way.step_id) for one_way in passed if one_way.process_key == key}
                ),
            }
            for key, one in page.drawings.items()
        },
    }


def _path(release_id: str, process: str, page: DiagramPage) -> list[str]:
    """From the main diagram down to the one that is to be shown first, over the calls that stand open where they do."""
    path = [process] if process in page.drawings else [page.main]
    while path[0] != page.main:
        callers = [call for call in callers_of(release_id, path[0]) if call[0] in page.drawings and call[0] not in path]
        if not callers:
            break
        path.insert(0, max(callers, key=lambda call: _standing(page.drawings[call[0]], call[1]))[0])
    return path


def _standing(drawing: Drawing, call: str) -> int:
    return 2 if call in drawing.current else 1 if call in drawing.done else 0


def _flows(xml: str, passed: set[tuple[str | None, str]]) -> list[str]:
    """Ids of the sequence flows over which a token went."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    root = etree.fromstring(xml.encode(), parser)
    flows = root.iter("{http://www.omg.org/spec/BPMN/20100524/MODEL}sequenceFlow")
    return [str(flow.get("id")) for flow in flows if (flow.get("sourceRef"), flow.get("targetRef")) in passed]
