"""The investigation: team and recusal, evidence, a finding per subject, the proposals of the tables."""

from authoring import extensions as ext
from authoring.accountability_diagrams import PROPOSAL_INPUTS, PROPOSALS
from authoring.case_diagrams import LEAD_ORGAN
from authoring.diagram import Diagram

HEAD = ("head", "监察机关负责人")
TEAM = ("team", "调查组")
FAULTS = " ".join(f"JZ-5({n})" for n in range(1, 8))


def investigation() -> Diagram:
    d = Diagram(
        "investigation",
        "调查",
        lanes=[HEAD, TEAM, ("organ", "涉案行政机关"), ("adjudication", "审理部门")],
        variables={
            "complied": "string",
            "subjects": "list",
            "findings": "list",
            "finding": "context",
            "referral_needed": "boolean",
            "referral_kinds": "list",
            "noncoop_next": "string",
            "adjudication_result": "string",
            "signoff_result": "string",
        },
    )
    _evidence_steps(d)
    _review_steps(d)
    d.path("Start_investigation", "C_team")
    d.flow("C_team", "T_inform", ports="sw")
    d.flow("T_inform", "T_reply", ports="sn")
    d.path("T_reply", "G_complied")
    d.flow("G_complied", "T_noncoop", "拖延或拒绝", default=True, ports="ns")
    d.flow("G_complied", "T_collect", "已配合", when='complied = "COMPLIED"', ports="es")
    d.path("T_noncoop", "G_noncoop")
    d.flow("G_noncoop", "T_inform", "再次催告", when='noncoop_next = "URGE_AGAIN"', ports="nn", bend=("head", 0, -62))
    d.flow("G_noncoop", "T_collect", "继续调查", default=True, ports="sn")
    d.path("T_collect", "T_subjects", "S_subjects", "C_finding", "T_report")
    d.flow("T_report", "T_adjudicate", ports="sn")
    d.path("T_adjudicate", "G_adjudicated")
    d.flow("G_adjudicated", "T_collect", "退回补充", default=True, ports="ss", bend=("adjudication", 0, 62))
    d.flow("G_adjudicated", "T_signoff", "同意", when='adjudication_result = "AGREED"', ports="ns")
    d.path("T_signoff", "G_signed")
    d.flow("G_signed", "T_report", "退回", default=True, ports="nn", bend=("head", 0, -62))
    d.flow("G_signed", "End_investigation", "签发", when='signoff_result = "SIGNED"')
    return d


def _evidence_steps(d: Diagram) -> None:
    d.start("Start_investigation", "已立案", at=("head", 0))
    d.call("C_team", "组成调查组与回避", at=("head", 1), process="investigation-team")
    d.task(
        "T_inform",
        "送达调查通知书并调取案卷",
        at=("team", 2),
        form="investigation/investigation_notice",
        role="team.leader",
        clauses="JZ-19",
        excludes="T_adjudicate",
        deadline="P3D",
    )
    d.task(
        "T_reply",
        "提供案卷情况说明",
        at=("organ", 2),
        form="investigation/file_reply",
        role="organ.reporter",
        organ=LEAD_ORGAN,
        clauses="JZ-19",
        deadline="P5D",
    )
    d.choice("G_complied", "是否配合？", at=("organ", 3), label="s")
    d.task(
        "T_noncoop",
        "处理不配合情况",
        at=("head", 3),
        form="investigation/non_cooperation",
        role="sup.deputy",
        clauses="JZ-19 JZ-17(2)",
        deadline="P3D",
    )
    d.choice("G_noncoop", "再次催告？", at=("head", 4), label="e")
    d.task(
        "T_collect",
        "调查取证",
        at=("team", 4),
        form="investigation/evidence",
        role="team.leader",
        clauses="JZ-11.p1",
        excludes="T_adjudicate",
        deadline="P60D",
    )
    d.task(
        "T_subjects",
        "提出责任对象",
        at=("team", 5),
        form="investigation/subjects",
        role="team.leader",
        clauses="JZ-1 JZ-6.p1 JZ-6.p2 JZ-6.p3",
        excludes="T_adjudicate",
        deadline="P5D",
    )
    d.service("S_subjects", "登记责任对象", at=("team", 6), operation="case/record_subjects", result="subjects")
    d.call(
        "C_finding",
        "逐一认定责任",
        at=("team", 7),
        process="subject-finding",
        loop=ext.loop("subjects", "finding_subject", outputs="findings", output="finding"),
    )


