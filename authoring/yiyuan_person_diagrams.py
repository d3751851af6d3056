"""One person after the other: the route by cadre authority, what follows a decision, and recovery."""

from authoring import extensions as ext
from authoring.case_diagrams import COMPENSATED
from authoring.diagram import Diagram
from authoring.recovery_diagrams import COMPENSATING, RECOVERY, from_each, until_paid
from authoring.yiyuan_case_diagrams import REGISTRY
from authoring.yiyuan_finding_diagrams import BODY_HEAD, PURSUER

SANCTIONS = " ".join(f"YY-10({n})" for n in range(1, 7))
RESULT = 'outcome = if kind = null then "NOT_PURSUED" else kind'
PROFILES = {
    "C_supervision": ("procedure-supervision", "纪检监察程序", 0, "SUP", "纪检监察"),
    "C_organisation": ("procedure-organisation", "组织人事程序", 1, "ORG", "组织人事"),
    "C_unit": ("procedure-unit", "任免机关程序", 2, "UNIT", "所在单位"),
}


def accountability() -> Diagram:
    d = Diagram(
        "yiyuan-accountability",
        "逐人追究责任",
        lanes=[REGISTRY, ("body", "责任追究机关", 2)],
        variables={
            "persons": "list",
            "routes": "list",
            "route": "string",
            "outcomes": "list",
            "earlier": "list",
            "outcome": "string",
        },
    )
    d.start("Start_accountability", "途径已确定", at=("registry", 0))
    d.call(
        "C_person",
        "追究一人的责任",
        at=("body", 1),
        process="yiyuan-course",
        loop=ext.loop("persons", "subject", outputs="outcomes", output="outcome"),
    )
    d.service("S_more", "登记新发现的人员", at=("registry", 2), operation="case/record_subjects", result="persons")
    d.choice("G_more", "有新的人员？", at=("registry", 3), label="n")
    d.script(
        "X_earlier",
        "保留已有结果",
        at=("body", 3, 1),
        code="earlier = concatenate(if earlier = null then [] else earlier, outcomes)",
    )
    d.call(
        "C_route_new",
        "确定新人员的追究机关",
        at=("body", 2, 1),
        process="yiyuan-routing",
        loop=ext.loop("persons", "routed_person", outputs="routes", output="route"),
    )
    d.service("S_routed_new", "读取办理途径", at=("body", 1, 1), operation="case/pending_subjects", result="persons")
    d.script(
        "X_outcomes",
        "汇总各人结果",
        at=("registry", 4),
        code="outcomes = concatenate(if earlier = null then [] else earlier, outcomes)",
    )
    d.end("End_accountability", "各人均已处理", at=("registry", 5))
    d.flow("Start_accountability", "C_person", ports="sw")
    d.flow("C_person", "S_more", ports="nw")
    d.path("S_more", "G_more")
    d.flow("G_more", "X_earlier", "有", when="count(persons) > 0", ports="sn")
    d.flow("X_earlier", "C_route_new", ports="we")
    d.flow("C_route_new", "S_routed_new", ports="we")
    d.flow("S_routed_new", "C_person", ports="ns")
    d.flow("G_more", "X_outcomes", "没有", default=True)
    d.path("X_outcomes", "End_accountability")
    return d


