"""Tables whose content comes from higher law or from guidance: ways of review and appeal, shares."""

from tests.law.example import JZ, YY, Example


def remedies() -> list[Example]:
    """JZ-21, YY-16 refer to higher law; the periods are its own."""
    fields = ("route", "apply_within", "apply_from", "body", "decide_within", "extension", "source")
    law95, law56 = "公务员法第九十五条", "监察法第五十六条（2025年6月1日以前为第四十九条）"
    inst = "事业单位工作人员申诉规定"
    higher, known = "CIVIL_SERVICE_AUTHORITY_OR_SUPERIOR", "TREATMENT_KNOWN"
    leader = "党政领导干部问责规定，效力须核实"
    rows: dict[tuple[str, str, str, str, bool | None], tuple[str, str]] = {
        ("ORGAN", "APPOINTING", "", "FIRST", None): ("organ", "NONE"),
        ("PERSON", "SUPERVISORY", "CIVIL_SERVANT", "FIRST", None): (
            "sup_reexamination",
            f"SUP_REEXAMINATION P1M DECISION_RECEIVED SUPERVISORY_BODY P1M - {law56}",
        ),
        ("PERSON", "SUPERVISORY", "CIVIL_SERVANT", "SECOND", None): (
            "sup_review",
            f"SUP_REVIEW P1M REEXAMINATION_DECISION SUPERIOR_SUPERVISORY_BODY P2M - {law56}",
        ),
        ("PERSON", "PARTY", "CIVIL_SERVANT", "FIRST", None): (
            "party",
            "PARTY_APPEAL P1M DECISION_RECEIVED PARTY_ORGANISATION P1M - 中国共产党问责条例",
        ),
        ("PERSON", "LEADER_ACCOUNTABILITY", "CIVIL_SERVANT", "FIRST", None): (
            "leader",
            f"LEADER_APPEAL P15D DECISION_RECEIVED ORIGINAL_BODY P30D - {leader}",
        ),
        ("PERSON", "APPOINTING", "CONTRACT_STAFF", "FIRST", None): (
            "contract",
            "CONTRACT_ARBITRATION P60D DISPUTE ARBITRATION_COMMISSION - - 公务员法第一百零五条",
        ),
        ("PERSON", "APPOINTING", "PUBLIC_INSTITUTION", "FIRST", None): (
            "inst_review",
            f"INST_REVIEW P30D {known} UNIT P30D - {inst}",
        ),
        ("PERSON", "APPOINTING", "PUBLIC_INSTITUTION", "SECOND", None): (
            "inst_appeal",
            f"INST_APPEAL P30D REVIEW_DECISION COMPETENT_DEPARTMENT P60D P30D {inst}",
        ),
        ("PERSON", "APPOINTING", "CIVIL_SERVANT", "FIRST", False): (
            "servant_review",
            f"CS_REVIEW P30D {known} ORIGINAL_BODY P30D - {law95}",
        ),
        ("PERSON", "APPOINTING", "CIVIL_SERVANT", "FIRST", True): (
            "servant_direct",
            f"CS_DIRECT_APPEAL P30D {known} {higher} P60D P30D {law95}",
        ),
        ("PERSON", "APPOINTING", "CIVIL_SERVANT", "SECOND", None): (
            "servant_appeal",
            f"CS_APPEAL P15D REVIEW_DECISION {higher} P60D P30D {law95}",
        ),
        ("PERSON", "APPOINTING", "CIVIL_SERVANT", "THIRD", None): (
            "servant_further",
            f"CS_FURTHER_APPEAL - - SUPERIOR_OF_APPEAL_BODY - - {law95}",
        ),
        ("PERSON", "APPOINTING", "OTHER", "FIRST", None): ("none", "NONE"),
    }
    inputs = ("subject_kind", "decision_maker", "person_category", "remedy_step", "review_skipped")
    return [
        Example(
            f"{regime}-remedy-route",
            {**dict(zip(inputs, facts, strict=True)), "remedy_scope": "BY_REFERENCE", "sanctions": ["ADMONITION"]},
            ((f"remedy_{row}", {f"remedy_{k}": v for k, v in zip(fields, told.split(), strict=False) if v != "-"}),),
            "JZ-21.p1、YY-16 及所列上位法",
        )
        for regime in (JZ, YY)
        for facts, (row, told) in rows.items()
    ] + [_only_what_the_statute_lists(regime, inputs) for regime in (JZ, YY)]


