"""What happens to each responsible subject: notice, defence, advice, decision, service, execution."""

from authoring import extensions as ext
from authoring.diagram import Diagram
from authoring.enforcement_diagrams import DECIDER, LEADER, SUPERVISION

SANCTIONS = " ".join(f"JZ-13.p1({n})" for n in range(1, 10))
END_OF_TERM = 'date and time(date(task.due), time("23:59:59+08:00"))'
SEVEN_DAYS = 'now() + duration("P7D")'
STATEMENT_UNTIL = f"statement_until = if {END_OF_TERM} > {SEVEN_DAYS} then {END_OF_TERM} else {SEVEN_DAYS}"
"""Silence waives the statement when the term in the notice is over, but never in less than seven days."""
PROPOSAL_INPUTS = {
    "subject_kind": "string",
    "subject_role": "string",
    "nominal_fault": "boolean",
    "implementing_count": "number",
    "mental_state": "string",
    "fault_circumstances": "list",
    "circumstances": "list",
    "repeat_within_year": "boolean",
    "leading_cadre": "boolean",
    "holds_appointed_post": "boolean",
    "person_category": "string",
    "art88_ground": "string",
    "current_status": "string",
    "conduct": "string",
    "authority": "string",
    "subject_level": "string",
    "superior_order": "boolean",
    "objected_in_writing": "boolean",
}
"""Facts about one responsible subject that the tables read."""
PROPOSALS = {
    "subject_basis": "list",
    "subject_proposal": "list",
    "proposed_faults": "list",
    "proposed_mental_state": "string",
    "proposed_exemptions": "list",
    "contested_exemptions": "list",
    "proposed_mitigations": "list",
    "contested_mitigations": "list",
    "proposed_aggravations": "list",
    "eligible_sanctions": "list",
    "eligible_sanction_codes": "list",
    "share_proposal": "string",
    "share_article": "string",
    "routing": "list",
    "authority_article": "string",
    "suggested_kind": "string",
    "suggested_levels": "list",
    "human_matters": "list",
}
"""What the tables propose for one responsible subject."""
THIS_FINDING = "(for f in findings return if f.subject_id = subject.id then f else null)[item != null][1]"
READ_FINDING = "\n".join(
    [
        f"finding = {THIS_FINDING}",
        *(f"{name} = finding.{name}" for name in (*PROPOSAL_INPUTS, *PROPOSALS)),
    ]
)
WHOSE_COURSE = f"subject_id = subject.id\nauthority = ({THIS_FINDING}).authority"


def accountability() -> Diagram:
    d = Diagram(
        "accountability",
        "责任对象处理",
        lanes=[("subject", "责任人员或责任机关", 2), (*SUPERVISION, 2), LEADER, DECIDER],
        variables={
            "subject": "context",
            "findings": "list",
            "finding": "context",
            "statement_until": "date",
            "advised_on": "date",
            "proposed_instrument": "string",
            "adopted": "string",
            "accepted": "string",
            "new_facts_found": "boolean",
            "sup_competent": "boolean",
            "advice_ruling": "string",
            "kind": "string",
        }
        | PROPOSAL_INPUTS
        | PROPOSALS,
    )
    _notice(d)
    _statement(d)
    _review_and_advice(d)
    _conclusion(d)
    return d


def _notice(d: Diagram) -> None:
    d.start("Start_accountability", "责任对象已认定", at=("supervision", 0))
    d.script("X_read_finding", "读取认定情况", at=("supervision", 1), code=READ_FINDING)
    d.task(
        "T_prior_notice",
        "事先告知",
        at=("supervision", 3),
        form="accountability/prior_notice",
        role="sup.intake",
        clauses="JZ-14",
        source="higher_law",
        deadline="P3D",
        post=STATEMENT_UNTIL,
    )
    d.choice("G_who", "人员还是机关？", at=("supervision", 4), label="s")
    d.path("Start_accountability", "X_read_finding", "T_prior_notice", "G_who")


def _statement(d: Diagram) -> None:
    d.task(
        "T_statement",
        "陈述申辩（人员）",
        at=("subject", 5, 1),
        form="accountability/statement",
        role="subject.person",
        person="subject.person",
        clauses="JZ-14",
        source="higher_law",
        deadline="P5D",
    )
    d.task(
        "T_statement_organ",
        "陈述申辩（机关）",
        at=("subject", 5, 0),
        form="accountability/statement",
        role="subject.organ",
        organ="subject.organ",
        clauses="JZ-14",
        source="higher_law",
        deadline="P5D",
    )
    for event_id, host, upper in (("B_waived", "T_statement", False), ("B_waived_organ", "T_statement_organ", True)):
        silence = ext.timer(event_id, "timeDate", "statement_until")
        d.boundary(event_id, "期满未申辩", host=host, share=0.85, event=silence, upper=upper)
    d.flow("B_waived", "T_hear", ports="sw")
    d.flow("B_waived_organ", "T_hear", ports="nn", bend=("subject", 0, -68))
    d.flow("G_who", "T_statement", "人员", when='subject.kind = "PERSON"', ports="ew")
    d.flow("G_who", "T_statement_organ", "机关", default=True, ports="nw")
    d.flow("T_statement", "T_hear", ports="en")
    d.flow("T_statement_organ", "T_hear", ports="en")


