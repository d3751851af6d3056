"""What every route shares: inquiry and co-operation, the finding on a person, notice and defence."""

from authoring import extensions as ext
from authoring.diagram import Diagram
from authoring.investigation_diagrams import COLLECTIVE
from authoring.yiyuan_proposal_diagrams import PROPOSAL_INPUTS, PROPOSALS

BODY, BODY_HEAD = ("body", "责任追究机关承办人"), ("head", "责任追究机关负责人")
INVESTIGATORS, SUBJECT = ("team", "调查人员"), ("subject", "责任人员")
PURSUER = "subject.pursuing_organ"
END_OF_TERM = 'date and time(date(task.due), time("23:59:59+08:00"))'
SEVEN_DAYS = 'now() + duration("P7D")'
STATEMENT_UNTIL = f"statement_until = if {END_OF_TERM} > {SEVEN_DAYS} then {END_OF_TERM} else {SEVEN_DAYS}"
"""Silence waives the statement when the term in the notice is over, but never in less than seven days."""
CIRCUMSTANCE_CLAUSES = " ".join(
    [
        *(f"YY-11({n})" for n in range(1, 7)),
        *(f"YY-12({n})" for n in range(1, 4)),
        *(f"YY-13({n})" for n in range(1, 6)),
    ]
)
FINDING_ANSWERS = {
    "mental_state": "string",
    "fault_codes": "list",
    "exemptions": "list",
    "mitigations": "list",
    "aggravations": "list",
    "repeat_within_year": "boolean",
    "referral_needed": "boolean",
    "conduct": "string",
    "collective_decision": "boolean",
    "vote_in_collective": "string",
    "superior_order": "boolean",
    "objected_in_writing": "boolean",
}
"""Fields of the finding that the tables or gateways need; they become variables by their names."""


def inquiry() -> Diagram:
    d = Diagram(
        "yiyuan-inquiry",
        "调查取证与配合",
        lanes=[(*BODY_HEAD, 2), INVESTIGATORS, ("organ", "有关单位")],
        variables={
            "subject": "context",
            "leader": "string",
            "investigators": "list",
            "declarations": "list",
            "relation": "string",
            "recusal_result": "string",
            "complied": "string",
        },
    )
    _team_steps(d)
    _evidence_steps(d)
    d.path("Start_inquiry", "T_team", "S_investigators")
    d.flow("S_investigators", "T_recusal", ports="sw")
    d.flow("T_recusal", "G_relation", ports="es")
    d.flow("G_relation", "T_recusal_decision", "有", default=True)
    d.flow("G_relation", "T_inform", "没有", when='every d in declarations satisfies d = "NONE"', ports="ew")
    d.path("T_recusal_decision", "G_replace")
    d.flow("G_replace", "T_team", "更换", when='recusal_result = "REPLACE"', ports="nn", bend=("head", 0, -62))
    d.flow("G_replace", "T_inform", "不更换", default=True, ports="sw")
    d.flow("T_inform", "T_reply", ports="sw")
    d.path("T_reply", "G_complied")
    d.flow("G_complied", "T_noncoop", "迟延或者拒绝", default=True, ports="ns")
    d.flow("G_complied", "T_collect", "已配合", when='complied = "COMPLIED"', ports="es")
    d.flow("T_noncoop", "T_collect", ports="en")
    d.path("T_collect", "End_inquiry")
    return d


def _team_steps(d: Diagram) -> None:
    d.start("Start_inquiry", "可以调查", at=("head", 0, 1))
    d.task(
        "T_team",
        "确定调查人员",
        at=("head", 1, 1),
        form="yiyuan-inquiry/team",
        role="decider.head",
        organ=PURSUER,
        clauses="YY-8",
        source="higher_law",
        deadline="P3D",
    )
    d.service(
        "S_investigators",
        "读取调查人员",
        at=("head", 2, 1),
        operation="subject/investigators",
        result="investigators",
        parameters={"subject_id": ("string", "subject.id")},
    )
    d.task(
        "T_recusal",
        "签署回避声明",
        at=("team", 3),
        form="investigation/recusal_statement",
        role="team.member",
        person="investigator",
        clauses="YY-8",
        source="higher_law",
        excludes="T_adjudicate",
        deadline="P2D",
        loop=ext.loop("investigators", "investigator", outputs="declarations", output="relation"),
    )
    d.choice("G_relation", "存在回避情形？", at=("head", 4, 1), label="sw")
    d.task(
        "T_recusal_decision",
        "决定回避",
        at=("head", 4, 0),
        form="investigation/recusal_decision",
        role="decider.head",
        organ=PURSUER,
        clauses="YY-8",
        source="higher_law",
        deadline="P2D",
    )
    d.choice("G_replace", "更换人员？", at=("head", 5, 0), label="e")


def _evidence_steps(d: Diagram) -> None:
    d.task(
        "T_inform",
        "通知配合并调卷",
        at=("team", 6),
        form="investigation/investigation_notice",
        role="team.member",
        person="leader",
        clauses="YY-5.p2",
        excludes="T_adjudicate",
        deadline="P3D",
    )
    d.task(
        "T_reply",
        "提供案卷和说明",
        at=("organ", 7),
        form="investigation/file_reply",
        role="organ.reporter",
        organ="subject.organ",
        clauses="YY-5.p2",
        deadline="P5D",
    )
    d.choice("G_complied", "是否配合？", at=("organ", 8), label="s")
    d.task(
        "T_noncoop",
        "处理不配合情况",
        at=("head", 8, 1),
        form="investigation/non_cooperation",
        role="decider.head",
        organ=PURSUER,
        clauses="YY-5.p2 YY-13(2)",
        deadline="P3D",
    )
    d.task(
        "T_collect",
        "调查取证",
        at=("team", 9),
        form="investigation/evidence",
        role="team.member",
        person="leader",
        clauses="YY-8",
        excludes="T_adjudicate",
        deadline="P60D",
    )
    d.end("End_inquiry", "调查结束", at=("team", 10))


