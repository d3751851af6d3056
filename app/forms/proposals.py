"""Proposals that fields show: what a decision table proposed, and whether an answer adopts it or departs from it.

A field names its proposal in the property `proposal` (a variable of the process or a fact of the case). The answer
takes its place once confirmed. Where a script turned a table's answer into what is proposed, `proposal_from` names the
table's output, so that rows and clauses are still told. With `proposal_range` the proposal is a range of what may be
chosen: any choice within it adopts it, and it stays as it is. With `proposal_asked` it is a list of matters to be
decided: whoever leaves it unanswered departs from it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.errors import N_, InvalidAnswersError, Sentence
from app.forms.parse import Component, Form

REASON = "departure_reason"
"""How the name of the field ends in which a departure is reasoned."""

Proposals = Mapping[str, Mapping[str, Any]]
"""By field name: `value`, and where a table made it `table` and `hits` (row ids)."""


@dataclass(frozen=True, slots=True)
class Departure:
    """An answer that is not what was proposed."""

    field: str
    proposed: Any
    answered: Any
    table: str
    hits: tuple[str, ...]


def proposing(form: Form) -> Iterator[tuple[Component, str]]:
    """Fields that show a proposal, with the name of the variable or fact that holds it."""
    for component in form.fields:
        name = component.properties.get("proposal")
        if name and component.key:
            yield component, name.rpartition(".")[2]


def reason_field(form: Form) -> Component | None:
    """The field in which a departure is reasoned."""
    return next((field for field in form.fields if field.key and field.key.endswith(REASON)), None)


def departures(form: Form, proposals: Proposals, data: Mapping[str, Any]) -> tuple[Departure, ...]:
    """Answers that depart from what was proposed; a field that was not asked does not."""
    return tuple(
        Departure(
            field=key,
            proposed=proposals[key]["value"],
            answered=data[key],
            table=str(proposals[key].get("table", "")),
            hits=tuple(proposals[key].get("hits", ())),
        )
        for component, _ in proposing(form)
        if (key := component.key or "") in proposals and key in data
        if _departs(proposals[key]["value"], _answered(component, data[key]), is_range=_is_range(component))
    )


def ensure_reasoned(form: Form, found: tuple[Departure, ...], data: Mapping[str, Any]) -> None:
    """Raises InvalidAnswersError at the field for reasons: somebody departs without saying why."""
    field = reason_field(form)
    key = field.key if field else None
    if not found or key is None or key not in data or str(data[key] or "").strip():
        return
    label = next(component.words for component, _ in proposing(form) if component.key == found[0].field)
    sentence = Sentence(N_("“%(label)s”与建议不一致，请写明理由。"), label=label)
    raise InvalidAnswersError({key: [sentence]})


def confirmed(form: Form, data: Mapping[str, Any]) -> dict[str, Any]:
    """What was answered under the names of the proposals: from now on the facts."""
    return {
        name: data[key]
        for component, name in proposing(form)
        if (key := component.key or "") in data and data[key] is not None and not _is_range(component)
    }


def _answered(component: Component, answer: Any) -> Any:
    """An answer left out is no choice; for matters that must be decided it is the choice to decide none."""
    return [] if answer is None and component.properties.get("proposal_asked") == "true" else answer


def _is_range(component: Component) -> bool:
    return component.properties.get("proposal_range") == "true"


def together(proposed: Any) -> Any:
    """Rows of a table that each answer with a list propose, together, all that stands in any of them."""
    if not isinstance(proposed, list):
        return proposed
    found: list[Any] = []
    for one in proposed:
        found += [inner for inner in (one if isinstance(one, list) else [one]) if inner not in found]
    return found


def _departs(proposed: Any, answered: Any, *, is_range: bool) -> bool:
    if answered is None:
        return False
    if isinstance(proposed, list):
        chosen = answered if isinstance(answered, list) else [answered]
        beyond = any(one not in proposed for one in chosen)
        return beyond or (not is_range and any(one not in chosen for one in proposed))
    return bool(proposed != answered)
