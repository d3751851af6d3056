"""Rows by example: facts of one table, the rows that answer and what they propose, and the words that say so.

Only what no generated case can show is listed: tables that an assessment does not ask, outputs that it does not answer
with, and rows that wait for another setting.
"""

from typing import Any

from tests.law.example import JZ, YY, Example, Facts, Row, answers
from tests.law.remedy_examples import award_years, instruments, remedies, shares

__all__ = ["EXAMPLES", "Example", "answers"]


LEFT = ("RETIRED", "RESIGNED", "DISMISSED")


def sanctions() -> list[Example]:
    """JZ-13, 公务员法87 and 88; YY-10."""
    both = ("WRITTEN_SELF_EXAMINATION", "CIRCULATED_CRITICISM", "PUBLIC_APOLOGY")
    person = (*both, "ADMONITION", "TRANSFER_FROM_POST", "SUSPENSION_FOR_EXAMINATION")
    resign = ("RESIGN_TAKING_BLAME", "ORDERED_RESIGNATION", "REMOVAL")
    number = {code: n for n, code in enumerate(person, 1)} | dict.fromkeys(resign, 7)
    number |= {"TERMINATE_APPOINTMENT": 8, "DISMISSAL": 8, "OTHER_STATUTORY": 9}

    def rows(*codes: str, removal: str = "removal") -> tuple[Row, ...]:
        names = {code: removal if code == "REMOVAL" else code.lower() for code in codes}
        return tuple(
            (
                f"sanction_{names[code]}",
                {"eligible_sanctions": f"JZ-13.p1({number[code]})", "eligible_sanction_codes": code},
            )
            for code in codes
        )

    nothing = {"leading_cadre": False, **dict.fromkeys(("holds_appointed_post", "person_category"))}
    nothing |= dict.fromkeys(("art88_ground", "current_status"))
    leader = {"subject_kind": "PERSON", "leading_cadre": True, "holds_appointed_post": True}
    leader |= {"person_category": "CONTRACT_STAFF", "art88_ground": "连续旷工"}
    someone = {"subject_kind": "PERSON", **nothing}
    last = "OTHER_STATUTORY"
    six = ("WRITTEN_SELF_EXAMINATION", "CRITICISM_EDUCATION", "CIRCULATED_CRITICISM", "ADMONITION_TALK")
    six += ("TRANSFER_FROM_POST", last)
    of_yiyuan = tuple(
        (f"sanction_{code.lower()}", {"eligible_sanctions": f"YY-10({n})", "eligible_sanction_codes": code})
        for n, code in enumerate(six, 1)
    )
    table = "jinzhai-sanctions"
    return [
        Example(table, {"subject_kind": "ORGAN", **nothing}, rows(*both), "JZ-13.p2: 单位只有前三种"),
        Example(table, someone, rows(*person, last), "JZ-13.p2: 人员；引咎等另有条件"),
        Example(
            table,
            {**someone, "leading_cadre": True, "holds_appointed_post": True},
            rows(*person, *resign, last),
            "JZ-13.p1(7)、公务员法八十七条: 限于领导成员",
        ),
        Example(
            table,
            {**someone, "holds_appointed_post": True},
            rows(*person, "REMOVAL", last, removal="removal_post"),
            "JZ-13.p1(7): 免职限于任命职务",
        ),
        Example(
            table,
            {**someone, "person_category": "CONTRACT_STAFF", "art88_ground": "连续旷工"},
            rows(*person, "TERMINATE_APPOINTMENT", "DISMISSAL", last),
            "JZ-13.p1(8)、公务员法八十八条",
        ),
        Example(
            table,
            {
                **someone,
                **leader,
                "holds_appointed_post": True,
                "leading_cadre": False,
                "current_status": "TRANSFERRED",
            },
            rows(*person, "REMOVAL", "TERMINATE_APPOINTMENT", "DISMISSAL", last, removal="removal_post"),
            "R12: 调离的仍然任职",
        ),
        *(
            Example(table, {**leader, "current_status": left}, rows("CIRCULATED_CRITICISM", last), "R12: 已经离职")
            for left in LEFT
        ),
        Example(table, {**leader, "current_status": "DEAD"}, (), "R12: 死亡的终止追究"),
        Example("yiyuan-sanctions", someone, of_yiyuan, "YY-10: 六种，只对人员"),
        Example("yiyuan-sanctions", {**someone, "subject_kind": "ORGAN"}, (), "YY-2: 不对单位问责"),
        *(
            Example("yiyuan-sanctions", {**someone, "current_status": left}, (of_yiyuan[2], of_yiyuan[5]), "R12")
            for left in LEFT
        ),
        Example("yiyuan-sanctions", {**someone, "current_status": "DEAD"}, (), "R12: 死亡的终止追究"),
    ]


