"""The judgment is reversed: registered, confirmed, the case told, and what was decided on it undone."""

from authoring import extensions as ext
from authoring.case_diagrams import SCOPE_CLAUSES
from authoring.diagram import Diagram
from authoring.remedy_diagrams import BEGUN

ORGAN = ("organ", "涉案行政机关")
OUTCOME = 'if reversal_result != "CONFIRMED" then "REJECTED" else if reopening = "KEPT" then "KEPT" else "REVERSED"'


def reversal(
    regime: str, *, office: tuple[str, str], registrar: str, director: str, excludes: str, clauses: str
) -> Diagram:
    d = Diagram(
        f"{regime}-reversal",
        "改判处理",
        lanes=[ORGAN, (*office, 3)],
        variables={name: kind for name, kind in BEGUN.items() if name != "subject"}
        | {
            "reversal_result": "string",
            "reopening": "string",
            "case_state": "string",
            "subjects": "list",
            "undone": "list",
            "revised": "string",
            "outcome": "string",
        },
    )
    d.start("Start_reversal", "裁判文书被改变", at=("organ", 0))
    d.choice("G_registrar", "谁登记？", at=("organ", 1), label="n")
    d.task(
        "T_register_organ",
        "登记改判文书",
        at=("organ", 2),
        form="reversal/registration",
        role="organ.reporter",
        organ="case.lead_organ",
        clauses=clauses,
        source="higher_law",
        deadline="P3D",
    )
    d.task(
        "T_register_office",
        "登记改判文书",
        at=("office", 2, 0),
        form="reversal/registration",
        role=registrar,
        clauses=clauses,
        source="higher_law",
        deadline="P3D",
    )
    d.task(
        "T_confirm_reversal",
        "核实改判",
        at=("office", 3, 0),
        form="reversal/confirmation",
        role=director,
        clauses=clauses,
        source="higher_law",
        excludes=excludes,
        deadline="P3D",
    )
    d.choice("G_confirmed", "属实？", at=("office", 4, 0), label="sw")
    d.choice("G_reopen", "由人决定？", at=("office", 5, 0), label="n")
    d.task(
        "T_reopen",
        "决定是否重新处理",
        at=("office", 5, 1),
        form="reversal/reopening",
        role=director,
        clauses=clauses,
        source="higher_law",
        excludes=excludes,
        deadline="P5D",
    )
    d.choice("G_reopened", "重新处理？", at=("office", 6, 1), label="s")
    d.service("S_reverse", "案件按改判处理", at=("office", 6, 0), operation="case/reverse", result="case_state")
    d.service(
        "S_decided",
        "查明已作出的决定",
        at=("office", 7, 0),
        operation="case/decided_subjects",
        result="subjects",
    )
    d.choice("G_decided", "已有决定？", at=("office", 8, 0), label="n")
    d.call(
        "C_undo",
        "撤销决定并恢复",
        at=("office", 9, 0),
        process="reversal-effect",
        loop=ext.loop("subjects", "subject", outputs="undone", output="revised"),
    )
    d.service(
        "S_conclude",
        "登记处理结果",
        at=("office", 10, 0),
        operation="procedure/conclude",
        result="outcome",
        parameters={"outcome": ("string", OUTCOME)},
    )
    d.end("End_reversal", "改判处理完毕", at=("office", 11, 0))
    d.path("Start_reversal", "G_registrar")
    d.flow("G_registrar", "T_register_organ", "涉案机关", when='opener_role = "organ.reporter"')
    d.flow("G_registrar", "T_register_office", office[1], default=True, ports="sw")
    d.flow("T_register_organ", "T_confirm_reversal", ports="en")
    d.path("T_register_office", "T_confirm_reversal", "G_confirmed")
    d.flow(
        "G_confirmed", "G_registrar", "退回", when='reversal_result = "RETURNED"', ports="nn", bend=("organ", 0, -68)
    )
    d.flow("G_confirmed", "G_reopen", "属实", when='reversal_result = "CONFIRMED"')
    d.flow("G_confirmed", "S_conclude", "不构成", default=True, ports="ss", bend=("office", 2, 0))
    d.flow("G_reopen", "T_reopen", "是", when='case.switches.reopenOnReversal = "OFF"', ports="sn")
    d.flow("G_reopen", "S_reverse", "否", default=True)
    d.path("T_reopen", "G_reopened")
    d.flow("G_reopened", "S_reverse", "是", when='reopening = "REOPENED"', ports="ns")
    d.flow("G_reopened", "S_conclude", "否", default=True, ports="es")
    d.path("S_reverse", "S_decided", "G_decided")
    d.flow("G_decided", "C_undo", "有", when="count(subjects) > 0")
    d.flow("G_decided", "S_conclude", "没有", default=True, ports="ss", bend=("office", 0, 68))
    d.path("C_undo", "S_conclude", "End_reversal")
    return d


def jinzhai_reversal() -> Diagram:
    return reversal(
        "jinzhai",
        office=("office", "联席会议办公室"),
        registrar="jmo.officer",
        director="jmo.director",
        excludes="T_register_office",
        clauses=SCOPE_CLAUSES.split(" JZ-4")[0],
    )


def yiyuan_reversal() -> Diagram:
    return reversal(
        "yiyuan",
        office=("office", "归口登记"),
        registrar="registry.officer",
        director="registry.officer",
        excludes="T_register_office",
        clauses="YY-3(1)",
    )


def undo() -> Diagram:
    d = Diagram(
        "reversal-effect",
        "撤销决定并恢复",
        lanes=[("office", "办理机关")],
        variables={"subject": "context", "revised": "string", "effects": "context"},
    )
    d.start("Start_undo", "决定的基础已改变", at=("office", 0))
    d.service(
        "S_revoke",
        "撤销问责决定",
        at=("office", 1),
        operation="subject/revise_decision",
        result="revised",
        parameters={
            "subject_id": ("string", "subject.id"),
            "outcome": ("string", '"REVOKED"'),
            "kind": ("string", '"WITHDRAWN"'),
            "sanctions": ("list", "[]"),
        },
    )
    d.call("C_restore", "恢复原状", at=("office", 2), process="restoration")
    d.end("End_undo", "已恢复", at=("office", 3))
    d.path("Start_undo", "S_revoke", "C_restore", "End_undo")
    return d


DIAGRAMS = (jinzhai_reversal, yiyuan_reversal, undo)
