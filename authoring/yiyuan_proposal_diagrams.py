"""What the tables propose about one person: grounds, conflicts, measures. A person adopts it or departs."""

from authoring.diagram import Diagram

PROPOSAL_INPUTS = {
    "subject_kind": "string",
    "subject_role": "string",
    "nominal_fault": "boolean",
    "implementing_count": "number",
    "mental_state": "string",
    "fault_circumstances": "list",
    "circumstances": "list",
    "repeat_within_year": "boolean",
    "repeat_by_organ": "boolean",
    "leading_cadre": "boolean",
    "scope_kind": "string",
    "conduct": "string",
    "current_status": "string",
    "superior_order": "boolean",
    "objected_in_writing": "boolean",
}
PROPOSALS = {
    "attribution": "list",
    "attribution_article": "list",
    "subject_basis": "list",
    "subject_proposal": "list",
    "proposed_mental_state": "string",
    "proposed_exemptions": "list",
    "contested_exemptions": "list",
    "proposed_mitigations": "list",
    "contested_mitigations": "list",
    "proposed_aggravations": "list",
    "contested_aggravations": "list",
    "eligible_sanctions": "list",
    "eligible_sanction_codes": "list",
    "proposed_exemption_grounds": "list",
    "proposed_mitigation_grounds": "list",
    "proposed_aggravation_grounds": "list",
    "share_proposal": "string",
    "share_article": "string",
    "suggested_kind": "string",
    "human_matters": "list",
}


def _kept(name: str) -> str:
    """A row that only asks a question leaves a null in the other column."""
    return f"{name} = {name}[item != null]"


def _grounds(name: str, article: int, codes: tuple[str, ...]) -> str:
    """Clauses as the codes that people choose among."""
    pairs = ", ".join(f'"YY-{article}({n})": "{code}"' for n, code in enumerate(codes, 1))
    return f"proposed_{name}_grounds = for c in proposed_{name}s return get value({{{pairs}}}, c)"


TIDY_PROPOSALS = "\n".join(
    [
        *(
            _kept(name)
            for name in (
                "attribution",
                "proposed_exemptions",
                "contested_exemptions",
                "proposed_mitigations",
                "contested_mitigations",
                "proposed_aggravations",
                "contested_aggravations",
                "eligible_sanctions",
                "eligible_sanction_codes",
            )
        ),
        _grounds(
            "exemption",
            11,
            (
                "MINOR_NO_HARM",
                "COUNTERPARTY_FRAUD",
                "UNCLEAR_BASIS",
                "PRIOR_ACT_ERROR",
                "FORCE_MAJEURE",
                "NO_SUBJECTIVE_CAUSE",
            ),
        ),
        _grounds("mitigation", 12, ("FORCE_MAJEURE_WORSENED", "SELF_CORRECTED", "OTHER_MITIGATION_BY_LAW")),
        _grounds(
            "aggravation",
            13,
            (
                "REPEAT_SAME_PERSON_WITHIN_YEAR",
                "OBSTRUCTION",
                "RETALIATION",
                "SERIOUS_LOSS_OR_IMPACT",
                "OTHER_AGGRAVATION_BY_LAW",
            ),
        ),
        "exemptions = proposed_exemptions",
        "mitigations = proposed_mitigations",
        "aggravations = proposed_aggravations",
        "contested = concatenate(contested_exemptions, contested_mitigations, contested_aggravations)",
    ]
)


def proposal() -> Diagram:
    d = Diagram(
        "yiyuan-proposal",
        "提出裁量建议（供参考）",
        lanes=[("rules", "裁量规则")],
        variables=PROPOSAL_INPUTS | PROPOSALS,
    )
    steps = (
        ("R_subjects", "责任对象", "yiyuan-subjects"),
        ("R_attribution", "归责", "yiyuan-attribution"),
        ("R_mental_state", "主观过错", "yiyuan-mental-state"),
        ("R_exemption", "免予不予情形", "yiyuan-exemption"),
        ("R_mitigation", "从轻减轻情形", "yiyuan-mitigation"),
        ("R_aggravation", "从重情形", "yiyuan-aggravation"),
        ("R_sanctions", "可用问责方式", "yiyuan-sanctions"),
        ("R_share", "责任划分参考", "yiyuan-share"),
    )
    d.start("Start_proposal", "事实已认定", at=("rules", 0))
    for column, (id_, name, table) in enumerate(steps, 1):
        d.rule(id_, name, at=("rules", column), table=table)
    d.call("C_weighing", "权衡并列出由人决定的事项", at=("rules", 9), process="yiyuan-weighing")
    d.end("End_proposal", "建议已提出", at=("rules", 10))
    d.path("Start_proposal", *(id_ for id_, _, _ in steps), "C_weighing", "End_proposal")
    return d


DIAGRAMS = (proposal,)
