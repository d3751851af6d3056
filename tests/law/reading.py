"""A second reading of the rules, in plain Python and from the text alone: what the tables must propose.

Written apart from the tables, without their names and order, so that a slip in one is found by the other. It reads the
default answer to every open question.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from app.domain.assessment import CaseFacts, MentalState, SubjectFacts

ORGAN = "ORGAN"
GRAVE = {MentalState.INTENT, MentalState.GROSS_NEGLIGENCE}
ART3 = {"REVOKE": 1, "PARTIAL_REVOKE": 1, "CONFIRM_ILLEGAL": 2, "ALTER": 3, "ORDER_PERFORM": 4, "ORDER_COMPENSATE": 5}
ART3 |= {"CONFIRM_INVALID": 6, "OTHER_LOSS": 6}
ART4 = ("COMPENSATION_CONFIRMED", "FAULT_FOUND", "SETTLED_SERIOUS", "ADVICE_IGNORED", "NOT_EXECUTED", "HEAD_ABSENT")
FAULTS = ("FACTS_EVIDENCE", "ULTRA_VIRES_ABUSE", "PROCEDURE", "MANIFESTLY_IMPROPER", "WRONG_BASIS", "NONPERFORMANCE")
IN_COURT = {"FAULT_DEFENCE_EVIDENCE", "FAULT_NON_APPEARANCE"}
"""YY-6, second sentence; of these JZ-5 knows the first alone."""
FAULT_ITEM = {f"FAULT_{name}": n for n, name in enumerate((*FAULTS, "DEFENCE_EVIDENCE"), 1)}
HEAVIER = {"OBSTRUCTION": 2, "RETALIATION": 3, "SERIOUS_LOSS_OR_IMPACT": 4, "OTHER_AGGRAVATION_BY_LAW": 5}
LIGHTER = {"FORCE_MAJEURE_WORSENED": 1, "SELF_CORRECTED": 2, "OTHER_MITIGATION_BY_LAW": 3}
LEFT = {"RETIRED", "RESIGNED", "DISMISSED", "DEAD"}
PLAIN_KEYS = ("in_scope", "accountable", "outcome", "suggested", "per_entity", "filing_duty", "recovery", "scope_kind")
PLAIN_KEYS += ("award_disqualification",)
LISTS = ("basis_articles", "exemption_articles", "mitigation_articles", "aggravation_articles", "human_choice")
LISTS += ("routing", "attribution")

NO_SANCTIONS: dict[str, set[str]] = {"organ": set(), "person": set(), "leader": set()}


@dataclass(frozen=True)
class Law:
    """What differs between the two texts."""

    jinzhai: bool
    start: date
    end: date | None

    def exempt(self, item: int) -> str:
        return f"JZ-15({item})" if self.jinzhai else f"YY-11({item})"

    def lighter(self, item: int) -> str:
        return f"JZ-16({item})" if self.jinzhai else f"YY-12({item})"

    def heavier(self, item: int) -> str:
        return f"JZ-17({item})" if self.jinzhai else f"YY-13({item})"


LAWS = {
    "jinzhai": Law(True, date(2017, 10, 11), None),
    "yiyuan": Law(False, date(2022, 12, 16), date(2024, 12, 15)),
}


def read(facts: CaseFacts, regime: str) -> dict[str, Any]:
    """The proposal that the text gives; lists as sets."""
    law = LAWS[regime]
    mental = _gravest(facts)
    clause = _scope(facts, facts.case_type, law, mental)
    out = clause is None or (facts.effective_date is not None and facts.effective_date < law.start)
    awaits = not facts.legal_effect and not (facts.case_type.startswith("REF_") and clause != "JZ-4(5)")
    answer: dict[str, Any] = dict.fromkeys(PLAIN_KEYS) | {name: set() for name in LISTS}
    answer |= {"in_scope": False, "per_entity": False, "accountable": False, "filing_duty": False}
    answer |= {"eligible_sanctions": NO_SANCTIONS}
    answer["award_disqualification"] = None if law.jinzhai else False
    if out or awaits:
        return answer | {"outcome": "OUT_OF_SCOPE" if out else "AWAIT_EFFECT"}
    by_reference = clause is not None and (clause.startswith("JZ-4") or clause == "YY-18")
    answer |= {
        "in_scope": True,
        "scope_kind": "BY_REFERENCE" if by_reference else "DIRECT",
        "basis_articles": _basis(facts, law, mental),
        "filing_duty": law.jinzhai and not by_reference,
        "recovery": "OPEN" if facts.compensation_paid and mental in GRAVE else None,
        "routing": _routing(facts, law),
        "attribution": _attribution(facts, law),
        "per_entity": len(_implementing(facts)) > 1 or sum(s.fault is not None for s in _organs(facts)) > 1,
    }
    if law.end and facts.effective_date and facts.effective_date > law.end:
        return answer | {"outcome": "HUMAN_DECISION", "suggested": "OUT_OF_SCOPE", "human_choice": {"YY-19"}}
    return answer | _weigh(facts, law, mental, by_reference=by_reference)


def _weigh(facts: CaseFacts, law: Law, mental: MentalState | None, *, by_reference: bool) -> dict[str, Any]:
    exempt, doubt_exempt = _exemptions(facts, law, mental)
    light, doubt_light = _mitigations(facts, law)
    heavy, doubt_heavy = _aggravations(facts, law)
    doubts = (doubt_exempt - exempt) | (doubt_light - light) | (doubt_heavy - heavy)
    choice, suggested = set(doubts), None
    if doubt_light - light:
        choice |= heavy
    plain = f"ACCOUNTABLE_{'AGGRAVATED' if heavy else 'MITIGATED' if light else 'NORMAL'}"
    if exempt and heavy:
        outcome, choice = "HUMAN_DECISION", choice | exempt | heavy
        suggested = "ACCOUNTABLE_AGGRAVATED" if heavy & {law.heavier(2), law.heavier(3)} else None
    elif exempt:
        outcome = "EXEMPT" if law.jinzhai else "EXEMPT_OR_NOT_PURSUED"
    elif light and heavy:
        outcome, choice = "HUMAN_DECISION", choice | light | heavy
    elif doubts:
        outcome, suggested = "HUMAN_DECISION", plain
    else:
        outcome = plain
    first = _to_be_settled_first(facts, law, mental, by_reference=by_reference)
    if first:
        suggested = suggested if outcome == "HUMAN_DECISION" else outcome
        outcome, choice = "HUMAN_DECISION", choice | first
    result = suggested if outcome == "HUMAN_DECISION" else outcome
    if result == "ACCOUNTABLE_MITIGATED":
        choice |= {"LIGHTER", "REDUCED"}
        choice |= set() if law.jinzhai or not light & {"YY-12(1)", "YY-12(2)"} else {"NOT_PURSUED"}
    if result == "EXEMPT_OR_NOT_PURSUED":
        choice |= {"EXEMPT", "NOT_PURSUED"}
    accountable = (result or "").startswith("ACCOUNTABLE")
    closed = outcome in ("EXEMPT", "EXEMPT_OR_NOT_PURSUED")
    return {
        "outcome": outcome,
        "suggested": suggested,
        "accountable": accountable,
        "award_disqualification": None if law.jinzhai else accountable,
        "exemption_articles": exempt,
        "mitigation_articles": light,
        "aggravation_articles": heavy,
        "human_choice": choice | _questions(facts, law),
        "eligible_sanctions": NO_SANCTIONS if closed else _sanctions(facts, law),
    }


def _gravest(facts: CaseFacts) -> MentalState | None:
    said = {facts.mental_state, *(subject.mental_state for subject in facts.subjects)}
    return next((state for state in MentalState if state in said), None)


def _organs(facts: CaseFacts) -> list[SubjectFacts]:
    return [subject for subject in facts.subjects if subject.kind == ORGAN]


def _implementing(facts: CaseFacts) -> list[SubjectFacts]:
    return [organ for organ in _organs(facts) if organ.role in ("IMPLEMENTING", "IMPLEMENTING_AND_NOMINAL")]


def _names_differ(facts: CaseFacts) -> bool:
    """A nominal organ and another one that implemented."""
    nominal = [organ for organ in _organs(facts) if organ.role == "NOMINAL"]
    pairs = [(one.organ_id, other.organ_id) for one in nominal for other in _implementing(facts)]
    return any(one is None or one != other for one, other in pairs)


def _scope(facts: CaseFacts, case_type: str, law: Law, mental: MentalState | None) -> str | None:
    """JZ-3, JZ-4; YY-3, YY-18."""
    if law.jinzhai:
        if case_type in ART3:
            return f"JZ-3({ART3[case_type]})"
        name = case_type.removeprefix("REF_")
        return f"JZ-4({ART4.index(name) + 1})" if name in ART4 else None
    if case_type not in ART3 or (case_type == "OTHER_LOSS" and mental is not None and mental not in GRAVE):
        return None
    if facts.issuing_body == "RECONSIDERATION":
        return "YY-18"
    return "YY-3(2)" if case_type == "OTHER_LOSS" else "YY-3(1)"


def _faults(facts: CaseFacts) -> set[str]:
    return {*facts.fault_circumstances, *(subject.fault for subject in facts.subjects if subject.fault)}


def _basis(facts: CaseFacts, law: Law, mental: MentalState | None) -> set[str]:
    types = {facts.case_type, *(subject.case_type for subject in facts.subjects if subject.case_type)}
    found = {clause for case_type in types if (clause := _scope(facts, case_type, law, mental))}
    faults = _faults(facts)
    if not law.jinzhai:
        found |= {"YY-6.s2" if fault in IN_COURT else "YY-6.s1" for fault in faults}
        return found | ({"YY-7"} if _names_differ(facts) else set())
    found |= {f"JZ-5({FAULT_ITEM[fault]})" for fault in faults & FAULT_ITEM.keys()}
    found |= {"JZ-4(5)"} if "JUDGMENT_NOT_PERFORMED" in facts.circumstances else set()
    found |= {"JZ-1"} if any(organ.organ_type != "ADMIN_ORGAN" for organ in _organs(facts)) else set()
    found |= {"JZ-6.p2"} if _names_differ(facts) else set()
    return found | ({"JZ-6.p3"} if len(_implementing(facts)) > 1 else set())


def _exemptions(facts: CaseFacts, law: Law, mental: MentalState | None) -> tuple[set[str], set[str]]:
    """Established, and contested: JZ-15, YY-11."""
    said = set(facts.circumstances)
    met, not_met = "REVIEW_DUTY_MET" in said, "REVIEW_DUTY_NOT_MET" in said
    fraud, prior = "COUNTERPARTY_FRAUD" in said, "PRIOR_ACT_ERROR" in said
    light = {MentalState.NONE, MentalState.ORDINARY_NEGLIGENCE} if law.jinzhai else {MentalState.NONE}
    sure = {
        1: "MINOR_NO_HARM" in said,
        2: fraud and not not_met,
        3: "UNCLEAR_BASIS" in said or ("BASIS_AMENDED" in said and not law.jinzhai),
        4: prior and met and not not_met,
        5: "FORCE_MAJEURE" in said or ("NECESSITY" in said and law.jinzhai),
        6: mental in light,
        7: "OTHER_EXEMPTION_BY_LAW" in said and law.jinzhai,
    }
    doubt = {
        2: fraud and not_met,
        3: "BASIS_AMENDED_LONG_AGO" in said and not law.jinzhai,
        4: prior and met == not_met,
        5: "NECESSITY" in said and not law.jinzhai,
    }
    contested = {law.exempt(item) for item, holds in doubt.items() if holds}
    if "OTHER_EXEMPTION_BY_LAW" in said and not law.jinzhai:
        contested.add("YY-11 (chapeau)")
    return {law.exempt(item) for item, holds in sure.items() if holds}, contested


def _mitigations(facts: CaseFacts, law: Law) -> tuple[set[str], set[str]]:
    sure = {law.lighter(item) for code, item in LIGHTER.items() if code in facts.circumstances}
    return sure, {law.lighter(2)} if "SELF_CORRECTION_CLAIMED" in facts.circumstances else set()


def _aggravations(facts: CaseFacts, law: Law) -> tuple[set[str], set[str]]:
    sure = {law.heavier(item) for code, item in HEAVIER.items() if code in facts.circumstances}
    people = {subject.person_id for subject in facts.subjects} - {None}
    organs = {subject.organ_id for subject in facts.subjects} - {None}
    person = organ = False
    for past in facts.history:
        act = facts.act_date
        if act is None or past.fault not in facts.fault_circumstances or past.act_date > act:
            continue
        if past.series_id is not None and past.series_id == facts.series_id:
            continue
        last = date(past.act_date.year + 1, past.act_date.month, past.act_date.day)
        person |= act <= last and past.person_id in people
        organ |= act <= last and past.organ_id in organs
    sure |= {law.heavier(1)} if person else set()
    return sure, {law.heavier(1)} if organ and not person and not law.jinzhai else set()


def _to_be_settled_first(facts: CaseFacts, law: Law, mental: MentalState | None, *, by_reference: bool) -> set[str]:
    found = {"ACT_BEFORE_RULE"} if facts.act_date and facts.act_date < law.start else set()
    found |= {"MENTAL_STATE"} if mental is None else set()
    found |= {"FAULT_ITEM"} if law.jinzhai and not by_reference and not _faults(facts) & FAULT_ITEM.keys() else set()
    entrusted = any(organ.organ_type == "ENTRUSTED_ORG" for organ in _organs(facts))
    return found | ({"YY-2"} if entrusted and not law.jinzhai else set())


def _questions(facts: CaseFacts, law: Law) -> set[str]:
    """Beside the outcome."""
    found = set()
    if _names_differ(facts) and any(o.role == "NOMINAL" and o.nominal_fault is None for o in _organs(facts)):
        found.add("NOMINAL_FAULT")
    county = [organ for organ in _organs(facts) if organ.level == "COUNTY_GOVERNMENT"]
    if law.jinzhai and any(organ.nominal_fault is not False for organ in county):
        found.add("COUNTY_GOV_AS_ORGAN")
    if any(subject.superior_order and subject.objected_in_writing for subject in facts.subjects):
        found.add("CIVIL_SERVANT_LAW_60")
    if any(subject.current_status in LEFT for subject in facts.subjects):
        found.add("RETIRED")
    improper = "FAULT_MANIFESTLY_IMPROPER" in _faults(facts)
    if law.jinzhai and improper and "WITHIN_STATUTORY_RANGE" in facts.circumstances:
        found.add("JZ-15(3)")
    return found


def _sanctions(facts: CaseFacts, law: Law) -> dict[str, set[str]]:
    if not law.jinzhai:
        six = {f"YY-10({n})" for n in range(1, 7)}
        return {"organ": set(), "person": six, "leader": six}
    person = {f"JZ-13({n})" for n in (1, 2, 3, 4, 5, 6, 9)}
    found = {"organ": {f"JZ-13({n})" for n in (1, 2, 3)}, "person": person, "leader": person | {"JZ-13(7)"}}
    for subject in facts.subjects:
        eighth = subject.person_category in ("PUBLIC_INSTITUTION", "CONTRACT_STAFF") or subject.art88_ground
        if subject.kind != ORGAN and eighth:
            kind = "leader" if subject.leading_cadre else "person"
            found[kind] = found[kind] | {"JZ-13(8)"}
    return found


def _routing(facts: CaseFacts, law: Law) -> set[str]:
    found = {"REFER_SUPERIOR"} if any(s.authority != "COUNTY" for s in facts.subjects) else set()
    leader = any(subject.leading_cadre and subject.kind != ORGAN for subject in facts.subjects)
    return found | ({"LEADING_CADRE"} if leader and not law.jinzhai else set())


def _attribution(facts: CaseFacts, law: Law) -> set[str]:
    """YY-6."""
    if law.jinzhai:
        return set()
    faults, roles = _faults(facts), {subject.role for subject in facts.subjects}
    act = {"HANDLER", "REVIEWER", "APPROVER", "INSTRUCTOR"} if faults - IN_COURT else set()
    litigation = {"RELEVANT_LEADER", "LITIGATION_STAFF"} if faults & IN_COURT else set()
    return (act | litigation) & roles


def as_read(assessment: Any) -> dict[str, Any]:
    """An assessment in the shape of a reading."""
    found = {name: getattr(assessment, name) for name in PLAIN_KEYS}
    found |= {name: set(getattr(assessment, name)) for name in LISTS}
    return found | {"eligible_sanctions": {kind: set(ids) for kind, ids in assessment.eligible_sanctions.items()}}