def _review_steps(d: Diagram) -> None:
    d.task(
        "T_report",
        "撰写调查报告",
        at=("team", 8),
        form="investigation/investigation_report",
        role="team.leader",
        clauses="JZ-11.p1 JZ-14",
        excludes="T_adjudicate",
        deadline="P10D",
        post="referral_kinds = if task.referral_needed = true then task.referral_kinds else []",
    )
    d.task(
        "T_adjudicate",
        "审理",
        at=("adjudication", 8),
        form="investigation/adjudication",
        role="sup.adjudicator",
        clauses="JZ-11.p1 JZ-14",
        source="higher_law",
        excludes="T_recusal T_inform T_collect T_subjects T_entity T_person T_report",
        deadline="P10D",
    )
    d.choice("G_adjudicated", "同意？", at=("adjudication", 9), label="e")
    d.task(
        "T_signoff",
        "负责人审签",
        at=("head", 9),
        form="investigation/head_signoff",
        role="sup.head",
        clauses="JZ-11.p1",
        excludes="T_report",
        deadline="P3D",
    )
    d.choice("G_signed", "签发？", at=("head", 10), label="s")
    d.end("End_investigation", "调查终结", at=("head", 11))


def team() -> Diagram:
    d = Diagram(
        "investigation-team",
        "组成调查组与回避",
        lanes=[(*HEAD, 2), TEAM],
        variables={
            "investigators": "list",
            "declarations": "list",
            "relation": "string",
            "recusal_result": "string",
        },
    )
    d.start("Start_team", "已立案", at=("head", 0, 1))
    d.task(
        "T_team",
        "组成调查组",
        at=("head", 1, 1),
        form="investigation/team",
        role="sup.head",
        clauses="JZ-11.p1",
        deadline="P3D",
    )
    d.service(
        "S_investigators", "读取调查人员", at=("head", 2, 1), operation="case/investigators", result="investigators"
    )
    d.task(
        "T_recusal",
        "签署回避声明",
        at=("team", 3),
        form="investigation/recusal_statement",
        role="team.member",
        person="investigator",
        clauses="JZ-11.p1",
        source="higher_law",
        deadline="P2D",
        loop=ext.loop("investigators", "investigator", outputs="declarations", output="relation"),
    )
    d.choice("G_relation", "存在回避情形？", at=("head", 4, 1), label="se")
    d.task(
        "T_recusal_decision",
        "决定回避",
        at=("head", 4, 0),
        form="investigation/recusal_decision",
        role="sup.head",
        clauses="JZ-11.p1",
        source="higher_law",
        deadline="P2D",
    )
    d.choice("G_replace", "更换人员？", at=("head", 5, 0), label="e")
    d.end("End_team", "调查组就位", at=("head", 5, 1))
    d.path("Start_team", "T_team", "S_investigators")
    d.flow("S_investigators", "T_recusal", ports="sw")
    d.flow("T_recusal", "G_relation", ports="es")
    d.flow("G_relation", "End_team", "没有", when='every d in declarations satisfies d = "NONE"')
    d.flow("G_relation", "T_recusal_decision", "有", default=True)
    d.path("T_recusal_decision", "G_replace")
    d.flow("G_replace", "T_team", "更换", when='recusal_result = "REPLACE"', ports="nn", bend=("head", 0, -62))
    d.flow("G_replace", "End_team", "不更换", default=True)
    return d


def subject_finding() -> Diagram:
    d = Diagram(
        "subject-finding",
        "认定一个责任对象",
        lanes=[(*TEAM, 2)],
        variables={"finding_subject": "context", "finding": "context", "subjects": "list", "organs": "list"}
        | FINDING_ANSWERS
        | PROPOSAL_INPUTS
        | PROPOSALS,
    )
    d.start("Start_finding", "已提出责任对象", at=("team", 0, 0))
    d.choice("G_who", "人员还是机关？", at=("team", 1, 0))
    d.task(
        "T_entity",
        "认定责任单位",
        at=("team", 2, 0),
        form="subject-finding/entity_finding",
        role="team.member",
        clauses=f"JZ-6.p1 JZ-6.p2 JZ-6.p3 {FAULTS} JZ-14",
        excludes="T_adjudicate",
        deadline="P10D",
    )
    d.task(
        "T_person",
        "认定责任人员",
        at=("team", 2, 1),
        form="subject-finding/person_finding",
        role="team.member",
        clauses=f"JZ-6.p1 {FAULTS} JZ-14",
        excludes="T_adjudicate",
        deadline="P10D",
    )
    d.script("X_answers", "整理认定事实", at=("team", 3, 0), code=READ_ANSWERS)
    d.service(
        "S_repeats",
        "核对同类过错履历",
        at=("team", 4, 0),
        operation="subject/repeats",
        result="repeat_within_year",
        parameters={"subject_id": ("string", "finding_subject.id"), "faults": ("list", "fault_circumstances")},
    )
    d.call("C_proposal", "提出裁量建议（供参考）", at=("team", 5, 0), process="subject-proposal")
    d.script("X_finding", "汇总认定结果", at=("team", 6, 0), code=COLLECT_FINDING)
    d.end("End_finding", "已认定", at=("team", 7, 0))
    d.path("Start_finding", "G_who")
    d.flow("G_who", "T_entity", "机关", default=True)
    d.flow("G_who", "T_person", "人员", when='finding_subject.kind = "PERSON"')
    d.path("T_entity", "X_answers")
    d.flow("T_person", "X_answers", ports="es")
    d.path("X_answers", "S_repeats", "C_proposal", "X_finding", "End_finding")
    return d