def _review_and_advice(d: Diagram) -> None:
    """New facts that call for more are notified anew; the defence itself never makes it heavier."""
    d.task(
        "T_hear",
        "复核申辩意见",
        at=("supervision", 6),
        form="accountability/statement_review",
        role="sup.intake",
        clauses="JZ-14",
        source="higher_law",
        deadline="P3D",
        post="advised_on = date(now())",
    )
    d.choice("G_new_facts", "有加重新事实？", at=("supervision", 6, 1), label="s")
    d.choice("G_competent", "监察机关自行决定？", at=("supervision", 7, 1), label="sw")
    d.rule("R_instrument", "建议文书种类", at=("supervision", 8, 0), table="jinzhai-instrument")
    d.task(
        "T_advice",
        "提出监察建议",
        at=("supervision", 8, 1),
        form="accountability/supervisory_advice",
        role="sup.head",
        clauses="JZ-11.p2",
        deadline="P5D",
    )
    d.task(
        "T_advice_reply",
        "回复监察建议",
        at=("decider", 8, 0),
        form="accountability/advice_reply",
        role="decider.officer",
        clauses="JZ-11.p2",
        deadline="P10D",
    )
    d.choice("G_adopted", "不采纳？", at=("decider", 9, 0), label="s")
    d.task(
        "T_ruling",
        "裁定不采纳争议",
        at=("leader", 10),
        form="accountability/advice_ruling",
        role="county.leader",
        clauses="JZ-11.p2",
        deadline="P5D",
    )
    d.flow("T_hear", "G_new_facts", ports="sn")
    d.flow("G_new_facts", "T_prior_notice", "重新告知", when="new_facts_found = true", ports="ws")
    d.flow("G_new_facts", "G_competent", "没有", default=True)
    d.flow("G_competent", "C_decision", "是", when="sup_competent = true", ports="ss", bend=("decider", 0, 60))
    d.flow("G_competent", "R_instrument", "否", default=True, ports="nw")
    d.flow("R_instrument", "T_advice", ports="sn")
    d.flow("T_advice", "T_advice_reply", ports="sn")
    d.path("T_advice_reply", "G_adopted")
    d.flow("G_adopted", "T_ruling", "不采纳", when='adopted = "REFUSED"', ports="nw")
    d.flow("G_adopted", "C_decision", "采纳", default=True)
    d.flow("T_ruling", "C_decision", ports="sn")


def _conclusion(d: Diagram) -> None:
    d.call("C_decision", "作出、送达与执行决定", at=("decider", 10, 0), process="subject-decision")
    d.end("End_accountability", "处理完毕", at=("supervision", 11, 1))
    d.flow("C_decision", "End_accountability", ports="es")


def course() -> Diagram:
    """A person's death ends his own course at any step; who is beyond the county's authority goes to who has it; the
    courses of everybody else go on."""
    d = Diagram(
        "subject-course",
        "责任对象处理与死亡终结",
        lanes=[(*SUPERVISION, 3)],
        variables={
            "subject": "context",
            "subject_id": "string",
            "findings": "list",
            "authority": "string",
            "current_status": "string",
            "death": "context",
            "outcome": "string",
        },
        messages=["SubjectDied"],
        message_key="subject_id",
    )
    d.start("Start_course", "责任对象已认定", at=("supervision", 0, 1))
    d.script("X_subject", "读取责任对象", at=("supervision", 1, 1), code=WHOSE_COURSE)
    d.service(
        "S_status",
        "查询人员现状",
        at=("supervision", 2, 1),
        operation="subject/current_status",
        result="current_status",
        parameters={"subject_id": ("string", "subject_id")},
    )
    d.choice("G_alive", "已经死亡？", at=("supervision", 3, 1), label="n")
    d.choice("G_within", "属上级权限？", at=("supervision", 4, 1), label="s")
    d.call("C_accountability", "责任对象处理", at=("supervision", 5, 1), process="accountability")
    event = ext.message_caught("B_died", "SubjectDied", variable="death", key="subject_id")
    d.boundary("B_died", "责任人员死亡", host="C_accountability", share=0.85, event=event, label="e")
    d.task(
        "T_refer_subject",
        "移送有管理权限的机关",
        at=("supervision", 5, 0),
        form="enforcement/authority_referral",
        role="sup.intake",
        clauses="JZ-11.p2 JZ-13.p3",
        deadline="P5D",
    )
    d.task(
        "T_terminate",
        "死亡终结",
        at=("supervision", 6, 2),
        form="accountability/termination",
        role="sup.head",
        clauses="JZ-6.p1",
        source="higher_law",
        deadline="P5D",
    )
    d.service(
        "S_conclude",
        "了结责任对象",
        at=("supervision", 7, 1),
        operation="subject/conclude",
        result="outcome",
        parameters={"subject_id": ("string", "subject_id")},
    )
    d.end("End_course", "处理完毕", at=("supervision", 8, 1))
    d.path("Start_course", "X_subject", "S_status", "G_alive")
    d.flow("G_alive", "G_within", "否", default=True)
    d.flow("G_alive", "T_terminate", "是", when='current_status = "DEAD"', ports="ss", bend=("supervision", 2, 60))
    d.flow("G_within", "C_accountability", "否", default=True)
    d.flow("G_within", "T_refer_subject", "是", when='authority = "SUPERIOR_OUTSIDE_COUNTY"', ports="nw")
    d.flow("B_died", "T_terminate", ports="sw")
    d.path("C_accountability", "S_conclude", "End_course")
    d.flow("T_refer_subject", "S_conclude", ports="en")
    d.flow("T_terminate", "S_conclude", ports="es")
    return d


