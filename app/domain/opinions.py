"""意见: what kind of opinion somebody signs, in the order in which the table shows them."""

from enum import StrEnum

from app.domain.errors import N_


class OpinionKind(StrEnum):
    HANDLING = "HANDLING"
    REVIEW = "REVIEW"
    COUNTERSIGN = "COUNTERSIGN"
    INSTRUCTION = "INSTRUCTION"


LABELS = {
    OpinionKind.HANDLING: N_("承办意见"),
    OpinionKind.REVIEW: N_("复核意见"),
    OpinionKind.COUNTERSIGN: N_("会签意见"),
    OpinionKind.INSTRUCTION: N_("领导批示"),
}
_LEADING = ("head", "director", "leader", "manager")
_REVIEWING = ("legal_reviewer", "deputy", "adjudicator")
_COUNTERSIGNING = ("signatory",)


def kind_of(stated: str, role: str | None) -> OpinionKind:
    """What the form says (property `opinion` of a field), else what the role is there for."""
    if stated in set(OpinionKind):
        return OpinionKind(stated)
    side, _, post = (role or "").partition(".")
    post = post or side
    if role == "team.leader":  # leads an investigation, instructs nobody
        return OpinionKind.HANDLING
    if post in _COUNTERSIGNING:
        return OpinionKind.COUNTERSIGN
    if post in _REVIEWING:
        return OpinionKind.REVIEW
    return OpinionKind.INSTRUCTION if post in _LEADING else OpinionKind.HANDLING
