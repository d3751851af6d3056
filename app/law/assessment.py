"""From facts to a proposal: asks a regulation's decision tables in order. It knows the order, never a rule.

The tables, the dates of force and the settings come with the plan; how a table is evaluated comes as `decide`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.domain.assessment import Assessment, CaseFacts, Hit, MentalState, Role, SubjectFacts, SubjectProposal
from app.domain.repeats import Matter, RepeatKey, Repeats, RepeatWindow, find_repeats
from app.domain.subjects import SubjectKind
from app.law.weighing import Context, Decide, Tables, Weighing, weigh

ACCOUNTABLE, NOT_ACCOUNTABLE = "ACCOUNTABLE", "NOT_ACCOUNTABLE"
IMPLEMENTING_ROLES = frozenset({"IMPLEMENTING", "IMPLEMENTING_AND_NOMINAL"})
KINDS: Mapping[str, tuple[SubjectKind, bool]] = {
    "organ": (SubjectKind.ORGAN, False),
    "person": (SubjectKind.PERSON, False),
    "leader": (SubjectKind.PERSON, True),
}
"""The kinds of subjects that an answer lists sanctions for: kind, and whether a leading cadre."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a regulation says about assessing a case."""

    tables: Mapping[Role, str]
    short_ids: Mapping[str, str]
    """How the beginning of a clause id is shortened in answers."""
    in_force_from: date
    in_force_to: date | None
    switches: Mapping[str, Any]


def assess(facts: CaseFacts, plan: Plan, *, decide: Decide) -> Assessment:
    """The proposal for a case and for each of its subjects. The order of subjects, faults and circumstances in the
    facts changes nothing. Raises what `decide` raises."""
    tables = Tables(plan.tables, plan.short_ids, decide)
    repeats = _repeats(facts, facts.subjects, plan)
    context = _context(facts, plan, repeats)
    asked = tuple(_subject_context(facts, context, plan, subject) for subject in facts.subjects)
    whole = weigh(tables, context, types=_further_types(facts))
    consequences = tables.learn(Role.ASSESSMENT, {**context, "scope_kind": whole.scope_kind, "result": whole.result})
    recovery = tables.learn(Role.RECOVERY, context) if whole.in_scope else ()
    routing, attribution = _directions(tables, asked, context) if whole.in_scope else ((), ())
    questions = _questions(tables, (context, *asked)) if whole.weighed else ()
    eligible = {kind: _eligible(tables, asked, context, kind) if whole.opens_sanctions else () for kind in KINDS}
    subjects = tuple(_proposal(tables, index, facts, whole, about) for index, about in enumerate(asked))
    return Assessment(
        in_scope=whole.in_scope,
        accountable=whole.result.startswith(f"{ACCOUNTABLE}_"),
        scope_kind=whole.scope_kind if whole.in_scope else None,
        basis_articles=whole.basis,
        outcome=whole.outcome,
        suggested=whole.suggested,
        exemption_articles=whole.findings.exemptions,
        mitigation_articles=whole.findings.mitigations,
        aggravation_articles=whole.findings.aggravations,
        eligible_sanctions=eligible,
        attribution=attribution,
        per_entity=whole.in_scope and _is_per_entity(facts),
        human_choice=tuple(dict.fromkeys([*whole.choices, *questions])),
        filing_duty=_first(consequences).get("filing_duty"),
        recovery=_first(recovery).get("recovery"),
        award_disqualification=_first(consequences).get("award_disqualification"),
        routing=routing,
        repeats=(*repeats.by_key, *repeats.by_organ),
        reasons=tables.reasons,
        subjects=subjects,
    )


def _first(hits: tuple[Hit, ...]) -> Mapping[str, Any]:
    return hits[0].outputs if hits else {}


