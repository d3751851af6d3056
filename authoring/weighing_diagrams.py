"""How findings about one subject stand to each other: the order of outcome, and what only a person may decide."""

from authoring.accountability_diagrams import PROPOSAL_INPUTS as JINZHAI_INPUTS
from authoring.accountability_diagrams import PROPOSALS as JINZHAI_PROPOSALS
from authoring.diagram import Diagram
from authoring.yiyuan_proposal_diagrams import PROPOSAL_INPUTS as YIYUAN_INPUTS
from authoring.yiyuan_proposal_diagrams import PROPOSALS as YIYUAN_PROPOSALS
from authoring.yiyuan_proposal_diagrams import TIDY_PROPOSALS as TIDY_YIYUAN

WEIGHED = {
    "exemptions": "list",
    "mitigations": "list",
    "aggravations": "list",
    "contested": "list",
    "act_before_rule": "boolean",
    "nominal_apart": "boolean",
    "outcome": "string",
    "suggested": "string",
    "opens_sanctions": "boolean",
    "reservable": "boolean",
    "reservation": "list",
    "result": "string",
    "choice": "list",
    "question": "list",
}
"""What the tables of this page read and answer; the grounds are clauses here, not the findings of the form."""
HELD = "count(reservation) > 0 and reservable = true"
RESULT = "\n".join(
    [
        f'suggested = if {HELD} and outcome != "HUMAN_DECISION" then outcome else suggested',
        f'outcome = if {HELD} then "HUMAN_DECISION" else outcome',
        'result = if outcome = "HUMAN_DECISION" then suggested else outcome',
    ]
)
"""A reservation keeps the case with a person; what would follow stays as the suggestion."""
ASKED_ANYWAY = '["LIGHTER", "REDUCED", "EXEMPT", "NOT_PURSUED"]'
"""Choices that every decision asks in fields of its own: its kind, and how heavy it is."""
MATTERS = "\n".join(
    [
        "human_matters = distinct values(concatenate(flatten(choice), question, reservation))",
        (
            f"human_matters = (for m in human_matters return if list contains({ASKED_ANYWAY}, m) then null else m)"
            "[item != null]"
        ),
        "exemptions = null",
        "mitigations = null",
        "aggravations = null",
    ]
)
"""What the decider must answer one by one. The findings of the form are asked anew."""
NOMINAL_APART = (
    "nominal_apart = case.nominal_entity != null and case.implementing_entities != null"
    " and not(list contains(case.implementing_entities, case.nominal_entity))"
)
JINZHAI_GROUNDS = "\n".join(
    [
        *(
            f"{name} = {name}[item != null]"
            for name in (
                "proposed_exemptions",
                "contested_exemptions",
                "proposed_mitigations",
                "contested_mitigations",
                "proposed_aggravations",
            )
        ),
        "exemptions = proposed_exemptions",
        "mitigations = proposed_mitigations",
        "aggravations = proposed_aggravations",
        "contested = concatenate(contested_exemptions, contested_mitigations)",
        "scope_kind = case.scope_kind",
        'act_before_rule = case.act_date != null and date(case.act_date) < date("2017-10-11")',
        NOMINAL_APART,
    ]
)
YIYUAN_GROUNDS = "\n".join(
    [
        TIDY_YIYUAN,
        'after_expiry = case.effective_date != null and date(case.effective_date) > date("2024-12-15")',
        'act_before_rule = case.act_date != null and date(case.act_date) < date("2022-12-16")',
        "organ_types = if case.organ_type = null then [] else [case.organ_type]",
        NOMINAL_APART,
    ]
)
ACCOUNTABLE = 'if result != null and starts with(result, "ACCOUNTABLE") then "ACCOUNTABLE"'
JINZHAI_KIND = (
    'suggested_kind = if list contains(subject_proposal, "NOT_ACCOUNTABLE") then "NOT_PURSUED"'
    f' else {ACCOUNTABLE} else if result = "EXEMPT" then "EXEMPT" else null'
)
JINZHAI_LEVELS = (
    'suggested_levels = if result = "ACCOUNTABLE_MITIGATED" then ["LIGHTER", "REDUCED"]'
    ' else if result = "ACCOUNTABLE_AGGRAVATED" then ["HEAVIER"]'
    ' else if result = "ACCOUNTABLE_NORMAL" then ["NORMAL"] else null'
)
"""JZ-16 and JZ-17 say must: whoever decides another level than the grounds that were found gives reasons."""
YIYUAN_KIND = f"suggested_kind = {ACCOUNTABLE} else null"
"""Exempt or not pursued is never proposed: the text gives no test between the two."""


def _weighing(process: str, regime: str, *, variables: dict[str, str], grounds: str, kind: str) -> Diagram:
    d = Diagram(process, "权衡情节并列出须由人决定的事项", lanes=[("rules", "裁量规则")], variables=variables | WEIGHED)
    d.start("Start_weighing", "各项建议已提出", at=("rules", 0))
    d.script("X_grounds", "整理各项建议", at=("rules", 1), code=grounds)
    d.rule("R_conflict", "情节冲突", at=("rules", 2), table=f"{regime}-conflict")
    d.rule("R_reservations", "须由人先定的事项", at=("rules", 3), table=f"{regime}-reservations")
    d.script("X_result", "确定结论", at=("rules", 4), code=RESULT)
    d.rule("R_choices", "由人取舍的事项", at=("rules", 5), table=f"{regime}-choices")
    d.rule("R_questions", "另须回答的问题", at=("rules", 6), table=f"{regime}-questions")
    d.script("X_matters", "列出待人决定事项", at=("rules", 7), code=f"{kind}\n{MATTERS}")
    d.end("End_weighing", "已列出", at=("rules", 8))
    d.path("Start_weighing", "X_grounds", "R_conflict", "R_reservations", "X_result", "R_choices", "R_questions")
    d.path("R_questions", "X_matters", "End_weighing")
    return d


def jinzhai() -> Diagram:
    return _weighing(
        "subject-weighing",
        "jinzhai",
        variables=JINZHAI_INPUTS | JINZHAI_PROPOSALS | {"scope_kind": "string"},
        grounds=JINZHAI_GROUNDS,
        kind=f"{JINZHAI_KIND}\n{JINZHAI_LEVELS}",
    )


def yiyuan() -> Diagram:
    return _weighing(
        "yiyuan-weighing",
        "yiyuan",
        variables=YIYUAN_INPUTS | YIYUAN_PROPOSALS | {"after_expiry": "boolean", "organ_types": "list"},
        grounds=YIYUAN_GROUNDS,
        kind=YIYUAN_KIND,
    )


DIAGRAMS = (jinzhai, yiyuan)