def subjects() -> list[Example]:
    """JZ-6; YY-2, YY-7, YY-9."""

    def one(regime: str, kind: str, role: str, fault: bool | None, count: int, *rows: tuple[str, str, str]) -> Example:
        facts = {"subject_kind": kind, "subject_role": role, "nominal_fault": fault, "implementing_count": count}
        told = tuple((f"subject_{id_}", {"subject_basis": c, "subject_proposal": p}) for id_, c, p in rows)
        return Example(f"{regime}-subjects", facts, told, " ".join(clause for _, clause, _ in rows))

    yes, no, ask, apart = "ACCOUNTABLE", "NOT_ACCOUNTABLE", "HUMAN_DECISION", "SEPARATE"
    organ = ("organ", "YY-2", no)
    return [
        one(JZ, "PERSON", "HANDLER", None, 1, ("person", "JZ-6.p1", yes)),
        one(JZ, "ORGAN", "IMPLEMENTING", None, 2, ("organ", "JZ-6.p1", yes), ("several", "JZ-6.p3", apart)),
        one(JZ, "ORGAN", "NOMINAL", True, 1, ("nominal", "JZ-6.p2", yes)),
        one(JZ, "ORGAN", "NOMINAL", False, 1, ("nominal_free", "JZ-6.p2", no)),
        one(JZ, "ORGAN", "NOMINAL", None, 1, ("nominal_open", "JZ-6.p2", ask)),
        one(YY, "PERSON", "HANDLER", None, 2, ("person", "YY-2", yes), ("several", "YY-9", apart)),
        one(YY, "ORGAN", "NOMINAL", True, 1, organ, ("nominal", "YY-7", apart)),
        one(YY, "ORGAN", "NOMINAL", None, 1, organ, ("nominal_open", "YY-7", ask)),
    ]


def mental_states() -> list[Example]:
    """JZ-3 (chapeau), JZ-15(6); YY-6, YY-11(6), R17."""
    normal = "ACCOUNTABLE_NORMAL"
    expected = {
        JZ: {"INTENT": normal, "GROSS_NEGLIGENCE": normal, "ORDINARY_NEGLIGENCE": "EXEMPT", "NONE": "EXEMPT"},
        YY: {"INTENT": normal, "GROSS_NEGLIGENCE": normal, "ORDINARY_NEGLIGENCE": normal},
    }
    expected[YY] |= {"NONE": "EXEMPT_OR_NOT_PURSUED"}
    names = {"INTENT": "intent", "GROSS_NEGLIGENCE": "gross", "ORDINARY_NEGLIGENCE": "ordinary", "NONE": "none"}
    return [
        Example(
            f"{regime}-mental-state",
            {"mental_state": state},
            ((f"mental_{names.get(state or '', 'open')}", {"proposed_mental_state": proposal}),),
            "一般过失在金寨免予，在沂源应当问责；没有认定的由人判断",
        )
        for regime, proposals in expected.items()
        for state, proposal in {**proposals, None: "HUMAN_DECISION"}.items()
    ]


