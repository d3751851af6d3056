"""What a text variable may be: where everything that sets it says so, a comparison with another value is a mistake."""

from collections.abc import Collection, Iterator

from app import feel
from app.domain.errors import N_
from app.engine.expressions import assignments
from app.engine.failures import StepError
from app.engine.profile import scopes
from app.engine.profile.model import (
    HUMAN,
    Container,
    Element,
    Model,
    extension,
    extension_text,
    instances_of,
    item_of,
    message_of,
    nearest,
    text_of,
)
from app.engine.sources import bpmn, local_name, properties_of
from app.feel import Choice, FeelType, ListOf

MOST_STATED = 5_000
"""Places that set a variable; the largest county of ours has eight hundred. Of more nothing is learned."""


def learn_values(model: Model) -> None:
    """Fill `model.values`: a variable keeps its name where one process calls another, so all of them set it together.

    A called process is reported where it wants a variable that nothing sets and its caller has one of a like name.
    """
    if model.catalogue.forms is None:
        return  # nobody knows what people answer
    found: dict[str, FeelType] = {}
    for number, (name, type_) in enumerate(_stated(model)):
        if number > MOST_STATED:
            return
        earlier = found.setdefault(name, type_)
        found[name] = feel.joined(earlier, type_) if earlier == type_ else "any"
    _check_called(model, found.keys())
    model.values.update({name: type_ for name, type_ in found.items() if isinstance(type_, Choice | ListOf)})


def _check_called(model: Model, stated: Collection[str]) -> None:
    for key, callers in model.callers.items():
        process = model.processes.get(key)
        if process is None:
            continue
        for caller, call in callers:
            known = {*stated, *scopes.scope_of_process(model, caller), *scopes.elements_at(call)}
            for name in sorted(process.variables.keys() - known):
                near = nearest(name, caller.variables.keys() - process.variables.keys())
                if near is not None:  # others are given at the start, or stay null on purpose
                    sentence = N_("被调用的流程的变量 `%(name)s` 没有来处，与调用方的 `%(candidate)s` 对不上。")
                    model.report.warning(caller.file, call, "unset", sentence, name=name, candidate=near)


def _stated(model: Model) -> Iterator[tuple[str, FeelType]]:
    for process in model.processes.values():
        for container in process.containers:
            for node in container.nodes.values():
                yield from _by_answers(model, node)
                yield from _by_scripts(model, container, node)
                yield from _by_table(model, container, node)
                yield from _by_others(node)
                yield from _by_instances(model, node)


def _by_answers(model: Model, node: Element) -> Iterator[tuple[str, FeelType]]:
    if local_name(node) in HUMAN and model.catalogue.forms is not None:
        yield from model.catalogue.forms.get(properties_of(node).get("formKey", ""), {}).items()


def _by_others(node: Element) -> Iterator[tuple[str, FeelType]]:
    """Results of operations and what messages bring: nothing tells which values they have."""
    operator = extension(node, "serviceTaskOperator")
    if operator is not None:
        yield operator.get("resultVariable", ""), "any"
    if (message := message_of(node)) is not None:
        yield extension_text(message[0], "messageVariable"), "context"


def _by_instances(model: Model, node: Element) -> Iterator[tuple[str, FeelType]]:
    """A collection of answers holds what the field of the form gives."""
    loop = instances_of(node)
    if loop is None:
        return
    answers = dict(_by_answers(model, node))
    element = answers.get(item_of(loop, "outputDataItem"), "any")
    yield text_of(loop.find(bpmn("loopDataOutputRef"))), ListOf(element)


def _by_scripts(model: Model, container: Container, node: Element) -> Iterator[tuple[str, FeelType]]:
    before, after = scopes.scope_of_node(model, container, node), scopes.scope_after(model, container, node)
    own = text_of(node.find(bpmn("script"))) if local_name(node) == "scriptTask" else ""
    written = ((own, before), (extension_text(node, "preScript"), before), (extension_text(node, "postScript"), after))
    for text, scope in written:
        try:
            lines = assignments(text)
        except StepError:
            continue  # reported with the step
        for name, expression in lines:
            yield name, feel.inspect(expression, scope).known if name in container.process.variables else "any"


def _by_table(model: Model, container: Container, node: Element) -> Iterator[tuple[str, FeelType]]:
    entry = model.tables.get(extension_text(node, "calledDecisionId"))
    if entry is None:
        return
    one = not entry.table.hit_policy.lists
    scope = scopes.scope_of_node(model, container, node)
    for rule in entry.table.rules:
        for column, cell in zip(entry.table.outputs, rule.outputs, strict=False):
            if cell not in ("", "-", "null"):
                yield column.expression, feel.inspect(cell, scope).known if one else "list"
