"""The papers of a regulation: which step makes which, from which template, with which number."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Per(StrEnum):
    """How many papers one completion of a step makes."""

    STEP = "STEP"
    """One, about what the step is about."""
    SUBJECT = "SUBJECT"
    """One for the responsible subject of the step; where the step has none, one for each of the case."""
    ITEM = "ITEM"
    """One for each item of the meeting's agenda."""


@dataclass(frozen=True, slots=True)
class PaperKind:
    """A kind of official paper."""

    id: str
    name: str
    en: str
    template: str
    """Name of the template among the files of the release."""
    steps: tuple[str, ...]
    """`process/step`: completing one of them makes the paper."""
    per: Per
    when: str
    """FEEL: made only where it is true; empty for always. Sees task, case, subject, meeting, item, procedure."""
    number: str
    """Kind of number in `number_formats`; empty for none."""
    keeps_number: bool
    """Whether a paper issued anew for the same subject keeps the number of the one before."""
    instead_of: tuple[str, ...]
    """Other kinds whose paper about the same subject this one takes the place of."""
    serves: tuple[str, ...]
    """Kinds whose newest paper about the same subject the step hands over: the record names its very bytes."""
    served_on: str
    """FEEL over the same names: from which day the responsible subject counts as served with what the step hands over,
    or with the paper itself where it serves no other; empty for a paper that is not for him."""
    clauses: tuple[str, ...]

    @property
    def family(self) -> frozenset[str]:
        """Kinds of which one takes the place of another."""
        return frozenset({self.id, *self.instead_of})


def papers_of(data: Mapping[str, Any] | None) -> dict[str, PaperKind]:
    """The section `papers` of a register by id. Raises KeyError or ValueError for its author."""
    return {str(id_): _paper(str(id_), entry) for id_, entry in (data or {}).items()}


def _paper(id_: str, data: Mapping[str, Any]) -> PaperKind:
    return PaperKind(
        id=id_,
        name=data["name"],
        en=data.get("en") or data["name"],
        template=data["template"],
        steps=tuple(data["steps"]),
        per=Per(data.get("per", "STEP")),
        when=str(data.get("when") or "").strip(),
        number=data.get("number") or "",
        keeps_number=bool(data.get("keeps_number")),
        instead_of=tuple(data.get("instead_of") or ()),
        serves=tuple(data.get("serves") or ()),
        served_on=str(data.get("served_on") or "").strip(),
        clauses=tuple(data.get("clauses") or ()),
    )