def _only_what_the_statute_lists(regime: str, inputs: tuple[str, ...]) -> Example:
    facts = dict(zip(inputs, ("PERSON", "APPOINTING", "CIVIL_SERVANT", "FIRST", None), strict=True))
    return Example(
        f"{regime}-remedy-route",
        {**facts, "remedy_scope": "STATUTE_ONLY", "sanctions": ["ADMONITION"]},
        (("remedy_servant_unlisted", {"remedy_route": "NONE"}),),
        "公务员法第九十五条，设置 remedyScope",
    )


def instruments() -> list[Example]:
    """R20: since the supervision law advice is for units; a leading person gets a proposal of accountability."""
    after, day_before = "2018-03-20", "2018-03-19"
    advice, proposal = "SUPERVISORY_ADVICE", "ACCOUNTABILITY_PROPOSAL"
    cases = [
        ("OFF", after, "PERSON", True, "one_kind", advice),
        ("ON", day_before, "PERSON", True, "before", advice),
        ("ON", after, "PERSON", True, "leader", proposal),
        ("ON", after, "PERSON", False, "unit", advice),
        ("ON", after, "ORGAN", False, "unit", advice),
    ]
    return [
        Example(
            f"{JZ}-instrument",
            {
                "advised_on": day,
                "subject_kind": kind,
                "leading_cadre": leading,
                "switches": {"instrumentByDate": by_date},
            },
            ((f"instrument_{row}", {"proposed_instrument": told}),),
            "JZ-11.p2、监察法，设置 instrumentByDate",
        )
        for by_date, day, kind, leading, row, told in cases
    ]


def award_years() -> list[Example]:
    """R14: "that year" is the year of the decision, of the act or of the document, as the setting says."""
    days = {"act_date": "2021-05-06", "doc_date": "2022-07-08"}
    cases = [("DECISION_EFFECTIVE", "effective", 2023), ("ACT", "act", 2021), ("DOCUMENT", "document", 2022)]
    return [
        Example(
            f"{YY}-award-year",
            {"effective_on": "2023-09-10", "case": days, "switches": {"awardYearBasis": basis}},
            ((f"award_year_{row}", {"proposed_award_year": year}),),
            "YY-14.p2s1，设置 awardYearBasis",
        )
        for basis, row, year in cases
    ]


def shares() -> list[Example]:
    """JZ-14, YY-9: shares by duty and fault; comparable local rules, for guidance."""
    direct, main, important = "DIRECT", "MAIN_LEADER", "IMPORTANT_LEADER"
    cases = [
        ("HANDLER", "HANDLER_BEYOND_OR_FALSE", "handler_beyond", direct),
        ("HANDLER", "HANDLER_WRONG_UNNOTICED", "handler_wrong", direct),
        ("REVIEWER", "HANDLER_WRONG_UNNOTICED", "reviewer_missed", main),
        ("APPROVER", "HANDLER_WRONG_UNNOTICED", "approver_missed", important),
        ("REVIEWER", "REVIEWER_OVERRODE", "reviewer_overrode", direct),
        ("APPROVER", "REVIEWER_OVERRODE", "approver_followed", main),
        ("APPROVER", "APPROVER_OVERRODE", "approver_overrode", direct),
        ("APPROVER", "APPROVER_WITHOUT_DRAFT", "approver_alone", direct),
        ("RELEVANT_LEADER", "INSTRUCTED", "instructed", direct),
        ("APPROVER", "COLLECTIVE_DECIDED", "collective_decided", main),
        ("REVIEWER", "COLLECTIVE_SUPPORTED", "collective_supported", important),
        ("HANDLER", "COLLECTIVE_DISSENTED", "collective_dissented", "NONE"),
        ("HANDLER", None, "open", None),
    ]
    clauses = {JZ: "JZ-14", YY: "YY-9"}
    return [
        Example(
            f"{regime}-share",
            {"subject_role": role, "conduct": conduct},
            ((f"share_{row}", {"share_article": clause} | ({"share_proposal": share} if share else {})),),
            f"{clause} 按职权职责和过错大小",
        )
        for regime, clause in clauses.items()
        for role, conduct, row, share in cases
    ]