def _context(facts: CaseFacts, plan: Plan, repeats: Repeats) -> Context:
    """Everything that tables may read, of the case as a whole."""
    effective, act = facts.effective_date, facts.act_date
    return {
        "issuing_body": facts.issuing_body,
        "case_type": facts.case_type,
        "instance": facts.instance,
        "legal_effect": facts.legal_effect,
        "effective_date": effective.isoformat() if effective else None,
        "act_date": act.isoformat() if act else None,
        "act_before_rule": act is not None and act < plan.in_force_from,
        "after_expiry": effective is not None and plan.in_force_to is not None and effective > plan.in_force_to,
        "fault_circumstances": sorted(_faults(facts)),
        "circumstances": sorted(set(facts.circumstances)),
        "mental_state": _gravest(facts.mental_state, *(subject.mental_state for subject in facts.subjects)),
        "organ_types": sorted({s.organ_type for s in facts.subjects if s.kind is SubjectKind.ORGAN}),
        "implementing_count": sum(_is_implementing(subject) for subject in facts.subjects),
        "nominal_apart": _is_nominal_apart(facts.subjects),
        "compensation_paid": facts.compensation_paid,
        "compensation_amount": facts.compensation_amount,
        "repeat_within_year": bool(repeats.by_key),
        "repeat_by_organ": bool(repeats.by_organ),
        **dict.fromkeys(SUBJECT_FACTS),
        "case": {"switches": dict(plan.switches)},
    }


SUBJECT_FACTS = (
    "subject_kind",
    "subject_role",
    "subject_level",
    "nominal_fault",
    "fault_degree",
    "authority",
    "current_status",
    "leading_cadre",
    "holds_appointed_post",
    "person_category",
    "art88_ground",
    "superior_order",
    "objected_in_writing",
    "county_managed",
    "suspected_violation",
)


def _subject_context(facts: CaseFacts, context: Context, plan: Plan, subject: SubjectFacts) -> Context:
    """What tables may read about one subject: its own state, fault and record where it has them."""
    repeats = _repeats(facts, (subject,), plan)
    person = subject.kind is SubjectKind.PERSON
    return {
        **context,
        "subject_kind": subject.kind.value,
        "subject_role": subject.role,
        "subject_level": subject.level,
        "nominal_fault": subject.nominal_fault,
        "fault_degree": subject.fault_degree,
        "authority": subject.authority,
        "current_status": subject.current_status,
        "leading_cadre": person and subject.leading_cadre is True,
        "holds_appointed_post": subject.holds_appointed_post,
        "person_category": subject.person_category,
        "art88_ground": subject.art88_ground,
        "superior_order": subject.superior_order,
        "objected_in_writing": subject.objected_in_writing,
        "case_type": subject.case_type or facts.case_type,
        "fault_circumstances": [subject.fault] if subject.fault else context["fault_circumstances"],
        "mental_state": subject.mental_state or facts.mental_state,
        "repeat_within_year": bool(repeats.by_key),
        "repeat_by_organ": bool(repeats.by_organ),
    }


def _faults(facts: CaseFacts) -> set[str]:
    return {*facts.fault_circumstances, *(subject.fault for subject in facts.subjects if subject.fault)}


def _further_types(facts: CaseFacts) -> tuple[str, ...]:
    """Kinds of loss of the subjects' own acts where they differ from the case's."""
    return tuple(sorted({s.case_type for s in facts.subjects if s.case_type} - {facts.case_type}))


def _gravest(*states: MentalState | None) -> str | None:
    return next((state.value for state in MentalState if state in states), None)


def _is_implementing(subject: SubjectFacts) -> bool:
    return subject.kind is SubjectKind.ORGAN and subject.role in IMPLEMENTING_ROLES


def _is_nominal_apart(subjects: tuple[SubjectFacts, ...]) -> bool:
    """Whether a nominal organ stands beside another organ that implemented."""
    nominal = [s for s in subjects if s.kind is SubjectKind.ORGAN and s.role == "NOMINAL"]
    implementing = [s for s in subjects if _is_implementing(s)]
    return any(one.organ_id is None or one.organ_id != other.organ_id for one in nominal for other in implementing)


def _is_per_entity(facts: CaseFacts) -> bool:
    organs = [subject for subject in facts.subjects if subject.kind is SubjectKind.ORGAN]
    return sum(map(_is_implementing, organs)) > 1 or sum(subject.fault is not None for subject in organs) > 1


def _repeats(facts: CaseFacts, subjects: Iterable[SubjectFacts], plan: Plan) -> Repeats:
    known = tuple(subjects)
    matter = Matter(
        faults=frozenset(facts.fault_circumstances),
        act_date=facts.act_date,
        series_id=facts.series_id,
        people=frozenset(subject.person_id for subject in known if subject.person_id),
        organs=frozenset(subject.organ_id for subject in known if subject.organ_id),
    )
    return find_repeats(
        facts.history,
        matter,
        key=RepeatKey(plan.switches.get("repeatKey", RepeatKey.PERSON)),
        window=RepeatWindow(plan.switches.get("repeatWindow", RepeatWindow.ROLLING_YEAR)),
    )


