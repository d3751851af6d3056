"""What follows the decisions: recovery of compensation, once it is paid, and rectification."""

from authoring import extensions as ext
from authoring.case_diagrams import LEAD_ORGAN, OFFICE, ORGAN
from authoring.diagram import Diagram

CLAUSES = "JZ-20 YY-15"


LIABLE = "persons = (for s in subjects return if list contains(recovery_persons, s.id) then s else null)[item != null]"
"""Those whom the opinion names, each as `subject` is elsewhere."""
RECOVERY = {
    "recover": "boolean",
    "recovery_persons": "list",
    "subjects": "list",
    "persons": "list",
    "payments": "list",
    "ask_again_on": "date",
}
COMPENSATING = ("organ", "赔偿义务机关", 2)
STILL_OWED = "case.compensation_paid = false and case.compensation_owed = true"
SOMETHING_PAID = (
    "case.compensation_paid = true"
    " or (case.compensation_owed = false and case.compensation_part != null and case.compensation_part > 0)"
)
"""Of what is never paid nothing can be recovered; of a part, that part (State Compensation Law art. 16)."""


def until_paid(d: Diagram, *, column: int, clauses: str) -> None:
    """Recovery follows payment: who owes the compensation is asked again until it is paid or owed no longer."""
    d.choice("G_paid", "已经付清？", at=("recovery", column), label="s")
    d.task(
        "T_compensation",
        "登记国家赔偿支付情况",
        at=("organ", column, 1),
        form="recovery/compensation_payment",
        role="organ.reporter",
        organ=LEAD_ORGAN,
        clauses=clauses,
        deadline="P10D",
    )
    d.choice("G_owed", "支付情况？", at=("organ", column + 1, 1), label="ne")
    d.wait_until("W_compensation", "再次询问之日", at=("organ", column + 1), date="ask_again_on")
    d.end("End_unpaid", "没有赔偿，无需追偿", at=("organ", column + 2, 1))
    d.task(
        "T_opinion",
        "提出追偿意见",
        at=("recovery", column + 1),
        form="recovery/recovery_opinion",
        role="recovery.officer",
        clauses=clauses,
        deadline="P10D",
    )
    d.choice("G_recover", "应当追偿？", at=("recovery", column + 2), label="s")
    d.flow("G_paid", "T_opinion", "是", when="case.compensation_paid = true")
    d.flow("G_paid", "T_compensation", "否", default=True, ports="ns")
    d.path("T_compensation", "G_owed")
    d.flow("G_owed", "W_compensation", "尚未付清", when=STILL_OWED, ports="ns")
    d.flow("W_compensation", "T_compensation", ports="wn")
    d.flow("G_owed", "T_opinion", "已付", when=SOMETHING_PAID, ports="sn")
    d.flow("G_owed", "End_unpaid", "不再应付", default=True)
    d.path("T_opinion", "G_recover")


def from_each(d: Diagram, *, column: int) -> None:
    """From the choice whether to recover: each person named is heard and charged apart from the others."""
    d.service("S_named", "读取责任对象", at=("recovery", column), operation="case/subjects", result="subjects")
    d.script("X_liable", "确定追偿对象", at=("recovery", column + 1), code=LIABLE)
    d.call(
        "C_recovery_person",
        "向一人追偿",
        at=("recovery", column + 2),
        process="recovery-person",
        loop=ext.loop("persons", "subject", outputs="payments", output="received"),
    )
    d.end("End_recovery", "追偿终结", at=("recovery", column + 3))
    d.flow("G_recover", "S_named", "应当", when="recover = true")
    d.flow("G_recover", "End_recovery", "不追偿", default=True, ports="nn", bend=("recovery", 0, -62))
    d.path("S_named", "X_liable", "C_recovery_person", "End_recovery")


def recovery() -> Diagram:
    d = Diagram("recovery", "追偿", lanes=[COMPENSATING, ("recovery", "追偿承办人")], variables=RECOVERY)
    d.start("Start_recovery", "涉及国家赔偿", at=("recovery", 0))
    d.path("Start_recovery", "G_paid")
    until_paid(d, column=1, clauses="JZ-20")
    from_each(d, column=4)
    return d


