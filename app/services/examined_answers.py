"""Submissions held against what the journal signed of them, and against all that repeats what they say."""

from collections.abc import Iterator
from typing import Any

from app.domain.examination import Code, Finding
from app.storage.examination import Record
from app.storage.examined_answers import Answer


def findings(record: Record) -> Iterator[Finding]:
    """What was altered behind the program's back. A broken chain is found elsewhere: here its lines are believed."""
    signed = {line.object: line for line in record.journal if line.act == "complete"}
    tasks = {row.id: row for row in record.tasks}
    for answer in record.answers:
        task, line = tasks.get(answer.task_id), signed.get(answer.task_id)
        if task is None or line is None:
            continue  # said by other findings
        place, values = f"{task.process_key}/{task.step_id}", {"step": task.name}
        if line.payload_digest != answer.digest:
            yield _finding(record, Code.ANSWER_ALTERED, place, values)
        if not _same_signer(answer, task, line, record.people):
            yield _finding(record, Code.SIGNER_ALTERED, place, values)
        for scope, name in answer.altered:
            yield _finding(record, Code.FACT_ALTERED, scope, {"name": name})


def _same_signer(answer: Answer, task: Any, line: Any, people: dict[str, str]) -> bool:
    """Who did it and when: said by the journal, the submission, the step and the story."""
    said = {(answer.person_id, answer.at), (people.get(line.actor, answer.person_id), line.at), *answer.told}
    if task.completed_at is not None:
        said.add((task.completed_by, task.completed_at))
    return len(said) == 1


def _finding(record: Record, code: Code, place: str, values: dict[str, str]) -> Finding:
    return Finding(code, record.proceeding.id, record.proceeding.number, place, values)