def _directions(
    tables: Tables, asked: tuple[Context, ...], context: Context
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Where subjects must be referred to, and the roles that the faults of the case are attributed to."""
    routing: set[str] = set()
    attributed: dict[int, str] = {}
    for index, about in enumerate(asked):
        for hit in tables.ask(Role.AUTHORITY, about):
            if hit.outputs["routing"] or about["subject_kind"] == SubjectKind.PERSON:
                tables.keep((hit,), about=index)
                routing.update(hit.outputs["routing"] or ())
        for hit in tables.learn(Role.ATTRIBUTION, _with_faults_of(context, about), about=index):
            attributed[hit.reason.position] = hit.outputs["attribution"]
    return tuple(sorted(routing)), tuple(attributed[position] for position in sorted(attributed))


def _with_faults_of(context: Context, about: Context) -> Context:
    return {**about, "fault_circumstances": context["fault_circumstances"]}


def _questions(tables: Tables, contexts: Iterable[Context]) -> tuple[str, ...]:
    """What is asked beside the outcome, in the order of the table: of the case (first) and of each subject."""
    found: dict[int, str] = {}
    for place, context in enumerate(contexts):
        for hit in tables.learn(Role.QUESTIONS, context, about=place - 1 if place else None):
            if hit.outputs["question"]:
                found[hit.reason.position] = hit.outputs["question"]
    return tuple(dict.fromkeys(found[position] for position in sorted(found)))


def _eligible(tables: Tables, asked: tuple[Context, ...], context: Context, kind: str) -> tuple[str, ...]:
    """Sanctions open to a kind of subject, whoever is among the subjects; what hangs on a person's category or on a
    statutory ground only where a subject of the kind has it."""
    subject_kind, leading = KINDS[kind]
    plain = {**context, "subject_kind": subject_kind.value, "leading_cadre": leading}
    alike = [
        {**plain, "person_category": about["person_category"], "art88_ground": about["art88_ground"]}
        for about in asked
        if (about["subject_kind"], about["leading_cadre"]) == (subject_kind.value, leading)
    ]
    hits = [hit for one in (plain, *alike) for hit in tables.learn(Role.SANCTIONS, one)]
    return tables.articles(hit.outputs["eligible_sanctions"] for hit in hits)


def _proposal(tables: Tables, index: int, facts: CaseFacts, whole: Weighing, about: Context) -> SubjectProposal:
    """What follows for one subject, by its own state, fault and record, where the case is in scope at all."""
    held = tables.learn(Role.SUBJECTS, about, about=index) if whole.in_scope else ()
    proposals = tuple(dict.fromkeys(hit.outputs["subject_proposal"] for hit in held))
    answers = NOT_ACCOUNTABLE not in proposals
    own = weigh(tables, about, about=index) if whole.in_scope and answers else None
    open_ = own is not None and own.opens_sanctions and whole.opens_sanctions
    sanctions = tables.learn(Role.SANCTIONS, about, about=index) if open_ else ()
    asks_attribution = Role.ATTRIBUTION in tables.roles and about["subject_kind"] == SubjectKind.PERSON
    routing = _first(tables.ask(Role.AUTHORITY, about)).get("routing") if whole.in_scope else ()
    return SubjectProposal(
        index=index,
        facts=facts.subjects[index],
        proposals=proposals,
        outcome=own.outcome if own else None,
        suggested=own.suggested if own else None,
        basis_articles=tables.articles(hit.outputs["subject_basis"] for hit in held),
        exemption_articles=own.findings.exemptions if own else (),
        mitigation_articles=own.findings.mitigations if own else (),
        aggravation_articles=own.findings.aggravations if own else (),
        eligible_sanctions=tables.articles(hit.outputs["eligible_sanctions"] for hit in sanctions),
        human_choice=tuple(dict.fromkeys([*own.choices, *_asked_of(tables, about)])) if own else (),
        routing=tuple(routing or ()),
        attributed=bool(tables.ask(Role.ATTRIBUTION, about)) if asks_attribution else None,
    )


def _asked_of(tables: Tables, about: Context) -> tuple[str, ...]:
    return tuple(hit.outputs["question"] for hit in tables.ask(Role.QUESTIONS, about) if hit.outputs["question"])