def authorities() -> list[Example]:
    """JZ-11.p2, YY-5.p1, YY-14.p2s2, R10."""
    both = ["REFER_SUPERIOR", "LEADING_CADRE"]
    cases: list[tuple[str, bool, bool, bool, str, list[str], str | None]] = [
        ("SUPERIOR_OUTSIDE_COUNTY", True, False, False, "superior_leader", both, None),
        ("SUPERIOR_OUTSIDE_COUNTY", False, False, True, "superior", ["REFER_SUPERIOR"], None),
        ("COUNTY", True, True, True, "leader_violation", ["LEADING_CADRE"], "SUP"),
        ("COUNTY", False, True, True, "violation", [], "SUP"),
        ("COUNTY", True, True, False, "leader", ["LEADING_CADRE"], "ORG"),
        ("COUNTY", False, True, False, "county_managed", [], "ORG"),
        ("COUNTY", False, False, False, "unit_managed", [], "UNIT"),
    ]
    found = [
        Example(
            "yiyuan-authority",
            {"authority": a, "leading_cadre": leader, "county_managed": managed, "suspected_violation": suspected},
            (
                (
                    f"authority_{row}",
                    {"routing": routing, "authority_article": "YY-14.p2s2" if leader else "YY-5.p1"}
                    | ({"profile": profile} if profile else {}),
                ),
            ),
            "YY-5.p1 按干部管理权限，YY-14.p2s2 领导干部按有关规定",
        )
        for a, leader, managed, suspected, row, routing, profile in cases
    ]
    for authority, row, routing in (
        ("SUPERIOR_OUTSIDE_COUNTY", "superior", ["REFER_SUPERIOR"]),
        ("COUNTY", "county", []),
    ):
        told = ((f"authority_{row}", {"routing": routing, "authority_article": "JZ-11.p2"}),)
        found.append(Example("jinzhai-authority", {"authority": authority}, told, "JZ-11.p2 按照管理权限"))
    return found


def consequences() -> list[Example]:
    """JZ-18, JZ-20; YY-14, YY-15."""
    clause = {JZ: "JZ-20", YY: "YY-15"}
    found = [
        Example(
            f"{regime}-recovery", {"compensation_paid": paid, "mental_state": state}, ((row, told),), "国家赔偿法十六条"
        )
        for regime, article in clause.items()
        for paid, state, row, told in (
            (True, "INTENT", "recovery_open", {"recovery": "OPEN", "recovery_article": article}),
            (True, "ORDINARY_NEGLIGENCE", "recovery_blocked", {"recovery_article": article}),
            (False, "INTENT", "recovery_none", {}),
        )
    ]
    filing = {"filing_duty": True, "assessment_record": "FILING"}
    for kind, row, duty in (
        ("DIRECT", "filing", filing),
        ("BY_REFERENCE", "reference", {"filing_duty": False}),
        ("OUT", "none", {"filing_duty": False}),
    ):
        told = ((f"assess_{row}", duty),)
        found.append(Example("jinzhai-assessment", {"scope_kind": kind}, told, "JZ-18 只及于第三条的文书"))
    for kind, result, row, award, record in (
        ("DIRECT", "ACCOUNTABLE_NORMAL", "award", True, "LOST_CASE"),
        ("BY_REFERENCE", "EXEMPT_OR_NOT_PURSUED", "counted", False, "LOST_CASE"),
        ("OUT", "OUT_OF_SCOPE", "none", False, None),
    ):
        values = {"filing_duty": False, "award_disqualification": award, "assessment_record": record}
        told = ((f"assess_{row}", {name: v for name, v in values.items() if v is not None}),)
        found.append(Example("yiyuan-assessment", {"scope_kind": kind, "result": result}, told, "YY-14"))
    return found


def attributions() -> list[Example]:
    """YY-6: an improper act counts against those who made it, poor litigation against leaders and litigators."""
    act, litigation = "YY-6.s1", "YY-6.s2"
    roles = {"HANDLER": act, "REVIEWER": act, "APPROVER": act, "INSTRUCTOR": act}
    roles |= {"RELEVANT_LEADER": litigation, "LITIGATION_STAFF": litigation}
    absent = ["FAULT_NON_APPEARANCE"]
    found = [
        Example(
            "yiyuan-attribution",
            {"subject_role": role, "fault_circumstances": faults},
            ((f"attribute_{role.lower()}", {"attribution": role, "attribution_article": clause}),),
            clause,
        )
        for role, clause in roles.items()
        for faults in (["FAULT_DEFENCE_EVIDENCE", "FAULT_PROCEDURE"], absent)
        if clause == litigation or faults != absent
    ]
    nobody = Example("yiyuan-attribution", {"subject_role": "HANDLER", "fault_circumstances": absent}, (), act)
    told = (("fault_non_appearance", {"proposed_faults": litigation}),)
    return [*found, nobody, Example("yiyuan-fault", {"fault_circumstances": absent}, told, litigation)]


