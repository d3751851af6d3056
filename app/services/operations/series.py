"""Operations on a series (系列案): one investigation for its leading case, whose result the others take over."""

from collections.abc import Collection
from typing import TYPE_CHECKING

from app.domain.errors import N_
from app.domain.history import Act
from app.services.operations.registry import operation
from app.storage import agendas
from app.storage.agendas import LEAD_MESSAGE
from app.storage.models import Proceeding
from app.storage.subscriptions import correlation_text

if TYPE_CHECKING:
    from app.services.command import Command

SEPARATED = "SeriesSeparated"
REVERSED = "REVERSED"


@operation("case/tell_followers", result="list", outcome="string")
def tell_followers(command: "Command", *, outcome: str | None) -> list[str]:
    """Tell the cases that wait for this one what came of it; their numbers. The history of both names the other.

    A leading case whose judgment was reversed says nothing about the others: the oldest leads from then on.
    """
    case = command.file.case
    waiting = agendas.waiting_followers(command.proceeding.id) if case is not None and case.series_id else []
    if not waiting:
        return []
    if outcome == REVERSED:
        return _hand_over(command, waiting)
    numbers = [follower.number for follower in waiting]
    for number in numbers:
        payload = {"case_no": number, "series_lead": command.proceeding.number, "outcome": outcome}
        command.send("MESSAGE", LEAD_MESSAGE, payload=payload, correlation=correlation_text({"case_no": number}))
    agendas.follow([follower.id for follower in waiting], None)
    command.tell(Act.SERIES, N_("系列案随本案了结"), details={"cases": numbers}, by_system=True)
    return numbers


def _hand_over(command: "Command", waiting: Collection[Proceeding]) -> list[str]:
    """The oldest of the waiting cases is investigated itself, and the others wait for it instead."""
    heir, *others = waiting
    payload = {"case_no": heir.number, "series_lead": command.proceeding.number, "outcome": REVERSED}
    command.send("MESSAGE", SEPARATED, payload=payload, correlation=correlation_text({"case_no": heir.number}))
    agendas.follow([heir.id], None)
    agendas.follow([other.id for other in others], heir.id)
    command.tell(Act.SERIES, N_("本案改判，系列案改由另案主办"), details={"cases": [heir.number]}, by_system=True)
    return [heir.number]
