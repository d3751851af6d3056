"""Operations that tell people something, or give a paper its number."""

from typing import TYPE_CHECKING

from app.domain.errors import N_, ConflictError
from app.domain.numbering import number_of
from app.services.operations.registry import operation
from app.storage.numbers import next_serial

if TYPE_CHECKING:
    from app.services.command import Command

TOLD = "TOLD"
"""Kind of a notice whose words a diagram says itself."""


@operation("notify/send", result="string", kind="string", role="string", organ="string")
def send(command: "Command", *, kind: str, role: str, organ: str | None) -> str:
    """A notice to a role, in an organ where one is named. It leaves through the outbox, once."""
    command.send("NOTICE", kind, payload={"role": role, "organ": organ})
    return kind


@operation("notify/tell", result="string", role="string", organ="string", person="string", text="string")
def tell(command: "Command", *, role: str | None, organ: str | None, person: str | None, text: str) -> str:
    """A notice in the regulation's own words: to one person, or to a role, in an organ where one is named."""
    payload = {"role": "" if person else role or "", "organ": organ, "person": person, "text": text}
    command.send("NOTICE", TOLD, payload=payload)
    return text


@operation("numbers/issue", result="string", kind="string")
def issue(command: "Command", *, kind: str) -> str:
    """The next number of a kind of paper, in the format of the register."""
    return next_number(command, kind)


def next_number(command: "Command", kind: str) -> str:
    """The same for whoever makes a paper. The counter stays locked until the commit. Raises ConflictError."""
    formats = command.register.number_formats
    if kind not in formats:
        raise ConflictError(N_("制度登记中没有“%(kind)s”这种文号格式。"), kind=kind)
    year = command.today.year
    serial = next_serial(command.proceeding.county_id, kind, year)
    number = number_of(formats[kind], year=year, serial=serial)
    command.issued[kind] = number
    return number
