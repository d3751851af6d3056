"""What is known of a lost case when somebody asks what follows from it, and what the tables propose.

Codes are those of the fact vocabulary. A result is a proposal: nothing is decided until a named person signs it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from app.domain.repeats import PastFault
from app.domain.subjects import SubjectKind


class MentalState(StrEnum):
    """Gravest first."""

    INTENT = "INTENT"
    GROSS_NEGLIGENCE = "GROSS_NEGLIGENCE"
    ORDINARY_NEGLIGENCE = "ORDINARY_NEGLIGENCE"
    NONE = "NONE"


class Role(StrEnum):
    """What a decision table answers in an assessment. A regulation names its table of each role, or none."""

    SCOPE = "scope"
    BASIS = "basis"
    FAULT = "fault"
    ATTRIBUTION = "attribution"
    SUBJECTS = "subjects"
    MENTAL_STATE = "mental-state"
    EXEMPTION = "exemption"
    MITIGATION = "mitigation"
    AGGRAVATION = "aggravation"
    RESERVATIONS = "reservations"
    CONFLICT = "conflict"
    CHOICES = "choices"
    QUESTIONS = "questions"
    SANCTIONS = "sanctions"
    AUTHORITY = "authority"
    RECOVERY = "recovery"
    ASSESSMENT = "assessment"


@dataclass(frozen=True, slots=True)
class SubjectFacts:
    kind: SubjectKind
    role: str
    organ_type: str = "ADMIN_ORGAN"
    authority: str = "COUNTY"
    current_status: str = "IN_SERVICE"
    person_id: str | None = None
    organ_id: str | None = None
    name: str | None = None
    case_type: str | None = None
    level: str | None = None
    fault: str | None = None
    fault_degree: str | None = None
    mental_state: MentalState | None = None
    nominal_fault: bool | None = None
    leading_cadre: bool | None = None
    holds_appointed_post: bool | None = None
    person_category: str | None = None
    art88_ground: str | None = None
    superior_order: bool | None = None
    objected_in_writing: bool | None = None


@dataclass(frozen=True, slots=True)
class CaseFacts:
    issuing_body: str
    case_type: str
    legal_effect: bool
    instance: str | None = None
    effective_date: date | None = None
    act_date: date | None = None
    series_id: str | None = None
    fault_circumstances: tuple[str, ...] = ()
    mental_state: MentalState | None = None
    subjects: tuple[SubjectFacts, ...] = ()
    circumstances: tuple[str, ...] = ()
    history: tuple[PastFault, ...] = ()
    compensation_amount: float | None = None
    """Yuan."""
    compensation_paid: bool = False


@dataclass(frozen=True, slots=True)
class Reason:
    """A row that matched."""

    clause: str
    table: str
    row: str
    sentence: str
    position: int
    """Of the row in its table, from 0."""
    subject: int | None = None
    """Index of the subject that the row is about; None for the case."""


@dataclass(frozen=True, slots=True)
class SubjectProposal:
    """What follows for one subject, judged by its own mental state and history."""

    index: int
    facts: SubjectFacts
    proposals: tuple[str, ...]
    """ACCOUNTABLE, NOT_ACCOUNTABLE, HUMAN_DECISION, SEPARATE."""
    outcome: str | None
    """None where the subject is not accountable at all."""
    suggested: str | None
    basis_articles: tuple[str, ...]
    exemption_articles: tuple[str, ...]
    mitigation_articles: tuple[str, ...]
    aggravation_articles: tuple[str, ...]
    eligible_sanctions: tuple[str, ...]
    human_choice: tuple[str, ...]
    routing: tuple[str, ...]
    attributed: bool | None
    """Whether the loss is attributed to the person's role; None where the regulation does not ask."""


@dataclass(frozen=True, slots=True)
class Assessment:
    in_scope: bool
    accountable: bool
    scope_kind: str | None
    basis_articles: tuple[str, ...]
    outcome: str
    suggested: str | None
    exemption_articles: tuple[str, ...]
    mitigation_articles: tuple[str, ...]
    aggravation_articles: tuple[str, ...]
    eligible_sanctions: Mapping[str, tuple[str, ...]]
    """By kind of subject: organ, person, leader."""
    attribution: tuple[str, ...]
    per_entity: bool
    human_choice: tuple[str, ...]
    filing_duty: bool | None
    recovery: str | None
    award_disqualification: bool | None
    routing: tuple[str, ...]
    repeats: tuple[PastFault, ...]
    """Entries of the history that make it a repetition."""
    reasons: tuple[Reason, ...]
    subjects: tuple[SubjectProposal, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Hit:
    """A row of a decision table that matched, with what it proposes."""

    reason: Reason
    outputs: Mapping[str, Any]
