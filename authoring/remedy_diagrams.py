"""Review and appeal: application, route and admissibility, examination by others, decision, what it changes."""

from authoring.diagram import Diagram

APPLICANT = ("applicant", "申请人")
OFFICER = ("officer", "复核申诉机关")
BOTH = "JZ-21.p1 YY-16"
"""Diagrams that both regulations share cite both."""
BEGUN = {
    "procedure_no": "string",
    "case_no": "string",
    "subject": "context",
    "opener_role": "string",
    "opener": "string",
}
"""What a further procedure starts with."""
ROUTE = {
    "subject_kind": "string",
    "decision_maker": "string",
    "person_category": "string",
    "remedy_step": "string",
    "review_skipped": "boolean",
    "remedy_scope": "string",
    "sanctions": "list",
    "remedy_route": "string",
    "remedy_apply_within": "string",
    "remedy_apply_from": "string",
    "remedy_body": "string",
    "remedy_decide_within": "string",
    "remedy_extension": "string",
    "remedy_source": "string",
}
"""What the table of routes reads and answers."""
RESULT = {"remedy_outcome": "string", "revised_kind": "string", "revised_sanctions": "list"}
PERIODS = {
    "T_examine_30d": ("P30D", "三十日内", "procedure.applied_on", "statute"),
    "T_examine_60d": ("P60D", "六十日内", "procedure.admitted_on", "statute"),
    "T_examine_1m": ("P1M", "一个月内", "procedure.applied_on", "statute"),
    "T_examine_2m": ("P2M", "二个月内", "procedure.applied_on", "statute"),
    "T_examine": ("P60D", "未规定期限", "procedure.admitted_on", "internal"),
}
"""Examining step by the period of the route: ISO period, in words, from when, kind of deadline."""
BODY = (
    'if list contains(["SUP_REEXAMINATION", "SUP_REVIEW"], route) then "SUPERVISORY"'
    ' else if route = "LEADER_APPEAL" then "LEADER_ACCOUNTABILITY"'
    ' else if route = "PARTY_APPEAL" then "PARTY" else "APPOINTING"'
)
STEP = (
    'if list contains(["APPEAL", "SUP_REVIEW"], route) then "SECOND"'
    ' else if route = "FURTHER_APPEAL" then "THIRD" else "FIRST"'
)
APPLIED = "\n".join(
    [
        "subject_kind = subject.kind",
        f"decision_maker = {BODY}",
        f"remedy_step = {STEP}",
        "person_category = if subject.person_category = null then person_category else subject.person_category",
        "review_skipped = review_skipped = true",
        "remedy_scope = case.switches.remedyScope",
        "sanctions = subject.sanctions",
    ]
)
NEXT = "\n".join(
    [
        'remedy_step = if remedy_step = "FIRST" and review_skipped = false then "SECOND" else "THIRD"',
        "review_skipped = false",
    ]
)
"""After the first way comes the second; who appealed without a review has only the further appeal left."""


def remedy(regime: str, clause: str) -> Diagram:
    d = Diagram(
        f"{regime}-remedy",
        "复核申诉",
        lanes=[APPLICANT, (*OFFICER, 2)],
        variables=BEGUN
        | ROUTE
        | RESULT
        | {"period": "context", "admit_result": "string", "last_step": "boolean", "outcome": "string"},
    )
    d.start("Start_remedy", "对问责决定不服", at=("applicant", 0))
    d.call("C_application", "提出或者登记申请", at=("applicant", 1), process="remedy-application")
    d.rule("R_route", "判定救济途径", at=("officer", 2, 0), table=f"{regime}-remedy-route")
    d.service(
        "S_period",
        "核算申请期限",
        at=("officer", 3, 0),
        operation="remedy/application_period",
        result="period",
        parameters={"within": ("string", "remedy_apply_within")},
    )
    d.task(
        "T_admit",
        "受理审查",
        at=("officer", 4, 0),
        form="remedy/admissibility",
        role="remedy.officer",
        clauses=clause,
        source="higher_law",
        excludes="parent",
        deadline="P7D",
    )
    d.choice("G_admit", "受理？", at=("officer", 5, 0), label="se")
    d.task(
        "T_refuse",
        "告知不予受理",
        at=("officer", 6, 1),
        form="remedy/refusal",
        role="remedy.officer",
        clauses=clause,
        excludes="parent",
        source="higher_law",
        deadline="P3D",
    )
    d.call("C_examination", "审查并作出决定", at=("officer", 6, 0), process="remedy-examination")
    d.rule("R_next", "判定下一救济途径", at=("officer", 7, 0), table=f"{regime}-remedy-route")
    d.task(
        "T_serve_result",
        "送达处理决定",
        at=("officer", 8, 0),
        form="remedy/result_service",
        role="remedy.officer",
        clauses=clause,
        excludes="parent",
        source="higher_law",
        deadline="P5D",
    )
    d.call("C_effect", "落实处理决定", at=("officer", 9, 0), process="remedy-effect")
    d.service(
        "S_conclude",
        "登记处理结果",
        at=("officer", 10, 0),
        operation="procedure/conclude",
        result="outcome",
        parameters={"outcome": ("string", 'if admit_result = "NOT_ADMITTED" then "NOT_ADMITTED" else remedy_outcome')},
    )
    d.end("End_remedy", "复核申诉终结", at=("officer", 11, 0))
    d.path("Start_remedy", "C_application")
    d.flow("C_application", "R_route", ports="ew")
    d.path("R_route", "S_period", "T_admit", "G_admit")
    d.flow(
        "G_admit", "C_application", "补正", when='admit_result = "SUPPLEMENT"', ports="nn", bend=("applicant", 0, -68)
    )
    d.flow("G_admit", "T_refuse", "不受理", when='admit_result = "NOT_ADMITTED"', ports="sw")
    d.flow("G_admit", "C_examination", "受理", default=True)
    d.path("C_examination", "R_next", "T_serve_result", "C_effect", "S_conclude", "End_remedy")
    d.flow("T_refuse", "S_conclude", ports="es")
    return d


