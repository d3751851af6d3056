"""From a decision table to the field that shows its proposal, and from the confirmed answer back to the facts."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from app.domain.advance import OpenTask
from app.domain.errors import NotFoundError
from app.forms.parse import Form
from app.forms.proposals import Departure, proposing, together
from app.services import definitions
from app.storage import facts as fact_rows
from app.storage.facts import scope_of

if TYPE_CHECKING:
    from app.services.command import Command


def proposals_for(command: "Command", task: OpenTask, form_key: str) -> dict[str, Any]:
    """What is proposed for fields of the step that opens: by field the value, and table and rows that made it."""
    form = _form_of(command, form_key)
    if form is None:
        return {}
    found: dict[str, Any] = {}
    scope = scope_of(task.element)
    for component, name in proposing(form):
        value = task.variables.get(name)
        if value is None:
            value = _fact(command, name, scope)
        if value is not None and component.key:
            answered_as = str(component.properties.get("proposal_from", name))
            decisions = [*reversed(command.decisions_told), *command.decisions_before]
            made = made_by(decisions, answered_as, scope=scope, process_key=task.process_key)
            found[component.key] = {"value": together(value), **made}
    return found


def confirm(command: "Command", facts: Mapping[str, Any]) -> None:
    """The confirmed answers take the place of the proposals on the case."""
    fact_rows.propose(command.file, facts)


def told(departed: tuple[Departure, ...]) -> dict[str, Any]:
    """What the history says of departures; nothing where every proposal was adopted."""
    if not departed:
        return {}
    return {"departures": [{**asdict(departure), "hits": list(departure.hits)} for departure in departed]}


def _form_of(command: "Command", form_key: str) -> Form | None:
    try:
        return definitions.form_of(command.proceeding.release_id, form_key)
    except NotFoundError:
        return None


def _fact(command: "Command", name: str, scope: str) -> Any:
    """A fact of the subject or item at hand, else of the case."""
    own, whole = command.facts.get(scope, {}), command.facts[""]
    return own.get(name, whole.get(name, fact_rows.columns_of(command.file).get(name)))


def made_by(decisions: Iterable[Mapping[str, Any]], name: str, *, scope: str, process_key: str) -> dict[str, Any]:
    """Table and rows of the newest decision that answers with this name, else of the newest one of the process.

    `decisions`: the newest first. What was decided for another subject or item made no proposal for this one.
    """
    here = [made for made in decisions if _concerns(made["scope"], scope)]
    by_name = (made for made in here if name in made["outputs"])
    of_process = (made for made in here if made["process"] == process_key)
    made = next(by_name, None) or next(of_process, None)
    return {"table": made["table"], "hits": list(made["hits"])} if made else {}


def _concerns(decided: str, scope: str) -> bool:
    """Whether one scope lies within the other; that of the whole case is empty."""
    return not decided or not scope or f"{decided}/".startswith(f"{scope}/") or f"{scope}/".startswith(f"{decided}/")
