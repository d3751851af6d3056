"""What holds for every case that can be stated in the vocabulary, under both regulations."""

from collections.abc import Callable
from dataclasses import replace
from random import Random

import pytest

from app.domain.assessment import Assessment, CaseFacts, MentalState, SubjectFacts
from app.domain.subjects import SubjectKind
from tests.law.generated import facts_of
from tests.law.reading import as_read, read
from tests.law.regimes import REGULATIONS, Assessor, register

SEEDS = range(1000, 1120)
CASES = {seed: facts_of(seed) for seed in SEEDS}
FOUND = {}
CODES_OF_CHOICE = {"EXEMPT", "NOT_PURSUED", "LIGHTER", "REDUCED", "NOMINAL_FAULT", "COUNTY_GOV_AS_ORGAN"}
CODES_OF_CHOICE |= {"CIVIL_SERVANT_LAW_60", "RETIRED", "MENTAL_STATE", "FAULT_ITEM", "ACT_BEFORE_RULE"}


@pytest.fixture(params=sorted(REGULATIONS))
def regime(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


def found(regime: str, seed: int) -> Assessment:
    if (regime, seed) not in FOUND:
        FOUND[regime, seed] = Assessor(regime)(CASES[seed])
    return FOUND[regime, seed]


def broken(regime: str, holds: Callable[[CaseFacts, Assessment], bool]) -> list[int]:
    """Seeds of the cases for which a statement does not hold."""
    return [seed for seed, facts in CASES.items() if not holds(facts, found(regime, seed))]


def accountable(outcome: str | None) -> bool:
    return outcome is not None and outcome.startswith("ACCOUNTABLE")


def test_the_tables_say_what_a_second_reading_of_the_text_says(regime: str) -> None:
    differing = {
        seed: {name: (told[name], said[name]) for name in said if told[name] != said[name]}
        for seed, facts in CASES.items()
        if (told := as_read(found(regime, seed))) != (said := read(facts, regime))
    }

    assert differing == {}


def test_a_case_that_was_not_lost_is_out_of_scope(regime: str) -> None:
    won = [Assessor(regime)(replace(facts, case_type="WON")).outcome for facts in list(CASES.values())[:40]]

    assert set(won) == {"OUT_OF_SCOPE"}


def test_an_organ_never_gets_more_than_the_first_three_sanctions_and_none_in_yiyuan(regime: str) -> None:
    allowed = {"JZ-13(1)", "JZ-13(2)", "JZ-13(3)"} if regime == "jinzhai" else set()

    def holds(facts: CaseFacts, answer: Assessment) -> bool:
        organs = [s for s in answer.subjects if s.facts.kind is SubjectKind.ORGAN]
        given = {*answer.eligible_sanctions["organ"], *(clause for one in organs for clause in one.eligible_sanctions)}
        return given <= allowed

    assert broken(regime, holds) == []


def test_an_established_exemption_never_ends_in_accountability(regime: str) -> None:
    assert broken(regime, lambda _, found: not (found.exemption_articles and accountable(found.outcome))) == []


def test_nothing_is_open_where_nothing_can_be_pursued(regime: str) -> None:
    def holds(_: CaseFacts, answer: Assessment) -> bool:
        closed = answer.outcome in ("EXEMPT", "EXEMPT_OR_NOT_PURSUED", "OUT_OF_SCOPE", "AWAIT_EFFECT")
        closed |= answer.suggested == "OUT_OF_SCOPE"
        open_ = [clauses for clauses in answer.eligible_sanctions.values() if clauses]
        return not (closed and open_) and (closed or bool(answer.eligible_sanctions["person"]))

    assert broken(regime, holds) == []


def test_every_clause_that_is_named_stands_in_the_register(regime: str) -> None:
    clauses = set(register(regime).clauses)
    clauses |= {clause.replace("JZ-13.p1(", "JZ-13(") for clause in clauses}

    def holds(_: CaseFacts, answer: Assessment) -> bool:
        named = {*answer.basis_articles, *answer.exemption_articles, *answer.mitigation_articles}
        named |= {*answer.aggravation_articles, *(reason.clause for reason in answer.reasons)}
        named |= {clause for kind in answer.eligible_sanctions.values() for clause in kind}
        named |= set(answer.human_choice) - CODES_OF_CHOICE
        return named <= clauses

    assert broken(regime, holds) == []


def test_every_outcome_has_a_reason_and_the_row_that_decided_it(regime: str) -> None:
    def holds(_: CaseFacts, answer: Assessment) -> bool:
        decided = [reason for reason in answer.reasons if reason.table.endswith("-conflict") and reason.subject is None]
        return len(decided) == 1 and all(reason.sentence for reason in answer.reasons)

    assert broken(regime, holds) == []


def test_the_order_in_which_facts_are_stated_changes_nothing(regime: str) -> None:
    def holds(facts: CaseFacts, answer: Assessment) -> bool:
        random = Random(7)
        order = random.sample(range(len(facts.subjects)), len(facts.subjects))
        shuffled = replace(
            facts,
            subjects=tuple(facts.subjects[index] for index in order),
            circumstances=facts.circumstances[::-1],
            fault_circumstances=facts.fault_circumstances[::-1],
            history=facts.history[::-1],
        )
        again = Assessor(regime)(shuffled)
        same = replace(again, reasons=(), subjects=(), repeats=()) == replace(
            answer, reasons=(), subjects=(), repeats=()
        )
        return same and {reason.row for reason in again.reasons} == {reason.row for reason in answer.reasons}

    assert broken(regime, holds) == []


def test_only_a_decision_left_to_a_person_carries_a_suggestion_and_says_what_to_decide(regime: str) -> None:
    def holds(_: CaseFacts, answer: Assessment) -> bool:
        if answer.outcome == "HUMAN_DECISION":
            return bool(answer.human_choice)
        return answer.suggested is None

    assert broken(regime, holds) == []


def test_an_unknown_mental_state_is_never_decided_without_a_person(regime: str) -> None:
    def unknown(facts: CaseFacts) -> CaseFacts:
        subjects = tuple(replace(subject, mental_state=None) for subject in facts.subjects)
        return replace(facts, mental_state=None, subjects=subjects)

    answers = [Assessor(regime)(unknown(facts)) for facts in list(CASES.values())[:50]]

    assert all(answer.outcome in ("HUMAN_DECISION", "OUT_OF_SCOPE", "AWAIT_EFFECT") for answer in answers)


def test_a_claim_of_repetition_alone_never_aggravates(regime: str) -> None:
    claim = "REPEAT_SAME_PERSON_WITHIN_YEAR"
    first = "JZ-17(1)" if regime == "jinzhai" else "YY-13(1)"
    claimed = [replace(facts, circumstances=(claim,), history=()) for facts in list(CASES.values())[:50]]

    assert all(first not in Assessor(regime)(facts).aggravation_articles for facts in claimed)


def test_money_is_recovered_only_after_payment_and_a_grave_fault(regime: str) -> None:
    grave = {MentalState.INTENT, MentalState.GROSS_NEGLIGENCE}

    def holds(facts: CaseFacts, answer: Assessment) -> bool:
        states = {facts.mental_state, *(subject.mental_state for subject in facts.subjects)}
        return answer.recovery is None or (answer.in_scope and facts.compensation_paid and bool(states & grave))

    assert broken(regime, holds) == []


def test_a_person_without_fault_of_his_own_is_exempt_beside_others_who_are_not(regime: str) -> None:
    careful = SubjectFacts(kind=SubjectKind.PERSON, role="REVIEWER", mental_state=MentalState.NONE)
    careless = SubjectFacts(kind=SubjectKind.PERSON, role="HANDLER", mental_state=MentalState.INTENT)
    facts = CaseFacts(
        issuing_body="COURT",
        case_type="REVOKE",
        legal_effect=True,
        fault_circumstances=("FAULT_PROCEDURE",),
        subjects=(careful, careless),
    )

    answer = Assessor(regime)(facts)

    exempt = "EXEMPT" if regime == "jinzhai" else "EXEMPT_OR_NOT_PURSUED"
    assert [subject.outcome for subject in answer.subjects] == [exempt, "ACCOUNTABLE_NORMAL"]
    assert answer.outcome == "ACCOUNTABLE_NORMAL"


def test_nobody_is_sanctioned_beyond_what_his_kind_is_open_to(regime: str) -> None:
    def holds(_: CaseFacts, answer: Assessment) -> bool:
        everything = {*answer.eligible_sanctions["leader"], *answer.eligible_sanctions["person"]}
        people = [s for s in answer.subjects if s.facts.kind is SubjectKind.PERSON]
        appointed = {"JZ-13(7)"}
        return all(
            set(one.eligible_sanctions) <= everything | (appointed if one.facts.holds_appointed_post else set())
            for one in people
        )

    assert broken(regime, holds) == []