def jinzhai_remedy() -> Diagram:
    return remedy("jinzhai", "JZ-21.p1")


def yiyuan_remedy() -> Diagram:
    return remedy("yiyuan", "YY-16")


def application() -> Diagram:
    d = Diagram(
        "remedy-application",
        "提出或者登记申请",
        lanes=[APPLICANT, OFFICER],
        variables=BEGUN | ROUTE | {"route": "string"},
    )
    d.start("Start_application", "申请复核申诉", at=("applicant", 0))
    d.choice("G_applicant", "本人申请？", at=("applicant", 1), label="n")
    d.task(
        "T_apply",
        "申请复核或者申诉",
        at=("applicant", 2),
        form="remedy/application",
        role="subject.person",
        person="subject.person",
        clauses=BOTH,
        deadline="P15D",
        count="CALENDAR",
    )
    d.task(
        "T_record",
        "登记书面申请",
        at=("officer", 2),
        form="remedy/application",
        role="remedy.officer",
        clauses=BOTH,
        excludes="parent",
        deadline="P3D",
    )
    d.script("X_applied", "读取对象情况", at=("applicant", 3), code=APPLIED)
    d.end("End_application", "申请已登记", at=("applicant", 4))
    d.path("Start_application", "G_applicant")
    d.flow("G_applicant", "T_apply", "本人", when='opener_role = "subject.person"')
    d.flow("G_applicant", "T_record", "书面申请", default=True, ports="sw")
    d.path("T_apply", "X_applied")
    d.flow("T_record", "X_applied", ports="es")
    d.path("X_applied", "End_application")
    return d


def examination() -> Diagram:
    d = Diagram(
        "remedy-examination",
        "审查并作出决定",
        lanes=[("officer", "复核申诉办理人", len(PERIODS)), ("decider", "复核申诉审定人")],
        variables=BEGUN | ROUTE | RESULT | {"sign_result": "string"},
    )
    d.start("Start_examination", "申请已受理", at=("officer", 0, 2))
    d.choice("G_again", at=("officer", 1, 2))
    d.choice("G_period", "办理期限？", at=("officer", 2, 2), label="sw")
    for row, (step, (period, words, since, kind)) in enumerate(PERIODS.items()):
        d.task(
            step,
            f"审查申请（{words}）",
            at=("officer", 3, row),
            form="remedy/examination",
            role="remedy.officer",
            clauses=BOTH,
            source="higher_law",
            excludes="parent",
            deadline=period,
            since=since,
            count="CALENDAR",
            kind=kind,
            extension="P30D" if period == "P60D" and kind == "statute" else "",
            shared="T_decide_remedy",
        )
    d.choice("G_examined", at=("officer", 4, 2))
    d.task(
        "T_decide_remedy",
        "审定处理决定",
        at=("decider", 5),
        form="remedy/decision",
        role="remedy.officer",
        clauses=BOTH,
        source="higher_law",
        excludes=f"{' '.join(PERIODS)} parent",
        shared=" ".join(PERIODS),
    )
    d.choice("G_decided", "签发？", at=("decider", 6), label="s")
    d.script("X_next", "推算下一步", at=("decider", 7), code=NEXT)
    d.end("End_examination", "处理决定已作出", at=("decider", 8))
    d.path("Start_examination", "G_again", "G_period")
    sides = {0: "nw", 1: "nw", 2: "ew", 3: "sw", 4: "sw"}
    for row, (step, (period, words, _, kind)) in enumerate(PERIODS.items()):
        wanted = f'remedy_decide_within = "{period}"' if kind == "statute" else ""
        d.flow("G_period", step, words, when=wanted, default=not wanted, ports=sides[row])
        d.flow(step, "G_examined", ports={"nw": "en", "ew": "ew", "sw": "es"}[sides[row]])
    d.flow("G_examined", "T_decide_remedy", ports="en")
    d.path("T_decide_remedy", "G_decided")
    d.flow("G_decided", "G_again", "退回", default=True, ports="nn", bend=("officer", 0, -68))
    d.flow("G_decided", "X_next", "签发", when='sign_result = "SIGNED"')
    d.path("X_next", "End_examination")
    return d


