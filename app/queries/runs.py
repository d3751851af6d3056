"""What any run tells of its rows: how many stand how, and why some were refused."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func
from sqlalchemy.orm import InstrumentedAttribute

from app.storage.runs import DONE, KNOWN, REFUSED, WAITING

MOST_SHOWN = 500


@dataclass(frozen=True, slots=True)
class Counts:
    done: int
    refused: int
    waiting: int

    @property
    def total(self) -> int:
        return self.done + self.refused + self.waiting


def counted(status: InstrumentedAttribute[str]) -> tuple[ColumnElement[int], ColumnElement[int], ColumnElement[int]]:
    """Columns of a grouped query: how many rows are done, refused and waiting."""
    return (
        func.count().filter(status.in_((DONE, KNOWN))),
        func.count().filter(status == REFUSED),
        func.count().filter(status == WAITING),
    )


def sentences_of(refusal: Mapping[str, Any] | None) -> tuple[tuple[str, Mapping[str, Any]], ...]:
    """Why a row was refused: message ids with their values."""
    if not refusal:
        return ()
    listed = [refusal] if "sentence" in refusal else [one for found in refusal["fields"].values() for one in found]
    return tuple((one["sentence"], one["values"]) for one in listed)