def settings() -> list[Example]:
    """Rows that wait for another answer to an open question."""
    lists = {"exemptions": [], "mitigations": [], "aggravations": [], "contested": []}
    out = {"outcome": "OUT_OF_SCOPE", "opens_sanctions": False, "reservable": False}
    normal: Facts = {"scope_kind": "DIRECT", "mental_state": "INTENT", "act_before_rule": False, "after_expiry": False}
    normal |= lists
    early = {**normal, "act_before_rule": True, "switches": {"temporalRule": "ACT_DATE"}}
    light = {**normal, "mental_state": "ORDINARY_NEGLIGENCE", "switches": {"mentalGate": "SCOPE"}}
    reserved = {"scope_kind": "BY_REFERENCE", "mental_state": "INTENT", "fault_circumstances": []}
    reserved |= {"act_before_rule": False, "switches": {"art4NeedsArt5": "ON"}}
    closed = {"faultListClosed": "ON"}
    contested = {"outcome": "HUMAN_DECISION", "suggested": "ACCOUNTABLE_NORMAL"}
    contested |= {"opens_sanctions": True, "reservable": True}
    return [
        Example("jinzhai-conflict", early, (("outcome_act_before_rule", out),), "R26 另一读法：按行为日期"),
        Example("yiyuan-conflict", early, (("outcome_act_before_rule", out),), "R26 另一读法：按行为日期"),
        Example("jinzhai-conflict", light, (("outcome_no_gross_fault", out),), "R39 另一读法：过错程度属于范围"),
        Example(
            "jinzhai-conflict",
            {**normal, "contested": ["JZ-15(2)"]},
            (("outcome_contested", contested),),
            "JZ-15(2) 有争议由人判断",
        ),
        *_weighed_against_a_plea(normal, contested),
        Example(
            "jinzhai-reservations",
            reserved,
            (("reserve_reference_item", {"reservation": "FAULT_ITEM"}),),
            "R41 另一读法：参照案件也须符合第五条",
        ),
        Example(
            "jinzhai-reservations",
            {**reserved, "scope_kind": "DIRECT", "fault_circumstances": ["FAULT_NON_APPEARANCE"], "switches": closed},
            (("reserve_fault_item", {"reservation": "FAULT_ITEM"}),),
            "R40 不出庭应诉不是第五条列举的情形",
        ),
        *_scopes(),
    ]


def _weighed_against_a_plea(normal: Facts, contested: Facts) -> list[Example]:
    """JZ-16(2) is pleaded, and JZ-17(4) found."""
    both: Facts = {**normal, "aggravations": ["JZ-17(4)"], "contested": ["JZ-16(2)"]}
    heavier = {**contested, "suggested": "ACCOUNTABLE_AGGRAVATED"}
    chosen = {"outcome": "HUMAN_DECISION", "result": "ACCOUNTABLE_AGGRAVATED", "contested_mitigations": ["JZ-16(2)"]}
    rows = (
        ("choose_contested", {"choice": ["JZ-16(2)"]}),
        ("choose_contested_mitigation", {"choice": ["JZ-17(4)"]}),
    )
    sentence = "R7 主张从轻而又有从重，一并权衡"
    return [
        Example("jinzhai-conflict", both, (("outcome_contested_aggravated", heavier),), sentence),
        Example("jinzhai-choices", {**both, **chosen}, rows, sentence),
    ]