def effect() -> Diagram:
    d = Diagram(
        "remedy-effect",
        "落实处理决定",
        lanes=[("officer", "复核申诉机关"), ("decider", "原处理机关")],
        variables=BEGUN
        | RESULT
        | {"redo_kind": "string", "redo_sanctions": "list", "revised": "string", "effects": "context"},
    )
    d.start("Start_effect", "处理决定已送达", at=("officer", 0))
    d.service(
        "S_revise",
        "登记决定变化",
        at=("officer", 1),
        operation="subject/revise_decision",
        result="revised",
        parameters={
            "subject_id": ("string", "subject.id"),
            "outcome": ("string", "remedy_outcome"),
            "kind": ("string", "revised_kind"),
            "sanctions": ("list", "revised_sanctions"),
        },
    )
    d.choice("G_redo", "责令重作？", at=("officer", 2), label="n")
    d.task(
        "T_redo",
        "重新作出决定",
        at=("decider", 3),
        form="remedy/redone_decision",
        role="decider.officer",
        clauses=BOTH,
        source="higher_law",
        deadline="P30D",
        count="CALENDAR",
    )
    d.service(
        "S_redone",
        "登记重作的决定",
        at=("officer", 4),
        operation="subject/revise_decision",
        result="revised",
        parameters={
            "subject_id": ("string", "subject.id"),
            "outcome": ("string", '"REDONE"'),
            "kind": ("string", "redo_kind"),
            "sanctions": ("list", "redo_sanctions"),
        },
    )
    d.choice("G_restore", "需恢复？", at=("officer", 5), label="nw")
    d.call("C_restore", "恢复原状", at=("officer", 6), process="restoration")
    d.end("End_effect", "处理决定已落实", at=("officer", 7))
    d.path("Start_effect", "S_revise", "G_redo")
    d.flow("G_redo", "T_redo", "是", when='remedy_outcome = "REDO_ORDERED"', ports="sw")
    d.flow("T_redo", "S_redone", ports="es")
    d.path("S_redone", "G_restore")
    d.flow("G_redo", "G_restore", "否", default=True, ports="nn", bend=("officer", 0, -62))
    d.flow("G_restore", "C_restore", "是", when='list contains(["REVOKED", "CHANGED", "REDO_ORDERED"], remedy_outcome)')
    d.flow("G_restore", "End_effect", "否", default=True, ports="ss", bend=("officer", 0, 62))
    d.path("C_restore", "End_effect")
    return d


UNDOINGS = (
    ("T_withdraw_circular", "同等范围撤销通报", "restoration/circular", "hr.executor", "circular", "撤销通报"),
    ("T_restore_post", "恢复岗位和待遇", "restoration/post", "hr.executor", "post", "恢复岗位"),
    ("T_apology", "道歉并消除影响", "restoration/apology", "hr.executor", "apology", "消除影响"),
    ("T_correct_file", "更正档案", "restoration/file", "archivist", "file", "更正档案"),
    ("T_lift_award_bar", "解除评优限制", "restoration/award", "award.officer", "award", "解除限制"),
    ("T_refund", "退还追偿款", "restoration/refund", "finance.officer", "money", "退还款项"),
)
"""Step, name, form, role, effect that it undoes, label of its flow."""


def restoration() -> Diagram:
    d = Diagram(
        "restoration",
        "恢复原状",
        lanes=[("executor", "执行与档案", 4), ("award", "评优管理"), ("finance", "财政部门")],
        variables={"subject": "context", "effects": "context"},
    )
    d.start("Start_restoration", "决定被撤销或者变更", at=("executor", 0, 1))
    d.service(
        "S_effects",
        "查明已执行的后果",
        at=("executor", 1, 1),
        operation="subject/effects",
        result="effects",
        parameters={"subject_id": ("string", "subject.id")},
    )
    d.inclusive("G_undo", "需要恢复？", at=("executor", 2, 1), label="nw")
    places = [("executor", 3, row) for row in range(4)] + [("award", 3), ("finance", 3)]
    for place, (step, name, form, role, _, _) in zip(places, UNDOINGS, strict=True):
        d.task(
            step,
            name,
            at=place,
            form=form,
            role=role,
            clauses=BOTH,
            source="higher_law",
            deadline="P30D",
            count="CALENDAR",
        )
    d.inclusive("G_undone", at=("executor", 4, 1))
    d.end("End_restoration", "已恢复原状", at=("executor", 5, 1))
    d.path("Start_restoration", "S_effects", "G_undo")
    for row, (step, _, _, _, effect_, label) in enumerate(UNDOINGS):
        side = "n" if row == 0 else "e" if row == 1 else "s"
        d.flow("G_undo", step, label, when=f"effects.{effect_} = true", ports=f"{side}w")
        d.flow(step, "G_undone", ports=f"e{'n' if row == 0 else 'w' if row == 1 else 's'}")
    d.flow("G_undo", "G_undone", "无需恢复", default=True, ports="nn", bend=("executor", 0, -62))
    d.path("G_undone", "End_restoration")
    return d


DIAGRAMS = (jinzhai_remedy, yiyuan_remedy, application, examination, effect, restoration)