def course() -> Diagram:
    """A person's death ends his own course at any step; everybody else's go on."""
    d = Diagram(
        "yiyuan-course",
        "追究一人的责任与死亡终结",
        lanes=[("body", "责任追究机关", 2)],
        variables={
            "subject": "context",
            "subject_id": "string",
            "current_status": "string",
            "death": "context",
            "concluded": "string",
            "outcome": "string",
        },
        messages=["SubjectDied"],
        message_key="subject_id",
    )
    of_subject = {"subject_id": ("string", "subject_id")}
    d.start("Start_course", "途径已确定", at=("body", 0, 0))
    d.script("X_subject", "读取责任人员", at=("body", 1, 0), code="subject_id = subject.id")
    d.service(
        "S_status",
        "查询人员现状",
        at=("body", 2, 0),
        operation="subject/current_status",
        result="current_status",
        parameters=of_subject,
    )
    d.choice("G_alive", "已经死亡？", at=("body", 3, 0), label="n")
    d.call("C_one_person", "追究一人的责任", at=("body", 4, 0), process="yiyuan-person")
    event = ext.message_caught("B_died", "SubjectDied", variable="death", key="subject_id")
    d.boundary("B_died", "责任人员死亡", host="C_one_person", share=0.85, event=event, label="e")
    d.task(
        "T_terminate",
        "死亡终结",
        at=("body", 5, 1),
        form="accountability/termination",
        role="decider.head",
        organ=PURSUER,
        clauses="YY-5.p1",
        source="higher_law",
        deadline="P5D",
        post='outcome = "TERMINATED"',
    )
    d.service(
        "S_terminated",
        "了结责任人员",
        at=("body", 6, 1),
        operation="subject/conclude",
        result="concluded",
        parameters=of_subject,
    )
    d.end("End_course", "处理完毕", at=("body", 7, 0))
    d.path("Start_course", "X_subject", "S_status", "G_alive")
    d.flow("G_alive", "C_one_person", "否", default=True)
    d.flow("G_alive", "T_terminate", "是", when='current_status = "DEAD"', ports="ss", bend=("body", 1, 60))
    d.flow("B_died", "T_terminate", ports="sw")
    d.path("C_one_person", "End_course")
    d.path("T_terminate", "S_terminated")
    d.flow("S_terminated", "End_course", ports="es")
    return d


def person() -> Diagram:
    d = Diagram(
        "yiyuan-person",
        "追究一人的责任",
        lanes=[REGISTRY, BODY_HEAD, ("body", "责任追究机关", 3), ("effects", "人事与评优")],
        variables={
            "subject": "context",
            "kind": "string",
            "outcome": "string",
            "decision_no": "string",
            "effective_on": "date",
        },
    )
    d.start("Start_person", "途径已确定", at=("registry", 0))
    d.choice("G_refer", "超出本县权限？", at=("registry", 1), label="s")
    d.task(
        "T_refer",
        "移送上级机关",
        at=("registry", 2),
        form="yiyuan-person/superior_referral",
        role="registry.officer",
        clauses="YY-5.p1",
        deadline="P5D",
    )
    d.script("X_referred", "记录移送结果", at=("registry", 6), code='kind = "REFERRED"')
    d.choice("G_leading", "党政领导干部？", at=("head", 1), label="sw")
    d.task(
        "T_leading",
        "核对领导干部问责规定",
        at=("head", 2),
        form="yiyuan-person/leading_cadre",
        role="decider.head",
        organ=PURSUER,
        clauses="YY-14.p2s2",
        source="higher_law",
        deadline="P5D",
    )
    d.choice("G_route", "办理途径？", at=("body", 3, 0), label="ne")
    for id_, (process, name, row, _, _) in PROFILES.items():
        d.call(id_, name, at=("body", 4, row), process=process)
    d.choice("G_done", at=("body", 5, 0))
    d.call("C_effects", "执行与评优限制", at=("effects", 6), process="yiyuan-effects")
    d.service(
        "S_conclude",
        "了结责任人员",
        at=("registry", 7),
        operation="subject/conclude",
        result="outcome",
        parameters={"subject_id": ("string", "subject.id")},
    )
    d.script("X_outcome", "记录处理结果", at=("registry", 8), code=RESULT)
    d.end("End_person", "处理完毕", at=("registry", 9))
    _person_flows(d)
    return d