def _scopes() -> list[Example]:
    """JZ-23; YY-3, YY-19 and the other readings of R17 and R42."""
    facts: Facts = {"issuing_body": "COURT", "legal_effect": True, "effective_date": "2023-09-01"}

    def one(case_type: str, state: str, row: str, kind: str, clause: str, **more: Any) -> Example:
        told = ((f"scope_{row}", {"scope_kind": kind, "scope_article": clause}),)
        return Example("yiyuan-scope", {**facts, "case_type": case_type, "mental_state": state, **more}, told, clause)

    other = {"yyPartialRevoke": "OTHER_LOSS"}
    light = "ORDINARY_NEGLIGENCE"
    trial = {"case_type": "REVOKE", "legal_effect": True, "effective_date": "2017-10-10"}
    return [
        one("REVOKE", "INTENT", "before_rule", "OUT", "YY-19", effective_date="2022-12-15"),
        one("OTHER_LOSS", light, "other_light", "OUT", "YY-3(2)"),
        one("PARTIAL_REVOKE", light, "partial_light", "OUT", "YY-3(2)", switches=other),
        one("PARTIAL_REVOKE", "INTENT", "partial_other", "DIRECT", "YY-3(2)", switches=other),
        one("PARTIAL_REVOKE", light, "partial_revoke", "DIRECT", "YY-3(1)"),
        one("REVOKE", light, "gate", "OUT", "YY-3(1)", switches={"yyMentalGate": "ON"}),
        one("REVOKE", light, "listed", "DIRECT", "YY-3(1)", legal_effect=False, switches={"requireEffect": "OFF"}),
        Example(
            "jinzhai-scope",
            trial,
            (("scope_before_rule", {"scope_kind": "OUT", "scope_article": "JZ-23"}),),
            "JZ-23 自印发之日起",
        ),
    ]


def circumstances() -> list[Example]:
    """JZ-15, JZ-17; YY-11, YY-13: rare together in generated cases."""
    plea = "NO_INTENT_OR_GROSS_NEGLIGENCE"
    found = []
    for regime, prefix, row in ((JZ, "JZ-15", "exempt"), (YY, "YY-11", "exempt")):
        for said, id_, column, item in (
            (["COUNTERPARTY_FRAUD", "REVIEW_DUTY_NOT_MET"], "fraud_open", "contested_exemptions", 2),
            (["PRIOR_ACT_ERROR", "REVIEW_DUTY_MET"], "prior_act", "proposed_exemptions", 4),
            (["PRIOR_ACT_ERROR"], "prior_act_open", "contested_exemptions", 4),
        ):
            facts = {"circumstances": said, "mental_state": "INTENT"}
            told = ((f"{row}_{id_}", {column: f"{prefix}({item})"}),)
            found.append(Example(f"{regime}-exemption", facts, told, f"{prefix}({item})"))
    told = (("exempt_gross_fault_open", {"contested_exemptions": "JZ-15(6)"}),)
    facts = {"circumstances": [plea], "mental_state": "INTENT"}
    found.append(Example("jinzhai-exemption", facts, told, "JZ-15(6) 主张与认定不符"))
    for regime, clause in ((JZ, "JZ-17(1)"), (YY, "YY-13(1)")):
        repeated = {"circumstances": [], "repeat_within_year": True, "repeat_by_organ": False}
        told = (("aggravate_repeat", {"proposed_aggravations": clause}),)
        found.append(Example(f"{regime}-aggravation", repeated, told, f"{clause} 一年内两次以上"))
        claim: Facts = dict.fromkeys(QUESTION_FACTS)
        claim |= {"circumstances": ["REPEAT_SAME_PERSON_WITHIN_YEAR"], "fault_circumstances": []}
        claim |= {"repeat_within_year": False, "nominal_apart": False}
        told = (("ask_repeat_claim", {}),)
        found.append(Example(f"{regime}-questions", claim, told, f"{clause} 以履历为准，主张只作显示"))
    return found


QUESTION_FACTS = ("subject_kind", "subject_role", "subject_level", "nominal_fault", "superior_order")
QUESTION_FACTS += ("objected_in_writing", "current_status")
EXAMPLES = (
    *sanctions(),
    *subjects(),
    *mental_states(),
    *remedies(),
    *shares(),
    *instruments(),
    *award_years(),
    *authorities(),
    *consequences(),
    *attributions(),
    *settings(),
    *circumstances(),
)
