"""What the answers make of a form: computed values, and which fields are not asked."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from app.domain.errors import N_, Sentence, Words
from app.feel import checking, interpreter
from app.feel.errors import FeelError
from app.forms.parse import Component, Form, walk

ROUNDS = 10
"""A field hidden in one round reads as null in the next; chains are short, circles end here."""

FACTS = ("case", "meeting", "procedure", "subject")
"""Contexts whose unstated entries read as null."""

CHECK = re.compile(r"check\d?")

HELD_ROLES = "held_roles"
"""Property of an organ picker."""


@dataclass(slots=True)
class Outcome:
    values: dict[str, Any]
    """Every field by name, null where not answered or hidden, computed ones recomputed."""
    hidden: frozenset[str]
    """Names of the fields that are not asked."""
    errors: dict[str, list[str]] = field(default_factory=dict)
    """By field name: expressions of the form that failed."""


def settle(form: Form, values: Mapping[str, Any], *, context: Mapping[str, Any], now: datetime) -> Outcome:
    """Evaluate computed fields and conditions until they agree with each other.

    `values` are loaded answers by field name. `now` (aware) is what FEEL's today() sees.
    """
    answers = {c.key: values.get(c.key) for c in form.fields if c.key}
    hidden: frozenset[str] = frozenset()
    for _ in range(ROUNDS):
        outcome = _round(form, answers, hidden, context=context, now=now)
        if outcome.hidden == hidden or _changes_nothing(outcome, before=hidden):
            return outcome
        hidden = outcome.hidden
    return outcome


def _changes_nothing(outcome: Outcome, *, before: frozenset[str]) -> bool:
    """Whether only fields without a value were hidden: the next round would find the same again."""
    if outcome.errors or not before <= outcome.hidden:
        return False
    return all(outcome.values.get(name) is None for name in outcome.hidden - before)


def _round(
    form: Form, answers: Mapping[str, Any], hidden: frozenset[str], *, context: Mapping[str, Any], now: datetime
) -> Outcome:
    shown = {name: None if name in hidden else value for name, value in answers.items()}
    outcome = Outcome(values=shown, hidden=frozenset())
    for component in form.fields:
        if component.type == "computed" and component.key:
            shown[component.key] = None
            if component.key not in hidden:
                expression = str(component.raw.get("expression", ""))
                shown[component.key] = _value(component, expression, outcome, context=context, now=now)
    outcome.hidden = frozenset(_hidden_in(form.components, outcome, context=context, now=now))
    return outcome


def _hidden_in(
    components: tuple[Component, ...], outcome: Outcome, *, context: Mapping[str, Any], now: datetime
) -> set[str]:
    found: set[str] = set()
    for component in components:
        if component.hide and _value(component, component.hide, outcome, context=context, now=now) is True:
            found |= {part.key for part in walk((component,)) if part.key}
        else:
            found |= _hidden_in(component.children, outcome, context=context, now=now)
    return found


def is_required(component: Component, outcome: Outcome, *, context: Mapping[str, Any], now: datetime) -> bool:
    """Whether a shown field must be answered: always, or when its property `required_if` says so."""
    if component.required:
        return True
    condition = component.properties.get("required_if")
    return bool(condition) and _value(component, str(condition), outcome, context=context, now=now) is True


def broken_checks(
    component: Component, outcome: Outcome, *, context: Mapping[str, Any], now: datetime
) -> list[Sentence]:
    """What an answered field must not be, told in the sentences of the form's author.

    Properties `check`, `check2`, … are FEEL and hold unless they are false; `<name>_message` says what is wrong.
    """
    return [
        Sentence(N_("%(rule)s"), rule=Words(message, component.properties.get(f"{name}_message_en", "")))
        for name, message in checks_of(component)
        if _value(component, component.properties[name], outcome, context=context, now=now) is False
    ]


def roles_needed(component: Component, outcome: Outcome, context: Mapping[str, Any], now: datetime) -> tuple[str, ...]:
    """The roles that somebody must hold in a chosen organ, so that the case does not come to rest there.

    Property `held_roles` is FEEL: a role, a list of them, or null where none is needed.
    """
    expression = component.properties.get(HELD_ROLES)
    if not expression:
        return ()
    roles = _value(component, str(expression), outcome, context=context, now=now)
    return tuple(str(role) for role in (roles if isinstance(roles, list) else [roles]) if role is not None)


def expressions_of(component: Component) -> list[str]:
    """Every FEEL text of a component but that of a computed value."""
    properties = component.properties
    named = (component.hide, properties.get("required_if"), properties.get(HELD_ROLES))
    return [*filter(None, named), *(properties[name] for name, _ in checks_of(component))]


def checks_of(component: Component) -> list[tuple[str, str]]:
    """Name and message of each check of a field, in order."""
    names = sorted(name for name in component.properties if CHECK.fullmatch(name))
    return [(name, component.properties.get(f"{name}_message", component.label)) for name in names]


@lru_cache(maxsize=1024)
def facts_read_by(form: Form) -> frozenset[tuple[str, str]]:
    """Root and name of every fact that the form's expressions read, e.g. ("case", "subjects")."""
    found: set[tuple[str, str]] = set()
    for component in walk(form.components):
        computed = str(component.raw.get("expression") or "") if component.type == "computed" else ""
        for expression in filter(None, (computed, *expressions_of(component))):
            found.update(_facts_read(expression))
    return frozenset(found)


def _value(
    component: Component, expression: str, outcome: Outcome, *, context: Mapping[str, Any], now: datetime
) -> Any:
    """Value of an expression of the form; a failure is told at the component and reads as null."""
    try:
        return interpreter.evaluate(expression, _scope(expression, outcome.values, context), now=now)
    except FeelError as problem:
        path = component.key or component.id
        sentence = Sentence(
            N_("“%(label)s”的条件或算式无法计算（%(problem)s），请联系流程管理者。"),
            label=component.words,
            problem=Sentence(problem.sentence, **problem.values),
        )
        outcome.errors.setdefault(path, [sentence])
        return None


@lru_cache(maxsize=4096)
def _facts_read(expression: str) -> tuple[tuple[str, str], ...]:
    paths = (name.split(".") for name in checking.names_of(expression))
    return tuple((path[0], path[1]) for path in paths if len(path) > 1 and path[0] in FACTS)


def _scope(expression: str, values: Mapping[str, Any], context: Mapping[str, Any]) -> dict[str, Any]:
    """What the expression may read: the context, the fields (which win), and null for facts that nobody stated."""
    scope = {**context, **values}
    for root, name in _facts_read(expression):
        known = scope.get(root)
        if isinstance(known, Mapping) and name not in known:
            scope[root] = {**known, name: None}
        elif known is None:
            scope[root] = {name: None}
    return scope
