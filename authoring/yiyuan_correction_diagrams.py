"""Self-correction: a proceeding of its own that may begin at any time, with or without a case."""

from authoring.diagram import Diagram

ORGAN = "correcting_organ"


def self_correction() -> Diagram:
    d = Diagram(
        "self-correction",
        "行政机关自我纠错",
        lanes=[("corrector", "自我纠错承办人"), ("reviewer", "法制审核人"), ("head", "机关负责人")],
        variables={
            "procedure_no": "string",
            "correcting_organ": "string",
            "correction_review": "string",
            "correction_approved": "boolean",
            "correction_effect": "string",
            "outcome": "string",
        },
    )
    _steps(d)
    d.path("Start_correction", "T_record")
    d.flow("T_record", "T_check", ports="sw")
    d.path("T_check", "G_check")
    d.flow("G_check", "T_record", "退回", when='correction_review = "RETURNED"', ports="ne")
    d.flow("G_check", "S_no_error", "没有错误", when='correction_review = "NO_ERROR"')
    d.flow("G_check", "T_decide", "确有错误", default=True, ports="sw")
    d.path("T_decide", "G_decided")
    d.flow("G_decided", "T_outcome", "同意", when="correction_approved = true", ports="nw")
    d.flow("G_decided", "S_refused", "不同意", default=True)
    d.path("T_outcome", "S_close", "End_corrected")
    d.path("S_no_error", "End_no_error")
    d.path("S_refused", "End_refused")
    return d


def _close(d: Diagram, id_: str, name: str, *, lane: str, column: float, outcome: str) -> None:
    parameters = {"outcome": ("string", outcome)}
    d.service(id_, name, at=(lane, column), operation="procedure/conclude", result="outcome", parameters=parameters)


def _steps(d: Diagram) -> None:
    d.start("Start_correction", "发现行政行为有错误", at=("corrector", 0))
    d.task(
        "T_record",
        "登记自我纠错",
        at=("corrector", 1),
        form="self-correction/record",
        role="organ.corrector",
        clauses="YY-4",
        deadline="P3D",
    )
    d.task(
        "T_check",
        "法制审核",
        at=("reviewer", 2),
        form="self-correction/legal_check",
        role="organ.legal_reviewer",
        organ=ORGAN,
        clauses="YY-4",
        excludes="T_record",
        deadline="P5D",
    )
    d.choice("G_check", "确有错误？", at=("reviewer", 3), label="s")
    _close(d, "S_no_error", "办结：没有错误", lane="reviewer", column=4, outcome='"NO_ERROR"')
    d.end("End_no_error", "没有错误", at=("reviewer", 5))
    d.task(
        "T_decide",
        "决定纠正",
        at=("head", 5),
        form="self-correction/decision",
        role="organ.head",
        organ=ORGAN,
        clauses="YY-4",
        excludes="T_record T_check",
        deadline="P5D",
    )
    d.choice("G_decided", "同意纠正？", at=("head", 6), label="s")
    _close(d, "S_refused", "办结：未予纠正", lane="head", column=7, outcome='"NOT_CORRECTED"')
    d.end("End_refused", "未予纠正", at=("head", 8))
    d.task(
        "T_outcome",
        "报告纠正情况",
        at=("corrector", 7),
        form="self-correction/outcome",
        role="organ.corrector",
        organ=ORGAN,
        clauses="YY-4 YY-12(2)",
        deadline="P10D",
    )
    _close(d, "S_close", "办结自我纠错", lane="corrector", column=8, outcome="correction_effect")
    d.end("End_corrected", "已纠正", at=("corrector", 9))


DIAGRAMS = (self_correction,)
