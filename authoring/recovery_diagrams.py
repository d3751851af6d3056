"""What follows the decisions: recovery of compensation and rectification."""

from authoring.case_diagrams import LEAD_ORGAN, OFFICE, ORGAN
from authoring.diagram import Diagram


def recovery() -> Diagram:
    d = Diagram(
        "recovery",
        "追偿",
        lanes=[("recovery", "追偿承办人"), ("head", "赔偿义务机关负责人"), ("finance", "财政部门")],
        variables={"recover": "boolean"},
    )
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
    d.task(
        "T_heard",
        "听取责任人员意见",
        at=("recovery", 3),
        form="recovery/hearing",
        role="recovery.officer",
        clauses="JZ-20",
        source="higher_law",
        deadline="P5D",
    )
    d.task(
        "T_order",
        "作出追偿决定",
        at=("head", 4),
        form="recovery/decision",
        role="organ.head",
        organ=LEAD_ORGAN,
        clauses="JZ-20",
        deadline="P5D",
    )
    d.task(
        "T_paid",
        "登记缴款",
        at=("finance", 5),
        form="recovery/payment",
        role="finance.officer",
        clauses="JZ-20",
        deadline="P30D",
        count="CALENDAR",
    )
    d.end("End_recovery", "追偿终结", at=("recovery", 6))
    d.path("Start_recovery", "T_opinion", "G_recover")
    d.flow("G_recover", "T_heard", "应当", when="recover = true")
    d.flow("G_recover", "End_recovery", "不追偿", default=True, ports="nn", bend=("recovery", 0, -62))
    d.flow("T_heard", "T_order", ports="sw")
    d.flow("T_order", "T_paid", ports="sw")
    d.flow("T_paid", "End_recovery", ports="es")
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


DIAGRAMS = (recovery, rectification)
