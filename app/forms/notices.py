"""Service by public notice (公告送达): the day of service is not chosen, it follows from the day of the notice."""

from collections.abc import Iterator
from datetime import date

from app.domain.effect import served_by_public_notice
from app.domain.errors import N_, Sentence
from app.forms.conditions import Outcome
from app.forms.parse import Form


def serve(form: Form, outcome: Outcome) -> None:
    """Fill in each date whose property `served_by_notice` names the field with the day of an issued public notice.

    Nothing happens while no notice was issued. A day of service that differs is told at the field: 民事诉讼法 95 leaves
    no choice.
    """
    for name, day in _days(form, outcome):
        given = outcome.values.get(name)
        if given is not None and given != day:
            sentence = Sentence(
                N_("公告送达自发出公告之日起满三十日视为送达，送达日期应为 %(day)s 或者不填。"), day=day
            )
            outcome.errors.setdefault(name, []).append(sentence)
        outcome.values[name] = day


def _days(form: Form, outcome: Outcome) -> Iterator[tuple[str, str]]:
    """Name of the date of service and the day that the notice gives it, ISO text."""
    for component in form.fields:
        issued = outcome.values.get(component.properties.get("served_by_notice") or "")
        if component.key and component.key not in outcome.hidden and issued:
            yield component.key, served_by_public_notice(date.fromisoformat(str(issued))).isoformat()