def decision() -> Diagram:
    d = Diagram(
        "subject-decision",
        "作出、送达与执行决定",
        lanes=[(*DECIDER, 2), ("head", "决定机关负责人"), ("executor", "组织人事（执行）")],
        variables={
            "subject": "context",
            "suspended": "boolean",
            "kind": "string",
            "sign_result": "string",
            "decision_no": "string",
            "deciding_organ": "string",
        }
        | PROPOSALS,
    )
    d.start("Start_decision", "收到监察建议回复", at=("decider", 0))
    d.service(
        "S_suspended",
        "查询是否暂停追责",
        at=("decider", 1),
        operation="subject/suspended",
        result="suspended",
        parameters={"subject_id": ("string", "subject.id")},
    )
    d.choice("G_suspended", "暂停追责？", at=("decider", 2), label="n")
    d.task(
        "T_resume",
        "待移送结果后恢复",
        at=("decider", 2, 1),
        form="accountability/resumption",
        role="sup.intake",
        clauses="JZ-13.p3",
        source="higher_law",
        deadline="P6M",
        count="CALENDAR",
    )
    d.flow("G_suspended", "T_resume", "是", when="suspended = true", ports="sn")
    d.flow("T_resume", "C_authority", ports="es")
    d.flow("G_suspended", "C_authority", "否", default=True)
    d.call("C_authority", "核对调离人员的决定机关", at=("decider", 3), process="decision-authority")
    d.call("C_decision_proposal", "提出裁量建议（供参考）", at=("decider", 4), process="subject-proposal")
    d.task(
        "T_draft_decision",
        "拟制问责决定书",
        at=("decider", 5),
        form="accountability/decision_draft",
        role="decider.officer",
        organ="deciding_organ",
        clauses=f"JZ-2 JZ-14 {SANCTIONS} JZ-13.p2",
        deadline="P5D",
    )
    d.task(
        "T_decide",
        "审定并签发决定",
        at=("head", 6),
        form="accountability/decision_sign",
        role="decider.head",
        organ="deciding_organ",
        clauses="JZ-13.p2 JZ-14",
        excludes="T_draft_decision",
        deadline="P3D",
    )
    d.choice("G_signed", "签发？", at=("head", 7), label="s")
    d.service(
        "S_decision",
        "登记问责决定",
        at=("decider", 8),
        operation="subject/record_decision",
        result="decision_no",
        parameters={"subject_id": ("string", "subject.id")},
    )
    d.task(
        "T_serve",
        "送达决定书",
        at=("decider", 9),
        form="accountability/service",
        role="decider.officer",
        organ="deciding_organ",
        clauses="JZ-21.p1",
        source="higher_law",
        deadline="P5D",
    )
    d.choice("G_kind", "追究责任？", at=("decider", 10))
    d.task(
        "T_execute",
        "执行处理决定",
        at=("executor", 10),
        form="accountability/execution",
        role="hr.executor",
        clauses=f"{SANCTIONS} JZ-21.p2",
        deadline="P10D",
    )
    d.end("End_decision", "决定已落实", at=("decider", 11))
    d.path("Start_decision", "S_suspended", "G_suspended")
    d.path("C_authority", "C_decision_proposal", "T_draft_decision")
    d.flow("T_draft_decision", "T_decide", ports="sw")
    d.path("T_decide", "G_signed")
    d.flow("G_signed", "C_authority", "退回", default=True, ports="nn", bend=("decider", 0, -62))
    d.flow("G_signed", "S_decision", "签发", when='sign_result = "SIGNED"', ports="es")
    d.path("S_decision", "T_serve", "G_kind")
    d.flow("G_kind", "T_execute", "追究", when='kind = "ACCOUNTABLE"', ports="sn")
    d.flow("G_kind", "End_decision", "不追究", default=True)
    d.flow("T_execute", "End_decision", ports="es")
    return d


DIAGRAMS = (course, accountability, decision)
