"""What came of a further procedure, in the words of the option lists that the register names for its procedures."""

from app.law.register import ProcedureKind
from app.queries.labels import label_in
from app.queries.stages import register_of
from app.storage.models import Proceeding


def outcome_label(proceeding: Proceeding, kind: ProcedureKind | None, locale: str) -> str:
    """The code itself where the register names no list."""
    if kind is None or not kind.outcomes:
        return proceeding.outcome or ""
    return label_in(proceeding.release_id, kind.outcomes, proceeding.outcome, locale=locale)


def revision_label(release_id: str, code: str | None, locale: str) -> str:
    """What a later procedure made of a decision: the first of the case's procedures that has a word for it."""
    lists = [kind.outcomes for kind in register_of(release_id).procedures if kind.outcomes]
    labels = (label_in(release_id, options, code, locale=locale) for options in lists)
    return next((label for label in labels if label != code), code or "")
