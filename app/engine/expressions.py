"""The only script engine a proceeding ever has: FEEL, by the interpreter of app.feel. Python is out of reach.

Both the engine and its environment are replaced, because parts of the library call the environment directly.
An instance belongs to one engine call: it carries that call's `now` and the host's contexts, and is never stored.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NoReturn

from SpiffWorkflow.bpmn.script_engine import BasePythonScriptEngineEnvironment, PythonScriptEngine
from SpiffWorkflow.task import Task

from app import feel
from app.domain.advance import Values
from app.domain.errors import N_
from app.engine.failures import StepError
from app.engine.workflows import TaskId
from app.feel import FeelError

_ASSIGNMENT = re.compile(r"\s*([A-Za-z_]\w*)\s*=(?!=)\s*(\S.*?)\s*")


def assignments(script: str) -> list[tuple[str, str]]:
    """Name and expression of each line of a script. Raises StepError for a line that is not `name = FEEL`."""
    found = []
    for number, line in enumerate(script.splitlines(), 1):
        if not line.strip() or line.strip().startswith("//"):
            continue
        match = _ASSIGNMENT.fullmatch(line)
        if match is None:
            raise StepError(N_("脚本第 %(line)s 行只能写成“变量 = FEEL 表达式”。"), line=number, detail=line[:200])
        found.append((match[1], match[2]))
    return found


class FeelEnvironment(BasePythonScriptEngineEnvironment):
    """Evaluates expressions in FEEL; executes nothing."""

    def __init__(self, now: datetime, context: Values) -> None:
        super().__init__()
        self.now = now
        self.context = dict(context)

    def evaluate(self, expression: str, context: Values, external_context: Values | None = None) -> Any:
        scope = {**(external_context or {}), **context, **self.context}
        try:
            return feel.evaluate(expression, scope, now=self.now)
        except FeelError as problem:
            detail = f"{expression[:300]} | {problem.detail}" if problem.detail else expression[:300]
            raise StepError(problem.sentence, detail=detail, **problem.values) from problem

    def execute(self, script: str, context: dict[str, Any], external_context: Values | None = None) -> bool:
        for name, expression in assignments(script):
            context[name] = self.evaluate(expression, context, external_context)
        return True

    def call_service(self, context: Any, **_: Any) -> NoReturn:
        raise StepError(detail="services are requested, never called")


ORGANS = "known organs"
"""Beside the contexts of expressions, and no name that one could write: the organs of the county by id."""


class ScriptEngine(PythonScriptEngine):
    """Adds what a task knows: declared variables (null until set) and the answers that just completed it."""

    environment: FeelEnvironment

    def __init__(self, *, now: datetime, context: Values) -> None:
        if now.tzinfo is None:
            raise ValueError("now must be an aware datetime")
        super().__init__(FeelEnvironment(now, _host_contexts(context)))
        self.organs: Values | None = context.get(ORGANS)
        """Organs by id that a step may be given to; None where the host does not say."""
        self.answers: dict[Any, Values] = {}
        """Answers of steps that are being completed, by task id; visible to their postScript as `task`."""
        self.firing: TaskId | None = None
        """The one task whose timer may fire now: due timers fire in the order of their instants, one at a time."""

    @property
    def now(self) -> datetime:
        return self.environment.now

    def renew_context(self, context: Values) -> None:
        """The host's contexts have changed, e.g. by the operation whose result comes in."""
        self.environment.context = _host_contexts(context)
        self.organs = context.get(ORGANS)

    def validate(self, expression: str) -> None:
        """Checked at publication; nothing to do here, and never Python's parser."""

    def evaluate(self, task: Task, expression: str, external_context: Values | None = None) -> Any:
        return self.environment.evaluate(expression, task.data, self._known(task, external_context))

    def execute(self, task: Task, script: str, external_context: Values | None = None) -> bool:
        return self.environment.execute(script, task.data, self._known(task, external_context))

    def call_service(self, task: Task, **_: Any) -> NoReturn:
        raise StepError(detail="services are requested, never called")

    def scope_of(self, task: Task) -> dict[str, Any]:
        """Everything an expression of this task may read."""
        return {**self._known(task, None), **task.data, **self.environment.context}

    def _known(self, task: Task, external_context: Values | None) -> dict[str, Any]:
        known: dict[str, Any] = dict.fromkeys(declared_variables(task))
        known.update(external_context or {})
        if task.id in self.answers:
            known["task"] = dict(self.answers[task.id])
        return known


def _host_contexts(context: Values) -> dict[str, Any]:
    return {name: value for name, value in context.items() if name in ("case", "meeting", "procedure")}


def declared_variables(task: Task) -> Mapping[str, str]:
    """Variables that the process of a task declares: name -> FEEL type (set by app.engine.parse)."""
    return getattr(task.workflow.spec, "variables", {})