def recovery_person() -> Diagram:
    """Shared by the counties: one person's share, never more in all than what was paid."""
    d = Diagram(
        "recovery-person",
        "向一人追偿",
        lanes=[("recovery", "追偿承办人"), ("head", "赔偿义务机关负责人"), ("finance", "财政部门", 2)],
        variables={
            "subject": "context",
            "received": "number",
            "fully_paid": "boolean",
            "unpaid_course": "string",
            "next_due_on": "date",
        },
    )
    d.start("Start_person", "应当追偿", at=("recovery", 0))
    d.task(
        "T_heard",
        "听取责任人员意见",
        at=("recovery", 1),
        form="recovery/hearing",
        role="recovery.officer",
        clauses=CLAUSES,
        source="higher_law",
        deadline="P5D",
    )
    d.task(
        "T_order",
        "责令承担赔偿费用",
        at=("head", 2),
        form="recovery/decision",
        role="organ.head",
        organ=LEAD_ORGAN,
        clauses=CLAUSES,
        deadline="P5D",
    )
    d.task(
        "T_paid",
        "登记缴款",
        at=("finance", 3),
        form="recovery/payment",
        role="finance.officer",
        clauses=CLAUSES,
        since="if next_due_on = null then string(today()) else string(next_due_on)",
        deadline="P30D",
        count="CALENDAR",
    )
    d.end("End_person", "已缴清", at=("finance", 5))
    _unpaid(d)
    d.path("Start_person", "T_heard")
    d.flow("T_heard", "T_order", ports="sw")
    d.flow("T_order", "T_paid", ports="sw")
    d.path("T_paid", "G_fully_paid")
    d.flow("G_fully_paid", "End_person", "已缴清", when="fully_paid = true")
    return d


def _unpaid(d: Diagram) -> None:
    """What was ordered is owed until it is paid: who ordered it sets a new day, or ends it on a ground of law."""
    d.choice("G_fully_paid", "已缴清？", at=("finance", 4), label="s")
    d.task(
        "T_unpaid",
        "处理未缴清款项",
        at=("head", 5),
        form="recovery/unpaid",
        role="organ.head",
        organ=LEAD_ORGAN,
        clauses=CLAUSES,
        source="higher_law",
        deadline="P10D",
    )
    d.choice("G_unpaid", "继续追缴？", at=("head", 6), label="n")
    d.end("End_ended", "依法终结追缴", at=("head", 7))
    d.flow("G_fully_paid", "T_unpaid", "未缴清", default=True, ports="nw")
    d.path("T_unpaid", "G_unpaid")
    d.flow("G_unpaid", "End_ended", "终结", when='unpaid_course = "TERMINATED"')
    d.flow("G_unpaid", "T_paid", "责令限期缴纳", default=True, ports="ss", bend=("finance", 1, 0))


def rectification() -> Diagram:
    d = Diagram("rectification", "整改跟踪", lanes=[ORGAN, OFFICE], variables={"confirmed": "string"})
    d.start("Start_rectification", "需要整改", at=("organ", 0))
    d.task(
        "T_rectify",
        "报告整改落实情况",
        at=("organ", 1),
        form="rectification/report",
        role="organ.reporter",
        organ=LEAD_ORGAN,
        clauses="JZ-18.s2 JZ-9(5)",
        deadline="P30D",
        count="CALENDAR",
    )
    d.task(
        "T_confirm",
        "核实整改",
        at=("office", 2),
        form="rectification/confirmation",
        role="jmo.officer",
        clauses="JZ-9(5)",
        deadline="P5D",
    )
    d.choice("G_confirmed", "已落实？", at=("office", 3), label="s")
    d.end("End_rectification", "整改已落实", at=("office", 4))
    d.path("Start_rectification", "T_rectify")
    d.flow("T_rectify", "T_confirm", ports="sw")
    d.path("T_confirm", "G_confirmed")
    d.flow("G_confirmed", "T_rectify", "退回", default=True, ports="ne")
    d.flow("G_confirmed", "End_rectification", "已落实", when='confirmed = "CONFIRMED"')
    return d


DIAGRAMS = (recovery, recovery_person, rectification)