def proposal() -> Diagram:
    d = Diagram(
        "subject-proposal",
        "提出裁量建议（供参考）",
        lanes=[("rules", "裁量规则")],
        variables=PROPOSAL_INPUTS | PROPOSALS,
    )
    d.start("Start_proposal", "事实已认定", at=("rules", 0))
    steps = (
        ("R_subjects", "责任对象", "jinzhai-subjects"),
        ("R_fault", "过错情形", "jinzhai-fault"),
        ("R_mental_state", "主观过错", "jinzhai-mental-state"),
        ("R_exemption", "免予问责情形", "jinzhai-exemption"),
        ("R_mitigation", "从轻减轻情形", "jinzhai-mitigation"),
        ("R_aggravation", "从重情形", "jinzhai-aggravation"),
        ("R_sanctions", "可用问责方式", "jinzhai-sanctions"),
        ("R_share", "责任划分参考", "jinzhai-share"),
        ("R_authority", "管理权限", "jinzhai-authority"),
    )
    for column, (id_, name, table) in enumerate(steps, 1):
        d.rule(id_, name, at=("rules", column), table=table)
    d.call("C_weighing", "权衡并列出由人决定的事项", at=("rules", len(steps) + 1), process="subject-weighing")
    d.end("End_proposal", "建议已提出", at=("rules", len(steps) + 2))
    d.path("Start_proposal", *(id_ for id_, _, _ in steps), "C_weighing", "End_proposal")
    return d


FINDING_ANSWERS = {
    "mental_state": "string",
    "fault_codes": "list",
    "exemptions": "list",
    "mitigations": "list",
    "aggravations": "list",
    "nominal_fault": "boolean",
    "is_leading_cadre": "boolean",
    "holds_appointed_post": "boolean",
    "person_category": "string",
    "art88_ground": "string",
    "current_status": "string",
    "conduct": "string",
    "collective_decision": "boolean",
    "vote_in_collective": "string",
    "authority": "string",
    "entity_level": "string",
    "superior_order": "boolean",
    "objected_in_writing": "boolean",
}
"""Fields of the two finding forms that the tables need; they become variables by their names."""


def _listed(name: str) -> str:
    return f"(if {name} = null then [] else {name})"


COLLECTIVE = (
    'if vote_in_collective = "DECIDED" then "COLLECTIVE_DECIDED"'
    ' else if vote_in_collective = "SUPPORTED" then "COLLECTIVE_SUPPORTED"'
    ' else if vote_in_collective = "DISSENT_RECORDED" then "COLLECTIVE_DISSENTED" else null'
)
READ_ANSWERS = "\n".join(
    [
        "subject_kind = finding_subject.kind",
        "subject_role = finding_subject.role",
        "subject_level = entity_level",
        (
            'organs = for s in subjects return if s.kind = "ORGAN" and list contains('
            '["IMPLEMENTING", "IMPLEMENTING_AND_NOMINAL"], s.role) then s.id else null'
        ),
        "implementing_count = count(organs[item != null])",
        f"fault_circumstances = {_listed('fault_codes')}",
        f"circumstances = concatenate({', '.join(map(_listed, ('exemptions', 'mitigations', 'aggravations')))})",
        "leading_cadre = is_leading_cadre = true",
        f"conduct = if collective_decision = true then {COLLECTIVE} else conduct",
    ]
)
COLLECT_FINDING = (
    "finding = {subject_id: finding_subject.id, "
    + ", ".join(f"{name}: {name}" for name in (*PROPOSAL_INPUTS, *PROPOSALS))
    + "}"
)


DIAGRAMS = (investigation, team, subject_finding, proposal)