def finding() -> Diagram:
    d = Diagram(
        "yiyuan-finding",
        "认定一名责任人员",
        lanes=[BODY],
        variables={"subject": "context", "corrections": "list", "earlier_corrections": "list", "persons": "list"}
        | FINDING_ANSWERS
        | PROPOSAL_INPUTS
        | PROPOSALS,
    )
    d.start("Start_finding", "调查结束", at=("body", 0))
    d.task(
        "T_finding",
        "认定责任事实",
        at=("body", 1),
        form="yiyuan-finding/person_finding",
        role="decider.officer",
        organ=PURSUER,
        clauses="YY-6.s1 YY-6.s2 YY-9",
        excludes="T_adjudicate",
        deadline="P10D",
    )
    d.service(
        "S_corrections",
        "读取自我纠错记录",
        at=("body", 2),
        operation="case/procedures",
        result="corrections",
        parameters={"key": ("string", '"self_correction"')},
    )
    d.service(
        "S_earlier_corrections",
        "读取此前自我纠错",
        at=("body", 3),
        operation="case/procedures_on_act",
        result="earlier_corrections",
        parameters={"key": ("string", '"self_correction"')},
    )
    d.service(
        "S_status_found",
        "查询人员现状",
        at=("body", 4),
        operation="subject/current_status",
        result="current_status",
        parameters={"subject_id": ("string", "subject.id")},
    )
    d.script("X_facts", "整理认定事实", at=("body", 5), code=READ_ANSWERS)
    d.call("C_proposal", "提出裁量建议（供参考）", at=("body", 6), process="yiyuan-proposal")
    d.task(
        "T_assess",
        "提出责任认定意见",
        at=("body", 7),
        form="yiyuan-finding/opinion",
        role="decider.officer",
        organ=PURSUER,
        clauses=f"YY-9 {CIRCUMSTANCE_CLAUSES}",
        excludes="T_adjudicate",
        deadline="P5D",
    )
    d.end("End_finding", "已认定", at=("body", 8))
    d.path("Start_finding", "T_finding", "S_corrections", "S_earlier_corrections", "S_status_found", "X_facts")
    d.path("X_facts", "C_proposal", "T_assess", "End_finding")
    return d


def defence() -> Diagram:
    d = Diagram(
        "yiyuan-defence",
        "告知与陈述申辩",
        lanes=[BODY, SUBJECT],
        variables={"subject": "context", "statement_until": "date", "accepted": "string", "new_facts_found": "boolean"},
    )
    d.start("Start_defence", "拟作出处理", at=("body", 0))
    d.task(
        "T_notice",
        "事先告知",
        at=("body", 1),
        form="yiyuan-defence/prior_notice",
        role="decider.officer",
        organ=PURSUER,
        clauses="YY-8 YY-9",
        source="higher_law",
        deadline="P3D",
        post=STATEMENT_UNTIL,
    )
    d.task(
        "T_statement",
        "陈述申辩",
        at=("subject", 2),
        form="accountability/statement",
        role="subject.person",
        person="subject.person",
        clauses="YY-8 YY-9",
        source="higher_law",
        deadline="P5D",
    )
    silence = ext.timer("B_waived", "timeDate", "statement_until")
    d.boundary("B_waived", "期满未申辩", host="T_statement", share=0.85, event=silence)
    d.task(
        "T_hear",
        "复核申辩意见",
        at=("body", 3),
        form="accountability/statement_review",
        role="decider.officer",
        organ=PURSUER,
        clauses="YY-8 YY-9",
        source="higher_law",
        deadline="P3D",
    )
    d.choice("G_new_facts", "有新事实？", at=("body", 4), label="s")
    d.end("End_defence", "已听取申辩", at=("body", 5))
    d.path("Start_defence", "T_notice")
    d.flow("T_notice", "T_statement", ports="sw")
    d.flow("T_statement", "T_hear", ports="es", bend=None)
    d.flow("B_waived", "T_hear", ports="ss", bend=None)
    d.path("T_hear", "G_new_facts")
    d.flow("G_new_facts", "T_notice", "重新告知", when="new_facts_found = true", ports="nn", bend=("body", 0, -62))
    d.flow("G_new_facts", "End_defence", "没有", default=True)
    return d


def _listed(name: str) -> str:
    return f"(if {name} = null then [] else {name})"


CORRECTED = "some c in concatenate(corrections, earlier_corrections) satisfies c.outcome = "
FOUND = (
    *map(_listed, ("exemptions", "mitigations", "aggravations")),
    f'if ({CORRECTED}"EFFECTIVE") then ["SELF_CORRECTED"] else []',
    f'if ({CORRECTED}"AFTER_SUIT") then ["CORRECTED_AFTER_SUIT"] else []',
)
READ_ANSWERS = "\n".join(
    [
        "subject_kind = subject.kind",
        "subject_role = subject.role",
        "nominal_fault = case.nominal_fault",
        "implementing_count = count(case.implementing_entities)",
        "scope_kind = case.scope_kind",
        "leading_cadre = subject.is_leading_cadre = true",
        f"fault_circumstances = {_listed('fault_codes')}",
        f"circumstances = concatenate({', '.join(FOUND)})",
        "circumstances = distinct values(circumstances)",
        f"conduct = if collective_decision = true then {COLLECTIVE} else conduct",
    ]
)


DIAGRAMS = (inquiry, finding, defence)
