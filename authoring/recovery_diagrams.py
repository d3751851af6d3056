"""What follows the decisions: recovery of compensation and rectification."""

from authoring import extensions as ext
from authoring.case_diagrams import LEAD_ORGAN, OFFICE, ORGAN
from authoring.diagram import Diagram

CLAUSES = "JZ-20 YY-15"


LIABLE = "persons = (for s in subjects return if list contains(recovery_persons, s.id) then s else null)[item != null]"
"""Those whom the opinion names, each as `subject` is elsewhere."""
RECOVERY = {"recover": "boolean", "recovery_persons": "list", "subjects": "list", "persons": "list", "payments": "list"}


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
    d = Diagram("recovery", "追偿", lanes=[("recovery", "追偿承办人")], variables=RECOVERY)
    d.start("Start_recovery", "已支付国家赔偿", at=("recovery", 0))
    d.task(
        "T_opinion",
        "提出追偿意见",
        at=("recovery", 1),
        form="recovery/recovery_opinion",
        role="recovery.officer",
        clauses="JZ-20",
        deadline="P10D",
    )
    d.choice("G_recover", "应当追偿？", at=("recovery", 2), label="s")
    d.path("Start_recovery", "T_opinion", "G_recover")
    from_each(d, column=3)
    return d


def recovery_person() -> Diagram:
    """Shared by the counties: one person's share, never more in all than what was paid."""
    d = Diagram(
        "recovery-person",
        "向一人追偿",
        lanes=[("recovery", "追偿承办人"), ("head", "赔偿义务机关负责人"), ("finance", "财政部门")],
        variables={"subject": "context", "received": "number"},
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
        deadline="P30D",
        count="CALENDAR",
    )
    d.end("End_person", "已缴款", at=("recovery", 4))
    d.path("Start_person", "T_heard")
    d.flow("T_heard", "T_order", ports="sw")
    d.flow("T_order", "T_paid", ports="sw")
    d.flow("T_paid", "End_person", ports="es")
    return d


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