def _person_flows(d: Diagram) -> None:
    d.path("Start_person", "G_refer")
    d.flow("G_refer", "T_refer", "是", when='subject.route = "REFER_SUPERIOR"')
    d.flow("G_refer", "G_leading", "否", default=True, ports="sn")
    d.flow("T_refer", "X_referred", ports="ew")
    d.flow("G_leading", "T_leading", "是", when="subject.leading_cadre_rules = true")
    d.flow("G_leading", "G_route", "否", default=True, ports="sw")
    d.flow("T_leading", "G_route", ports="en")
    for id_, (_, _, row, route, label) in PROFILES.items():
        if route == "UNIT":
            d.flow("G_route", id_, label, default=True, ports="sw")
        else:
            d.flow("G_route", id_, label, when=f'subject.route = "{route}"', ports="sw" if row else "ew")
    d.path("C_supervision", "G_done")
    d.flow("C_organisation", "G_done", ports="es")
    d.flow("C_unit", "G_done", ports="es")
    d.flow("G_done", "C_effects", ports="ew")
    d.flow("C_effects", "S_conclude", ports="es")
    d.path("X_referred", "S_conclude", "X_outcome", "End_person")


def effects() -> Diagram:
    d = Diagram(
        "yiyuan-effects",
        "执行与取消评先评优资格",
        lanes=[("executor", "组织人事（执行）"), ("award", "评优管理"), ("personnel", "组织人事负责人")],
        variables={
            "subject": "context",
            "kind": "string",
            "effective_on": "date",
            "proposed_award_year": "number",
            "award_granted": "boolean",
        },
    )
    d.start("Start_effects", "决定已送达", at=("executor", 0))
    d.choice("G_kind", "受到责任追究？", at=("executor", 1), label="n")
    d.parallel("F_effects", at=("executor", 2))
    d.task(
        "T_execute",
        "执行处理决定",
        at=("executor", 3),
        form="yiyuan-effects/execution",
        role="hr.executor",
        clauses=f"{SANCTIONS} YY-16",
        deadline="P10D",
    )
    d.task(
        "T_award",
        "取消评先评优资格",
        at=("award", 4),
        form="yiyuan-effects/award_bar",
        role="award.officer",
        clauses="YY-14.p2s1",
        deadline="P5D",
    )
    d.rule("R_award_year", "推算取消评优年度", at=("award", 3), table="yiyuan-award-year")
    d.choice("G_granted", "当年已获评？", at=("award", 5), label="n")
    d.task(
        "T_granted",
        "决定已评荣誉如何处理",
        at=("personnel", 6),
        form="yiyuan-effects/award_granted",
        role="hr.head",
        clauses="YY-14.p2s1",
        deadline="P5D",
    )
    d.choice("G_award_done", at=("award", 7))
    d.parallel("J_effects", at=("executor", 7))
    d.end("End_effects", "已落实", at=("executor", 8))
    d.end("End_nothing", "免予或不予，无需执行", at=("award", 1))
    d.path("Start_effects", "G_kind")
    d.flow("G_kind", "F_effects", "是", when='kind = "ACCOUNTABLE"')
    d.flow("G_kind", "End_nothing", "否", default=True, ports="sn")
    d.flow("F_effects", "T_execute")
    d.flow("F_effects", "R_award_year", ports="sw")
    d.path("R_award_year", "T_award")
    d.path("T_award", "G_granted")
    d.flow("G_granted", "T_granted", "是", when="award_granted = true", ports="sw")
    d.flow("G_granted", "G_award_done", "否", default=True)
    d.flow("T_granted", "G_award_done", ports="es")
    d.flow("G_award_done", "J_effects", ports="ns")
    d.path("T_execute", "J_effects", "End_effects")
    return d


def recovery() -> Diagram:
    d = Diagram(
        "yiyuan-recovery",
        "国家赔偿费用追偿",
        lanes=[COMPENSATING, ("recovery", "追偿承办人", 2)],
        variables=RECOVERY,
    )
    d.start("Start_recovery", "责任已经追究", at=("recovery", 0))
    d.choice("G_compensated", "涉及国家赔偿？", at=("recovery", 1), label="n")
    d.end("End_none", "没有赔偿", at=("recovery", 1, 1))
    d.path("Start_recovery", "G_compensated")
    d.flow("G_compensated", "End_none", "否", default=True, ports="sn")
    d.flow("G_compensated", "G_paid", "是", when=COMPENSATED)
    until_paid(d, column=2, clauses="YY-15")
    from_each(d, column=5)
    return d


DIAGRAMS = (accountability, course, person, effects, recovery)
